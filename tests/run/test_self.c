/* tests/run/test_self.c — the service's own fences: what it still reaches, and what it does not.
 *
 * Each attempt is made by a process of its own, because fences cannot be taken down again.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64], file[96], state[96];
static unsigned refused;

/* The exit status of `attempt` behind the fences: 0, or its errno. */
static int behind(int (*attempt)(void))
{
    pid_t child = fork();
    if (child == 0) {
        (void)run_confine_self(file, state);
        _exit(attempt());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int try_open(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    return fd >= 0 && close(fd) == 0 ? 0 : errno;
}

static int set_up(void **unused)
{
    (void)unused;
    (void)snprintf(folder, sizeof folder, "%s", test_dir());
    (void)snprintf(file, sizeof file, "%s/p.reeve", folder);
    (void)snprintf(state, sizeof state, "%s-state", folder);
    CHECK_INT(mkdir(state, 0700), 0);
    CHECK_INT(try_open(file, O_WRONLY | O_CREAT), 0);
    pid_t child = fork();
    if (child == 0) {
        _exit((int)run_confine_self(file, state));
    }
    int status = 0;
    CHECK_INT(waitpid(child, &status, 0), child);
    refused = (unsigned)WEXITSTATUS(status);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf %s %s", folder, state);
    return system(command);
}

static void needs(unsigned fence, const char *words)
{
    if (refused & fence) {
        print_message("SKIPPED: this system has no %s\n", words);
        skip();
    }
}

/* ---- files ---- */

static int write_beside(void)
{
    char lock[128];
    (void)snprintf(lock, sizeof lock, "%s-lock", file);
    return try_open(file, O_RDWR) + try_open(lock, O_RDWR | O_CREAT) + unlink(lock);
}

static int write_result(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/7", state);
    return mkdir(path, 0700) + rmdir(path);
}

static int read_system(void)
{
    return try_open("/etc/passwd", O_RDONLY) + try_open("/dev/urandom", O_RDONLY);
}

static int read_elsewhere(void)
{
    return try_open(TEST_SOURCE_DIR "/README.md", O_RDONLY);
}

static int write_elsewhere(void)
{
    return try_open("/tmp/reeve-nobody-writes-this", O_WRONLY | O_CREAT);
}

static void *read_in_thread(void *ret)
{
    *(int *)ret = read_elsewhere();
    return NULL;
}

static int read_elsewhere_later(void)
{
    pthread_t thread;
    int found = 0;
    return pthread_create(&thread, NULL, read_in_thread, &found) == 0 &&
                   pthread_join(thread, NULL) == 0
               ? found
               : 99;
}

static void it_reaches_what_it_needs(void **unused)
{
    (void)unused;
    CHECK_INT(behind(write_beside), 0);
    CHECK_INT(behind(write_result), 0);
    CHECK_INT(behind(read_system), 0);
}

static void it_reaches_nothing_else(void **unused)
{
    (void)unused;
    CHECK_INT(read_elsewhere(), 0); /* before */
    needs(RUN_FENCE_FILES, "Landlock");
    CHECK_INT(behind(read_elsewhere), EACCES);
    CHECK_INT(behind(read_elsewhere_later), EACCES);
    CHECK_INT(behind(write_elsewhere), EACCES);
}

/* ---- calls ---- */

static int start_program(void)
{
    char *const argv[] = {(char *)(uintptr_t) "true", NULL}, *const none[] = {NULL};
    (void)execve("/usr/bin/true", argv, none);
    return errno;
}

static int connect_elsewhere(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int connect_here(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : errno;
}

static int look_into_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? 0 : errno;
}

static void it_starts_nothing_and_connects_nowhere(void **unused)
{
    (void)unused;
    needs(RUN_FENCE_CALLS, "filter of system calls");
    CHECK_INT(behind(start_program), EPERM);
    CHECK_INT(behind(connect_elsewhere), EAFNOSUPPORT);
    CHECK_INT(behind(connect_here), 0);
    CHECK_INT(behind(look_into_parent), EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reaches_what_it_needs),
        cmocka_unit_test(it_reaches_nothing_else),
        cmocka_unit_test(it_starts_nothing_and_connects_nowhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
