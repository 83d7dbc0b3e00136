/* cli/secret_input.c — passwords typed or read. SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/secret_input.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void secret_text_done(struct secret_text *secret)
{
    explicit_bzero(secret, sizeof *secret);
}

static rv_status fail_long(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "a password has at most %d bytes", PASSWORD_MOST);
}

/* One line without its end, byte by byte, so that nothing of what follows is taken from a pipe. */
static rv_status read_line(struct session *session, int fd, struct secret_text *ret,
                           struct rv_err *reterr)
{
    ret->n = 0;
    for (;;) {
        char c;
        struct pollfd waited = {.fd = fd, .events = POLLIN};
        RV_TRY(progress_check(&session->progress, reterr));
        if (poll(&waited, 1, 100) <= 0) {
            continue; /* looked at ten times a second: Ctrl-C may come just before the wait */
        }
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return rv_fail(reterr, RV_IO, "the password cannot be read");
        }
        if (got == 0 || c == '\n') {
            ret->n -= ret->n && ret->bytes[ret->n - 1] == '\r';
            return ret->n > PASSWORD_MOST ? fail_long(reterr) : rv_ok();
        }
        if (ret->n == sizeof ret->bytes) {
            return fail_long(reterr);
        }
        ret->bytes[ret->n++] = c;
    }
}

static rv_status read_file(struct session *session, const char *path, struct secret_text *ret,
                           struct rv_err *reterr)
{
    if (strcmp(path, "-") == 0) {
        return read_line(session, STDIN_FILENO, ret, reterr);
    }
    RV_CLEANUP(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        char scratch[128];
        return rv_fail(reterr, errno == ENOENT ? RV_NOT_FOUND : RV_IO, "%s: cannot be opened: %s",
                       path, strerror_r(errno, scratch, sizeof scratch));
    }
    return read_line(session, fd, ret, reterr);
}

/* The terminal is put back as it was whatever happens meanwhile, Ctrl-C included. */
static rv_status ask(struct session *session, const char *prompt, struct secret_text *ret,
                     struct rv_err *reterr)
{
    struct termios before, hidden;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return rv_fail(reterr, RV_IO, "the terminal cannot be asked");
    }
    hidden = before;
    hidden.c_lflag &= (tcflag_t) ~(tcflag_t)ECHO;
    progress_hide();
    buf_text(&session->out, prompt);
    /* hidden before the prompt asks for it: the first letters of a quick hand are not shown */
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    rv_status status = session_flush(session, reterr);
    if (rv_is_ok(status)) {
        status = read_line(session, STDIN_FILENO, ret, reterr);
    }
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    buf_char(&session->out, '\n');
    return status;
}

rv_status secret_read(struct session *session, const char *name, struct secret_text *ret,
                      struct rv_err *reterr)
{
    RV_CLEANUP(secret_text_done) struct secret_text again = {.n = 0};
    const char *path = args_get(&session->args, "password-file");
    if (path) {
        RV_TRY(read_file(session, path, ret, reterr));
    } else if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        return rv_fail(reterr, RV_USAGE,
                       "there is no terminal to ask for a password: give it in a file with "
                       "--password-file FILE, or on standard input with --password-file -");
    } else {
        RV_TRY(ask(session, "Password (it is not shown): ", ret, reterr));
        RV_TRY(password_judge((struct text){ret->bytes, ret->n}, name, reterr));
        RV_TRY(ask(session, "The same again: ", &again, reterr));
        if (again.n != ret->n || memcmp(again.bytes, ret->bytes, ret->n) != 0) {
            return rv_fail(reterr, RV_INVALID, "the two passwords differ; nothing was changed");
        }
    }
    return password_judge((struct text){ret->bytes, ret->n}, name, reterr);
}
