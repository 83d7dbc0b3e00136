/* tests/ingest/test_suggest.c — words, the assignment, and proposals for small tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "ingest/profile_write.h"
#include "ingest/suggest_match.h"
#include "ingest/suggest_people.h"
#include "table.h"

#include <float.h>

/* ---- words ---- */

static void check_words(const struct lexicon *l, const char *header, const char *want)
{
    struct words w;
    char got[256] = "";
    size_t n = 0;
    lexicon_words(l, text_of(header), &w);
    for (size_t i = 0; i < w.count; i++) {
        struct text word = words_at(&w, i);
        n +=
            (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", i ? " " : "", (int)word.n, word.at);
    }
    if (strcmp(got, want) != 0) {
        fail_msg("\"%s\" is \"%s\", expected \"%s\"", header, got, want);
    }
}

static void headers_are_cut_into_words(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        static const char *const ROWS[][2] = {
            {"Date Reported", "date reported"},
            {"DATE_RPTD", "date reported"},
            {"DateReported", "date reported"},
            {"date-reported", "date reported"},
            {"DATEREPORTED", "date reported"},
            {"CRIMEREF", "crime reference"},
            {"Crime Ref. No.", "crime reference number"},
            {"LSOA11CD", "lsoa code"},
            {"LSOA code (2011)", "lsoa code"},
            {"VIC_AGE_GROUP", "victim age group"},
            {"perpSex", "suspect sex"},
            {"X", "x"},
            {"2021", "2021"},
            {"", ""},
            {"%%%", ""},
            {"Offences", "offence"},
        };
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
            check_words(t.lexicon, ROWS[i][0], ROWS[i][1]);
        }
    }
}

static double name_score(const struct table *t, const char *kind, const char *column,
                         const char *header)
{
    struct words w;
    lexicon_words(t->lexicon, text_of(header), &w);
    return lexicon_header(t->lexicon, kind, column, &w).score;
}

static void a_whole_header_says_more_than_a_part(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        CHECK(name_score(&t, "offences", "recorded_at", "Date Recorded") == 1.0);
        CHECK(name_score(&t, "offences", "recorded_at", "recorded_at") == 1.0);
        double part = name_score(&t, "offences", "recorded_at", "Crime Date Recorded Officially");
        CHECK(part > 0.6 && part < 0.95);
        CHECK(name_score(&t, "offences", "recorded_at", "Date of Birth") == 0);
        CHECK(name_score(&t, "offences", "recorded_at", "Recorded by") < 0.5);
        CHECK(name_score(&t, "offences", "easting", "Northing") == 0);
        CHECK(name_score(&t, "persons", "sex", "Sexual orientation") == 0);
        CHECK(name_score(&t, "offences", "offence_id", "Linked Crime Ref") == 0);
        CHECK(name_score(&t, "offences", "linked_offence_id", "Linked Crime Ref") == 1.0);
    }
}

