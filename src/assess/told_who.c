/* assess/told_who.c — whom a question concerns: which parts there are, and shares of groups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told_people.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- what parts share ---- */

const char *persons_dimension(const struct persons *p, const char *name)
{
    return p->one ? arena_printf(p->t->work.held.arena, "%s-%s", p->one, name) : name;
}

const char *persons_label(struct arena *a, const char *label)
{
    const char *dash = strchr(label, '-');
    if (strcmp(label, "not-recorded") == 0) {
        return "not recorded";
    }
    if (strncmp(label, "under-", 6) == 0) {
        return arena_printf(a, "under %s", label + 6);
    }
    if (dash && strcmp(dash, "-plus") == 0) {
        return arena_printf(a, "%.*s and over", (int)(dash - label), label);
    }
    bool is_band = dash && dash > label && strspn(label, "0123456789") == (size_t)(dash - label) &&
                   strspn(dash + 1, "0123456789") == strlen(dash + 1);
    return is_band ? arena_printf(a, "%.*s to %s", (int)(dash - label), label, dash + 1)
                   : arena_text(a, label, strlen(label));
}

rv_status persons_groups(struct persons *p, const char *dimension, struct groups *ret,
                         struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct arena *a = t->work.held.arena;
    struct table_options asked = *t->question;
    struct result_table table;
    struct groups g = {.count = 0};
    asked.by = dimension;
    asked.count = p->count;
    RV_TRY(dimension ? telling_ask(t, &asked, &table, reterr) : arena_fail(a, reterr));
    g.all = ARENA_NEW(a, struct group_count, table.row_count + 1);
    if (!g.all) {
        return arena_fail(a, reterr);
    }
    for (size_t r = 0; r < table.row_count; r++) {
        const char *label = asked_text(&table, r, dimension);
        double count = asked_number(&table, r, "count");
        int64_t n = isnan(count) ? 0 : llround(count);
        if (strcmp(label, "not-recorded") == 0) {
            g.missing += n;
            continue;
        }
        g.known += n;
        g.all[g.count] = (struct group_count){persons_label(a, label), n};
        RV_TRY(g.all[g.count].label ? rv_ok() : arena_fail(a, reterr));
        g.count++;
    }
    *ret = g;
    return rv_ok();
}

rv_status persons_part(struct persons *p, const char *id, const char *title, struct rv_err *reterr)
{
    struct arena *a = p->t->work.held.arena;
    const char *name = p->count ? arena_printf(a, "%s-%s", p->count, id) : id;
    char first = p->count ? p->count[0] : title[0];
    const char *head = p->count
                           ? arena_printf(a, "%c%s: %s", first - 'a' + 'A', p->count + 1, title)
                           : arena_printf(a, "%c%s", first - 'a' + 'A', title + 1);
    if (!name || !head) {
        return arena_fail(a, reterr);
    }
    telling_part(p->t, name, head);
    return rv_ok();
}

rv_status persons_say_recorded(struct persons *p, const char *what, const char *of_age,
                               int64_t known, int64_t missing, struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct assess_work *w = &t->work;
    int64_t all = known + missing;
    struct finding *f = telling_finding(t, "recorded");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->rule = "RECORDED";
    f->unit = "percent";
    f->numerator = (double)known;
    f->denominator = (double)all;
    f->missing = (double)missing;
    bool has_percent = wording_of_percent(all) == WORDING_PERCENT;
    f->value = has_percent ? 100 * (double)known / (double)all : NOT_KNOWN;
    RV_TRY(compose_text(w, f, "what", what, reterr));
    RV_TRY(of_age ? compose_text(w, f, "of_age", of_age, reterr) : rv_ok());
    RV_TRY(compose_number(w, f, "others", missing ? (double)missing : NOT_KNOWN, reterr));
    enum wording kept = wording_of_kept(all ? (double)known / (double)all : 1);
    if (kept == WORDING_HOLDS) {
        return rv_ok();
    }
    f->verdict = kept == WORDING_NOT_RELIABLE ? VERDICT_NOT_RELIABLE : VERDICT_CAUTION;
    return compose_caveat(w, f,
                          "Shares are of those recorded. Those not recorded may be of another mix, "
                          "and are too many for the shares to stand for all.",
                          reterr);
}

static rv_status put_share(struct result_cell *row, const struct group_count *group, int64_t known,
                           struct rv_err *reterr)
{
    struct interval ci = {.lower = NOT_KNOWN, .upper = NOT_KNOWN};
    bool has_share = wording_of_percent(known) == WORDING_PERCENT;
    RV_TRY(has_share ? interval_wilson(group->count, known, STATS_LEVEL, &ci, reterr) : rv_ok());
    row[0] = cell_text(group->label);
    row[1] = cell_number(has_share ? 100 * (double)group->count / (double)known : NOT_KNOWN);
    row[2] = cell_number(100 * ci.lower);
    row[3] = cell_number(100 * ci.upper);
    row[4] = cell_number((double)group->count);
    return rv_ok();
}

