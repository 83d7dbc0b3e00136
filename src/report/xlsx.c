/* report/xlsx.c — the workbook: looks, Contents, Notes, Sources, and the file that it becomes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/xlsx.h"

#include "base/file.h"
#include "base/limits.h"
#include "report/html_parts.h"
#include "report/xlsx_parts.h"

#include <string.h>
#include <unistd.h>

#define FONT "Arial"
#define SIZE 12.0 /* the least that the guidance allows */

#define NOTES_ALWAYS 4 /* two symbols, definition, citation */

/* ---- looks ---- */

static lxw_format *new_look(lxw_workbook *workbook)
{
    lxw_format *f = workbook_add_format(workbook);
    if (f) {
        format_set_font_name(f, FONT);
        format_set_font_size(f, SIZE);
    }
    return f;
}

static void set_header_looks(lxw_format *const *looks)
{
    for (int i = XLSX_HEADER; i <= XLSX_HEADER_RIGHT; i++) {
        format_set_bold(looks[i]);
        format_set_text_wrap(looks[i]);
        format_set_align(looks[i], LXW_ALIGN_VERTICAL_BOTTOM);
        format_set_bottom(looks[i], LXW_BORDER_MEDIUM);
    }
    format_set_align(looks[XLSX_HEADER_RIGHT], LXW_ALIGN_RIGHT);
    format_set_indent(looks[XLSX_HEADER_RIGHT], 1);
}

static void set_looks(struct xlsx *x)
{
    for (size_t i = 0; i < XLSX_LOOKS; i++) {
        x->looks[i] = new_look(x->workbook);
        if (!x->looks[i]) {
            xlsx_note_error(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
            return;
        }
        if (i >= XLSX_TEXT) {
            format_set_align(x->looks[i], LXW_ALIGN_VERTICAL_TOP);
        }
        if (i >= XLSX_SYMBOL) { /* a little away from the text of the next column */
            format_set_align(x->looks[i], LXW_ALIGN_RIGHT);
            format_set_indent(x->looks[i], 1);
        }
    }
    format_set_bold(x->looks[XLSX_TITLE]);
    format_set_font_size(x->looks[XLSX_TITLE], SIZE + 3);
    format_set_font_color(x->looks[XLSX_LINK], 0x075563);
    format_set_underline(x->looks[XLSX_LINK], LXW_UNDERLINE_SINGLE);
    format_set_align(x->looks[XLSX_LINK], LXW_ALIGN_VERTICAL_TOP);
    set_header_looks(x->looks);
    format_set_text_wrap(x->looks[XLSX_TEXT]);
    format_set_num_format(x->looks[XLSX_WHOLE], "#,##0");
    format_set_num_format(x->looks[XLSX_ONE_DECIMAL], "#,##0.0");
    format_set_num_format(x->looks[XLSX_FOUR_DECIMALS], "0.0000");
    format_set_num_format(x->looks[XLSX_MONTH], "mmmm yyyy");
    format_set_align(x->looks[XLSX_MONTH], LXW_ALIGN_LEFT);
    format_set_indent(x->looks[XLSX_MONTH], 0);
}

/* ---- notes ---- */

static rv_status collect_notes(struct xlsx *x, struct rv_err *reterr)
{
    size_t most = 0;
    for (size_t k = 0; k < x->book->table_count; k++) {
        most += x->book->tables[k].note_count;
    }
    x->notes = ARENA_NEW(x->arena, const char *, most + 1);
    if (!x->notes) {
        return arena_fail(x->arena, reterr);
    }
    for (size_t k = 0; k < x->book->table_count; k++) {
        const struct result_table *t = &x->book->tables[k];
        for (size_t i = 0; i < t->note_count; i++) {
            size_t at = 0;
            while (at < x->note_count && strcmp(x->notes[at], t->notes[i]) != 0) {
                at++;
            }
            if (at == x->note_count) {
                x->notes[x->note_count++] = t->notes[i];
            }
        }
    }
    return rv_ok();
}

static bool has_note(const struct result_table *t, const char *note)
{
    for (size_t i = 0; i < t->note_count; i++) {
        if (strcmp(t->notes[i], note) == 0) {
            return true;
        }
    }
    return false;
}

/* "Table_1, Table_4 to Table_9"; "All tables" when it is so. */
static const char *tables_of_note(struct xlsx *x, const char *note)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    size_t count = 0;
    for (size_t k = 0; k < x->book->table_count; k++) {
        size_t last = k;
        while (last < x->book->table_count && has_note(&x->book->tables[last], note)) {
            last++;
        }
        if (last > k) {
            buf_printf(&b, "%sTable_%zu", b.n ? ", " : "", k + 1);
            if (last > k + 1) {
                buf_printf(&b, "%sTable_%zu", last == k + 2 ? ", " : " to ", last);
            }
            count += last - k;
            k = last;
        }
    }
    return count == x->book->table_count ? "All tables" : arena_text(x->arena, b.bytes, b.n);
}

