/* tests/fault/test_access_vfs.c — each write, sync, opening and allocation fails in turn while
 * people are invited, let in, reset and kept out: all of a change is there or none of it, the
 * audit's row with it, and its chain is whole. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/session.h"
#include "access/sign_in.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "fault_vfs.h"
#include "store/internal.h"
#include "store/verify.h"

#ifdef RV_SANITIZED
#define MALLOC_STEP 397 /* ten times as slow there */
#else
#define MALLOC_STEP 61
#endif
#define NOW      INT64_C(1900000000)
#define PASSWORD "three unlikely words"

/* How many rows each table has: a change is known by them. */
#define TABLES 7
static const char *const COUNTS[TABLES] = {
    "SELECT count(*) FROM account WHERE status = 'active'",
    "SELECT count(*) FROM account WHERE status = 'invited'",
    "SELECT count(*) FROM account_secret",
    "SELECT count(*) FROM recovery_code",
    "SELECT count(*) FROM invitation",
    "SELECT count(*) FROM session",
    "SELECT count(*) FROM audit",
};
struct counts {
    int64_t n[TABLES];
};

static struct {
    char dir[64], file[96], key[100];
    struct buf base;
    struct arena a;
    struct token invitation, session;
    char code[12];
} stage;

/* ---- the changes ---- */

static const struct act COMMAND_LINE = {.by = 0, .now = NOW};

static rv_status do_add(struct store *s, struct rv_err *reterr)
{
    int64_t id;
    struct account_codes codes;
    struct totp_secret secret;
    struct password_hash hash = {"$argon2id$none"};
    const struct account_new x = {.name = "eve", .role = ROLE_ADMINISTRATOR};
    totp_secret_make(&secret);
    return account_add(s, &stage.a, &x, &hash, &secret, COMMAND_LINE, &id, &codes, reterr);
}

static rv_status do_invite(struct store *s, struct rv_err *reterr)
{
    int64_t id;
    struct token token;
    const struct account_new x = {.name = "pat", .role = ROLE_PARTNER};
    return account_invite(s, &stage.a, &x, COMMAND_LINE, &id, &token, reterr);
}

static rv_status do_accept(struct store *s, struct rv_err *reterr)
{
    struct account_codes codes;
    struct password_hash hash;
    RV_TRY(password_make(text_of(PASSWORD), &hash, reterr));
    return invitation_accept(s, &stage.a, text_of(stage.invitation.text), &hash,
                             text_of(stage.code), NOW, &codes, reterr);
}

static rv_status do_reset(struct store *s, struct rv_err *reterr)
{
    struct token token;
    return account_reset(s, &stage.a, 1, false, COMMAND_LINE, &token, reterr);
}

static rv_status do_disable(struct store *s, struct rv_err *reterr)
{
    return account_disable(s, &stage.a, 3, COMMAND_LINE, reterr);
}

static rv_status do_proxy(struct store *s, struct rv_err *reterr)
{
    struct token token;
    enum sign_in_answer answer;
    return sign_in_by_proxy(s, text_of("ada"), "192.0.2.1", text_of(stage.session.text), NOW,
                            &token, &answer, reterr);
}

/* Two transactions: the attempt counted, then the session; the first alone changes no count. */
static rv_status do_sign_in(struct store *s, struct rv_err *reterr)
{
    struct token token;
    enum sign_in_answer answer;
    RV_CLEANUP(sign_in_done) struct sign_in in = {.account = 0};
    RV_TRY(sign_in_begin(s, text_of("ben"), "192.0.2.1", NOW, &in, reterr));
    RV_TRY(sign_in_check(&in, text_of(PASSWORD), text_of(""), NOW, reterr));
    return sign_in_end(s, &in, text_of(""), NOW, &token, &answer, reterr);
}

static rv_status do_sign_out(struct store *s, struct rv_err *reterr)
{
    int64_t ended;
    return session_close_all(s, 1, 0, COMMAND_LINE, &ended, reterr);
}

static const struct {
    const char *name;
    rv_status (*run)(struct store *s, struct rv_err *reterr);
} CHANGES[] = {
    {"add", do_add},     {"invite", do_invite},     {"accept", do_accept},
    {"reset", do_reset}, {"disable", do_disable},   {"sign in", do_sign_in},
    {"proxy", do_proxy}, {"sign out", do_sign_out},
};

/* ---- the stage ---- */

