/* ingest/schedule.h — when a service is open: rules of repetition with the hours of the day.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SCHEDULE_H
#define REEVE_INGEST_SCHEDULE_H

#include "base/text.h"

/* One or more schedules between '|', each a rule and, after a space, its hours:
 * "FREQ=WEEKLY;BYDAY=TU,TH 16:00-18:30 | FREQ=MONTHLY;BYDAY=1SA 10:00-12:00". The name "RRULE:" may
 * stand before a rule. Known are FREQ (once, from HOURLY to YEARLY), INTERVAL, COUNT or UNTIL,
 * BYDAY, BYMONTHDAY, BYMONTH, BYHOUR, BYMINUTE, BYSETPOS and WKST, each once. The hours are within
 * one day or past midnight. Pure. Source: RFC 5545 section 3.3.10. */
bool schedule_is_valid(struct text t);

#endif
