/* ingest/profile_write.h — a profile as the JSON that profile_parse reads.
 *
 * Pure but for the buffer. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PROFILE_WRITE_H
#define REEVE_INGEST_PROFILE_WRITE_H

#include "base/buf.h"
#include "ingest/profile.h"

/* Appends the profile to `out`, indented, members in one order and those that say only what is
 * taken without them left out: profile_parse of the text gives an equal profile. Check `out` with
 * buf_status. */
void profile_write(const struct profile *p, struct buf *out);

#endif