static const struct {
    const char *vocabulary, *cell, *target; /* NULL = not known */
} MEANINGS[] = {
    {"sex", "F", "female"},
    {"sex", "MALE", "male"},
    {"sex", "Unknown", "(missing)"},
    {"sex", "Persons", "(mixed)"},
    {"sex", "Fm", NULL},
    {"role", "Injured Party", "victim"},
    {"role", "Suspected", "suspect"},
    {"role", "Witness", "(mixed)"},
    {"ethnicity", "White - British", "W1"},
    {"ethnicity", "Black or Black British - African", "B2"},
    {"ethnicity", "Black/African/Caribbean/Black British - Caribbean", "B1"},
    {"ethnicity", "Black", "black"},
    {"ethnicity", "Mixed - White and Black Caribbean", "M1"},
    {"ethnicity", "Any other Asian background", "A9"},
    {"ethnicity_observed", "IC1 - White North European", "IC1"},
    {"ethnicity_observed", "White", "white"},
    {"ethnicity", "A4", "A4"},
    {"ethnicity", "Other ethnic group - Not stated", "(missing)"},
    {"ethnicity", "Not stated", "(missing)"},
    {"relationship", "Ex-Partner", "ex-partner"},
    {"relationship", "Step son", "stepson"},
    {"relationship", "Father", "parent"},
    {"relationship", "Landlord", NULL},
    {"outcome", "Charged/Summonsed", "accused"},
    {"outcome", "Evidential difficulties: victim does not support action", "victim-withdrew"},
    {"outcome", "Evidential difficulties (suspect identified)", "evidential"},
    {"outcome", "Investigation complete; no suspect identified", "no-suspect"},
    {"outcome", "Type 18", "no-suspect"},
    {"outcome", "Community Resolution", "out-of-court"},
    {"outcome", "NFA", "(mixed)"},
    {"offence_group", "Attempted Murder", "attempted-murder"},
    {"offence_group", "Murder", "homicide"},
    {"offence_group", "Robbery of Personal Property", "personal-robbery"},
    {"offence_group", "Robbery", "(mixed)"},
    {"offence_group", "Violence with Injury", "(mixed)"},
    {"offence_group", "Violence and sexual offences", "(mixed)"},
    {"offence_group", "Assault with injury", "abh"},
    {"offence_group", "Theft from a Motor Vehicle", "vehicle"},
    {"offence_group", "Theft from the person", "theft"},
    {"offence_group", "Threats to kill", "threats-to-kill"},
    {"offence_group", "Assault by penetration", "assault-by-penetration"},
    {"offence_group", "Gardening", NULL},
    {"weapon_use", "Threatened with", "threatened"},
    {"weapon_use", "None", "none"},
    {"flag", "Yes", "yes"},
    {"flag", "Maybe", NULL},
    {"missing", "n/a", "(missing)"},
    {"missing", "Nothing", NULL},
    {"borough", "havering", "E09000016"},
    {"borough", "Havering 013C", NULL},
};

static void values_mean_what_their_longest_phrase_says(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        for (size_t i = 0; i < sizeof MEANINGS / sizeof MEANINGS[0]; i++) {
            struct value_match m =
                lexicon_value(t.lexicon, MEANINGS[i].vocabulary, text_of(MEANINGS[i].cell));
            bool is_same = m.target && MEANINGS[i].target
                               ? strcmp(m.target, MEANINGS[i].target) == 0
                               : m.target == MEANINGS[i].target;
            if (!is_same) {
                fail_msg("%s \"%s\" is %s, expected %s", MEANINGS[i].vocabulary, MEANINGS[i].cell,
                         m.target ? m.target : "not known",
                         MEANINGS[i].target ? MEANINGS[i].target : "not known");
            }
        }
    }
}

/* Every word list is of canonical values only: a slip in the data would map to nothing. */
static void every_target_is_a_value_of_its_column(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        size_t count, checked = 0;
        const struct kind *kinds = kind_table(&count);
        for (size_t i = 0; i < count; i++) {
            for (size_t c = 0; c < kinds[i].column_count; c++) {
                const struct kind_column *kc = &kinds[i].columns[c];
                for (size_t v = 0; kc->vocabulary && kc->vocabulary[v]; v++) {
                    const char *ours = kc->vocabulary[v];
                    struct value_match m = lexicon_value(t.lexicon, kc->name, text_of(ours));
                    bool has_list = lexicon_vocabulary(t.lexicon, kc->name) < MOST_VOCABULARIES;
                    bool is_code = strlen(ours) <= 3; /* IC1, W1: they stand for themselves */
                    if (has_list && !is_code && m.target && m.target[0] != '(' &&
                        strcmp(m.target, ours) != 0) {
                        fail_msg("%s: \"%s\" means %s", kc->name, ours, m.target);
                    }
                    checked++;
                }
            }
        }
        CHECK(checked > 60);
    }
}

/* ---- the assignment ---- */

