/* place/relate.h — which area of a coarser layer each area lies in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_RELATE_H
#define REEVE_PLACE_RELATE_H

#include "place/areas.h"

/* Inside store_begin: relates layer `id` to every layer of another type, as child of those whose
 * areas are larger on average and as parent of those whose areas are smaller, by inside point. */
RV_MUST_CHECK rv_status relate_layer(struct store *s, struct arena *a, int64_t id,
                                     struct rv_err *reterr);

#endif
