/* web/data_words.c — what the pages about data share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/data_words.h"

#include "access/audit.h"
#include "base/parse.h"
#include "report/format.h"
#include "web/finding_model.h"

#include <string.h>
#include <time.h>

const char *count_words(struct arena *a, int64_t n)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 64);
    format_count(&words, (double)n);
    return words.failed ? NULL : arena_text(a, words.bytes, words.n);
}

const char *utc_words(struct arena *a, const char *utc)
{
    int64_t seconds = audit_seconds(utc);
    return seconds ? time_words(a, seconds) : utc;
}

void utc_write(int64_t seconds, char out[UTC_BYTES])
{
    struct tm utc;
    time_t at = (time_t)seconds;
    if (!gmtime_r(&at, &utc) || strftime(out, UTC_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        out[0] = '\0';
    }
}

const char *day_words(struct arena *a, const char *day)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 256);
    format_iso_date(&words, text_of(day));
    return words.failed ? NULL : arena_text(a, words.bytes, words.n);
}

const char *address_words(struct arena *a, struct text value)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 16 + 3 * value.n);
    buf_uri(&words, value);
    return words.failed ? NULL : arena_text(a, words.n ? words.bytes : "", words.n);
}

const char *extract_period_words(struct arena *a, const struct extract_info *x)
{
    struct month_range period = {1, 0};
    if (x->month_count > 0) {
        period = (struct month_range){x->months[0], x->months[x->month_count - 1]};
    }
    return period_words(a, period);
}

rv_status data_extract(struct call *c, const struct extract_info **ret, struct rv_err *reterr)
{
    struct extract_info *list;
    size_t count;
    int64_t id;
    if (!parse_int(c->arguments[0], &id)) {
        return call_not_there(c, reterr);
    }
    RV_TRY(extract_list(c->store, c->arena, NULL, &list, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == id) {
            *ret = &list[i];
            return rv_ok();
        }
    }
    return call_not_there(c, reterr);
}

void data_put_extract(struct model *m, const struct extract_info *x)
{
    model_int(m, "extract", x->id);
    model_text(m, "file", x->file_name);
    model_text(m, "kind", x->kind);
}

struct text words_without(struct arena *a, struct text all, const char *path, const char *instead)
{
    size_t n = strlen(path);
    struct buf out;
    buf_init(&out, all.n * 2 + 64);
    for (size_t at = 0; at < all.n;) {
        if (n && all.n - at >= n && memcmp(all.at + at, path, n) == 0) {
            buf_text(&out, instead);
            at += n;
        } else {
            buf_char(&out, all.at[at++]);
        }
    }
    struct text kept = {arena_text(a, out.n ? out.bytes : "", out.n), out.n};
    buf_done(&out);
    return kept.at ? kept : (struct text){"", 0};
}
