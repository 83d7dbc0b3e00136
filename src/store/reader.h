/* store/reader.h — for a connection that stays open and reads again and again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_STORE_READER_H
#define REEVE_STORE_READER_H

#include "store/store.h"

/* Between two readings: a statement that a failure left standing on a row is let go, because it
 * would hold the connection to the file as it was. Returns how many there were: 0 when all is as
 * it should be. Not inside a snapshot or a transaction. */
size_t store_settle(struct store *s);

#endif
