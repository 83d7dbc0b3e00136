/* access/key.c — FILE-key: made once, read, never replaced by itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/key.h"

#include "access/token.h"
#include "base/file.h"
#include "base/progress.h"
#include "store/sql_id.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES  4200
#define HEX_CHARS   (2 * KEY_BYTES)
#define CHECK_BYTES 16
#define CHECK_CHARS (2 * CHECK_BYTES)
#define SETTING     "access.key" /* tells whether a key is that of this file, and not what it is */

void key_done(struct key *key)
{
    sodium_memzero(key, sizeof *key);
}

static void path_of(const struct store *s, const char *suffix, char out[PATH_BYTES])
{
    (void)snprintf(out, PATH_BYTES, "%s-key%s", store_real_path(s), suffix);
}

static rv_status fail_errno(const char *path, const char *what, struct rv_err *reterr)
{
    char scratch[128];
    return rv_fail(reterr, RV_IO, "%s: cannot be %s: %s", path, what,
                   strerror_r(errno, scratch, sizeof scratch));
}

/* ---- the file ---- */

static rv_status check_mode(int fd, const char *path, struct rv_err *reterr)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return rv_fail(reterr, RV_INVALID, "%s is not a file", path);
    }
    if (info.st_mode & 077) {
        return rv_fail(reterr, RV_REFUSED,
                       "%s can be read by others than its owner: 'chmod 600 %s' closes it, and "
                       "consider whether somebody has read it",
                       path, path);
    }
    return rv_ok();
}

static rv_status read_file(const char *path, int fd, struct key *ret, struct rv_err *reterr)
{
    char text[HEX_CHARS + 2] = "";
    size_t have = 0, n = 0;
    for (ssize_t got = 1; got > 0 && have < sizeof text;) {
        got = read(fd, text + have, sizeof text - have);
        if (got < 0 && errno == EINTR) {
            got = 1;
        } else if (got < 0) {
            return fail_errno(path, "read", reterr);
        } else {
            have += (size_t)got;
        }
    }
    bool is_key = have >= HEX_CHARS && (have == HEX_CHARS || text[HEX_CHARS] == '\n') &&
                  have <= HEX_CHARS + 1 &&
                  sodium_hex2bin(ret->bytes, KEY_BYTES, text, HEX_CHARS, NULL, &n, NULL) == 0 &&
                  n == KEY_BYTES;
    sodium_memzero(text, sizeof text);
    if (!is_key) {
        return rv_fail(reterr, RV_INVALID,
                       "%s is no key (64 hexadecimal digits): put back the one that was kept",
                       path);
    }
    return rv_ok();
}

/* *ret_is_there is false when there is no such file. */
static rv_status read_key(const struct store *s, struct key *ret, bool *ret_is_there,
                          struct rv_err *reterr)
{
    char path[PATH_BYTES];
    path_of(s, "", path);
    RV_CLEANUP(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *ret_is_there = fd >= 0;
    if (fd < 0) {
        return errno == ENOENT ? rv_ok() : fail_errno(path, "read", reterr);
    }
    RV_TRY(check_mode(fd, path, reterr));
    return read_file(path, fd, ret, reterr);
}

static rv_status write_new(const char *path, const struct store *s, const struct key *key,
                           struct rv_err *reterr)
{
    char text[HEX_CHARS + 1];
    struct stat info;
    RV_CLEANUP(file_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail_errno(path, "made", reterr);
    }
    if (stat(store_real_path(s), &info) == 0) {
        (void)!fchown(fd, info.st_uid, info.st_gid); /* for the service, when root runs this */
    }
    sodium_bin2hex(text, sizeof text, key->bytes, KEY_BYTES);
    text[HEX_CHARS] = '\n';
    rv_status status = file_write_at(fd, text, sizeof text, 0, reterr);
    sodium_memzero(text, sizeof text);
    RV_TRY(status);
    return fsync(fd) == 0 ? rv_ok() : fail_errno(path, "written", reterr);
}

static void sync_dir(const struct store *s)
{
    RV_CLEANUP(file_closep) int fd = open(store_dir(s), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
    }
}

/* Whole or absent under its name, and never in place of another. The lock of the transaction keeps
 * everybody else off the temporary name. */
static rv_status make(const struct store *s, struct key *ret, struct rv_err *reterr)
{
    char path[PATH_BYTES], temporary[PATH_BYTES];
    path_of(s, "", path);
    path_of(s, ".new", temporary);
    (void)unlink(temporary); /* of a process that was killed here */
    randombytes_buf(ret->bytes, KEY_BYTES);
    rv_status status = write_new(temporary, s, ret, reterr);
    if (rv_is_ok(status) && link(temporary, path) != 0) {
        status = fail_errno(path, "made", reterr);
    }
    (void)unlink(temporary);
    RV_TRY(status);
    sync_dir(s);
    fault_point("key.made");
    return rv_ok();
}

/* ---- whether it fits the partnership file ---- */

static void check_value(const struct key *key, char out[CHECK_CHARS + 1])
{
    static const unsigned char WORDS[] = "reeve key 1";
    unsigned char bytes[CHECK_BYTES];
    crypto_generichash(bytes, sizeof bytes, WORDS, sizeof WORDS - 1, key->bytes, KEY_BYTES);
    sodium_bin2hex(out, CHECK_CHARS + 1, bytes, sizeof bytes);
}

/* "" when the file never had a key. */
static rv_status wanted_value(struct store *s, char out[CHECK_CHARS + 1], struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    RV_TRY(store_prepare(s, SQL_SETTING_GET, &st, reterr));
    stmt_bind_string(st, ":name", SETTING);
    RV_TRY(stmt_step(st, &has_row, reterr));
    struct text value = has_row ? stmt_text(st, 0) : text_of("");
    size_t n = value.n < CHECK_CHARS ? value.n : CHECK_CHARS;
    if (n) {
        memcpy(out, value.at, n);
    }
    out[n] = '\0';
    stmt_reset(st);
    return rv_ok();
}

static rv_status store_value(struct store *s, const struct key *key, struct rv_err *reterr)
{
    struct stmt *st;
    char value[CHECK_CHARS + 1];
    check_value(key, value);
    RV_TRY(store_prepare(s, SQL_SETTING_PUT, &st, reterr));
    stmt_bind_string(st, ":name", SETTING);
    stmt_bind_string(st, ":value", value);
    return stmt_run(st, reterr);
}

static rv_status fail_missing(const struct store *s, struct rv_err *reterr)
{
    return rv_fail(
        reterr, RV_NOT_FOUND,
        "%s-key is not there: put it back from where it is kept apart from the backups, "
        "or make a new one with 'reeve user %s new-key', after which one-time codes must be "
        "set up anew",
        store_path(s), store_path(s));
}

static rv_status fail_other(const struct store *s, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_REFUSED,
                   "%s-key is the key of another file: put back the right one, or move this one "
                   "away and make a new one with 'reeve user %s new-key'",
                   store_path(s), store_path(s));
}

