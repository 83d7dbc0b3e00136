/* run/confine.c — what a program may use: user, namespaces, limits, in the child before exec.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "run/run_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- who ---- */

static bool drop_to(const struct run_user *user)
{
    if (!user->is_dropped) {
        return true;
    }
    return setgroups(0, NULL) == 0 && setresgid(user->gid, user->gid, user->gid) == 0 &&
           setresuid(user->uid, user->uid, user->uid) == 0 && setuid(0) != 0;
}

/* In a container root is not always allowed to become somebody else. */
static bool can_drop_to(const struct run_user *user)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(drop_to(user) ? 0 : 1);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

struct run_user run_user_of_programs(void)
{
    const struct run_user own = {.uid = getuid(), .gid = getgid()};
    if (own.uid != 0) {
        return own;
    }
    const struct passwd *nobody = getpwnam("nobody"); /* NOLINT(concurrency-mt-unsafe) */
    const struct run_user user = {.uid = nobody ? nobody->pw_uid : 65534,
                                  .gid = nobody ? nobody->pw_gid : 65534,
                                  .is_dropped = true};
    return can_drop_to(&user) ? user : own;
}

/* ---- namespaces ---- */

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t n = write(fd, text, strlen(text));
    close(fd);
    return n == (ssize_t)strlen(text);
}

/* A user namespace in which this user is the only one, with the namespaces of `more` in it. */
static bool enter_user_namespace(const struct run_user *user, int more)
{
    char line[64];
    if (unshare(CLONE_NEWUSER | more) != 0) {
        return false;
    }
    (void)snprintf(line, sizeof line, "%u %u 1\n", (unsigned)user->uid, (unsigned)user->uid);
    if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", line)) {
        return false;
    }
    (void)snprintf(line, sizeof line, "%u %u 1\n", (unsigned)user->gid, (unsigned)user->gid);
    return write_file("/proc/self/gid_map", line);
}

bool run_has_user_namespaces(const struct run_user *user)
{
    if (user->uid == 0) { /* Chromium's sandbox is not for root */
        return false;
    }
    pid_t child = fork();
    if (child == 0) {
        bool has = drop_to(user) && prctl(PR_SET_DUMPABLE, 1) == 0 &&
                   enter_user_namespace(user, 0) && unshare(CLONE_NEWPID | CLONE_NEWNET) == 0;
        _exit(has ? 0 : 1);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Root makes a network namespace as it is; anybody else needs a user namespace around it, and not
 * every kernel gives one. Asked in advance, because a half-made one cannot be left. */
static bool enter_network_namespace(const struct run_user *user)
{
    if (getuid() == 0) {
        return unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0;
    }
    return run_has_user_namespaces(user) && enter_user_namespace(user, CLONE_NEWNET | CLONE_NEWIPC);
}

/* ---- limits ---- */

bool run_limit(int what, uint64_t value)
{
    struct rlimit old, new = {value, value};
    if (getrlimit((__rlimit_resource_t)what, &old) == 0 && old.rlim_max < value) {
        new.rlim_cur = new.rlim_max = old.rlim_max; /* a limit cannot be raised */
    }
    return setrlimit((__rlimit_resource_t)what, &new) == 0;
}

/* The value of "Name:\tvalue…" in the status file of a process; -1 when it is not there. */
static int64_t status_number(const char *status, const char *name)
{
    const char *at = strstr(status, name);
    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

/* Threads that a user runs now: the limit on processes counts all of them. */
static uint64_t threads_of(uid_t user)
{
    uint64_t threads = 0;
    DIR *dir = opendir("/proc");
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe) */
        char path[300], status[2048];
        int64_t pid;
        if (!parse_int(text_of(entry->d_name), &pid)) {
            continue;
        }
        (void)snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
        if (fd >= 0) {
            close(fd);
        }
        status[n > 0 ? n : 0] = '\0';
        int64_t count = status_number(status, "\nThreads:");
        if (status_number(status, "\nUid:") == (int64_t)user && count > 0) {
            threads += (uint64_t)count;
        }
    }
    if (dir) {
        closedir(dir);
    }
    return threads;
}

static void set_limits(const struct run_spec *spec)
{
    (void)run_limit(RLIMIT_CORE, 0);
    (void)run_limit(RLIMIT_CPU, spec->cpu_seconds);
    (void)run_limit(RLIMIT_DATA, spec->memory_bytes);
    (void)run_limit(RLIMIT_FSIZE, spec->file_bytes);
    (void)run_limit(RLIMIT_NOFILE, 1024);
}

unsigned run_confine(const struct run_spec *spec, const struct run_user *user,
                     const struct run_folder *folder, const char *program_path)
{
    unsigned refused = 0;
    uint64_t processes = threads_of(user->uid) + spec->processes;
    if (!enter_network_namespace(user)) {
        refused |= RUN_FENCE_NAMESPACE;
    }
    if (!drop_to(user) || user->uid == 0) {
        refused |= RUN_FENCE_USER;
    }
    if (!run_limit(RLIMIT_NPROC, processes) || geteuid() == 0) {
        refused |= RUN_FENCE_PROCESSES; /* root is not counted */
    }
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* both fences fail without */
    const struct run_reach reach = {{folder->path}, {program_path}};
    if (!run_fence_reach(&reach)) {
        refused |= RUN_FENCE_FILES;
    }
    if (!run_fence_calls(false)) {
        refused |= RUN_FENCE_CALLS;
    }
    set_limits(spec); /* last: what comes before needs memory of its own */
    return refused;
}