rv_status persons_share_table(struct persons *p, const char *title, const struct groups *g,
                              const char *words, struct rv_err *reterr)
{
    enum { WIDTH = 5 };
    const struct result_column columns[WIDTH] = {
        {"group", title, RESULT_TEXT},
        {"share_percent", "Share of those recorded, percent", RESULT_PERCENT},
        {"lower", "95% interval, lower", RESULT_PERCENT},
        {"upper", "95% interval, upper", RESULT_PERCENT},
        {"count", "Number", RESULT_COUNT}};
    struct arena *a = p->t->work.held.arena;
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(p->t, columns, WIDTH, g->count + 1, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < g->count; i++) {
        RV_TRY(put_share(&cells[i * WIDTH], &g->all[i], g->known, reterr));
    }
    struct result_cell *last = &cells[g->count * WIDTH];
    last[0] = cell_text("not recorded");
    last[1] = last[2] = last[3] = cell_number(NOT_KNOWN);
    last[4] = cell_number((double)g->missing);
    table->ends_with_total = true;
    bool is_drawn = wording_of_percent(g->known) == WORDING_PERCENT;
    if (!is_drawn) {
        RV_TRY(compose_note(&p->t->work, table,
                            "Fewer than 20 have it on record: numbers, and no shares.", reterr));
    }
    return telling_table_end(p->t, table, telling_title(p->t, words),
                             "The share of each group among those of whom it is recorded, with the "
                             "95% interval.",
                             is_drawn ? CHART_BAR : CHART_NONE, reterr);
}

/* ---- sexes ---- */

static rv_status say_female(struct persons *p, const struct groups *g, struct rv_err *reterr)
{
    struct assess_work *w = &p->t->work;
    int64_t female = 0;
    for (size_t i = 0; i < g->count; i++) {
        female += strcmp(g->all[i].label, "female") == 0 ? g->all[i].count : 0;
    }
    struct finding *f = telling_finding(p->t, "female");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->rule = "SEX_SHARE";
    f->unit = "percent";
    f->method = "wilson";
    RV_TRY(compose_text(w, f, "of_whom", "female", reterr));
    RV_TRY(compose_percent(f, female, g->known, reterr));
    f->level = wording_of_percent(g->known) == WORDING_PERCENT ? STATS_LEVEL : NOT_KNOWN;
    return rv_ok();
}

static rv_status told_sexes(struct persons *p, struct rv_err *reterr)
{
    struct groups g;
    RV_TRY(persons_part(p, "sex", "sex", reterr));
    RV_TRY(persons_groups(p, persons_dimension(p, "sex"), &g, reterr));
    RV_TRY(persons_say_recorded(p, "sex", NULL, g.known, g.missing, reterr));
    if (g.known == 0) {
        return telling_absent(p->t, "No sex is recorded.", reterr);
    }
    RV_TRY(say_female(p, &g, reterr));
    return persons_share_table(p, "Sex", &g, "by sex", reterr);
}

/* ---- offences ---- */

static const struct {
    const char *count, *one, *title, *nobody;
    unsigned role;
    struct things things;
} ROLES[] = {{"victims",
              "victim",
              "Victims",
              "No victim is on record for this question.",
              ROLE_VICTIM,
              {"victim", "victims"}},
             {"suspects",
              "suspect",
              "Suspects",
              "No suspect is on record for this question.",
              ROLE_SUSPECT,
              {"suspect", "suspects"}}};

/* Counts the persons by sex: how many there are, and what the plan knows of the question. */
static rv_status open_persons(struct persons *p, struct table_options *asked, struct rv_err *reterr)
{
    *asked = *p->t->question;
    asked->by = persons_dimension(p, "sex");
    asked->count = p->count;
    p->plan = (struct table_plan){.options = asked, .held = p->t->work.held};
    RV_TRY(table_count(&p->plan, reterr));
    RV_TRY(table_population(&p->plan, reterr));
    table_keep(&p->plan, &p->t->work.held);
    p->t->options.period = p->plan.period;
    for (uint32_t code = 0; code < p->plan.axes[0].size; code++) {
        uint32_t codes[CUBE_MAX_AXES] = {code};
        p->total += cube_at(&p->plan.cube, codes);
    }
    return rv_ok();
}

