/* store/day.c — the day for which a partnership file is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/civil.h"
#include "store/internal.h"

#include <string.h>
#include <time.h>

void store_set_day(struct store *s, const char *day)
{
    size_t n = strlen(day);
    n = n < sizeof s->day ? n : sizeof s->day - 1;
    memcpy(s->day, day, n);
    s->day[n] = '\0';
}

void store_begin_day(struct store *s)
{
    char text[24];
    int64_t now = (int64_t)time(NULL);
    size_t n = civil_write(civil_pack(now + civil_london_offset(now), CIVIL_DATE), text);
    text[n] = '\0';
    store_set_day(s, text);
}

const char *store_day(const struct store *s)
{
    return s->day;
}