static double best_by_force(const double *w, size_t rows, size_t columns, size_t row, unsigned used)
{
    if (row == rows) {
        return 0;
    }
    double best = best_by_force(w, rows, columns, row + 1, used);
    for (size_t c = 0; c < columns; c++) {
        if (!(used & (1U << c)) && w[row * columns + c] > 0) {
            double total =
                w[row * columns + c] + best_by_force(w, rows, columns, row + 1, used | (1U << c));
            best = total > best ? total : best;
        }
    }
    return best;
}

static void the_assignment_is_the_best_of_all(void **state)
{
    (void)state;
    struct rv_err err = {0};
    uint64_t random = 2463534242;
    for (size_t round = 0; round < 600; round++) {
        struct arena a;
        double w[36];
        size_t got[6], rows = 1 + round % 6, columns = 1 + round / 6 % 6;
        arena_init(&a, 1 << 20);
        for (size_t i = 0; i < rows * columns; i++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            w[i] = (double)(int)((random >> 33) % 100 - 30) / 100; /* three in ten not allowed */
        }
        CHECK_OK(match_best(&a, w, rows, columns, got, &err));
        double total = 0;
        unsigned used = 0;
        for (size_t row = 0; row < rows; row++) {
            if (got[row] == MATCH_NONE) {
                continue;
            }
            CHECK(got[row] < columns && !(used & (1U << got[row])));
            CHECK(w[row * columns + got[row]] > 0);
            used |= 1U << got[row];
            total += w[row * columns + got[row]];
        }
        CHECK_NEAR(total, best_by_force(w, rows, columns, 0, 0), 1e-12);
        arena_done(&a);
    }
}

/* ---- tables of people ---- */

static void headers_of_groups_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int sex; /* 1 = female, 0 = male, -1 = both, -2 = no such header */
        int from, to;
    } ROWS[] = {{"Females_0-15", 1, 0, 15},
                {"Males 65+", 0, 65, 130},
                {"Age: Aged 4 years and under", -1, 0, 4},
                {"Age: Aged 5 to 9 years", -1, 5, 9},
                {"Age: Aged 85 years and over", -1, 85, 130},
                {"Age: Total", -1, 0, 130},
                {"Persons_All-Ages", -1, 0, 130},
                {"Under 16 (all)", -1, 0, 15},
                {"Aged 24", -1, 24, 24},
                {"Women over 64", 1, 65, 130},
                {"Male life expectancy", 0, 0, 130},
                {"Hectares", -2, 0, 0},
                {"Fmales", -2, 0, 0}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct people_group g;
        bool is_read = people_read(text_of(ROWS[i].header), &g);
        if (is_read != (ROWS[i].sex != -2)) {
            fail_msg("\"%s\" was %sread", ROWS[i].header, is_read ? "" : "not ");
        }
        if (is_read && ((g.has_sex ? g.is_female : -1) != ROWS[i].sex ||
                        g.age_from != ROWS[i].from || g.age_to != ROWS[i].to)) {
            fail_msg("\"%s\" is %d to %d", ROWS[i].header, g.age_from, g.age_to);
        }
    }
}

static void parts_are_taken_and_their_total_is_checked(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "LSOA21CD|Year|All persons|Aged 0 to 15|Aged 16 to 64|Aged 65 and over\n"
                       "E01002276|2021|100|20|70|10\nE01002277|2021|60|10|40|10\n");
        table_propose(&t, NULL, 0);
        CHECK_STRING(t.p.kind->name, "population");
        CHECK_INT(t.p.wide_count, 3);
        CHECK_INT(t.p.total_column, 2);
        CHECK(text_is(t.p.wide[2].set[1].to, "130"));
        CHECK_INT(t.p.hard_count, 0);
        /* A total that is not the sum is no total. */
        table_read(&t, "LSOA21CD|Year|All persons|Aged 0 to 15|Aged 16 to 64|Aged 65 and over\n"
                       "E01002276|2021|101|20|70|10\nE01002277|2021|62|10|40|10\n");
        table_propose(&t, NULL, 0);
        CHECK_INT(t.p.total_column, SUGGEST_NONE);
    }
}

