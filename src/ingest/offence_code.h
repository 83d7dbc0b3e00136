/* ingest/offence_code.h — Home Office class codes to the groups of formats.md section 4.
 *
 * Pure, static data. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_OFFENCE_CODE_H
#define REEVE_INGEST_OFFENCE_CODE_H

#include "base/text.h"

/* The group of a class ("5D") or of a class with its subclass ("34B/1"); NULL when the table does
 * not know the class, or the class alone does not decide the group. */
const char *offence_code_group(struct text code);

#endif
