/* cli/session.c — threads and output of a running command.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

rv_status session_pool(struct session *session, struct pool **ret, struct rv_err *reterr)
{
    if (!session->pool) {
        int64_t threads = (int64_t)pool_default_threads();
        const char *given = args_get(&session->args, "threads");
        if (given && (!parse_int(text_of(given), &threads) || threads < 1)) {
            return rv_fail(reterr, RV_USAGE, "--threads takes a number from 1, not '%s'", given);
        }
        RV_TRY(pool_open((size_t)threads, &session->pool, reterr));
    }
    *ret = session->pool;
    return rv_ok();
}

void now_utc(char out[24])
{
    time_t now = time(NULL);
    struct tm tm;
    if (!gmtime_r(&now, &tm) || strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        out[0] = '\0';
    }
}

rv_status session_flush(struct session *session, struct rv_err *reterr)
{
    RV_TRY(buf_status(&session->out, reterr));
    struct text all = buf_view(&session->out);
    bool ok = all.n == 0 || fwrite(all.at, 1, all.n, stdout) == all.n;
    if (!ok || fflush(stdout) != 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "cannot write to standard output: %s",
                       strerror_r(errno, scratch, sizeof scratch));
    }
    buf_clear(&session->out);
    return rv_ok();
}
