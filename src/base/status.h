/* base/status.h — the result of every fallible function, and the message that goes with a failure.
 *
 * A fallible function returns rv_status and takes `struct rv_err *reterr` last (may be NULL).
 * `ret` parameters are written only on success, `reterr` only on failure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_STATUS_H
#define REEVE_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* code, text, exit status of the program (formats.md section 6) */
#define RV_CODES(X)                                                                                \
    X(OK, "done", 0)                                                                               \
    X(USAGE, "wrong use of the program", 2)                                                        \
    X(INVALID, "the input cannot be used", 3)                                                      \
    X(NOT_FOUND, "it is not there", 3)                                                             \
    X(REFUSED, "refused", 3)                                                                       \
    X(DOMAIN, "the statistic is undefined for these values", 3)                                    \
    X(DAMAGED, "the partnership file is damaged", 4)                                               \
    X(BUSY, "the partnership file is in use", 4)                                                   \
    X(TOO_NEW, "the partnership file is from a newer version of Reeve", 4)                         \
    X(LIMIT, "a limit was reached", 5)                                                             \
    X(NO_MEMORY, "out of memory", 5)                                                               \
    X(IO, "reading or writing failed", 5)                                                          \
    X(INTERRUPTED, "interrupted", 130)

enum rv_code {
#define RV_CODE_ENUM(name, text, exit_status) RV_##name,
    RV_CODES(RV_CODE_ENUM)
#undef RV_CODE_ENUM
};

/* A newtype, so that a status cannot be mistaken for a count or ignored. */
typedef struct {
    enum rv_code code;
} rv_status;

#define RV_MUST_CHECK         __attribute__((warn_unused_result))
#define RV_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* What went wrong, for the person who has to put it right. No personal data in `message`,
 * unless it is the offending value of the reader's own input. */
struct rv_err {
    enum rv_code code;
    const char *origin; /* source file of the failure, static storage */
    int origin_line;
    char message[1024]; /* one sentence with the remedy, UTF-8, always terminated */
};

static inline rv_status rv_ok(void)
{
    return (rv_status){RV_OK};
}

static inline int rv_is_ok(rv_status status)
{
    return status.code == RV_OK;
}

/* Fills reterr (may be NULL) and returns the code as a status. */
rv_status rv_fail_at(struct rv_err *reterr, const char *origin, int origin_line, enum rv_code code,
                     const char *format, ...) RV_PRINTF(5, 6);

/* The same, from here. The status is spelled out, not returned by the function, so that the
 * compiler sees which paths succeed. */
#define rv_fail(reterr, code, ...)                                                                 \
    ((void)rv_fail_at((reterr), __FILE__, __LINE__, (code), __VA_ARGS__), (rv_status){(code)})

/* Returns early on failure: legal because every owner is an arena or declared RV_CLEANUP. */
#define RV_TRY(call)                                                                               \
    do {                                                                                           \
        rv_status rv_try_status_ = (call);                                                         \
        if (rv_try_status_.code != RV_OK) {                                                        \
            return rv_try_status_;                                                                 \
        }                                                                                          \
    } while (0)

/* `unused`: clang calls a variable unused that is there only for its clean-up. */
#define RV_CLEANUP(fn) __attribute__((cleanup(fn), unused))

const char *rv_code_text(enum rv_code code); /* "the input cannot be used" */
const char *rv_code_name(enum rv_code code); /* "INVALID" */
int rv_code_exit(enum rv_code code);         /* exit status of the program */

#endif