static void make_stage(void)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct account_codes codes;
    struct password_hash hash;
    struct invitation shown;
    int64_t id;
    (void)snprintf(stage.dir, sizeof stage.dir, "%s", test_dir());
    (void)snprintf(stage.file, sizeof stage.file, "%s/p.reeve", stage.dir);
    (void)snprintf(stage.key, sizeof stage.key, "%s-key", stage.file);
    arena_init(&stage.a, LIMIT_ARENA_BYTES);
    CHECK_OK(secrets_ready(&err));
    CHECK_OK(password_make(text_of(PASSWORD), &hash, &err));
    CHECK_OK(store_create(stage.file, &err));
    CHECK_OK(store_open(stage.file, STORE_WRITE, &s, &err));
    static const char *const NAMES[] = {"ada", "ben"};
    for (int i = 0; i < 2; i++) {
        const struct account_new x = {
            .name = NAMES[i], .role = i ? ROLE_ANALYST : ROLE_ADMINISTRATOR, .has_no_codes = true};
        CHECK_OK(account_add(s, &stage.a, &x, &hash, NULL, COMMAND_LINE, &id, &codes, &err));
    }
    const struct account_new guest = {.name = "guest", .role = ROLE_PARTNER};
    CHECK_OK(account_invite(s, &stage.a, &guest, COMMAND_LINE, &id, &stage.invitation, &err));
    CHECK_OK(invitation_open(s, &stage.a, text_of(stage.invitation.text), NOW, &shown, &err));
    CHECK_OK(totp_code(&shown.secret, NOW / TOTP_SECONDS, TOTP_DIGITS, stage.code, &err));
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(session_open(s, 1, SESSION_BY_CODE, NOW, "192.0.2.1", &stage.session, &err));
    CHECK_OK(store_commit(s, &err));
    store_close(s);
    buf_init(&stage.base, (size_t)64 << 20);
    CHECK_OK(file_read(stage.file, &stage.base, &err));
}

static int set_up(void **state)
{
    (void)state;
    fault_install();
    password_cost_is_low(true);
    make_stage();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", stage.dir);
    assert_int_equal(system(command), 0);
    buf_done(&stage.base);
    arena_done(&stage.a);
    password_cost_is_low(false);
    return 0;
}

static void restore(void)
{
    char wal[110];
    FILE *out = fopen(stage.file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(stage.base.bytes, 1, stage.base.n, out), stage.base.n);
    assert_int_equal(fclose(out), 0);
    (void)snprintf(wal, sizeof wal, "%s-wal", stage.file);
    (void)unlink(wal);
    (void)snprintf(wal, sizeof wal, "%s-shm", stage.file);
    (void)unlink(wal);
}

/* The counts of a file that is whole, with a whole chain; anything else fails. */
static struct counts look(const char *when)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct audit_result audit;
    struct verify_result whole;
    struct counts c;
    struct arena_mark mark = arena_mark(&stage.a);
    CHECK_OK(store_open(stage.file, STORE_READ, &s, &err));
    for (int i = 0; i < TABLES; i++) {
        CHECK_OK(sqlite_get_int(s->db, "f", COUNTS[i], &c.n[i], &err));
    }
    CHECK_OK(audit_verify(s, &stage.a, NULL, NULL, &audit, &err));
    CHECK_OK(store_verify(s, &stage.a, NULL, &whole, &err));
    if (audit.fault_count || whole.fault_count) {
        fail_msg("%s: %s", when, audit.fault_count ? audit.faults[0].what : whole.faults[0].what);
    }
    store_close(s);
    arena_release(&stage.a, mark);
    return c;
}

static bool is_same(const struct counts *a, const struct counts *b)
{
    return memcmp(a->n, b->n, sizeof a->n) == 0;
}

static rv_status change(size_t i, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(stage.file, STORE_WRITE, &s, reterr));
    return CHANGES[i].run(s, reterr);
}

static void arm_ours(enum fault_kind kind, long n)
{
    if (kind == FAULT_NONE) {
        memory_fail_nth(n);
    } else {
        fault_arm(kind, n, kind == FAULT_FULL);
    }
}

static bool disarm(enum fault_kind kind, long n)
{
    if (kind != FAULT_NONE) {
        return fault_disarm();
    }
    bool was_reached = memory_fail_count() >= n;
    memory_fail_nth(0);
    return was_reached;
}

/* FAULT_NONE stands for the program's own allocations. */
static void fail_each(enum fault_kind kind, long step)
{
    long runs = 0, before_seen = 0;
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        struct rv_err err = {0};
        restore();
        const struct counts before = look(CHANGES[i].name);
        CHECK_OK(change(i, &err));
        const struct counts after = look(CHANGES[i].name);
        CHECK(!is_same(&before, &after));
        bool was_reached = true;
        for (long n = 1; was_reached; n += step) {
            char when[96];
            restore();
            arm_ours(kind, n);
            rv_status status = change(i, &err);
            was_reached = disarm(kind, n);
            (void)snprintf(when, sizeof when, "%s: %s %ld", CHANGES[i].name, fault_name(kind), n);
            const struct counts now = look(when);
            if (!is_same(&now, &before) && !is_same(&now, &after)) {
                fail_msg("%s: the file is neither as before nor as after", when);
            }
            if (rv_is_ok(status) && !is_same(&now, &after)) {
                fail_msg("%s: reported as done, but the file is as before", when);
            }
            before_seen += is_same(&now, &before);
            runs += was_reached;
        }
    }
    print_message("%s: %ld failures, %ld as before\n", fault_name(kind), runs, before_seen);
    assert_true(runs > 0 && before_seen > 0);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_WRITE, 1);
}

static void the_disk_may_be_full(void **state)
{
    (void)state;
    fail_each(FAULT_FULL, 1);
}

static void every_sync_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_SYNC, 1);
}

static void every_allocation_of_sqlite_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_MALLOC, MALLOC_STEP);
}

static void every_allocation_of_ours_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_NONE, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_write_may_fail),
        cmocka_unit_test(the_disk_may_be_full),
        cmocka_unit_test(every_sync_may_fail),
        cmocka_unit_test(every_allocation_of_sqlite_may_fail),
        cmocka_unit_test(every_allocation_of_ours_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
