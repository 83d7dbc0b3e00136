/* ingest/report.c — the import report for machines and for people.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "ingest/ingest.h"

static void put_period(const struct ingest_report *r, struct buf *out)
{
    char first[8], last[8];
    month_write(r->first_month, first);
    month_write(r->last_month, last);
    buf_printf(out, "%.7s..%.7s", first, last);
}

static void json_period(const struct ingest_report *r, struct json_writer *j)
{
    if (r->first_month > r->last_month) {
        json_put_null(j, "period");
    } else {
        RV_CLEANUP(buf_done) struct buf period;
        buf_init(&period, 64);
        put_period(r, &period);
        json_put_text(j, "period", buf_view(&period));
    }
    json_put_array(j, "months_without_rows");
    for (size_t i = 0; i < r->gap_count; i++) {
        char month[8];
        month_write(r->gap_months[i], month);
        json_put_string(j, NULL, month);
    }
    json_end_array(j);
    json_put_bool(j, "months_without_rows_are_zero", r->gap_count > 0 && r->gaps_are_zero);
}

static void json_counts(const struct ingest_count *list, size_t count, struct json_writer *j,
                        const char *key)
{
    json_put_object(j, key);
    for (size_t i = 0; i < count; i++) {
        json_put_int(j, list[i].name, list[i].rows);
    }
    json_end_object(j);
}

static void json_lists(const struct ingest_report *r, struct json_writer *j)
{
    json_put_array(j, "dropped_columns");
    for (size_t i = 0; i < r->dropped_count; i++) {
        json_put_string(j, NULL, r->dropped_columns[i]);
    }
    json_end_array(j);
    json_put_array(j, "personal_columns");
    for (size_t i = 0; i < r->personal_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "column", r->personal[i].column);
        json_put_string(j, "looks_like", r->personal[i].looks_like);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_array(j, "not_recorded");
    for (size_t i = 0; i < r->not_recorded_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "column", r->not_recorded[i].column);
        json_put_string(j, "value", r->not_recorded[i].value);
        json_put_int(j, "rows", r->not_recorded[i].rows);
        json_end_object(j);
    }
    json_end_array(j);
    json_counts(r->offence_codes, r->offence_code_count, j, "unknown_offence_codes");
    json_put_int(j, "disagreements", r->disagreements);
    if (r->pipeline) {
        json_put_object(j, "projection");
        json_put_string(j, "pipeline", r->pipeline);
        json_put_real(j, "accuracy_m", r->accuracy_m);
        json_end_object(j);
    }
    json_put_array(j, "notes");
    for (size_t i = 0; i < r->note_count; i++) {
        json_put_string(j, NULL, r->notes[i]);
    }
    json_end_array(j);
}

void ingest_report_json(const struct ingest_report *r, struct json_writer *j, const char *key)
{
    json_put_object(j, key);
    json_put_string(j, "file", r->file);
    json_put_string(j, "sha256", r->sha256);
    json_put_string(j, "kind", r->kind);
    json_put_string(j, "profile", r->profile);
    json_put_int(j, "profile_version", r->profile_version);
    if (r->extract) {
        json_put_int(j, "extract", r->extract);
    }
    json_put_string(j, "agreement", r->agreement);
    json_put_bool(j, "open", r->is_open);
    json_put_string(j, "marking", marking_name(r->marking));
    json_put_int(j, "read", r->read);
    json_put_int(j, "accepted", r->accepted);
    json_put_int(j, "quarantined", r->quarantined);
    json_counts(r->reasons, r->reason_count, j, "reasons");
    json_put_int(j, "excluded", r->excluded);
    json_counts(r->exclusions, r->exclusion_count, j, "exclusions");
    json_put_int(j, "duplicates", r->duplicates);
    json_put_int(j, "repeated_keys", r->repeated_keys);
    json_put_int(j, "superseded", r->superseded);
    json_put_int(j, "withdrawn", r->withdrawn);
    json_put_int(j, "orphans", r->orphans);
    if (r->unplaced >= 0) {
        json_put_int(j, "unplaced", r->unplaced);
    } else {
        json_put_null(j, "unplaced");
    }
    if (r->has_matches) {
        json_put_object(j, "placed_by_text");
        json_put_string(j, "areas", r->matched_type);
        for (size_t i = 0; i < MATCH_CLASSES; i++) {
            json_put_int(j, MATCH_NAMES[i], r->matches.rows[i]);
        }
        json_end_object(j);
    }
    json_put_int(j, "rows", r->rows);
    json_period(r, j);
    json_lists(r, j);
    json_end_object(j);
}

static void line(struct buf *out, int64_t n, const char *what)
{
    if (n) {
        buf_printf(out, "  %10lld %s\n", (long long)n, what);
    }
}

static void text_counts(const struct ingest_report *r, struct buf *out)
{
    buf_printf(out, "  %10lld rows read\n  %10lld accepted\n", (long long)r->read,
               (long long)r->accepted);
    line(out, r->quarantined, "quarantined:");
    for (size_t i = 0; i < r->reason_count; i++) {
        buf_printf(out, "  %10s   %lld %s\n", "", (long long)r->reasons[i].rows,
                   r->reasons[i].name);
    }
    line(out, r->excluded, "excluded by the profile:");
    for (size_t i = 0; i < r->exclusion_count; i++) {
        buf_printf(out, "  %10s   %lld %s\n", "", (long long)r->exclusions[i].rows,
                   r->exclusions[i].name);
    }
    line(out, r->duplicates, "duplicates, dropped");
    line(out, r->repeated_keys, "rows that repeat a key with other content, kept and numbered");
    line(out, r->superseded, "earlier rows superseded");
    line(out, r->withdrawn, "earlier rows withdrawn");
    line(out, r->orphans, "rows about offences that are not held");
    line(out, r->unplaced > 0 ? r->unplaced : 0,
         r->has_matches ? "rows not placed (unplaced)" : "rows outside every area (unplaced)");
    for (size_t i = 0; i < MATCH_CLASSES && r->has_matches; i++) {
        buf_printf(out, "  %10s   %lld %s%s\n", "", (long long)r->matches.rows[i],
                   match_is_placed((enum match_class)i) ? "placed by their words: "
                                                        : "not placed: ",
                   MATCH_NAMES[i]);
    }
    if (r->rows != r->read) {
        line(out, r->rows, "rows stored");
    }
}

void ingest_report_text(const struct ingest_report *r, struct buf *out)
{
    buf_printf(out, "%s: %s, profile %s (version %lld)\n", r->file, r->kind, r->profile,
               (long long)r->profile_version);
    text_counts(r, out);
    if (r->first_month <= r->last_month) {
        buf_text(out, "  period ");
        put_period(r, out);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < r->gap_count; i++) {
        char month[8];
        month_write(r->gap_months[i], month);
        const char *first = r->gaps_are_zero ? "  months inside it without a row, taken as zero: "
                                             : "  months inside it without a row, not covered: ";
        buf_printf(out, "%s%s", i ? ", " : first, month);
    }
    buf_text(out, r->gap_count ? "\n" : "");
    for (size_t i = 0; i < r->dropped_count; i++) {
        buf_printf(out, "%s%s", i ? ", " : "  columns dropped: ", r->dropped_columns[i]);
    }
    buf_text(out, r->dropped_count ? "\n" : "");
    for (size_t i = 0; i < r->personal_count; i++) {
        buf_printf(out, "  column \"%s\" looks like %s: not stored\n", r->personal[i].column,
                   r->personal[i].looks_like);
    }
    for (size_t i = 0; i < r->not_recorded_count; i++) {
        buf_printf(out, "  column \"%s\": \"%s\" is not a known code; not recorded in %lld rows\n",
                   r->not_recorded[i].column, r->not_recorded[i].value,
                   (long long)r->not_recorded[i].rows);
    }
    for (size_t i = 0; i < r->offence_code_count; i++) {
        buf_printf(out,
                   "  offence code \"%s\" has no group in the reference table: %lld rows, not "
                   "recorded unless the file names their group\n",
                   r->offence_codes[i].name, (long long)r->offence_codes[i].rows);
    }
    for (size_t i = 0; i < r->note_count; i++) {
        buf_printf(out, "  %s\n", r->notes[i]);
    }
    if (r->agreement || r->is_open) {
        buf_printf(out, "  %s%s, marked %s\n", r->agreement ? "under the agreement " : "open data",
                   r->agreement ? r->agreement : "", marking_name(r->marking));
    } else {
        buf_text(out, "  no agreement is declared: used all the same, and marked official; see "
                      "'reeve agreement --help'\n");
    }
}
