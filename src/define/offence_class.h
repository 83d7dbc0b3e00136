/* define/offence_class.h — Home Office class codes to the groups of formats.md section 4, and to
 * violence with and without injury.
 *
 * The table is data: reference/offence-classes.csv, carried inside the program, with its source
 * and its version in its first lines. Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_OFFENCE_CLASS_H
#define REEVE_DEFINE_OFFENCE_CLASS_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum offence_injury {
    INJURY_NOT_RECORDED, /* the class is not in the table */
    INJURY_NONE,         /* not violence against the person */
    INJURY_WITH,
    INJURY_WITHOUT,
};

/* The group of a class ("5D") or of a class with its subclass ("34B/1"); NULL when the table does
 * not know the class, or the class alone does not decide the group: never a guess. Cost: a search
 * through some hundred lines; call it once a distinct code. */
const char *offence_class_group(struct text code);
enum offence_injury offence_class_injury(struct text code);

/* "2024-04": what the table says of itself. */
struct text offence_class_version(void);

/* Row `i` of the table: false past its end. For listing it and for its test. */
bool offence_class_row(size_t i, struct text *code, struct text *group, struct text *injury,
                       struct text *title);

#endif
