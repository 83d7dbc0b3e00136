/* tests/access/test_account.c — accounts: who may change them, invitations, resets, the last
 * administrator. SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "fixture.h"
#include "people.h"

static struct people p;

static int set_up(void **state)
{
    (void)state;
    people_open(&p);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_chain(&p);
    people_close(&p);
    return 0;
}

static struct account get(const char *name)
{
    struct rv_err err = {0};
    struct account x;
    CHECK_OK(account_find(p.s, &p.a, name, &x, &err));
    return x;
}

static void names_are_kept_in_one_form(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char name[ACCOUNT_NAME_BYTES + 1];
    CHECK_OK(account_name(text_of("  A.Analyst+1@Borough.Example\t"), name, &err));
    CHECK_STRING(name, "a.analyst+1@borough.example");
    static const char *const BAD[] = {"",    "a",    "a b", "a\nb", "\xc3\xa9\xc3\xa9",
                                      "a/b", "a\"b", "<a>"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_FAILS(account_name(text_of(BAD[i]), name, &err), RV_INVALID);
    }
    char longest[ACCOUNT_NAME_BYTES + 2];
    memset(longest, 'a', sizeof longest);
    CHECK_OK(account_name((struct text){longest, ACCOUNT_NAME_BYTES}, name, &err));
    CHECK_FAILS(account_name((struct text){longest, sizeof longest - 1}, name, &err), RV_INVALID);
}

static void an_account_is_what_it_was_made(void **state)
{
    (void)state;
    struct rv_err err = {0};
    const struct account ada = get("ada");
    CHECK(ada.id == p.administrator && ada.role == ROLE_ADMINISTRATOR);
    CHECK(ada.status == ACCOUNT_ACTIVE && ada.has_password && ada.has_codes);
    CHECK_INT(ada.recovery_codes, RECOVERY_CODES);
    CHECK_STRING(ada.display, "ada");
    struct account none;
    CHECK_FAILS(account_find(p.s, &p.a, "nobody", &none, &err), RV_NOT_FOUND);
    CHECK_FAILS(account_get(p.s, &p.a, 99, &none, &err), RV_NOT_FOUND);
    CHECK_FAILS(account_get(p.s, &p.a, 0, &none, &err), RV_NOT_FOUND);
}

static void what_cannot_be_an_account_changes_nothing(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token;
    int64_t id = -7;
    char longest[ACCOUNT_ORGANISATION_BYTES + 2];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const struct account_new bad[] = {
        {.name = "ada", .role = ROLE_ANALYST},
        {.name = "ADA", .role = ROLE_ANALYST},
        {.name = "a b", .role = ROLE_ANALYST},
        {.name = "ben", .role = ROLE_PUBLIC},
        {.name = "ben", .role = ROLE_PARTNER, .organisation = longest},
        {.name = "ben", .role = ROLE_PARTNER, .display = "a\nb"},
    };
    int64_t rows = people_count(&p, "SELECT count(*) FROM audit");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rv_status status = account_invite(p.s, &p.a, &bad[i], COMMAND_LINE, &id, &token, &err);
        CHECK(status.code == (i < 2 ? RV_REFUSED : RV_INVALID));
    }
    CHECK_INT(id, -7);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM account"), 1);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM audit"), rows);
}

/* Every change by every kind of account: only an active administrator's, and the command line's. */
static void only_administrators_change_accounts(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token;
    int64_t id;
    int64_t ids[ROLE_COUNT] = {0};
    static const char *const NAMES[] = {"", "pat", "ana", "cor", "adm"};
    for (unsigned r = ROLE_PARTNER; r < ROLE_COUNT; r++) {
        ids[r] = people_add(&p, NAMES[r], (enum role)r, NULL, NULL);
    }
    const int64_t subject = people_add(&p, "subject", ROLE_PARTNER, NULL, NULL);
    const int64_t off = people_add(&p, "off", ROLE_ADMINISTRATOR, NULL, NULL);
    CHECK_OK(account_disable(p.s, &p.a, off, COMMAND_LINE, &err));
    const struct account_new to = {.name = "new", .role = ROLE_ADMINISTRATOR};
    const int64_t bad[] = {
        ids[ROLE_PARTNER], ids[ROLE_ANALYST], ids[ROLE_COORDINATOR], off, 99, -1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct act act = {.by = bad[i], .now = NOW};
        CHECK(!rv_is_ok(account_invite(p.s, &p.a, &to, act, &id, &token, &err)));
        CHECK(!rv_is_ok(account_change(p.s, &p.a, bad[i], &to, act, &err))); /* nor one's own */
        CHECK(!rv_is_ok(account_reset(p.s, &p.a, subject, false, act, &token, &err)));
        CHECK(!rv_is_ok(account_disable(p.s, &p.a, subject, act, &err)));
        CHECK(!rv_is_ok(account_enable(p.s, &p.a, off, act, &err)));
        CHECK(!rv_is_ok(account_new_key(p.s, act, &err)));
    }
    CHECK(get("subject").status == ACCOUNT_ACTIVE && get("off").status == ACCOUNT_DISABLED);
    const struct act act = {.by = ids[ROLE_ADMINISTRATOR], .now = NOW};
    CHECK_OK(account_invite(p.s, &p.a, &to, act, &id, &token, &err));
    CHECK_OK(account_disable(p.s, &p.a, subject, act, &err));
    CHECK_INT(people_count(&p, "SELECT actor FROM audit ORDER BY id DESC LIMIT 1"), act.by);
}

