/* cli/opening.c — opening the partnership file for a day. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/opening.h"

#include "access/agreement.h"
#include "access/notice.h"

#include <pwd.h>
#include <unistd.h>

rv_status open_on_day(struct session *session, enum store_mode mode, struct store **ret,
                      struct rv_err *reterr)
{
    const char *day = args_get(&session->args, "today");
    if (day && !agreement_is_day(text_of(day))) {
        return rv_fail(reterr, RV_USAGE, "--today takes a date, 2026-03-31, not '%.40s'", day);
    }
    RV_TRY(store_open(session->args.positional[0], mode, ret, reterr));
    if (day) {
        store_set_day(*ret, day);
    }
    return rv_ok();
}

rv_status open_for_results(struct session *session, enum store_mode mode, struct store **ret,
                           struct rv_err *reterr)
{
    const char *const *notices;
    size_t count;
    RV_TRY(open_on_day(session, mode, ret, reterr));
    RV_TRY(access_notices(*ret, &session->arena, NOTICE_WITHHELD | NOTICE_PAST, &notices, &count,
                          reterr));
    for (size_t i = 0; i < count; i++) {
        buf_printf(&session->notes, "reeve: %s\n", notices[i]);
    }
    return rv_ok();
}

const char *author_of(const struct session *session)
{
    const char *given = args_get(&session->args, "author");
    const struct passwd *account = given ? NULL : getpwuid(geteuid());
    return given ? given : account && account->pw_name ? account->pw_name : "not stated";
}
