/* web/view_self_check.c — the service as it runs: each line good, or to be looked at, with advice.
 *
 * Only what can be seen from within is judged, and only by what is found now.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "access/audit.h"
#include "base/parse.h"
#include "run/run.h"
#include "store/facts.h"
#include "web/finding_model.h"
#include "web/jobs.h"
#include "web/views.h"

#include <string.h>
#include <unistd.h>

#define AUDIT_ROWS 200000 /* checked while one waits: about a fifth of a second */
#define LOG_BYTES  ((int64_t)1 << 28)

#define BACKUP_DAYS 7
#define VERIFY_DAYS 31

struct checking {
    struct call *c;
    struct model_list *list;
    int64_t count, to_look_at;
};

/* One line. advice: what to do, when it is not good. Texts live in the arena, or for ever. */
static void say(struct checking *k, const char *what, bool is_good, const char *found,
                const char *advice)
{
    struct model *m = model_item(k->list);
    model_text(m, "what", what);
    model_bool(m, "is-good", is_good);
    model_text(m, "found", found);
    model_text(m, "advice", is_good ? NULL : advice);
    k->count++;
    k->to_look_at += !is_good;
}

/* ---- the door ---- */

static void check_door(struct checking *k)
{
    struct call *c = k->c;
    const struct app_door *door = call_door(c);
    const char *proxy = door->is_behind_proxy ? "behind a proxy" : "without a proxy";
    say(k, "Who can reach it", door->is_local,
        arena_printf(c->arena, "It listens on %s, %s.", door->address, proxy),
        "Whoever reaches this address can pretend to be the proxy: listen on a Unix socket, or let "
        "a firewall admit the proxy alone.");
    bool is_at_home = door->is_local && !door->is_behind_proxy;
    say(k, "TLS", c->request->is_secure || is_at_home,
        c->request->is_secure ? "This page came to the proxy over TLS."
        : is_at_home          ? "Only this machine is served, without TLS."
                              : "The proxy did not say that this page came over TLS.",
        "Passwords and sessions may cross the network in the clear: let the proxy speak TLS only, "
        "and set X-Forwarded-Proto (deploy/nginx.conf).");
    say(k, "Signing in by the proxy", !door->user_header || door->is_local,
        door->user_header
            ? arena_printf(c->arena,
                           "Whom the proxy names in %s is signed in. It must overwrite "
                           "what a browser sends there.",
                           door->user_header)
            : "Not used: everybody signs in here.",
        "Whoever reaches the address can name anybody: listen on a Unix socket.");
}

/* ---- the file and what lies beside it ---- */

static void check_mode(struct checking *k, const char *what, const char *suffix, unsigned refused,
                       const char *advice)
{
    unsigned mode = 0;
    bool is_there = store_mode_of(k->c->store, suffix, &mode);
    say(k, what, is_there && (mode & refused) == 0,
        is_there ? arena_printf(k->c->arena, "Permissions %04o.", mode) : "It is not there.",
        is_there ? advice
                 : "Nobody with one-time codes can sign in: put the key back, or make a new one "
                   "with 'reeve user FILE new-key'.");
}

static const char *size_words(struct arena *a, int64_t bytes)
{
    double megabytes = (double)bytes / 1e6;
    return megabytes < 1000 ? arena_printf(a, "%.1f MB", megabytes)
                            : arena_printf(a, "%.1f GB", megabytes / 1000);
}

