/* fuzz/fuzz_statistics.c — every method of the table on any numbers: NaN, infinities, denormals,
 * ties, counts of every size, missing values. A new row of the table is covered without a change.
 *
 * What must hold: it answers or refuses with a sentence; asked again it gives the same bytes, and
 * they are JSON. In half of the runs the values are those that a reader of files can hand over
 * (finite, amounts not negative): then every answer is finite or missing with a reason of its own.
 *
 * Layout: 64 bytes that choose the method, its rows, columns and options; then a slot of 8 bytes
 * for each value. The mutator writes whole slots.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "method/parts.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define HEADER     64
#define SLOT       8
#define MOST_SLOTS 512
#define MOST_ROWS  40
#define MOST_WIDTH 8

struct source {
    const uint8_t *data;
    size_t size, at; /* next slot */
};

static uint8_t header(const struct source *s, size_t i)
{
    return i < s->size && i < HEADER ? s->data[i] : 0;
}

static uint64_t next_slot(struct source *s)
{
    uint64_t value = 0;
    size_t from = HEADER + s->at * SLOT;
    if (from + SLOT <= s->size) {
        memcpy(&value, s->data + from, SLOT);
        s->at++;
    } else {
        s->at = 0; /* again from the first: ties */
    }
    return value;
}

static double real_of(uint64_t slot)
{
    double value;
    memcpy(&value, &slot, sizeof value);
    return value;
}

/* Any bits, or what input.c lets through. */
static bool is_wild(const struct source *s)
{
    return (header(s, 4) & 2) != 0;
}

static double amount_of(const struct source *s, uint64_t slot, enum method_type type)
{
    double value = real_of(slot);
    if (is_wild(s)) {
        return value;
    }
    value = isfinite(value) ? value : 7.5;
    return type == METHOD_REAL ? value : fabs(value);
}

/* Mostly the whole number that a sane double holds, else bits: small, large or negative. */
static int64_t count_of(uint64_t slot, bool may_be_negative)
{
    double real = real_of(slot);
    int64_t count = fabs(real) < 1e12 && real == floor(real) ? (int64_t)real : (int64_t)slot;
    return may_be_negative || count >= 0 ? count : count == INT64_MIN ? 0 : -count;
}

static const char *text_of_slot(uint64_t slot)
{
    static const char *const words[] = {"a",   "b",        "c",    "homicide", "low_good", "none",
                                        "a,b", "\xc3\xa9", "2021", "",         "White",    "x=1"};
    return words[slot % (sizeof words / sizeof words[0])];
}

/* Days and seconds of the calendar that civil.h knows. */
static int64_t time_of(uint64_t slot, enum method_type type)
{
    const int64_t least = -62091, days = 146097; /* 1800-01-01, and 400 years */
    int64_t day = least + (int64_t)(slot % (uint64_t)days);
    return type == METHOD_DATE ? day : day * 86400 + (int64_t)(slot >> 32) % 86400;
}

struct filled {
    struct method_values values;
    double reals[MOST_ROWS * MOST_WIDTH];
    int64_t counts[MOST_ROWS * MOST_WIDTH];
    const char *texts[MOST_ROWS * MOST_WIDTH];
    uint64_t valid[MOST_ROWS * MOST_WIDTH / 64 + 1];
};

static void fill(struct source *s, const struct method_column *column, size_t rows, size_t width,
                 struct filled *f)
{
    memset(f, 0, sizeof *f);
    size_t n = column->shape == METHOD_SCALAR ? 1 : rows * width;
    for (size_t i = 0; i < n; i++) {
        uint64_t slot = next_slot(s);
        bool is_missing = header(s, 6) != 0 && slot % 11 == 3;
        f->valid[i / 64] |= (uint64_t)!is_missing << (i % 64);
        f->reals[i] = amount_of(s, slot, column->type);
        f->counts[i] = column->type == METHOD_FLAG ? (int64_t)(slot & 1)
                       : column->type == METHOD_DATE || column->type == METHOD_TIME
                           ? time_of(slot, column->type)
                           : count_of(slot, column->type == METHOD_INTEGER);
        f->texts[i] = is_missing ? NULL : text_of_slot(slot);
    }
    bool is_real = type_is_real(column->type), is_text = column->type == METHOD_TEXT;
    f->values = (struct method_values){.is_given = true,
                                       .n = n,
                                       .width = width,
                                       .valid = f->valid,
                                       .reals = is_real ? f->reals : NULL,
                                       .texts = is_text ? f->texts : NULL,
                                       .counts = is_real || is_text ? NULL : f->counts};
}

