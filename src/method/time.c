/* method/time.c — methods of time: placeholder times, delay, hours, seasons, alerts.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"

const struct method method_time[] = {
    {.name = NULL},
};
