/* define/words.h — a definition in words, for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_WORDS_H
#define REEVE_DEFINE_WORDS_H

#include "base/buf.h"
#include "define/definition.h"

/* What the definition counts, profile by profile; what it leaves out; what no field can test; the
 * factors of seriousness. Also what a reader would not expect: a group in a profile that the lists
 * of the definition do not hold. Plain text of lines; what does not fit sets out->failed. */
void definition_words(const struct definition *d, struct buf *out);

#endif
