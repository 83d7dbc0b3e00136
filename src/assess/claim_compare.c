/* assess/claim_compare.c — a computed value beside a printed one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"
#include "base/buf.h"
#include "base/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

static int decimals_of(const char *printed)
{
    const char *point = strchr(printed, '.');
    int n = 0;
    while (point && point[n + 1] >= '0' && point[n + 1] <= '9' && n < 9) {
        n++;
    }
    return n;
}

static double round_half_up(double x, int decimals)
{
    double scale = pow(10, decimals);
    return floor(x * scale + 0.5 + 1e-9) / scale;
}

/* "… accept=[1.9,2.2]; …" or "accept change=(0,6]" */
static bool is_accepted(const char *notes, double x, bool *ret_has)
{
    const char *at = strstr(notes, "accept");
    at = at ? strpbrk(at, "[(") : NULL;
    if (!at) {
        return false;
    }
    char *end, *last;
    double low = strtod(at + 1, &end);
    if (end == at + 1 || *end != ',') {
        return false;
    }
    double high = strtod(end + 1, &last);
    if (last == end + 1 || (*last != ']' && *last != ')')) {
        return false;
    }
    *ret_has = true;
    return (*at == '[' ? x >= low : x > low) && (*last == ']' ? x <= high : x < high);
}

static bool is_number_met(const struct claim_expected *e, double got)
{
    bool has_band = false;
    bool is_inside = is_accepted(e->notes, got, &has_band);
    double printed = strtod(e->value, NULL);
    int decimals = decimals_of(e->value);
    return is_inside || fabs(round_half_up(got, decimals) - printed) < 1e-9;
}

/* ---- lists and words ---- */

static size_t split_list(const char *value, struct text *parts, size_t most)
{
    struct text rest = text_of(value);
    size_t n = 0;
    while (rest.n > 0 && n < most) {
        parts[n++] = text_trim(text_split(rest, ';', &rest));
    }
    return n;
}

static bool is_list_met(struct arena *a, const struct claim_expected *e,
                        const struct claim_value *v)
{
    struct text parts[32];
    size_t n = split_list(e->value, parts, 32);
    bool is_ordered = strcmp(e->kind, "ordering") == 0;
    if (v->text_count == 1 && claim_same_name(v->texts[0], e->value)) {
        return true; /* one word, or several said in one */
    }
    if (n != v->text_count) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const char *want = arena_text(a, parts[i].at, parts[i].n);
        bool is_there = false;
        for (size_t k = is_ordered ? i : 0; want && k < (is_ordered ? i + 1 : n); k++) {
            is_there = is_there || claim_same_name(v->texts[k], want);
        }
        if (!is_there) {
            return false;
        }
    }
    return true;
}

static const char *show(struct arena *a, const struct claim_value *v)
{
    if (v->is_number) {
        return arena_printf(a, "%.12g", v->number);
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < v->text_count; i++) {
        buf_printf(&b, "%s%s", i ? ";" : "", v->texts[i]);
    }
    return b.failed ? NULL : arena_text(a, b.bytes ? b.bytes : "", b.n);
}

const char *claim_input_class(const char *needs)
{
    static const struct {
        const char *class, *words[7];
    } classes[] = {
        {"A", {"offences", "victims", "suspects", "ambulance", "transport", "areas", NULL}},
        {"B", {"cohort", "survey", "marac", "social-care", NULL}},
        {"C", {"census", "indicator", "population", NULL}},
    };
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; classes[i].words[k]; k++) {
            if (strstr(needs, classes[i].words[k])) {
                return classes[i].class;
            }
        }
    }
    return needs[0] ? "D" : "";
}

rv_status claim_compare(struct arena *a, const struct claim_expected *e,
                        const struct claim_answer *answer, struct claim_result *ret,
                        struct rv_err *reterr)
{
    struct claim_result r = {.verdict = CLAIM_NOT_COMPUTED, .got = "", .because = ""};
    if (!answer) {
        r.because = e->needs[0]
                        ? arena_printf(a, "no answer is defined for it yet; it needs %s", e->needs)
                        : "no answer is defined for it yet";
    } else if (!answer->is_computed) {
        r.because = answer->because;
    } else {
        const struct claim_value *v = &answer->value;
        bool is_met = v->is_number ? is_number_met(e, v->number) : is_list_met(a, e, v);
        r.got = show(a, v);
        r.verdict = answer->clash     ? CLAIM_NOT_MET
                    : answer->instead ? CLAIM_OTHERWISE
                    : is_met          ? CLAIM_MET
                                      : CLAIM_NOT_MET;
        r.because = answer->clash     ? answer->clash
                    : answer->instead ? answer->instead
                                      : answer->because;
    }
    if (!r.got || !r.because) {
        return arena_fail(a, reterr);
    }
    *ret = r;
    return rv_ok();
}
