/* ingest/choose.c — which profile a file is read by, and how its bytes are taken.
 *
 * What a profile declares of encoding, sheet, separator and line end comes before what the file
 * shows. A file that no profile fits as it shows itself is tried once more as each profile that
 * declares something says. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "ingest/import.h"

static struct form_declared declared_by(const struct profile *p)
{
    static const enum form_line_end ENDS[] = {FORM_LINE_LF, FORM_LINE_CRLF, FORM_LINE_CR};
    struct form_declared d = {.encoding = NULL};
    if (p) {
        d.encoding = p->encoding;
        d.part.sheet = p->sheet;
        d.separator = p->has_separator ? p->separator : '\0';
        d.line_end = p->has_line_end ? ENDS[p->line_end] : FORM_LINE_ANY;
    }
    return d;
}

static bool declares(const struct profile *p)
{
    return p->encoding || p->sheet || p->has_separator || p->has_line_end;
}

/* Whether what the profile declares is what was taken. */
static bool agrees(const struct profile *p, const struct form *f)
{
    struct form_declared d = declared_by(p);
    if (f->format == FORM_WORKBOOK) {
        return !p->sheet || text_equal_nocase(text_of(p->sheet), text_of(f->choice.sheet));
    }
    return (!d.encoding || (f->encoding && strcmp(d.encoding, f->encoding) == 0)) &&
           (!d.separator || d.separator == f->dialect.separator) &&
           (!p->has_line_end || (d.line_end == FORM_LINE_CR) == (f->dialect.line_end == CSV_CR));
}

rv_status import_refuse_encoding(const struct import *m, const struct form *f)
{
    const char *looks = f->suggestion ? f->suggestion : "windows-1252";
    return rv_fail(m->err, RV_INVALID,
                   "%s is not UTF-8 and its bytes do not say for certain what it is%s%s; nothing "
                   "was loaded. Save it as UTF-8 (\"CSV UTF-8\"), or declare in a profile what it "
                   "is, such as \"encoding\": \"%s\"",
                   m->name, f->suggestion ? " (they look most like " : "",
                   f->suggestion ? arena_printf(m->a, "%s)", f->suggestion) : "", looks);
}

/* Messages name a member as "archive.zip/member". */
static const char *shown_path(const struct import *m)
{
    return m->part.archive ? m->name : m->path;
}

/* Header and first rows as `p` declares (NULL = as the file shows). */
rv_status import_look(struct import *m, struct arena *scratch, const struct profile *p,
                      struct form *form, struct head *head)
{
    struct form_declared declared = declared_by(p);
    const char *sheet = declared.part.sheet;
    declared.part = m->part;
    declared.part.sheet = sheet;
    declared.part.spool_dir = store_dir(m->s);
    if (m->encoding && !declared.encoding) {
        declared.encoding = m->encoding;
    }
    RV_TRY(form_detect(m->a, shown_path(m), &declared, form, m->err));
    if (!form->encoding) {
        return import_refuse_encoding(m, form);
    }
    return head_read(scratch, shown_path(m), form, head, m->err);
}

static rv_status fits(struct import *m, const struct profile *p, const struct head *head,
                      struct profile_fit *ret)
{
    return profile_fit_header(m->a, p, head->header, head->header_count, ret, m->err);
}

/* Says what is missing, and which profile it may be instead. */
static rv_status refuse_fit(struct import *m, const struct profile *p, const struct head *head,
                            const struct profile_fit *fit)
{
    struct profile *all;
    size_t count;
    const struct profile *better = NULL;
    RV_TRY(profile_list(m->a, &all, &count, m->err));
    struct rv_err unused;
    bool is_known =
        rv_is_ok(profile_recognise(m->a, all, count, NULL, head->header, head->header_count,
                                   head->sample, head->sample_rows, &better, &unused));
    return rv_fail(m->err, RV_INVALID,
                   "%s does not fit the profile %s: its column \"%.80s\" is missing%s; nothing was "
                   "loaded.%s%s%s",
                   m->name, p->id, fit->missing[0], fit->missing_count > 1 ? " (and others)" : "",
                   is_known ? " It fits the profile " : " Correct the header or the profile",
                   is_known ? better->id : "", is_known ? ": name that one" : "");
}

/* The profile that was named, when the header fits it. */
static rv_status named_profile(struct import *m, struct arena *scratch, struct head *head)
{
    struct profile *p = ARENA_NEW(m->a, struct profile, 1);
    if (!p) {
        return arena_fail(m->a, m->err);
    }
    RV_TRY(profile_load(m->a, m->options->profile, p, m->err));
    if (m->options->kind && strcmp(m->options->kind, p->kind->name) != 0) {
        return rv_fail(m->err, RV_USAGE, "the profile %s makes %s, not %s", p->id, p->kind->name,
                       m->options->kind);
    }
    RV_TRY(import_look(m, scratch, p, &m->form, head));
    m->stage = IMPORT_READABLE;
    m->profile = p;
    struct profile_fit fit;
    RV_TRY(fits(m, p, head, &fit));
    return fit.missing_count ? refuse_fit(m, p, head, &fit) : rv_ok();
}