#define MOST_COLUMNS 24
#define MOST_INPUTS  6
static struct filled filled[MOST_INPUTS][MOST_COLUMNS];
static struct method_values values[MOST_INPUTS][MOST_COLUMNS];
static struct method_data data_of[MOST_INPUTS];

static void fill_input(struct source *s, const struct method_input *input, size_t k)
{
    size_t rows = header(s, 2) % (MOST_ROWS + 1), given = 0;
    size_t other = header(s, 7) % (MOST_ROWS + 1); /* of an input or a direction of its own */
    bool is_there = !input->is_optional || (header(s, 4) & 1) != 0;
    rows = k == 0 ? rows : other;
    for (size_t c = 0; input->columns[c].name; c++) {
        FUZZ_REQUIRE(c + 1 < MOST_COLUMNS);
        const struct method_column *column = &input->columns[c];
        bool has = is_there && (!column->is_optional || (header(s, 5) >> (c % 8) & 1) != 0);
        size_t width = column->shape == METHOD_MATRIX ? 1U + header(s, 3) % MOST_WIDTH : 1;
        values[k][c] = (struct method_values){.width = 1};
        if (has) {
            fill(s, column, column->along ? other : rows, width, &filled[k][c]);
            values[k][c] = filled[k][c].values;
            given++;
        }
    }
    data_of[k] = (struct method_data){.columns = values[k], .n = given ? rows : 0};
}

/* An option as a reader would write it: default, a choice, an end of its range, or any number. */
static const char *word_of(struct source *s, const struct method_option *o, size_t i, char *out,
                           size_t n)
{
    uint8_t byte = header(s, 8 + i % 48);
    if (byte < 128) {
        return NULL;
    }
    if (o->type == METHOD_CHOICE) {
        struct text rest = text_of(o->choices), word = {NULL, 0};
        for (int k = byte % 8; k >= 0; k--) {
            if (rest.n == 0) {
                rest = text_of(o->choices);
            }
            word = text_split(rest, '|', &rest);
        }
        (void)snprintf(out, n, "%.*s", (int)word.n, word.at);
        return out;
    }
    if (o->type == METHOD_TEXT) {
        return text_of_slot(byte);
    }
    if (o->type == METHOD_FLAG) {
        return byte & 1 ? "true" : "false";
    }
    double number = byte % 4 == 0   ? o->least
                    : byte % 4 == 1 ? o->most
                    : byte % 4 == 2 ? o->least + (o->most - o->least) * (byte / 256.0)
                                    : real_of(next_slot(s));
    bool is_whole = o->type == METHOD_COUNT || o->type == METHOD_INTEGER;
    (void)snprintf(out, n, is_whole ? "%.0f" : "%.15g", number);
    return out;
}

