/* synth/rows.c — cells in the order of the headers.
 *
 * No value written here needs quotes: names hold letters, spaces, brackets and apostrophes, but a
 * venue ends with its locality after a comma, so that it is written as a CSV cell.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/rows.h"

#define OFFENCE_HEADER                                                                             \
    "offence_id,recorded_at,committed_from,committed_to,offence_code,offence_group,category,"      \
    "flags,weapon_use,linked_offence_id,easting,northing,location_precision,lsoa_code,ward_code,"  \
    "borough_code,venue_type,venue_name,outcome,outcome_date,source_note\n"
#define PERSON_HEADER                                                                              \
    "offence_id,role,person_ref,age,age_band,sex,ethnicity,ethnicity_observed,relationship\n"
#define OUTCOME_HEADER "offence_id,outcome,outcome_date\n"

static void put_two(char *at, int value)
{
    at[0] = (char)('0' + value / 10 % 10);
    at[1] = (char)('0' + value % 10);
}

static void write_day(char *at, int32_t day)
{
    int year, month, d;
    civil_from_days(day, &year, &month, &d);
    put_two(at, year / 100);
    put_two(at + 2, year % 100);
    at[4] = at[7] = '-';
    put_two(at + 5, month);
    put_two(at + 8, d);
}

void put_day(struct buf *out, int32_t day)
{
    char text[10];
    write_day(text, day);
    buf_put(out, text, sizeof text);
}

void put_minute(struct buf *out, int64_t seconds)
{
    char text[16];
    int32_t day = (int32_t)(seconds / 86400 - (seconds % 86400 < 0));
    int minute = (int)((seconds - (int64_t)day * 86400) / 60);
    write_day(text, day);
    text[10] = 'T';
    put_two(text + 11, minute / 60);
    text[13] = ':';
    put_two(text + 14, minute % 60);
    buf_put(out, text, sizeof text);
}

static void put_cell(struct buf *out, const char *text)
{
    buf_text(out, text);
    buf_char(out, ',');
}

void put_offence(struct extracts *x, int year, const struct offence_row *o)
{
    struct buf *out = &x->offences[year].text;
    put_cell(out, o->id);
    put_day(out, o->recorded);
    buf_char(out, ',');
    if (o->from != NO_TIME && o->is_date_only) {
        put_day(out, (int32_t)(o->from / 86400));
    } else if (o->from != NO_TIME) {
        put_minute(out, o->from);
    }
    buf_char(out, ',');
    if (o->to != NO_TIME) {
        put_minute(out, o->to);
    }
    buf_char(out, ',');
    put_cell(out, o->code);
    put_cell(out, o->group);
    put_cell(out, o->category);
    put_cell(out, o->flags);
    put_cell(out, o->weapon_use);
    put_cell(out, o->linked ? o->linked : "");
    if (o->has_place) {
        buf_int(out, o->east_m);
        buf_char(out, ',');
        buf_int(out, o->north_m);
    } else {
        buf_char(out, ',');
    }
    buf_char(out, ',');
    put_cell(out, o->precision);
    put_cell(out, o->lsoa);
    put_cell(out, o->ward);
    put_cell(out, o->borough);
    put_cell(out, o->venue_type);
    buf_csv(out, text_of(o->venue));
    buf_char(out, ',');
    put_cell(out, o->outcome);
    if (o->outcome_day) {
        put_day(out, o->outcome_day);
    }
    buf_text(out, ",synthetic\n");
    x->offence_rows[year]++;
}

void put_person(struct extracts *x, int year, const struct person_row *p)
{
    static const char digits[] = "0123456789abcdef";
    struct buf *out = &x->persons[year].text;
    put_cell(out, p->id);
    put_cell(out, p->role);
    char ref[13] = "P";
    for (size_t k = 1; k < 12; k++) {
        ref[k] = digits[p->ref >> (4 * k) & 15];
    }
    ref[12] = ',';
    buf_put(out, ref, sizeof ref);
    if (p->age >= 0) {
        buf_int(out, p->age);
    }
    buf_char(out, ',');
    put_cell(out, p->band);
    put_cell(out, p->sex);
    put_cell(out, p->ethnicity);
    put_cell(out, p->observed);
    buf_text(out, p->relationship);
    buf_char(out, '\n');
    x->person_rows[year]++;
}

void put_outcome(struct extracts *x, const char *id, const char *outcome, int32_t day)
{
    put_cell(&x->outcomes.text, id);
    put_cell(&x->outcomes.text, outcome);
    put_day(&x->outcomes.text, day);
    buf_char(&x->outcomes.text, '\n');
    x->outcome_rows++;
}

void offence_id(char id[ID_BYTES], size_t borough, size_t layer, uint32_t number)
{
    uint32_t mixed = (number * UINT32_C(2654435761) + (uint32_t)(borough * 977)) & 0xfffffff;
    (void)snprintf(id, ID_BYTES, "SYN%02zu%02zu%07x", borough + 1, layer, mixed);
}

rv_status extracts_open(struct extracts *x, const char *dir, const int64_t years[2],
                        struct rv_err *reterr)
{
    char name[64];
    *x = (struct extracts){.outcome_rows = 0};
    for (size_t y = 0; y < 2; y++) {
        (void)snprintf(name, sizeof name, "offences-%lld.csv", (long long)years[y]);
        RV_TRY(write_open(&x->offences[y], dir, name, reterr));
        buf_text(&x->offences[y].text, OFFENCE_HEADER);
        (void)snprintf(name, sizeof name, "persons-%lld.csv", (long long)years[y]);
        RV_TRY(write_open(&x->persons[y], dir, name, reterr));
        buf_text(&x->persons[y].text, PERSON_HEADER);
    }
    RV_TRY(write_open(&x->outcomes, dir, "outcomes.csv", reterr));
    buf_text(&x->outcomes.text, OUTCOME_HEADER);
    return rv_ok();
}

rv_status extracts_flush(struct extracts *x, struct rv_err *reterr)
{
    for (size_t y = 0; y < 2; y++) {
        RV_TRY(write_flush(&x->offences[y], reterr));
        RV_TRY(write_flush(&x->persons[y], reterr));
    }
    return write_flush(&x->outcomes, reterr);
}

rv_status extracts_close(struct extracts *x, struct rv_err *reterr)
{
    for (size_t y = 0; y < 2; y++) {
        RV_TRY(write_close(&x->offences[y], reterr));
        RV_TRY(write_close(&x->persons[y], reterr));
    }
    return write_close(&x->outcomes, reterr);
}

void extracts_abandon(struct extracts *x)
{
    for (size_t y = 0; y < 2; y++) {
        write_abandon(&x->offences[y]);
        write_abandon(&x->persons[y]);
    }
    write_abandon(&x->outcomes);
}