/* Who made it, what it is, from which data: what a person needs who quotes a figure. */
static const char *citation(struct xlsx *x)
{
    const struct report_context *c = x->book->context;
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    if (c->partnership) {
        buf_printf(&b, "%s, ", c->partnership);
    }
    buf_printf(&b, "\"%s\"", x->book->title);
    if (c->data_until) {
        buf_text(&b, ", from extracts up to ");
        format_iso_date(&b, text_of(c->data_until));
    }
    buf_text(&b, ", computed with Reeve " REEVE_VERSION ".");
    return b.failed ? NULL : arena_text(x->arena, b.bytes, b.n);
}

struct note_row {
    const char *note, *about, *text;
};

static void put_note_row(struct xlsx_sheet *s, struct note_row row)
{
    xlsx_text(s, s->row, 0, XLSX_TEXT, row.note);
    xlsx_text(s, s->row, 1, XLSX_TEXT, row.about);
    xlsx_text(s, s->row, 2, XLSX_TEXT, row.text);
    xlsx_end_row(s);
}

static void put_notes(struct xlsx_sheet *s)
{
    static const struct xlsx_column columns[] = {
        {"Note", XLSX_TEXT, 16}, {"Applies to", XLSX_TEXT, 30}, {"Text", XLSX_TEXT, 90}};
    struct xlsx *x = s->x;
    const char *definition =
        x->book->definition ? x->book->definition
                            : "No agreed definition of serious violence was adopted when these "
                              "tables were computed.";
    xlsx_line(s, XLSX_TITLE, "Notes");
    xlsx_line(s, XLSX_PLAIN, "This worksheet contains one table.");
    xlsx_link_line(s, "Contents", "Back to Contents");
    xlsx_begin_table(s, "notes", columns, 3, x->note_count + NOTES_ALWAYS);
    put_note_row(s, (struct note_row){XLSX_NOT_AVAILABLE, "All tables",
                                      "Not available. It is not zero: the last column of the "
                                      "table says why."});
    put_note_row(s, (struct note_row){XLSX_NOT_APPLICABLE, "All tables", "Does not apply here."});
    put_note_row(s, (struct note_row){"Definition", "All tables", definition});
    put_note_row(s, (struct note_row){"How to cite", "All tables", citation(x)});
    for (size_t i = 0; i < x->note_count; i++) {
        put_note_row(s, (struct note_row){arena_printf(x->arena, "Note %zu", i + 1),
                                          tables_of_note(x, x->notes[i]), x->notes[i]});
    }
}

/* ---- sources ---- */

static const struct report_extract *extract_of(const struct xlsx *x, int64_t id)
{
    for (size_t i = 0; i < x->book->context->extract_count; i++) {
        if (x->book->context->extracts[i].extract == id) {
            return &x->book->context->extracts[i];
        }
    }
    return NULL;
}

static void put_period(struct xlsx_sheet *s, struct month_range period)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    if (period.first <= period.last) {
        format_period(&b, period);
    }
    xlsx_text(s, s->row, 4, XLSX_TEXT, b.n ? arena_text(s->x->arena, b.bytes, b.n) : "");
}