static void the_last_administrator_stays(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token;
    bool has_one = false;
    const struct account_new analyst = {.name = "ada", .role = ROLE_ANALYST};
    const struct act ada = {.by = p.administrator, .now = NOW};
    CHECK_FAILS(account_disable(p.s, &p.a, p.administrator, COMMAND_LINE, &err), RV_REFUSED);
    CHECK_FAILS(account_change(p.s, &p.a, p.administrator, &analyst, ada, &err), RV_REFUSED);
    CHECK_FAILS(account_reset(p.s, &p.a, p.administrator, false, ada, &token, &err), RV_REFUSED);
    const int64_t other = people_add(&p, "other", ROLE_ADMINISTRATOR, NULL, NULL);
    const struct act by_other = {.by = other, .now = NOW};
    /* Nobody does it to the own account: what was a mistake could not be undone. */
    CHECK_FAILS(account_disable(p.s, &p.a, p.administrator, ada, &err), RV_REFUSED);
    CHECK(strstr(err.message, "your own account") != NULL);
    CHECK_FAILS(account_change(p.s, &p.a, p.administrator, &analyst, ada, &err), RV_REFUSED);
    CHECK_FAILS(account_reset(p.s, &p.a, p.administrator, false, ada, &token, &err), RV_REFUSED);
    CHECK_OK(account_disable(p.s, &p.a, p.administrator, by_other, &err));
    CHECK_FAILS(account_disable(p.s, &p.a, p.administrator, COMMAND_LINE, &err), RV_REFUSED);
    CHECK_FAILS(account_disable(p.s, &p.a, other, COMMAND_LINE, &err), RV_REFUSED);
    CHECK_OK(account_has_administrator(p.s, &p.a, &has_one, &err));
    CHECK(has_one);
    CHECK_OK(
        account_reset(p.s, &p.a, other, false, COMMAND_LINE, &token, &err)); /* lost telephone */
    CHECK_OK(account_has_administrator(p.s, &p.a, &has_one, &err));
    CHECK(!has_one);
}

/* ---- invitations ---- */

static struct token invite(const char *name, bool has_no_codes, int64_t now)
{
    struct rv_err err = {0};
    struct token token;
    int64_t id;
    const struct account_new x = {.name = name, .role = ROLE_PARTNER, .has_no_codes = has_no_codes};
    const struct act act = {.by = 0, .now = now};
    CHECK_OK(account_invite(p.s, &p.a, &x, act, &id, &token, &err));
    return token;
}

static rv_status accept(const struct token *token, const char *code, int64_t now,
                        struct account_codes *codes, struct rv_err *reterr)
{
    struct password_hash hash;
    RV_TRY(password_make(text_of(PASSWORD), &hash, reterr));
    return invitation_accept(p.s, &p.a, text_of(token->text), &hash, text_of(code), now, codes,
                             reterr);
}

static void an_invitation_is_accepted_once_with_the_code_of_its_secret(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct invitation shown, again;
    struct account_codes codes;
    struct token session;
    char code[12];
    const struct token token = invite("pat", false, NOW);
    CHECK_OK(invitation_open(p.s, &p.a, text_of(token.text), NOW, &shown, &err));
    CHECK_OK(invitation_open(p.s, &p.a, text_of(token.text), NOW + 60, &again, &err));
    CHECK(shown.has_codes && memcmp(&shown.secret, &again.secret, sizeof shown.secret) == 0);
    CHECK_STRING(shown.account.name, "pat");
    CHECK_FAILS(accept(&token, "000000", NOW, &codes, &err), RV_INVALID);
    CHECK_FAILS(accept(&token, "", NOW, &codes, &err), RV_INVALID);
    CHECK(get("pat").status == ACCOUNT_INVITED);
    const struct attempt early = {.name = "pat", .password = PASSWORD, .now = NOW};
    CHECK_INT(people_try(&p, &early, &session), SIGN_IN_REFUSED);
    CHECK_OK(totp_code(&shown.secret, NOW / TOTP_SECONDS, TOTP_DIGITS, code, &err));
    CHECK_OK(accept(&token, code, NOW, &codes, &err));
    const struct account pat = get("pat");
    CHECK(pat.status == ACCOUNT_ACTIVE && pat.has_codes && pat.invited_until == 0);
    CHECK_INT(codes.recovery_count, RECOVERY_CODES);
    CHECK_FAILS(accept(&token, code, NOW, &codes, &err), RV_NOT_FOUND);
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of(token.text), NOW, &again, &err), RV_NOT_FOUND);
    /* The code that accepted is used up; the next one signs in. */
    struct attempt x = {.name = "pat", .password = PASSWORD, .code = code, .now = NOW};
    CHECK_INT(people_try(&p, &x, &session), SIGN_IN_REFUSED);
    x.now = NOW + TOTP_SECONDS;
    CHECK_OK(totp_code(&shown.secret, x.now / TOTP_SECONDS, TOTP_DIGITS, code, &err));
    CHECK_INT(people_try(&p, &x, &session), SIGN_IN_DONE);
}