/* ---- proposals ---- */

#define CRIMES                                                                                     \
    "Crime Ref No|Date Reported|Committed From|HO Class|Disposal|Grid East|Grid North|Ward|"       \
    "Victim Surname|DOB|Notes\n"                                                                   \
    "1001/21|14/03/2021|13/03/2021 22:15|8N|Charged|551268|182681|E05013967|Exampleson|"           \
    "01/02/1990|a long remark about what happened there\n"                                         \
    "1002/21|15/03/2021|14/03/2021 09:05|34B|NFA|551300|182700|E05013968|Sampleton|"               \
    "01/03/1991|another long remark about what happened\n"                                         \
    "1003/21|31/03/2021|30/03/2021 12:00|105A|No suspect identified|551310|182690|E05013968|"      \
    "Testerly|01/04/1992|one more long remark about what happened\n"                               \
    "1004/21|28/03/2021|20/03/2021 01:30|5D|Charged|551299|182650|E05013967|Madeup|"               \
    "01/05/1993|the last long remark about what had happened\n"

static void a_table_of_crimes_is_mapped(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, CRIMES);
        table_propose(&t, NULL, 0);
        CHECK_STRING(t.p.kind->name, "offences");
        CHECK_STRING(table_from(&t, "offence_id"), "Crime Ref No");
        CHECK_STRING(table_from(&t, "recorded_at"), "Date Reported");
        CHECK_STRING(table_from(&t, "committed_from"), "Committed From");
        CHECK_STRING(table_from(&t, "offence_code"), "HO Class");
        CHECK_STRING(table_from(&t, "outcome"), "Disposal");
        CHECK_STRING(table_from(&t, "easting"), "Grid East");
        CHECK_STRING(table_from(&t, "northing"), "Grid North");
        CHECK_STRING(table_from(&t, "ward_code"), "Ward");
        CHECK_STRING(table_find(&t, "recorded_at")->format, "DD/MM/YYYY");
        CHECK_STRING(table_find(&t, "committed_from")->format, "DD/MM/YYYY HH:MI");
        CHECK_INT(t.p.hard_count, 0);
        CHECK(strstr(table_find(&t, "offence_id")->because, "4 of 4 values differ"));
        const struct value_map *outcome = &table_find(&t, "outcome")->map;
        CHECK_STRING(table_meaning(outcome, "Charged"), "accused");
        CHECK_STRING(table_meaning(outcome, "No suspect identified"), "no-suspect");
        assert_null(table_meaning(outcome, "NFA"));
        CHECK_INT(outcome->unmapped, 1);
    }
}

static void personal_columns_are_named_and_never_taken(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, CRIMES);
        table_propose(&t, NULL, 0);
        size_t personal = 0;
        for (size_t i = 0; i < t.p.aside_count; i++) {
            const char *header = t.facts[t.p.aside[i].column].header;
            bool is_one = strcmp(header, "Victim Surname") == 0 || strcmp(header, "DOB") == 0;
            CHECK(!is_one == !t.p.aside[i].personal);
            personal += is_one;
        }
        CHECK_INT(personal, 2);
        /* Not even when a person asks for it. */
        table_read(&t, "Pseudonym|NHS number|Date|Offence\nA1|9990000018|2021-03-04|Murder\n"
                       "A2|9990000018|2021-03-05|Arson\n");
        table_propose(&t, NULL, 0);
        CHECK_STRING(table_from(&t, "offence_id"), "");
    }
}