static void put_count(struct xlsx_sheet *s, size_t column, int64_t count)
{
    if (count < 0) {
        xlsx_text(s, s->row, column, XLSX_SYMBOL, XLSX_NOT_AVAILABLE);
    } else {
        xlsx_number(s, s->row, column, XLSX_WHOLE, (double)count);
    }
}

static void put_source(struct xlsx_sheet *s, const struct finding_source *source)
{
    static const struct report_extract unknown = {.period = {1, 0}, .rows = -1, .quarantined = -1};
    const struct report_extract *e = extract_of(s->x, source->extract);
    e = e ? e : &unknown;
    xlsx_number(s, s->row, 0, XLSX_WHOLE, (double)source->extract);
    xlsx_text(s, s->row, 1, XLSX_TEXT, source->file_name);
    xlsx_text(s, s->row, 2, XLSX_TEXT, e->supplier);
    xlsx_text(s, s->row, 3, XLSX_TEXT, e->kind);
    put_period(s, e->period);
    put_count(s, 5, e->rows);
    put_count(s, 6, e->quarantined);
    xlsx_text(s, s->row, 7, XLSX_TEXT, e->imported_at);
    xlsx_text(s, s->row, 8, XLSX_TEXT, source->sha256);
    xlsx_text(s, s->row, 9, XLSX_TEXT, e->terms);
    xlsx_end_row(s);
}

static void put_sources(struct xlsx_sheet *s)
{
    static const struct xlsx_column columns[] = {{"Extract", XLSX_WHOLE, 10},
                                                 {"File", XLSX_TEXT, 44},
                                                 {"Supplier", XLSX_TEXT, 28},
                                                 {"Kind", XLSX_TEXT, 16},
                                                 {"Period", XLSX_TEXT, 30},
                                                 {"Rows used", XLSX_WHOLE, 12},
                                                 {"Rows set aside", XLSX_WHOLE, 12},
                                                 {"Imported", XLSX_TEXT, 24},
                                                 {"SHA-256 of the file", XLSX_TEXT, 76},
                                                 {"Terms", XLSX_TEXT, 40}};
    xlsx_line(s, XLSX_TITLE, "Sources");
    xlsx_line(s, XLSX_PLAIN,
              "This worksheet contains one table: the files that the figures were computed from.");
    xlsx_link_line(s, "Contents", "Back to Contents");
    if (!s->x->book->source_count) {
        xlsx_line(s, XLSX_PLAIN, "No extract was used.");
        return;
    }
    xlsx_begin_table(s, "sources", columns, sizeof columns / sizeof *columns,
                     s->x->book->source_count);
    for (size_t i = 0; i < s->x->book->source_count; i++) {
        put_source(s, &s->x->book->sources[i]);
    }
}

/* ---- contents ---- */

static const char *theme_of(const struct xlsx *x, const struct result_table *t)
{
    const struct report_context *c = x->book->context;
    if (t->chapter_title) {
        return t->chapter_title;
    }
    return c->sentences ? sentences_theme_title(c->sentences, t->theme) : t->theme;
}

static void put_contents_row(struct xlsx_sheet *s, const char *sheet, const char *title,
                             const char *theme, size_t rows)
{
    xlsx_link(s, s->row, 0, sheet);
    xlsx_text(s, s->row, 1, XLSX_TEXT, title);
    xlsx_text(s, s->row, 2, XLSX_TEXT, theme);
    xlsx_number(s, s->row, 3, XLSX_WHOLE, (double)rows);
    xlsx_end_row(s);
}