static void check_json(const struct buf *out)
{
    json_t *root = json_loadb(out->bytes, out->n, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_REQUIRE(root != NULL);
    json_decref(root);
}

/* True when there was an answer. */
static bool run_once(struct arena *a, const struct method *m, const struct method_setting *settings,
                     bool must_be_whole, struct buf *out)
{
    struct method_call call = {.method = m, .arena = a, .in = data_of, .options = settings};
    struct rv_err err = {.code = RV_OK};
    FUZZ_REQUIRE(rv_is_ok(result_open(a, &call, &err)));
    rv_status status = m->run(&call, &err);
    if (!rv_is_ok(status)) {
        FUZZ_REQUIRE(status.code == RV_DOMAIN || status.code == RV_INVALID ||
                     status.code == RV_LIMIT);
        FUZZ_REQUIRE(err.message[0] != '\0');
        return false;
    }
    const char *unmarked = result_unmarked(&call);
    if (must_be_whole && unmarked) {
        (void)fprintf(stderr, "%s: %s is neither finite nor missing with a reason\n", m->name,
                      unmarked);
        abort();
    }
    struct json_writer j;
    json_writer_init(&j, out, false);
    json_put_object(&j, NULL);
    result_json(&call, &j);
    json_end_object(&j);
    FUZZ_REQUIRE(rv_is_ok(buf_status(out, &err)));
    check_json(out);
    return true;
}

static void run_method(struct source *s, const struct method *m, struct arena *a)
{
    for (size_t k = 0; m->inputs[k].name; k++) {
        FUZZ_REQUIRE(k < MOST_INPUTS);
        fill_input(s, &m->inputs[k], k);
    }
    struct method_word words[64];
    static char texts[64][32];
    size_t count = 0;
    for (size_t i = 0; m->options && m->options[i].name; i++) {
        FUZZ_REQUIRE(i < 64);
        const char *word = word_of(s, &m->options[i], i, texts[i], sizeof texts[i]);
        if (word) {
            words[count++] = (struct method_word){m->options[i].name, word};
        }
    }
    struct method_setting *settings;
    struct rv_err err;
    if (!rv_is_ok(settings_read(a, m, words, count, &settings, &err))) {
        return;
    }
    RV_CLEANUP(buf_done) struct buf first;
    buf_init(&first, LIMIT_ARENA_BYTES);
    RV_CLEANUP(buf_done) struct buf again;
    buf_init(&again, LIMIT_ARENA_BYTES);
    bool has_answer = run_once(a, m, settings, !is_wild(s), &first);
    FUZZ_REQUIRE(run_once(a, m, settings, !is_wild(s), &again) == has_answer);
    FUZZ_REQUIRE(text_equal(buf_view(&first), buf_view(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > HEADER + MOST_SLOTS * SLOT) {
        return 0;
    }
    struct source s = {data, size, 0};
    size_t total = method_total();
    const struct method *m = method_at((header(&s, 0) + 256U * header(&s, 1)) % total);
    struct arena a;
    arena_init(&a, (size_t)256 << 20);
    run_method(&s, m, &a);
    arena_done(&a);
    return 0;
}

/* --- a mutator that knows doubles --- */

__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

static const double special[] = {
    0.0,    -0.0,     1.0,       2.0,         3.0,   5.0,      10.0,  100.0,
    1000.0, 12345.0,  1e6,       1e12,        1e15,  0.5,      0.95,  0.998,
    1e-9,   -1.0,     -0.5,      1e-300,      1e300, 4.9e-324, 365.,  0x1p53,
    0x1p63, INFINITY, -INFINITY, (double)NAN, 23.75, 1439.0,   719.0,
};

static uint32_t step(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    uint32_t state = seed;
    size_t slots = size > HEADER ? (size - HEADER) / SLOT : 0;
    uint32_t kind = step(&state) % 8;
    if (size < HEADER || slots == 0 || kind == 0) {
        return LLVMFuzzerMutate(data, size, most);
    }
    if (kind == 1) {
        (void)LLVMFuzzerMutate(data, HEADER, HEADER); /* method, columns, options */
        return size;
    }
    uint8_t *slot = data + HEADER + step(&state) % slots * SLOT;
    if (kind < 5) {
        double value = special[step(&state) % (sizeof special / sizeof special[0])];
        memcpy(slot, &value, SLOT);
    } else if (kind == 5) {
        double count = (double)(step(&state) % 200);
        memcpy(slot, &count, SLOT);
    } else if (kind == 6) {
        memmove(slot, data + HEADER + step(&state) % slots * SLOT, SLOT); /* a tie */
    } else if (size + SLOT <= most) {
        memcpy(data + HEADER + slots * SLOT, slot, SLOT);
        return HEADER + (slots + 1) * SLOT;
    }
    return size;
}