static void an_order_that_the_file_does_not_tell_is_asked(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        struct profile profile;
        table_read(&t, "Crime ref|reported|Offence\nA/1|03/04/2021|Murder\nA/2|05/06/2021|Arson\n");
        table_propose(&t, NULL, 0);
        const struct question *q = table_question(&t, "reported");
        CHECK(q->key && q->is_hard && q->usual == SUGGEST_NONE && q->choice_count == 2);
        CHECK_STRING(q->choices[0].value, "DD/MM/YYYY");
        CHECK_STRING(q->choices[1].value, "MM/DD/YYYY");
        CHECK_FAILS(suggest_profile(&t.a, &t.p, &t.options, &profile, &t.err), RV_REFUSED);
        CHECK(strstr(t.err.message, "--answer \"reported=DD/MM/YYYY\" or --answer "
                                    "\"reported=MM/DD/YYYY\""));
        table_propose(&t, ANSWERS({"reported", "MM/DD/YYYY"}));
        CHECK(!table_question(&t, "reported")->key);
        struct rv_err err = {0};
        CHECK_OK(suggest_profile(&t.a, &t.p, &t.options, &profile, &err));
        CHECK_STRING(table_find(&t, "recorded_at")->format, "MM/DD/YYYY");
        /* One answer for all columns, and the layout of a canonical column, do as well. */
        table_propose(&t, ANSWERS({"dates", "day-first"}));
        CHECK_STRING(table_find(&t, "recorded_at")->format, "DD/MM/YYYY");
        table_propose(&t, ANSWERS({"recorded_at", "DD/MM/YYYY"}));
        CHECK(!table_find(&t, "recorded_at")->is_order_open);
    }
}

static void another_column_never_decides_the_order(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "Crime ref|Date reported|Committed from|Offence\n"
                       "A/1|31/04/2021|03/04/2021|Murder\nA/2|25/06/2021|05/06/2021|Arson\n");
        table_propose(&t, NULL, 0);
        CHECK(!table_find(&t, "recorded_at")->is_order_open);
        CHECK(table_find(&t, "committed_from")->is_order_open);
        CHECK(table_question(&t, "Committed from")->is_hard);
    }
}

static void what_the_whole_file_says_of_dates_counts(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        struct date_tally_of watched[3] = {{.others = 0}};
        table_read(&t, "Crime ref|reported|Offence\nA/1|03/04/2021|Murder\nA/2|05/06/2021|Arson\n");
        watched[1].rows[DATE_NUMBERS] = 1000; /* rows that the sample does not hold */
        watched[1].not_month_first = 600;
        t.sample.watched = watched;
        struct rv_err err = {0};
        CHECK_OK(facts_find(&t.a, t.lexicon, &t.sample, &t.facts, &err));
        table_propose(&t, NULL, 0);
        CHECK(!table_question(&t, "reported")->key);
        CHECK_STRING(table_find(&t, "recorded_at")->format, "DD/MM/YYYY");
    }
}

static void answers_decide(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, CRIMES);
        table_propose(&t, ANSWERS({"Disposal", "venue_type"}, {"Ward", "drop"}, {"Notes", "drop"},
                                  {"refresh", "period"}, {"easting", "none"},
                                  {"location_precision", "exact"}));
        CHECK_STRING(table_from(&t, "venue_type"), "Disposal");
        CHECK_STRING(table_from(&t, "outcome"), "");
        CHECK_STRING(table_from(&t, "ward_code"), "");
        CHECK_STRING(table_from(&t, "northing"), ""); /* half a place is none */
        CHECK_STRING(table_find(&t, "location_precision")->constant, "exact");
        CHECK_INT(t.p.refresh, PROFILE_PERIOD);
        table_propose(&t, ANSWERS({"Disposal:NFA", "evidential"}, {"Disposal:Charged", "missing"}));
        const struct value_map *outcome = &table_find(&t, "outcome")->map;
        CHECK_STRING(table_meaning(outcome, "NFA"), "evidential");
        CHECK_STRING(table_meaning(outcome, "Charged"), "");
        table_propose(&t, ANSWERS({"venue_name", "Notes"}));
        CHECK_STRING(table_from(&t, "venue_name"), "Notes");
    }
}