static void put_contents(struct xlsx_sheet *s)
{
    static const struct xlsx_column columns[] = {{"Worksheet", XLSX_TEXT, 14},
                                                 {"Title", XLSX_TEXT, 90},
                                                 {"Subject", XLSX_TEXT, 26},
                                                 {"Rows", XLSX_WHOLE, 10}};
    static const char about[] = "About this workbook";
    struct xlsx *x = s->x;
    const struct xlsx_book *book = x->book;
    xlsx_line(s, XLSX_TITLE, book->title);
    if (book->context->is_synthetic) {
        xlsx_line(s, XLSX_PLAIN,
                  "Synthetic data. Every figure in this workbook was made up by a "
                  "generator. None of them describes a real place.");
    }
    if (book->context->partnership) {
        xlsx_line(s, XLSX_PLAIN, book->context->partnership);
    }
    for (size_t i = 0; i < book->about_count; i++) {
        xlsx_line(s, XLSX_PLAIN, book->about[i]);
    }
    xlsx_line(s, XLSX_PLAIN, arena_printf(x->arena, "Marking: %s", marking_name(book->marking)));
    for (size_t i = 0; i < book->context->notice_count; i++) {
        xlsx_line(s, XLSX_PLAIN, book->context->notices[i]);
    }
    xlsx_line(s, XLSX_PLAIN, "This worksheet contains one table: the worksheets of this workbook.");
    xlsx_begin_table(s, "contents", columns, 4, book->table_count + 2);
    put_contents_row(s, "Notes", "Symbols, definition, how to cite, notes of the tables", about,
                     x->note_count + NOTES_ALWAYS);
    put_contents_row(s, "Sources", "The files that the figures were computed from", about,
                     book->source_count);
    for (size_t k = 0; k < book->table_count; k++) {
        const struct result_table *t = &book->tables[k];
        put_contents_row(s, xlsx_table_sheet(x, k), t->title, theme_of(x, t), t->row_count);
    }
}

/* ---- the workbook ---- */

const char *xlsx_table_sheet(struct xlsx *x, size_t k)
{
    const char *name = arena_printf(x->arena, "Table_%zu", k + 1);
    return name ? name : "";
}

