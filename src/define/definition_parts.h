/* define/definition_parts.h — texts of a definition by their title. Within this module only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_DEFINITION_PARTS_H
#define REEVE_DEFINE_DEFINITION_PARTS_H

#include "define/definition.h"
#include "read/json_reading.h"

/* {"title": "text", …} in the order of the file, in room for READING_TEXTS. */
#define READING_TEXTS 64
rv_status reading_texts(struct reading *r, json_t *object, const char *key,
                        struct definition_text **ret, size_t *ret_count);

#endif