static void answers_that_do_not_fit_are_wrong_use(void **state)
{
    (void)state;
    static const struct {
        struct answer answer;
        const char *part;
    } ROWS[] = {
        {{"kind", "crimes"}, "one of: offences"},
        {{"No such header", "outcome"}, "no column of that name"},
        {{"Disposal", "result"}, "or drop"},
        {{"Date Reported", "YYYYMM"}, "does not fit the cells"},
        {{"Disposal:NFA", "dropped"}, "is not a value of outcome"},
        {{"refresh", "never"}, "full, period, incremental"},
        {{"location_precision", "vague"}, "cannot hold it"},
        {{"outcome_date", "yesterday"}, "cannot hold it"},
    };
    WITH_TABLE(t)
    {
        table_read(&t, CRIMES);
        for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
            CHECK_FAILS(table_try(&t, &ROWS[i].answer, 1), RV_USAGE);
            if (!strstr(t.err.message, ROWS[i].part)) {
                fail_msg("%s", t.err.message);
            }
        }
    }
}

static void needs_that_no_column_meets_are_asked(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "Crime ref|Victim age|Victim sex\nA/1|17|F\nA/2|34|M\nA/3|22|M\n");
        table_propose(&t, ANSWERS({"kind", "persons"}));
        CHECK_STRING(table_find(&t, "role")->constant, "victim"); /* the headers say so */
        CHECK_INT(t.p.hard_count, 0);
        table_read(&t, "Crime ref|Age|Sex\nA/1|17|F\nA/2|34|M\nA/3|22|M\n");
        table_propose(&t, ANSWERS({"kind", "persons"}));
        CHECK(table_question(&t, "role")->is_hard);
        table_propose(&t, ANSWERS({"kind", "persons"}, {"role", "suspect"}));
        CHECK_INT(t.p.hard_count, 0);
        table_read(&t, "Ward code|Assaults\nE05013967|12\nE05013968|9\n");
        table_propose(&t, ANSWERS({"kind", "area-counts"}));
        CHECK(table_question(&t, "period")->is_hard);
        table_propose(&t, ANSWERS({"kind", "area-counts"}, {"period", "2009-04..2011-03"},
                                  {"offence_group", "other-violence"}));
        CHECK_INT(t.p.hard_count, 0);
        CHECK_STRING(table_find(&t, "period_to")->constant, "2011-03");
    }
}

static void of_two_people_in_a_row_only_one_is_mapped(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "Crime ref|Suspect sex|Victim sex|Suspect age|Victim age\nA/1|M|F|17|30\n"
                       "A/2|M|M|18|40\nA/3|F|F|21|22\n");
        table_propose(&t, ANSWERS({"kind", "persons"}, {"role", "suspect"}));
        CHECK_STRING(table_from(&t, "sex"), "Suspect sex");
        CHECK_STRING(table_from(&t, "age"), "Suspect age");
        table_propose(&t, ANSWERS({"kind", "persons"}, {"role", "victim"}));
        CHECK_STRING(table_from(&t, "sex"), "Victim sex");
        CHECK_STRING(table_from(&t, "age"), "Victim age");
    }
}

static void flags_and_times_are_put_together(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "Crime ref|Date recorded|Offence date|Offence time|Offence|Knife crime flag|"
                       "Domestic abuse\n"
                       "A/1|2021-03-31|2021-03-30|22:15|Murder|Y|Domestic\n"
                       "A/2|2021-03-29|2021-03-28|09:05|Arson|N|Not domestic\n"
                       "A/3|2021-03-21|2021-03-20|00:10|Arson|N|Not domestic\n");
        table_propose(&t, NULL, 0);
        const struct suggestion *from = table_find(&t, "committed_from");
        CHECK_STRING(table_from(&t, "committed_from"), "Offence date");
        CHECK_STRING(t.facts[from->time_column].header, "Offence time");
        CHECK_STRING(from->time_format, "HH:MI");
        const struct suggestion *flags = table_find(&t, "flags");
        CHECK(flags->is_taken && flags->also_count == 1);
        CHECK_STRING(table_meaning(&flags->map, "Y"), "knife");
        CHECK_STRING(table_meaning(&flags->map, "N"), "");
        CHECK_STRING(table_meaning(&flags->also[0].map, "Domestic"), "domestic-abuse");
        CHECK_STRING(table_meaning(&flags->also[0].map, "Not domestic"), "");
    }
}