static rv_status check_file(struct checking *k, struct rv_err *reterr)
{
    struct arena *a = k->c->arena;
    struct store_facts f;
    RV_TRY(store_facts(k->c->store, &f, reterr));
    check_mode(k, "The partnership file", "", 0077,
               "Others on this machine can read it: chmod 600, and let a user of its own own it.");
    check_mode(k, "Its folder", NULL, 0022,
               "Others on this machine can put files in it: chmod 700, or 750 for a group.");
    check_mode(k, "The key beside it", "-key", 0077,
               "Others on this machine can read it: chmod 600, then make a new one.");
    say(k, "Schema of the file", f.schema == f.newest_schema,
        arena_printf(a, "Version %lld; this program knows up to %lld.", (long long)f.schema,
                     (long long)f.newest_schema),
        "Another version of the program has written to the file: restart the service with the "
        "newest.");
    bool has_room = f.disk_free > 2 * f.bytes && f.disk_free > f.disk_bytes / 20;
    say(k, "Room on the disk", has_room,
        arena_printf(a, "%s free of %s; the file has %s.", size_words(a, f.disk_free),
                     size_words(a, f.disk_bytes), size_words(a, f.bytes)),
        "A backup or a large import may not fit: make room for at least twice the file.");
    say(k, "Log of the file", f.log_bytes < LOG_BYTES,
        arena_printf(a, "%s not yet written back into the file.", size_words(a, f.log_bytes)),
        "A reader that never ends keeps it from being written back: restart the service.");
    return rv_ok();
}

/* ---- the process ---- */

static void check_process(struct checking *k)
{
    struct arena *a = k->c->arena;
    bool is_root = geteuid() == 0;
    say(k, "User of the service", !is_root,
        is_root ? "It runs as root." : arena_printf(a, "User %u.", (unsigned)geteuid()),
        "Run it as a user of its own that can do nothing else (deploy/reeve.service).");
    unsigned refused = call_door(k->c)->refused;
    bool has_files = !(refused & RUN_FENCE_FILES), has_calls = !(refused & RUN_FENCE_CALLS);
    say(k, "Confinement", has_files && has_calls,
        arena_printf(a,
                     "Its folders alone (Landlock): %s. No programs, no other machines (filter "
                     "of system calls): %s.",
                     has_files ? "holds" : "the system did not give it",
                     has_calls ? "holds" : "the system did not give it"),
        "Start it with the unit in deploy/, which confines it too, or on a newer system.");
}

static rv_status check_clock(struct checking *k, struct rv_err *reterr)
{
    struct audit_row *rows;
    size_t count;
    const struct audit_choice any = {.action = NULL};
    RV_TRY(audit_page(k->c->store, k->c->arena, &any, 1, &rows, &count, reterr));
    bool is_good = count == 0 || rows[0].at <= k->c->now + SESSION_SLACK;
    say(k, "Clock", is_good,
        arena_printf(k->c->arena, "It is %s.", time_words(k->c->arena, k->c->now)),
        "The audit has a row from the future: the clock went back. One-time codes need the right "
        "time: let the machine keep it (chrony, systemd-timesyncd).");
    return rv_ok();
}

/* ---- people ---- */

static rv_status check_people(struct checking *k, struct rv_err *reterr)
{
    struct arena *a = k->c->arena;
    struct account *rows;
    struct session_row *sessions;
    size_t count, session_count;
    size_t administrators = 0, weak = 0, others = 0;
    RV_TRY(account_list(k->c->store, a, &rows, &count, reterr));
    RV_TRY(session_list(k->c->store, a, 0, k->c->now, &sessions, &session_count, reterr));
    for (size_t i = 0; i < count; i++) {
        bool is_active = rows[i].status == ACCOUNT_ACTIVE;
        bool is_weak = is_active && rows[i].has_password && !rows[i].has_codes;
        bool is_administrator = is_active && rows[i].role == ROLE_ADMINISTRATOR;
        administrators += is_administrator;
        weak += is_administrator && is_weak;
        others += !is_administrator && is_weak;
    }
    say(k, "Administrators", administrators > 1, arena_printf(a, "%zu active.", administrators),
        "If the only one leaves or loses the telephone, nobody can let people in but from the "
        "command line: make a second one.");
    say(k, "One-time codes of administrators", weak == 0,
        weak ? arena_printf(a, "%zu with a password alone.", weak)
             : "All of them have codes, or sign in through the proxy.",
        "Reset these accounts and let their people set up an app.");
    say(k, "One-time codes of others", others == 0,
        others ? arena_printf(a, "%zu with a password alone.", others)
               : "All of them have codes, or sign in through the proxy.",
        "A password that is guessed or learned is enough for these: reset them when you can.");
    say(k, "Sessions", true,
        arena_printf(a, "%zu, each over after half an hour without use.", session_count), NULL);
    return rv_ok();
}