static bool fits(const struct key *key, const char *wanted)
{
    char value[CHECK_CHARS + 1];
    check_value(key, value);
    return strcmp(value, wanted) == 0;
}

rv_status key_load(struct store *s, struct key *ret, struct rv_err *reterr)
{
    char wanted[CHECK_CHARS + 1];
    RV_CLEANUP(key_done) struct key key = {{0}};
    bool is_there;
    RV_TRY(secrets_ready(reterr));
    RV_TRY(wanted_value(s, wanted, reterr));
    RV_TRY(read_key(s, &key, &is_there, reterr));
    if (!is_there) {
        return fail_missing(s, reterr);
    }
    if (!fits(&key, wanted)) {
        return fail_other(s, reterr);
    }
    *ret = key;
    return rv_ok();
}

rv_status key_ready(struct store *s, struct key *ret, struct rv_err *reterr)
{
    char wanted[CHECK_CHARS + 1];
    RV_CLEANUP(key_done) struct key key = {{0}};
    bool is_there;
    RV_TRY(secrets_ready(reterr));
    RV_TRY(wanted_value(s, wanted, reterr));
    if (*wanted) {
        return key_load(s, ret, reterr);
    }
    RV_TRY(read_key(s, &key, &is_there, reterr));
    if (!is_there) {
        RV_TRY(make(s, &key, reterr));
    }
    RV_TRY(store_value(s, &key, reterr));
    *ret = key;
    return rv_ok();
}

rv_status key_renew(struct store *s, struct rv_err *reterr)
{
    char wanted[CHECK_CHARS + 1];
    RV_CLEANUP(key_done) struct key key = {{0}};
    bool is_there;
    RV_TRY(secrets_ready(reterr));
    RV_TRY(wanted_value(s, wanted, reterr));
    RV_TRY(read_key(s, &key, &is_there, reterr));
    if (is_there && fits(&key, wanted)) {
        return rv_fail(reterr, RV_REFUSED, "%s-key is there and is the key of this file",
                       store_path(s));
    }
    if (is_there) {
        return fail_other(s, reterr);
    }
    RV_TRY(make(s, &key, reterr));
    return store_value(s, &key, reterr);
}

/* ---- what it closes ---- */

static size_t bind(int64_t account, char out[40])
{
    int n = snprintf(out, 40, "one-time codes of %lld", (long long)account);
    return n > 0 ? (size_t)n : 0;
}

void key_seal(const struct key *key, int64_t account, const unsigned char secret[SECRET_BYTES],
              unsigned char out[SEALED_BYTES])
{
    char about[40];
    size_t n = bind(account, about);
    randombytes_buf(out, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, NULL, secret, SECRET_BYTES,
        (const unsigned char *)about, n, NULL, out, key->bytes);
}

bool key_open(const struct key *key, int64_t account, struct text sealed,
              unsigned char ret[SECRET_BYTES])
{
    char about[40];
    size_t n = bind(account, about), nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    const unsigned char *at = (const unsigned char *)sealed.at;
    return sealed.n == SEALED_BYTES && crypto_aead_xchacha20poly1305_ietf_decrypt(
                                           ret, NULL, NULL, at + nonce, SEALED_BYTES - nonce,
                                           (const unsigned char *)about, n, at, key->bytes) == 0;
}

void key_mark(const struct key *key, const char *kind, struct text value,
              unsigned char out[MARK_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key->bytes, KEY_BYTES, MARK_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
    crypto_generichash_update(&state, (const unsigned char *)(value.at ? value.at : ""), value.n);
    crypto_generichash_final(&state, out, MARK_BYTES);
}

_Static_assert(SEALED_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + SECRET_BYTES +
                                   crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "nonce, secret, tag");
