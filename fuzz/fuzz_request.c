/* fuzz/fuzz_request.c — any bytes as a target, a form, a cookie, an Accept header, a tag, a path to
 * go to: refused with a sentence, or plain text within its limits. The first byte says which.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "web/request.h"

static bool is_plain(struct text t, bool may_have_lines)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char ch = (unsigned char)t.at[i];
        if ((ch < 32 || ch == 127) && !(may_have_lines && (ch == '\n' || ch == '\t'))) {
            return false;
        }
    }
    return text_utf8_valid(t) == t.n;
}

static void check_fields(const struct fields *f)
{
    FUZZ_REQUIRE(f->count <= REQUEST_FIELDS);
    for (size_t i = 0; i < f->count; i++) {
        FUZZ_REQUIRE(is_plain(f->at[i].name, true) && is_plain(f->at[i].value, true));
    }
}

static void check_target(struct arena *a, struct text input)
{
    struct text path;
    struct fields query;
    struct rv_err err = {0};
    if (!rv_is_ok(request_target(a, input, &path, &query, &err))) {
        FUZZ_REQUIRE(err.message[0] != '\0');
        return;
    }
    FUZZ_REQUIRE(path.n > 0 && path.at[0] == '/' && is_plain(path, false));
    FUZZ_REQUIRE(memmem(path.at, path.n, "/../", 4) == NULL && !text_ends(path, "/.."));
    FUZZ_REQUIRE(memmem(path.at, path.n, "//", 2) == NULL);
    check_fields(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0) {
        return 0;
    }
    struct text input = {(const char *)bytes + 1, n - 1}, value;
    struct fields form;
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    switch (bytes[0] % 5) {
    case 0:
        check_target(&a, input);
        break;
    case 1:
        if (rv_is_ok(request_fields(&a, input, &form, NULL))) {
            check_fields(&form);
        }
        break;
    case 2:
        if (rv_is_ok(request_cookie(input, "reeve", &value, NULL))) {
            FUZZ_REQUIRE(value.n <= input.n && !memchr(value.at, ';', value.n));
        }
        break;
    case 3:
        (void)request_wants_json(input);
        (void)request_matches_tag(input, "tag");
        break;
    default:
        if (request_is_local_path(input)) {
            FUZZ_REQUIRE(is_plain((struct text){input.at, input.n}, false) ||
                         text_utf8_valid(input) != input.n);
            FUZZ_REQUIRE(input.at[0] == '/' && (input.n == 1 || input.at[1] != '/'));
        }
    }
    arena_done(&a);
    return 0;
}