static void columns_of_months_are_seen(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "WardCode|MajorText|Apr-21|May-21|Jun-21|Jul-21\n"
                       "E05013967|Burglary|1|2|3|4\nE05013968|Burglary|5|6|7|8\n"
                       "E05013968|Drugs|5|6|7|8\n");
        table_propose(&t, NULL, 0);
        CHECK_STRING(t.p.kind->name, "area-counts");
        CHECK_STRING(t.p.periods, "MMM-YY");
        CHECK_INT(t.p.month_count, 4);
        CHECK_STRING(t.p.value->name, "count");
        CHECK_INT(t.p.hard_count, 0);
        /* Two months are no table of months. */
        table_read(&t, "WardCode|MajorText|Apr-21|May-21\nE05013967|Burglary|1|2\n");
        table_propose(&t, NULL, 0);
        assert_null(t.p.periods);
    }
}

static void places_outside_the_island_are_left_out(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "Crime ref|Date reported|Offence|Latitude|Longitude\n"
                       "A/1|2021-03-14|Murder|40.86905|-73.87963\n"
                       "A/2|2021-03-15|Arson|40.67736|-73.84392\n");
        table_propose(&t, NULL, 0);
        CHECK_STRING(table_from(&t, "latitude"), "");
        bool is_said = false;
        for (size_t i = 0; i < t.p.aside_count; i++) {
            is_said = is_said || strstr(t.p.aside[i].because, "outside Great Britain");
        }
        CHECK(is_said);
    }
}

static void the_profile_of_a_proposal_is_read_again(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        struct rv_err err = {0};
        struct profile made, again;
        struct buf json;
        table_read(&t, CRIMES);
        table_propose(&t, ANSWERS({"profile", "my-police"}, {"supplier", "Example Police"},
                                  {"supplier-kind", "police"}));
        CHECK_OK(suggest_profile(&t.a, &t.p, &t.options, &made, &err));
        buf_init(&json, LIMIT_JSON_BYTES);
        profile_write(&made, &json);
        CHECK_OK(profile_parse(&t.a, "made.json", buf_view(&json), &again, &err));
        CHECK_STRING(again.id, "my-police");
        CHECK_STRING(again.supplier, "Example Police");
        CHECK_STRING(again.supplier_kind, "police");
        CHECK_INT(again.column_count, made.column_count);
        /* Nothing of the personal columns is in it, not even a name. */
        CHECK(!strstr(json.bytes, "Surname") && !strstr(json.bytes, "DOB") &&
              !strstr(json.bytes, "Exampleson"));
        buf_done(&json);
    }
}

static void the_same_table_gives_the_same_proposal(void **state)
{
    (void)state;
    char first[8192] = "";
    for (int round = 0; round < 2; round++) {
        WITH_TABLE(t)
        {
            struct rv_err err = {0};
            struct profile made;
            struct buf json;
            table_read(&t, CRIMES);
            table_propose(&t, NULL, 0);
            CHECK_OK(suggest_profile(&t.a, &t.p, &t.options, &made, &err));
            buf_init(&json, sizeof first - 1);
            profile_write(&made, &json);
            CHECK(!json.failed);
            if (round) {
                CHECK_STRING(json.bytes, first);
            }
            memcpy(first, json.bytes, json.n + 1);
            buf_done(&json);
        }
    }
}

static void odd_tables_give_a_proposal_or_a_question(void **state)
{
    (void)state;
    static const char *const TABLES[] = {
        "a\n",
        "a\n\n",
        "\n\n",
        "a|a|a\n1|2|3\n",
        "|||\n|||\n",
        "2021|2022|2023\n1|2|3\n",
        "Name|Address|DOB\nExample Person|1 Example Road|01/01/1990\n"};
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        WITH_TABLE(t)
        {
            struct profile made;
            table_read(&t, TABLES[i]);
            table_propose(&t, NULL, 0);
            CHECK_FAILS(suggest_profile(&t.a, &t.p, &t.options, &made, &t.err), RV_REFUSED);
        }
    }
}

