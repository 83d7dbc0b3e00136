/* base/status.c — codes, their texts and exit statuses.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Takes off a UTF-8 sequence that the end of the message cut through. */
static void end_on_character(char *message, size_t n)
{
    size_t lead = n;
    while (lead && n - lead < 3 && ((unsigned char)message[lead - 1] & 0xC0) == 0x80) {
        lead--;
    }
    if (!lead || (unsigned char)message[lead - 1] < 0xC0) {
        return;
    }
    unsigned char first = (unsigned char)message[--lead];
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (n - lead < length) {
        message[lead] = '\0';
    }
}

rv_status rv_fail_at(struct rv_err *reterr, const char *origin, int origin_line, enum rv_code code,
                     const char *format, ...)
{
    if (reterr) {
        reterr->code = code;
        reterr->origin = origin;
        reterr->origin_line = origin_line;
        va_list args;
        va_start(args, format);
        int n = vsnprintf(reterr->message, sizeof reterr->message, format, args);
        va_end(args);
        if (n < 0) {
            reterr->message[0] = '\0';
        } else if ((size_t)n >= sizeof reterr->message) {
            end_on_character(reterr->message, strlen(reterr->message));
        }
    }
    return (rv_status){code};
}

struct code_row {
    const char *name, *text;
    int exit_status;
};

static const struct code_row code_rows[] = {
#define CODE_ROW(name, text, exit_status) {#name, text, exit_status},
    RV_CODES(CODE_ROW)
#undef CODE_ROW
};

const char *rv_code_text(enum rv_code code)
{
    return code_rows[code].text;
}

const char *rv_code_name(enum rv_code code)
{
    return code_rows[code].name;
}

int rv_code_exit(enum rv_code code)
{
    return code_rows[code].exit_status;
}