static struct xlsx_sheet new_sheet(struct xlsx *x, const char *name)
{
    struct xlsx_sheet s = {.x = x, .name = name};
    s.sheet = workbook_add_worksheet(x->workbook, name);
    if (!s.sheet) {
        xlsx_note_error(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return s;
    }
    worksheet_set_paper(s.sheet, 9); /* A4 */
    worksheet_set_landscape(s.sheet);
    worksheet_fit_to_pages(s.sheet, 1, 0);
    worksheet_set_footer(s.sheet, "&L&A&RPage &P of &N");
    return s;
}

/* Not the time of writing: the same book is the same bytes on any day. */
static time_t creation_time(const struct report_context *c)
{
    civil_time time;
    struct text iso = text_of(c->data_until ? c->data_until : "2000-01-01");
    iso.n = iso.n > 10 ? 10 : iso.n;
    return civil_parse(iso, &time) == CIVIL_OK ? (time_t)civil_day_of(time) * 86400
                                               : (time_t)946684800;
}

/* The library wants its texts writable. */
static char *own(struct xlsx *x, const char *text)
{
    return text ? arena_text(x->arena, text, strlen(text)) : NULL;
}

static void set_properties(struct xlsx *x)
{
    const struct report_context *c = x->book->context;
    lxw_doc_properties properties = {
        .title = own(x, x->book->title),
        .subject =
            own(x, c->is_synthetic ? "Statistical tables; synthetic data" : "Statistical tables"),
        .author = own(x, c->partnership ? c->partnership : "Reeve " REEVE_VERSION),
        .comments = own(x, "Made by Reeve " REEVE_VERSION),
        .created = creation_time(c),
    };
    xlsx_note_error(x, workbook_set_properties(x->workbook, &properties));
    xlsx_note_error(x, workbook_set_custom_property_string(x->workbook, "Language", "en-GB"));
}

static rv_status fill(struct xlsx *x, struct rv_err *reterr)
{
    set_looks(x);
    set_properties(x);
    if (x->error != LXW_NO_ERROR) {
        return rv_ok(); /* told at the end */
    }
    struct xlsx_sheet contents = new_sheet(x, "Contents"), notes = new_sheet(x, "Notes"),
                      sources = new_sheet(x, "Sources");
    if (x->error == LXW_NO_ERROR) {
        put_contents(&contents);
        put_notes(&notes);
        put_sources(&sources);
    }
    for (size_t k = 0; k < x->book->table_count && x->error == LXW_NO_ERROR; k++) {
        struct xlsx_sheet s = new_sheet(x, xlsx_table_sheet(x, k));
        if (s.sheet) {
            RV_TRY(xlsx_result_table(&s, &x->book->tables[k], k, reterr));
        }
    }
    return rv_ok();
}

/* Fills and closes, so that the workbook's memory is freed on every path. */
static rv_status write_book(struct xlsx *x, const char *path, struct rv_err *reterr)
{
    rv_status status = fill(x, reterr);
    xlsx_note_error(x, workbook_close(x->workbook));
    if (rv_is_ok(status) && x->error != LXW_NO_ERROR) {
        enum rv_code code = x->error == LXW_ERROR_MEMORY_MALLOC_FAILED ? RV_NO_MEMORY : RV_IO;
        status = rv_fail(reterr, code, "%s: the workbook could not be written: %s", path,
                         lxw_strerror(x->error));
    }
    return status;
}

rv_status xlsx_write(struct arena *a, const struct xlsx_book *book, const char *path,
                     struct rv_err *reterr)
{
    struct xlsx x = {.arena = a, .book = book};
    RV_TRY(collect_notes(&x, reterr));
    const char *temporary = arena_printf(a, "%s.part-%ld", path, (long)getpid());
    if (!temporary) {
        return arena_fail(a, reterr);
    }
    /* Tried first, because the library would print what it thinks of a failure. */
    RV_TRY(file_write(temporary, (struct text){"", 0}, reterr));
    x.workbook = workbook_new(temporary);
    if (!x.workbook) {
        (void)unlink(temporary);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    rv_status status = write_book(&x, path, reterr);
    if (rv_is_ok(status)) {
        status = file_replace(temporary, path, reterr);
    }
    if (!rv_is_ok(status)) {
        (void)unlink(temporary);
    }
    return status;
}

/* The library takes names only: the file is named as the system names what a process has open. */
rv_status xlsx_write_fd(struct arena *a, const struct xlsx_book *book, int fd,
                        struct rv_err *reterr)
{
    struct xlsx x = {.arena = a, .book = book};
    RV_TRY(collect_notes(&x, reterr));
    const char *path = arena_printf(a, "/proc/self/fd/%d", fd);
    if (!path) {
        return arena_fail(a, reterr);
    }
    x.workbook = workbook_new(path);
    return x.workbook ? write_book(&x, path, reterr)
                      : rv_fail(reterr, RV_NO_MEMORY, "out of memory");
}

/* ---- the book of an assessment ---- */

static const char *period_sentence(struct arena *a, const char *start, struct month_range period)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    buf_text(&b, start);
    format_period(&b, period);
    return b.failed ? NULL : arena_text(a, b.bytes, b.n);
}

rv_status xlsx_of_assessment(struct arena *a, const struct assessment *assessment,
                             const struct report_context *context, struct xlsx_book *ret,
                             struct rv_err *reterr)
{
    const char **about = ARENA_NEW(a, const char *, 4);
    const char *title = context->title ? context->title
                                       : arena_printf(a, "Crime and violence in %s: data tables",
                                                      assessment->area_name);
    if (!about || !title) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    about[n++] = arena_printf(a, "Area: %s (%s)", assessment->area_name, assessment->area);
    about[n++] = period_sentence(a, "Period: ", assessment->period);
    if (assessment->compare.first <= assessment->compare.last) {
        about[n++] = period_sentence(a, "Compared with: ", assessment->compare);
    }
    for (size_t i = 0; i < n; i++) {
        if (!about[i]) {
            return arena_fail(a, reterr);
        }
    }
    const char *definition = NULL;
    for (size_t i = 0; i < assessment->finding_count && !definition; i++) {
        const struct finding *f = &assessment->findings[i];
        if (f->definition) {
            definition = arena_printf(a, "%s, version %s", f->definition,
                                      f->definition_version ? f->definition_version : "not stated");
        }
    }
    *ret = (struct xlsx_book){.title = title,
                              .context = context,
                              .about = about,
                              .about_count = n,
                              .definition = definition,
                              .tables = assessment->tables,
                              .table_count = assessment->table_count,
                              .sources = assessment->sources,
                              .source_count = assessment->source_count,
                              .marking = assessment->marking};
    return rv_ok();
}
