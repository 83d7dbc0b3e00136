/* read/decode.c — bytes of another encoding as UTF-8, by iconv.
 *
 * A byte that stands for nothing ends the reading with its line and place: a declared encoding that
 * does not fit is a mistake to put right, not text to guess at. iconv takes ISO 8859-1 to have
 * control characters at 80 to 9F; in a table they are a sign of windows-1252, so they do not fit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/decode.h"

#include "base/memory.h"
#include "read/stream.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <string.h>

#define IN_BYTES  ((size_t)64 << 10)
#define OUT_BYTES ((size_t)4 * IN_BYTES) /* a byte becomes at most three, UTF-16 at most double */

static const char *const names[] = {
    "utf-8",        "windows-1252", "iso-8859-1",   "iso-8859-15",  "utf-16",
    "utf-16le",     "utf-16be",     "utf-32le",     "utf-32be",     "us-ascii",
    "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "iso-8859-2",   "iso-8859-3",
    "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",   "iso-8859-8",
    "iso-8859-9",   "iso-8859-10",  "iso-8859-13",  "iso-8859-14",  "iso-8859-16",
    "ibm437",       "ibm850",       "ibm852",       "macintosh",    NULL};

static const struct {
    const char *spelling, *name;
} others[] = {{"utf8", "utf-8"},           {"utf-8-sig", "utf-8"},     {"cp1252", "windows-1252"},
              {"ansi", "windows-1252"},    {"latin-1", "iso-8859-1"},  {"latin1", "iso-8859-1"},
              {"iso8859-1", "iso-8859-1"}, {"latin-9", "iso-8859-15"}, {"utf16", "utf-16"},
              {"ucs-2", "utf-16"},         {"unicode", "utf-16"},      {"utf16le", "utf-16le"},
              {"utf16be", "utf-16be"},     {"ascii", "us-ascii"},      {"cp437", "ibm437"},
              {"cp850", "ibm850"},         {"cp852", "ibm852"},        {"mac-roman", "macintosh"},
              {"x-mac-roman", "macintosh"}};

const char *const *encoding_names(void)
{
    return names;
}