static rv_status check_audit(struct checking *k, struct rv_err *reterr)
{
    struct audit_head head;
    struct audit_result result;
    rv_status status = audit_head(k->c->store, &head, NULL);
    if (rv_is_ok(status) && head.count > AUDIT_ROWS) {
        say(k, "Audit", true,
            arena_printf(k->c->arena,
                         "%lld rows: too many to be looked at here; its own page does.",
                         (long long)head.count),
            NULL);
        return rv_ok();
    }
    RV_TRY(audit_verify(k->c->store, k->c->arena, NULL, NULL, &result, reterr));
    say(k, "Audit", result.fault_count == 0,
        arena_printf(k->c->arena, "%lld rows looked at: %s.", (long long)result.rows,
                     result.fault_count ? "not whole" : "whole"),
        "See its page: keep the file as it is, and compare it with backups.");
    return rv_ok();
}

/* ---- jobs: copies, and the check of every chunk ---- */

/* The last job of a kind; id 0 = none was ever asked for. */
static rv_status last_job(struct checking *k, const char *kind, bool is_done, struct job *ret,
                          struct rv_err *reterr)
{
    struct job *rows;
    size_t count;
    const struct job_choice choice = {
        .account = JOB_OF_ALL, .kind = kind, .has_state = is_done, .state = JOB_DONE, .most = 1};
    RV_TRY(job_list(k->c->store, k->c->arena, &choice, &rows, &count, reterr));
    *ret = count ? rows[0] : (struct job){.id = 0};
    return rv_ok();
}

static rv_status check_jobs(struct checking *k, struct rv_err *reterr)
{
    struct arena *a = k->c->arena;
    struct job backup, verify;
    RV_TRY(last_job(k, "backup", true, &backup, reterr));
    RV_TRY(last_job(k, "verify", false, &verify, reterr));
    struct job_runner *runner = call_runner(k->c);
    bool is_well = runner && job_runner_is_well(runner);
    say(k, "Jobs", is_well, is_well ? "This service does them." : "This service does none.",
        "Unless another service on the same file does them, what people ask for waits: start the "
        "service again.");
    say(k, "Backup", backup.id && k->c->now - backup.ended_at < BACKUP_DAYS * 86400,
        backup.id ? arena_printf(a, "The last one asked for here ended on %s.",
                                 time_words(a, backup.ended_at))
                  : "None was made here.",
        "Make one, and copy it to another machine, unless something else copies the file with "
        "'reeve backup'.");
    bool is_recent = verify.ended_at && k->c->now - verify.ended_at < VERIFY_DAYS * 86400;
    say(k, "Every chunk of the file", verify.state == JOB_DONE && is_recent,
        !verify.id         ? "Never read here."
        : !verify.ended_at ? "Being read."
        : verify.state == JOB_DONE
            ? arena_printf(a, "Whole on %s.", time_words(a, verify.ended_at))
            : arena_printf(a, "The check ended on %s: %s %s", time_words(a, verify.ended_at),
                           job_state_name(verify.state), verify.message),
        "Let every chunk be read, with the button below. If it is damaged: restore the last "
        "backup, and import again what came after it.");
    return rv_ok();
}

rv_status view_self_check(struct call *c, struct rv_err *reterr)
{
    struct checking k = {.c = c, .list = model_list(c->model, "checks")};
    check_door(&k);
    RV_TRY(check_file(&k, reterr));
    check_process(&k);
    RV_TRY(check_clock(&k, reterr));
    RV_TRY(check_people(&k, reterr));
    RV_TRY(check_audit(&k, reterr));
    RV_TRY(check_jobs(&k, reterr));
    model_bool(c->model, "is-asked", call_query(c, "asked").n > 0);
    model_int(c->model, "count", k.count);
    model_int(c->model, "to-look-at", k.to_look_at);
    model_text(c->model, "now", time_words(c->arena, c->now));
    return rv_ok();
}
