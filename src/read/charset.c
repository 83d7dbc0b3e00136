/* read/charset.c — counting what bytes show of their encoding.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/charset.h"

#include "read/decode.h"

#include <uchardet/uchardet.h>

#define EVIDENCE_BYTES ((size_t)256 << 10)
#define SURROUNDINGS   ((size_t)24) /* bytes kept on each side of one over 127 */
#define NUL_SAMPLE     ((size_t)4096)

void charset_init(struct charset_tally *t)
{
    *t = (struct charset_tally){.bad = 0};
    buf_init(&t->evidence, EVIDENCE_BYTES);
}

void charset_done(struct charset_tally *t)
{
    buf_done(&t->evidence);
}

static bool is_high(char c)
{
    return (signed char)c < 0;
}

/* Characters of more than one byte in valid UTF-8: their first bytes are those from C0. */
static int64_t count_multibyte(struct text valid)
{
    int64_t n = 0;
    for (size_t i = 0; i < valid.n; i++) {
        n += ((unsigned char)valid.at[i] >= 0xC0);
    }
    return n;
}

/* Whether the bytes, none of which is valid, are the beginning of a character of more bytes. */
static bool is_cut_character(struct text rest)
{
    unsigned char first = (unsigned char)rest.at[0];
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
    for (size_t i = 1; i < rest.n; i++) {
        if (((unsigned char)rest.at[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return rest.n < wanted;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xC0;
}

static void set_bit(uint64_t bits[4], unsigned char byte)
{
    bits[byte / 64] |= (uint64_t)1 << (byte % 64);
}

static void keep_surroundings(struct charset_tally *t, struct text bytes)
{
    size_t kept = 0; /* up to here */
    for (size_t i = 0; i < bytes.n; i++) {
        if (!is_high(bytes.at[i])) {
            continue;
        }
        set_bit(t->seen, (unsigned char)bytes.at[i]);
        if ((i > 0 && is_letter(bytes.at[i - 1])) ||
            (i + 1 < bytes.n && is_letter(bytes.at[i + 1]))) {
            set_bit(t->in_word, (unsigned char)bytes.at[i]);
        }
        size_t from = i > SURROUNDINGS && i - SURROUNDINGS > kept ? i - SURROUNDINGS : kept;
        size_t to = i + SURROUNDINGS < bytes.n ? i + SURROUNDINGS : bytes.n;
        if (to > from && t->evidence.n + (to - from) < EVIDENCE_BYTES) {
            buf_put(&t->evidence, bytes.at + from, to - from);
        }
        kept = to > kept ? to : kept;
    }
}

static bool has_line_end(struct text t)
{
    return t.n && (memchr(t.at, '\n', t.n) || memchr(t.at, '\r', t.n));
}

size_t charset_add(struct charset_tally *t, struct text bytes, bool is_last)
{
    size_t at = 0;
    while (at < bytes.n) {
        struct text rest = {bytes.at + at, bytes.n - at};
        size_t valid = text_utf8_valid(rest);
        t->multibyte += count_multibyte((struct text){rest.at, valid});
        t->is_past_first = t->is_past_first || has_line_end((struct text){rest.at, valid});
        at += valid;
        rest = (struct text){bytes.at + at, bytes.n - at};
        if (rest.n == 0 || (!is_last && rest.n < 4 && is_cut_character(rest))) {
            break;
        }
        bool is_bad = rest.at[0] != '\0'; /* a NUL is valid UTF-8 and a fault of another sort */
        t->bad += is_bad;
        t->is_first_bad = t->is_first_bad || (is_bad && !t->is_past_first);
        at++;
    }
    keep_surroundings(t, (struct text){bytes.at, at});
    return at;
}

static bool has_bit(const uint64_t bits[4], unsigned byte)
{
    return (bits[byte / 64] >> (byte % 64)) & 1;
}

/* Of 80 to 9F, what British text has in windows-1252: the euro, dots, curved quotation marks, the
 * bullet, dashes, the trade mark. Those bytes are letters in the encodings of DOS and old Macs. */
static bool is_usual(unsigned byte)
{
    return byte >= 0xA0 || byte == 0x80 || byte == 0x85 || (byte >= 0x91 && byte <= 0x97) ||
           byte == 0x99;
}

/* A sign of windows-1252 that never stood beside a letter: "£5", "½". */
static bool is_sign(const struct charset_tally *t, unsigned byte)
{
    return byte > 0xA0 && byte < 0xC0 && !has_bit(t->in_word, byte);
}

/* Whether the two encodings have the same characters for all bytes seen, signs aside. ISO 8859-1
 * has none for 80 to 9F, so that it never says otherwise there. */
static bool reads_alike(const struct charset_tally *t, const char *encoding)
{
    struct encoded own[128], other[128];
    bool is_latin1 = strcmp(encoding, "iso-8859-1") == 0;
    encoding_high_half("windows-1252", own);
    encoding_high_half(encoding, other);
    for (unsigned i = is_latin1 ? 0x20 : 0; i < 128; i++) {
        bool is_alike = other[i].n && other[i].n == own[i].n &&
                        memcmp(other[i].bytes, own[i].bytes, own[i].n) == 0;
        if (has_bit(t->seen, 128 + i) && !is_sign(t, 128 + i) && !is_alike) {
            return false;
        }
    }
    return true;
}

static const char *ask_uchardet(const struct charset_tally *t)
{
    uchardet_t detector = uchardet_new();
    const char *name = NULL;
    if (detector && t->evidence.n &&
        uchardet_handle_data(detector, t->evidence.bytes, t->evidence.n) == 0) {
        uchardet_data_end(detector);
        name = encoding_find(uchardet_get_charset(detector));
    }
    if (detector) {
        uchardet_delete(detector);
    }
    return name && strcmp(name, "utf-8") != 0 && strcmp(name, "us-ascii") != 0 ? name : NULL;
}

struct charset charset_judge(const struct charset_tally *t)
{
    /* A few valid characters among many bad bytes are chance. */
    if (t->multibyte * 10 > t->bad || (t->bad < 2 && !t->is_first_bad)) {
        return (struct charset){"utf-8", NULL};
    }
    struct charset c = {.suggestion = ask_uchardet(t)};
    bool is_usual_text = c.suggestion && reads_alike(t, c.suggestion);
    for (unsigned byte = 0x80; byte < 256; byte++) {
        is_usual_text = is_usual_text && (!has_bit(t->seen, byte) || is_usual(byte));
    }
    c.encoding = is_usual_text ? "windows-1252" : NULL;
    return c;
}

const char *charset_of_mark(struct text bytes)
{
    static const struct {
        const char *mark;
        size_t n;
        const char *encoding;
    } MARKS[] = {{"\xEF\xBB\xBF", 3, "utf-8"},
                 {"\xFF\xFE\0\0", 4, "utf-32le"},
                 {"\0\0\xFE\xFF", 4, "utf-32be"},
                 {"\xFF\xFE", 2, "utf-16le"},
                 {"\xFE\xFF", 2, "utf-16be"}};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        if (bytes.n >= MARKS[i].n && memcmp(bytes.at, MARKS[i].mark, MARKS[i].n) == 0) {
            return MARKS[i].encoding;
        }
    }
    return NULL;
}

/* Text of mostly Latin letters has a NUL in every second byte of UTF-16, always on the same side;
 * a first character that has none on either side is damage, not UTF-16. */
const char *charset_of_nuls(struct text bytes)
{
    size_t n = bytes.n < NUL_SAMPLE ? bytes.n / 2 : NUL_SAMPLE / 2, nuls[2] = {0, 0};
    if (n < 2 || !bytes.at[0] == !bytes.at[1]) {
        return NULL;
    }
    for (size_t i = 0; i < 2 * n; i++) {
        nuls[i % 2] += bytes.at[i] == '\0';
    }
    if (nuls[1] * 2 >= n && nuls[0] * 20 < n) {
        return "utf-16le";
    }
    return nuls[0] * 2 >= n && nuls[1] * 20 < n ? "utf-16be" : NULL;
}
