/* tests/check.h — cmocka plus what it lacks: near comparison, statuses, golden files, shared data.
 *
 * Include first in a test file. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_CHECK_H
#define REEVE_TESTS_CHECK_H

#include "base/status.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A group of its own: it needs jmp_buf and va_list from the headers above. */
#include <cmocka.h>

#define CHECK(condition) assert_true(condition)

/* |got - want| <= relative * |want|, with NaN equal to NaN and equal infinities equal; a want of
 * exactly 0 asks for |got| <= relative. */
static inline bool check_is_near(double got, double want, double relative)
{
    if (isnan(want) || isnan(got)) {
        return isnan(want) && isnan(got);
    }
    if (isinf(want) || isinf(got)) {
        return want == got;
    }
    double scale = want == 0 ? 1.0 : fabs(want);
    return fabs(got - want) <= relative * scale;
}

#define CHECK_NEAR(got, want, relative)                                                            \
    do {                                                                                           \
        double got_ = (got), want_ = (want);                                                       \
        if (!check_is_near(got_, want_, (relative))) {                                             \
            print_error("%s:%d: %s is %.17g, expected %.17g within %g\n", __FILE__, __LINE__,      \
                        #got, got_, want_, (double)(relative));                                    \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* The call succeeds; otherwise its message is shown. Needs `struct rv_err err` in scope. */
#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        rv_status status_ = (call);                                                                \
        if (!rv_is_ok(status_)) {                                                                  \
            print_error("%s:%d: %s failed: %s\n", __FILE__, __LINE__, #call, err.message);         \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* The call fails with this code. */
#define CHECK_FAILS(call, wanted)                                                                  \
    do {                                                                                           \
        rv_status status_ = (call);                                                                \
        if (status_.code != (wanted)) {                                                            \
            print_error("%s:%d: %s gave %s, expected %s\n", __FILE__, __LINE__, #call,             \
                        rv_code_name(status_.code), rv_code_name(wanted));                         \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define CHECK_STRING(got, want) assert_string_equal((got), (want))
#define CHECK_INT(got, want)    assert_int_equal((got), (want))

/* Path of a file of the shared data, or skips the test, saying so, when it is not there. */
static inline const char *shared_or_skip(const char *relative)
{
    static char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", TEST_SHARED_DIR, relative);
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: the shared data file %s is not here\n", relative);
        skip();
    }
    return path;
}

/* A fresh folder for the files of one test; removed by the caller or with the build folder. */
static inline const char *test_dir(void)
{
    static char path[64];
    (void)snprintf(path, sizeof path, "/tmp/reeve-test-XXXXXX");
    if (!mkdtemp(path)) {
        fail_msg("cannot make a folder in /tmp");
    }
    return path;
}

/* Compares `got` with the file tests/golden/NAME; with REEVE_GOLDEN=write it writes it instead. */
static inline void check_golden(const char *got, size_t n, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/tests/golden/%s", TEST_SOURCE_DIR, name);
    const char *mode = getenv("REEVE_GOLDEN");
    if (mode && strcmp(mode, "write") == 0) {
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(got, 1, n, out), n);
        assert_int_equal(fclose(out), 0);
        return;
    }
    FILE *in = fopen(path, "rb");
    if (!in) {
        fail_msg("no golden file %s: look at the output, then run with REEVE_GOLDEN=write", path);
    }
    char *want = malloc(n + 2);
    assert_non_null(want);
    size_t have = fread(want, 1, n + 1, in);
    (void)fclose(in);
    bool same = have == n && memcmp(want, got, n) == 0;
    size_t at = 0;
    while (!same && at < n && at < have && want[at] == got[at]) {
        at++;
    }
    free(want);
    if (!same) {
        fail_msg("%s differs from byte %zu: '%.80s'", name, at, got + at);
    }
}

#define CHECK_GOLDEN(got, n, name) check_golden((got), (n), (name))

#endif
