/* report/finding_fields.h — the plain fields of a finding, by kind.
 *
 * Private to finding_store.c and finding_load.c: written and read by the same lists, so that
 * neither forgets one. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_FINDING_FIELDS_H
#define REEVE_REPORT_FINDING_FIELDS_H

#define FINDING_FORM 1 /* version of the stored form */

#define STRING_FIELDS(X)                                                                           \
    X(id)                                                                                          \
    X(theme)                                                                                       \
    X(chapter)                                                                                     \
    X(chapter_title)                                                                               \
    X(rule)                                                                                        \
    X(statement)                                                                                   \
    X(subject)                                                                                     \
    X(unit)                                                                                        \
    X(denominator_name)                                                                            \
    X(area) X(area_name) X(definition) X(definition_version) X(template) X(method) X(query)
#define REAL_FIELDS(X)                                                                             \
    X(value) X(lower) X(upper) X(level) X(numerator) X(denominator) X(missing) X(compare_value)
#define INTEGER_FIELDS(X) X(rank) X(rank_low) X(rank_high) X(of)

#endif
