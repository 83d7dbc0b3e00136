/* tests/base/test_status.c — codes, exit statuses and messages.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/text.h"
#include "check.h"

static void every_code_has_its_name_text_and_exit_status(void **state)
{
    (void)state;
    static const struct {
        enum rv_code code;
        const char *name;
        int exit_status;
    } rows[] = {{RV_OK, "OK", 0},
                {RV_USAGE, "USAGE", 2},
                {RV_INVALID, "INVALID", 3},
                {RV_NOT_FOUND, "NOT_FOUND", 3},
                {RV_REFUSED, "REFUSED", 3},
                {RV_DOMAIN, "DOMAIN", 3},
                {RV_DAMAGED, "DAMAGED", 4},
                {RV_BUSY, "BUSY", 4},
                {RV_TOO_NEW, "TOO_NEW", 4},
                {RV_LIMIT, "LIMIT", 5},
                {RV_NO_MEMORY, "NO_MEMORY", 5},
                {RV_IO, "IO", 5},
                {RV_INTERRUPTED, "INTERRUPTED", 130}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_STRING(rv_code_name(rows[i].code), rows[i].name);
        CHECK_INT(rv_code_exit(rows[i].code), rows[i].exit_status);
        CHECK(strlen(rv_code_text(rows[i].code)) > 3);
    }
    CHECK_STRING(rv_code_text(RV_BUSY), "the partnership file is in use");
}

static void a_failure_carries_code_place_and_message(void **state)
{
    (void)state;
    struct rv_err err = {0};
    rv_status status = rv_fail(&err, RV_REFUSED, "row %d, \"%s\"", 812, "31/02/2024");
    CHECK_INT(status.code, RV_REFUSED);
    CHECK_INT(err.code, RV_REFUSED);
    CHECK_STRING(err.message, "row 812, \"31/02/2024\"");
    CHECK(strstr(err.origin, "test_status.c") && err.origin_line > 0);
    CHECK_INT(rv_fail(NULL, RV_IO, "nobody listens").code, RV_IO);
}

static rv_status stops_at(rv_status first, int *ret_reached)
{
    RV_TRY(first);
    *ret_reached = 1;
    return rv_ok();
}

static void trying_leaves_early_with_the_same_status(void **state)
{
    (void)state;
    int reached = 0;
    CHECK_INT(stops_at((rv_status){RV_BUSY}, &reached).code, RV_BUSY);
    CHECK_INT(reached, 0);
    CHECK(rv_is_ok(stops_at(rv_ok(), &reached)));
    CHECK_INT(reached, 1);
}

/* Whatever the place of the cut, no character is cut in two. */
static void a_message_too_long_ends_on_a_whole_character(void **state)
{
    (void)state;
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8D\x80"};
    struct rv_err err;
    for (size_t c = 0; c < 4; c++) {
        size_t length = strlen(characters[c]);
        for (size_t lead = 0; lead < 5; lead++) {
            char text[2000] = "aaaaa";
            for (size_t n = lead; n < 1400; n += length) {
                memcpy(text + n, characters[c], length + 1);
            }
            rv_fail(&err, RV_INVALID, "%s", text);
            size_t n = strlen(err.message);
            CHECK(n < sizeof err.message && n + length >= sizeof err.message);
            CHECK_INT(text_utf8_valid(text_of(err.message)), n);
            CHECK_INT(strncmp(err.message, text, n), 0);
        }
    }
    char raw[2000]; /* the reader's own bytes need not be UTF-8: nothing is lost but the end */
    memset(raw, 0x80, sizeof raw);
    raw[sizeof raw - 1] = '\0';
    rv_fail(&err, RV_INVALID, "%s", raw);
    CHECK(strlen(err.message) >= sizeof err.message - 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_its_name_text_and_exit_status),
        cmocka_unit_test(a_failure_carries_code_place_and_message),
        cmocka_unit_test(trying_leaves_early_with_the_same_status),
        cmocka_unit_test(a_message_too_long_ends_on_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