static void a_table_of_statistics_is_no_population(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t,
                   "date|geography code|Qualification: Total: All usual residents aged 16 years "
                   "and over|None|Level 1|Level 2|Apprenticeship|Level 4\n"
                   "2021|E09000016|100|20|20|20|20|20\n2021|E09000002|90|10|20|20|20|20\n"
                   "2021|E09000003|80|10|10|20|20|20\n");
        table_propose(&t, NULL, 0);
        assert_string_equal(t.p.kind->name, "indicators");
        assert_string_equal(table_from(&t, "persons"), "");
    }
}

static void a_mobile_structure_is_no_telephone(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        table_read(&t, "A caravan or other mobile or temporary structure|Victim mobile|MobileNo|"
                       "Mobile (home)|Client mobile number\n1|2|3|4|5\n");
        CHECK(!t.facts[0].personal);
        for (size_t i = 1; i < 5; i++) {
            assert_string_equal(t.facts[i].personal, "a phone number");
        }
    }
}

static void places_abroad_are_not_taken_with_a_decimal_comma_either(void **state)
{
    (void)state;
    WITH_TABLE(t)
    {
        const char *abroad = "Crime ref|Date reported|Offence type|Latitude|Longitude\n"
                             "A/1|2022-05-13|Burglary|6,2572|-75,5698\n"
                             "A/2|2022-05-14|Burglary|6,2228|-75,6103\n";
        table_read(&t, abroad);
        table_propose(&t, ANSWERS({"kind", "offences"}));
        assert_string_equal(table_from(&t, "latitude"), "");
        table_read(&t, "Crime ref|Date reported|Offence type|Latitude|Longitude\n"
                       "A/1|2022-05-13|Burglary|51,5812|0,1837\n"
                       "A/2|2022-05-14|Burglary|51,5790|0,1902\n");
        table_propose(&t, ANSWERS({"kind", "offences"}));
        assert_string_equal(table_from(&t, "latitude"), "Latitude");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_cut_into_words),
        cmocka_unit_test(a_whole_header_says_more_than_a_part),
        cmocka_unit_test(values_mean_what_their_longest_phrase_says),
        cmocka_unit_test(every_target_is_a_value_of_its_column),
        cmocka_unit_test(the_assignment_is_the_best_of_all),
        cmocka_unit_test(headers_of_groups_are_read),
        cmocka_unit_test(parts_are_taken_and_their_total_is_checked),
        cmocka_unit_test(a_table_of_crimes_is_mapped),
        cmocka_unit_test(personal_columns_are_named_and_never_taken),
        cmocka_unit_test(an_order_that_the_file_does_not_tell_is_asked),
        cmocka_unit_test(another_column_never_decides_the_order),
        cmocka_unit_test(what_the_whole_file_says_of_dates_counts),
        cmocka_unit_test(answers_decide),
        cmocka_unit_test(answers_that_do_not_fit_are_wrong_use),
        cmocka_unit_test(needs_that_no_column_meets_are_asked),
        cmocka_unit_test(of_two_people_in_a_row_only_one_is_mapped),
        cmocka_unit_test(flags_and_times_are_put_together),
        cmocka_unit_test(columns_of_months_are_seen),
        cmocka_unit_test(places_outside_the_island_are_left_out),
        cmocka_unit_test(the_profile_of_a_proposal_is_read_again),
        cmocka_unit_test(the_same_table_gives_the_same_proposal),
        cmocka_unit_test(odd_tables_give_a_proposal_or_a_question),
        cmocka_unit_test(a_table_of_statistics_is_no_population),
        cmocka_unit_test(a_mobile_structure_is_no_telephone),
        cmocka_unit_test(places_abroad_are_not_taken_with_a_decimal_comma_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