const char *encoding_find(const char *name)
{
    for (size_t i = 0; names[i]; i++) {
        if (text_equal_nocase(text_of(name), text_of(names[i]))) {
            return names[i];
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (text_equal_nocase(text_of(name), text_of(others[i].spelling))) {
            return others[i].name;
        }
    }
    return NULL;
}

/* ---- iconv ---- */

#define NO_ICONV ((iconv_t)-1)

static iconv_t open_iconv(const char *encoding)
{
    return iconv_open("UTF-8", encoding);
}

void encoding_high_half(const char *encoding, struct encoded *ret)
{
    iconv_t cd = open_iconv(encoding);
    for (unsigned i = 0; i < 128; i++) {
        char in[1] = {(char)(128 + i)}, *from = in, *to = ret[i].bytes;
        size_t in_left = 1, out_left = sizeof ret[i].bytes;
        bool is_open = cd != NO_ICONV;
        size_t code = is_open ? iconv(cd, &from, &in_left, &to, &out_left) : (size_t)-1;
        ret[i].n = code == (size_t)-1 || in_left ? 0 : sizeof ret[i].bytes - out_left;
        if (is_open) {
            (void)iconv(cd, NULL, NULL, NULL, NULL);
        }
    }
    if (cd != NO_ICONV) {
        (void)iconv_close(cd);
    }
}

struct decoder {
    struct stream stream;
    struct stream *inner;
    iconv_t iconv;
    const char *encoding, *name;
    bool is_begun, is_inner_ended;
    bool refuses_controls; /* 80 to 9F: see above */
    char *in, *out; /* in[in_at, in_n) is not yet decoded, out[out_at, out_n) not yet given */
    size_t in_at, in_n, out_at, out_n;
    int64_t decoded; /* bytes of the inner stream */
    int64_t lf, cr;  /* in what was decoded: the line number of a fault */
};

static void decoder_close(struct stream *stream)
{
    struct decoder *d = (struct decoder *)stream;
    stream_closep(&d->inner);
    if (d->iconv != NO_ICONV) {
        (void)iconv_close(d->iconv);
    }
    memory_free(d->in);
    memory_free(d->out);
    memory_free(d);
}

static rv_status fail_byte(const struct decoder *d, const char *what, struct rv_err *reterr)
{
    unsigned char byte = d->in_at < d->in_n ? (unsigned char)d->in[d->in_at] : 0;
    return rv_fail(reterr, RV_INVALID,
                   "%s, line %" PRId64 ", byte %" PRId64 " of the file (0x%02X): %s in %s; nothing "
                   "was loaded: declare the encoding that the file is in, or save it as UTF-8",
                   d->name, (d->lf ? d->lf : d->cr) + 1, d->decoded + 1, byte, what, d->encoding);
}

/* A mark at the start says the order of bytes; without one it is that of Windows. */
static const char *utf16_order(const struct decoder *d)
{
    bool is_big = d->in_n >= 2 && memcmp(d->in, "\xFE\xFF", 2) == 0;
    return is_big ? "utf-16be" : "utf-16le";
}

static rv_status begin(struct decoder *d, struct rv_err *reterr)
{
    d->is_begun = true;
    if (strcmp(d->encoding, "utf-16") == 0) {
        d->encoding = utf16_order(d);
    }
    d->iconv = open_iconv(d->encoding);
    if (d->iconv == NO_ICONV) {
        return rv_fail(reterr, RV_IO,
                       "%s: this machine cannot decode %s (its C library lacks the table); save "
                       "the file as UTF-8",
                       d->name, d->encoding);
    }
    return rv_ok();
}

/* Moves what is left of the input to the front and reads behind it. */
static rv_status fill(struct decoder *d, struct rv_err *reterr)
{
    d->in_n -= d->in_at;
    memmove(d->in, d->in + d->in_at, d->in_n);
    d->in_at = 0;
    while (d->in_n < IN_BYTES && !d->is_inner_ended) {
        size_t n = 0;
        RV_TRY(d->inner->ops->read(d->inner, d->in + d->in_n, IN_BYTES - d->in_n, &n, reterr));
        d->in_n += n;
        d->is_inner_ended = n == 0;
    }
    return d->is_begun ? rv_ok() : begin(d, reterr);
}

static void count_lines(struct decoder *d)
{
    for (size_t i = 0; i < d->out_n; i++) {
        d->lf += d->out[i] == '\n';
        d->cr += d->out[i] == '\r';
    }
}

/* How much of the input may go to iconv. */
static size_t decodable(const struct decoder *d)
{
    size_t at = d->in_at;
    while (d->refuses_controls && at < d->in_n &&
           ((unsigned char)d->in[at] < 0x80 || (unsigned char)d->in[at] >= 0xA0)) {
        at++;
    }
    return (d->refuses_controls ? at : d->in_n) - d->in_at;
}

static rv_status decode(struct decoder *d, struct rv_err *reterr)
{
    char *from = d->in + d->in_at, *to = d->out;
    size_t allowed = decodable(d), left = allowed, room = OUT_BYTES;
    size_t code = allowed ? iconv(d->iconv, &from, &left, &to, &room) : 0;
    int error = code == (size_t)-1 ? errno : 0;
    d->out_at = 0;
    d->out_n = OUT_BYTES - room;
    d->in_at += allowed - left;
    d->decoded += (int64_t)(allowed - left);
    count_lines(d);
    if (d->out_n || error == E2BIG) {
        return rv_ok(); /* a fault behind it is met again */
    }
    if (error == EILSEQ || (allowed == 0 && d->in_at < d->in_n)) {
        return fail_byte(d, "this byte stands for nothing", reterr);
    }
    if (error == EINVAL && d->is_inner_ended) {
        return fail_byte(d, "the file ends inside a character", reterr);
    }
    return rv_ok();
}

static rv_status decoder_read(struct stream *stream, char *bytes, size_t n, size_t *ret_n,
                              struct rv_err *reterr)
{
    struct decoder *d = (struct decoder *)stream;
    while (d->out_at == d->out_n) {
        RV_TRY(fill(d, reterr));
        if (d->in_n == 0) {
            *ret_n = 0;
            return rv_ok();
        }
        RV_TRY(decode(d, reterr));
    }
    size_t got = d->out_n - d->out_at < n ? d->out_n - d->out_at : n;
    memcpy(bytes, d->out + d->out_at, got);
    d->out_at += got;
    *ret_n = got;
    return rv_ok();
}

static int64_t decoder_size(const struct stream *stream)
{
    const struct stream *inner = ((const struct decoder *)stream)->inner;
    return inner->ops->size(inner);
}

static int64_t decoder_done(const struct stream *stream)
{
    const struct stream *inner = ((const struct decoder *)stream)->inner;
    return inner->ops->done(inner);
}

static void decoder_skip_sha256(struct stream *stream)
{
    struct stream *inner = ((struct decoder *)stream)->inner;
    inner->ops->skip_sha256(inner);
}

static rv_status decoder_sha256(struct stream *stream, char out[SHA256_HEX + 1],
                                struct rv_err *reterr)
{
    struct stream *inner = ((struct decoder *)stream)->inner;
    return inner->ops->sha256(inner, out, reterr);
}

rv_status decode_stream_open(struct stream *inner, const char *encoding, const char *name,
                             struct stream **ret, struct rv_err *reterr)
{
    static const struct stream_ops OPS = {false,         decoder_read, decoder_close,
                                          decoder_size,  decoder_done, decoder_skip_sha256,
                                          decoder_sha256};
    RV_CLEANUP(stream_closep) struct stream *owned = inner;
    struct decoder *d = memory_new(1, sizeof *d);
    if (!d) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    *d = (struct decoder){.stream = {&OPS}, .inner = inner, .iconv = NO_ICONV, .name = name};
    owned = &d->stream;
    d->encoding = encoding_find(encoding);
    if (!d->encoding) {
        return rv_fail(reterr, RV_USAGE, "\"%.40s\" is no encoding that this program reads",
                       encoding);
    }
    d->refuses_controls = strncmp(d->encoding, "iso-8859-", 9) == 0;
    d->in = memory_resize(NULL, IN_BYTES, 1);
    d->out = memory_resize(NULL, OUT_BYTES, 1);
    if (!d->in || !d->out) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    *ret = owned;
    owned = NULL;
    return rv_ok();
}