/* Whether the file, taken as `p` declares, fits it. */
static rv_status try_declared(struct import *m, struct arena *scratch, const struct profile *p,
                              struct head *head, bool *ret_fits)
{
    struct profile_fit fit = {.missing_count = 1};
    struct form form;
    *ret_fits = false;
    rv_status status = import_look(m, scratch, p, &form, head);
    if (status.code == RV_INVALID) {
        return rv_ok();
    }
    RV_TRY(status);
    RV_TRY(fits(m, p, head, &fit));
    if (fit.missing_count == 0) {
        *ret_fits = true;
        m->profile = p;
        m->form = form;
    }
    return rv_ok();
}

/* The first profile that declares a form in which it fits the file; keeps `why` when none does. */
static rv_status declared_profile(struct import *m, struct arena *scratch,
                                  const struct profile *all, size_t count, rv_status why,
                                  struct head *head)
{
    struct rv_err first = *m->err;
    const char *kind = m->options->kind;
    for (size_t i = 0; i < count && why.code == RV_INVALID; i++) {
        bool is_fit = false;
        if (!declares(&all[i]) || (kind && strcmp(kind, all[i].kind->name) != 0)) {
            continue;
        }
        RV_TRY(try_declared(m, scratch, &all[i], head, &is_fit));
        if (is_fit) {
            m->stage = IMPORT_READABLE;
            return rv_ok();
        }
    }
    *m->err = first;
    return why;
}

static rv_status list_profiles(struct import *m)
{
    if (!m->profiles) {
        struct profile *all;
        RV_TRY(profile_list(m->a, &all, &m->profile_count, m->err));
        m->profiles = all;
    }
    return rv_ok();
}

static rv_status recognised_profile(struct import *m, struct arena *scratch, struct head *head)
{
    RV_TRY(list_profiles(m));
    const struct profile *all = m->profiles;
    size_t count = m->profile_count;
    rv_status status = import_look(m, scratch, NULL, &m->form, head);
    if (rv_is_ok(status)) {
        m->stage = IMPORT_READABLE;
        status =
            profile_recognise(m->a, all, count, m->options->kind, head->header, head->header_count,
                              head->sample, head->sample_rows, &m->profile, m->err);
    }
    if (!rv_is_ok(status)) {
        return declared_profile(m, scratch, all, count, status, head);
    }
    if (agrees(m->profile, &m->form)) {
        return rv_ok();
    }
    RV_TRY(import_look(m, scratch, m->profile, &m->form, head));
    struct profile_fit fit;
    RV_TRY(fits(m, m->profile, head, &fit));
    return fit.missing_count ? refuse_fit(m, m->profile, head, &fit) : rv_ok();
}

rv_status import_choose(struct import *m, struct arena *scratch, struct head *head)
{
    if (m->options->codebook) {
        return import_choose_survey(m, scratch, head);
    }
    return m->options->profile ? named_profile(m, scratch, head)
                               : recognised_profile(m, scratch, head);
}

/* ---- what the report says of it ---- */

/* Which sheet, and which others there are. */
static rv_status note_sheets(struct import *m)
{
    const char *others = "";
    for (size_t i = 0; i < m->form.sheet_count && others; i++) {
        const struct form_sheet *s = &m->form.sheets[i];
        if (!s->is_chosen) {
            others = arena_printf(m->a, "%s%s\"%.60s\"%s", others, *others ? ", " : "", s->name,
                                  s->is_hidden ? " (hidden)" : "");
        }
    }
    if (!others) {
        return arena_fail(m->a, m->err);
    }
    if (!*others) {
        return rv_ok();
    }
    return import_note(m, arena_printf(m->a, "read from the sheet \"%.60s\"; not read: %.600s",
                                       m->form.choice.sheet, others));
}

/* What nobody declared and the file showed, when it is not what the contract says by itself. */
rv_status import_note_form(struct import *m)
{
    const struct form *f = &m->form;
    const struct profile *p = m->profile;
    if (f->format == FORM_WORKBOOK) {
        return note_sheets(m);
    }
    bool is_usual = strcmp(f->encoding, "utf-8") == 0 && f->dialect.separator == ',' &&
                    f->dialect.line_end != CSV_CR;
    bool is_found = !p->encoding || !p->has_separator || !p->has_line_end;
    if (is_usual || !is_found) {
        return rv_ok();
    }
    return import_note(
        m,
        arena_printf(m->a,
                     "taken as encoding %s, separator %s, line end %s: what the profile does "
                     "not declare of it was found from the file%s",
                     f->encoding, form_separator_name(f->dialect.separator), form_line_end_name(f),
                     f->encoding_trust == FORM_LIKELY
                         ? "; look at names with accents, pound signs and quotation marks"
                         : ""));
}