static void an_invitation_ends(void **state)
{
    (void)state;
    struct rv_err err = {0}, other = {0};
    struct invitation shown;
    struct token wrong;
    const struct token token = invite("pat", true, NOW);
    const int64_t end = NOW + INVITATION_SECONDS;
    CHECK_OK(invitation_open(p.s, &p.a, text_of(token.text), end - 1, &shown, &err));
    CHECK(!shown.has_codes && shown.expires_at == end);
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of(token.text), end, &shown, &err), RV_NOT_FOUND);
    token_make(&wrong);
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of(wrong.text), NOW, &shown, &other), RV_NOT_FOUND);
    CHECK_STRING(err.message, other.message); /* past, wrong or no token: the same words */
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of("x"), NOW, &shown, &other), RV_NOT_FOUND);
    CHECK_STRING(err.message, other.message);
}

static void a_reset_voids_everything_at_once(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token session, first, second;
    struct invitation shown;
    struct account_codes codes;
    char code[12];
    people_code(&p, NOW, code);
    (void)people_add(&p, "other", ROLE_ADMINISTRATOR, NULL, NULL);
    struct attempt x = {.name = "ada", .password = PASSWORD, .code = code, .now = NOW};
    CHECK_INT(people_try(&p, &x, &session), SIGN_IN_DONE);
    CHECK_OK(account_reset(p.s, &p.a, p.administrator, false, COMMAND_LINE, &first, &err));
    const struct account ada = get("ada");
    CHECK(ada.status == ACCOUNT_INVITED && !ada.has_password && ada.recovery_codes == 0);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM session"), 0);
    x.code = p.codes.recovery[0].text;
    CHECK_INT(people_try(&p, &x, &session), SIGN_IN_REFUSED);
    CHECK_OK(account_reset(p.s, &p.a, p.administrator, false, COMMAND_LINE, &second, &err));
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of(first.text), NOW, &shown, &err), RV_NOT_FOUND);
    CHECK_OK(invitation_open(p.s, &p.a, text_of(second.text), NOW, &shown, &err));
    CHECK(memcmp(&shown.secret, &p.secret, sizeof p.secret) != 0);
    CHECK_OK(totp_code(&shown.secret, NOW / TOTP_SECONDS, TOTP_DIGITS, code, &err));
    CHECK_OK(accept(&second, code, NOW, &codes, &err));
    CHECK(get("ada").status == ACCOUNT_ACTIVE);
}

static void a_disabled_account_is_not_invited_back(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct invitation shown;
    struct token other;
    const struct token token = invite("pat", true, NOW);
    const int64_t pat = get("pat").id;
    CHECK_OK(account_disable(p.s, &p.a, pat, COMMAND_LINE, &err));
    CHECK_FAILS(invitation_open(p.s, &p.a, text_of(token.text), NOW, &shown, &err), RV_NOT_FOUND);
    CHECK_FAILS(account_reset(p.s, &p.a, pat, false, COMMAND_LINE, &other, &err), RV_REFUSED);
    CHECK_FAILS(account_enable(p.s, &p.a, p.administrator, COMMAND_LINE, &err), RV_REFUSED);
}

static void a_password_is_not_in_the_file(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf bytes;
    char base32[TOTP_BASE32 + 1];
    totp_base32(&p.secret, base32);
    buf_init(&bytes, (size_t)64 << 20);
    CHECK_OK(file_read(p.b.file, &bytes, &err));
    CHECK(memmem(bytes.bytes, bytes.n, PASSWORD, strlen(PASSWORD)) == NULL);
    CHECK(memmem(bytes.bytes, bytes.n, p.secret.bytes, sizeof p.secret.bytes) == NULL);
    CHECK(memmem(bytes.bytes, bytes.n, base32, TOTP_BASE32) == NULL);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        CHECK(memmem(bytes.bytes, bytes.n, p.codes.recovery[i].text, RECOVERY_CHARS) == NULL);
    }
    buf_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        EACH(names_are_kept_in_one_form),
        EACH(an_account_is_what_it_was_made),
        EACH(what_cannot_be_an_account_changes_nothing),
        EACH(only_administrators_change_accounts),
        EACH(the_last_administrator_stays),
        EACH(an_invitation_is_accepted_once_with_the_code_of_its_secret),
        EACH(an_invitation_ends),
        EACH(a_reset_voids_everything_at_once),
        EACH(a_disabled_account_is_not_invited_back),
        EACH(a_password_is_not_in_the_file),
#undef EACH
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