static rv_status told_role(struct telling *t, size_t role, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    struct persons *p = ARENA_NEW(a, struct persons, 1);
    struct table_options *asked = ARENA_NEW(a, struct table_options, 1);
    if (!p || !asked) {
        return arena_fail(a, reterr);
    }
    *p = (struct persons){
        .t = t, .count = ROLES[role].count, .one = ROLES[role].one, .role = ROLES[role].role};
    t->things = &ROLES[role].things;
    RV_TRY(open_persons(p, asked, reterr));
    if (p->total == 0) {
        telling_part(t, ROLES[role].count, ROLES[role].title);
        return telling_absent(t, ROLES[role].nobody, reterr);
    }
    bool is_victims = p->role == ROLE_VICTIM;
    RV_TRY(told_ages(p, reterr));
    RV_TRY(told_age_rates(p, reterr));
    RV_TRY(told_sexes(p, reterr));
    RV_TRY(told_ethnicity(p, reterr));
    RV_TRY(is_victims ? rv_ok() : told_relationship(p, reterr));
    return told_repeats(p, reterr);
}

static rv_status told_offences(struct telling *t, struct rv_err *reterr)
{
    struct extract_info *unused;
    size_t persons = 0;
    RV_TRY(
        extract_list(t->work.held.store, t->work.held.arena, "persons", &unused, &persons, reterr));
    if (persons == 0) {
        telling_part(t, "persons", "Victims and suspects");
        return telling_absent(t,
                              "No extract of victims and suspects is held, or none that you may "
                              "see. Bring one in as kind persons: a row for each person, with the "
                              "number of the offence and whether victim, suspect or accused.",
                              reterr);
    }
    RV_TRY(told_role(t, 0, reterr));
    return told_role(t, 1, reterr);
}

/* ---- kinds whose records are about a person each ---- */

static bool has_dimension(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

static rv_status told_observed(struct persons *p, struct rv_err *reterr)
{
    struct groups g;
    RV_TRY(persons_part(p, "observed", "ethnicity as an officer observed it", reterr));
    RV_TRY(persons_groups(p, "ethnicity-observed", &g, reterr));
    RV_TRY(persons_say_recorded(p, "ethnicity as observed", NULL, g.known, g.missing, reterr));
    return g.known == 0 ? telling_absent(p->t, "No observed ethnicity is recorded.", reterr)
                        : persons_share_table(p, "Observed", &g,
                                              "by ethnicity as an officer observed it", reterr);
}

static rv_status told_own(struct telling *t, const char *const *names, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    struct persons *p = ARENA_NEW(a, struct persons, 1);
    struct table_options *asked = ARENA_NEW(a, struct table_options, 1);
    if (!p || !asked) {
        return arena_fail(a, reterr);
    }
    *p = (struct persons){.t = t};
    RV_TRY(open_persons(p, asked, reterr));
    if (p->total == 0) {
        telling_part(t, "persons", "People");
        return telling_absent(t, "No record is held for this question.", reterr);
    }
    RV_TRY(has_dimension(names, "age-band") ? told_ages(p, reterr) : rv_ok());
    RV_TRY(told_sexes(p, reterr));
    RV_TRY(has_dimension(names, "ethnicity") ? told_ethnicity(p, reterr) : rv_ok());
    return has_dimension(names, "ethnicity-observed") ? told_observed(p, reterr) : rv_ok();
}

static rv_status told_nobody(struct telling *t, struct rv_err *reterr)
{
    telling_part(t, "persons", "People");
    return telling_absent(
        t,
        is_word(t->question->kind, "cohort")
            ? "People known to services are counted once however often they appear: Explore has "
              "them by age, sex, ethnicity and cohort."
            : "Data of this kind say nothing of people's age, sex or ethnicity. Choose recorded "
              "offences with their victims and suspects, ambulance attendances, or stops and "
              "searches.",
        reterr);
}

rv_status told_who(struct held *h, const struct table_options *question, struct told *ret,
                   struct rv_err *reterr)
{
    struct telling *t = ARENA_NEW(h->arena, struct telling, 1);
    const char *kind = question->kind ? question->kind : "offences";
    const char *const *names = table_dimensions(h->arena, kind);
    if (!t || !names) {
        return arena_fail(h->arena, reterr);
    }
    telling_begin(t, h, question, "who", ret);
    const struct things *things = t->things;
    bool is_own = vocabulary_has(TABLE_RECORD_KINDS, text_of(kind)) && has_dimension(names, "sex");
    if (is_word(kind, "offences")) {
        RV_TRY(told_offences(t, reterr));
    } else {
        RV_TRY(is_own ? told_own(t, names, reterr) : told_nobody(t, reterr));
    }
    t->things = things;
    return telling_end(t, reterr);
}
