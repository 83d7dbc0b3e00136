/* tests/ingest/test_suggest_value.c — every tester of a single cell, with what it must not take.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "ingest/suggest_value.h"

struct form_row {
    const char *cell;
    enum value_form form;
    bool is_so;
};

static void check_rows(const struct form_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool got = (value_forms(text_of(rows[i].cell)) & form_bit(rows[i].form)) != 0;
        if (got != rows[i].is_so) {
            fail_msg("\"%s\" is %s%s", rows[i].cell, got ? "taken for " : "not taken for ",
                     value_form_name(rows[i].form));
        }
    }
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof(rows)[0])

static void numbers_are_told_from_what_looks_like_them(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"0", VALUE_WHOLE, true},
        {"-17", VALUE_WHOLE, true},
        {"12.5", VALUE_WHOLE, false},
        {"1e3", VALUE_WHOLE, false},
        {"+5", VALUE_WHOLE, false},
        {"12 ", VALUE_WHOLE, false},
        {"0x1F", VALUE_NUMBER, false},
        {"nan", VALUE_NUMBER, false},
        {"inf", VALUE_NUMBER, false},
        {"1.2.3", VALUE_NUMBER, false},
        {"-0.25", VALUE_NUMBER, true},
        {"1,204", VALUE_NUMBER, false},
        {"1,204", VALUE_GROUPED_NUMBER, true},
        {"1,204,000", VALUE_GROUPED_NUMBER, true},
        {"12,04", VALUE_GROUPED_NUMBER, false},
        {"1,20,400", VALUE_GROUPED_NUMBER, false},
        {",204", VALUE_GROUPED_NUMBER, false},
        {"51,5074", VALUE_COMMA_NUMBER, true},
        {"-75,569854", VALUE_COMMA_NUMBER, true},
        {"1,2,3", VALUE_COMMA_NUMBER, false},
        {"28.0", VALUE_ZERO_DECIMALS, true},
        {"28.5", VALUE_ZERO_DECIMALS, false},
        {"28", VALUE_ZERO_DECIMALS, false},
        {"\xC2\xA3"
         "1,204.50",
         VALUE_MONEY, true},
        {"-\xC2\xA3"
         "5",
         VALUE_MONEY, true},
        {"$12.50", VALUE_MONEY, true},
        {"12.50", VALUE_MONEY, false},
        {"\xC2\xA3", VALUE_MONEY, false},
        {"\xC2\xA3 twelve", VALUE_MONEY, false},
        {"12.3%", VALUE_PERCENT, true},
        {"12 %", VALUE_PERCENT, true},
        {"%", VALUE_PERCENT, false},
        {"12.3", VALUE_PERCENT, false},
        {"2021", VALUE_YEAR, true},
        {"1899", VALUE_YEAR, false},
        {"02021", VALUE_YEAR, false},
        {"44562", VALUE_SERIAL, true},
        {"44562.5", VALUE_SERIAL, true},
        {"12000", VALUE_SERIAL, false},
    };
    CHECK_ROWS(ROWS);
}

static void places_are_told_by_their_range(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"551268", VALUE_EASTING, true},
        {"551268", VALUE_LONDON_EASTING, true},
        {"551268.5", VALUE_LONDON_EASTING, true},
        {"182681", VALUE_LONDON_NORTHING, true},
        {"1017541.563", VALUE_EASTING, false},
        {"551268", VALUE_LONDON_NORTHING, false},
        {"551.268", VALUE_KILOMETRE_EASTING, true},
        {"551", VALUE_KILOMETRE_EASTING, false},
        {"-5", VALUE_EASTING, false},
        {"51.58012", VALUE_LATITUDE, true},
        {"51.5", VALUE_LATITUDE, false},
        {"0.179032", VALUE_LONGITUDE, true},
        {"-0.179032", VALUE_LONGITUDE, true},
        {"40.86905819", VALUE_LATITUDE, false},
        {"40.86905819", VALUE_FAR_LATITUDE, true},
        {"-73.87963173", VALUE_FAR_LONGITUDE, true},
        {"-73.87963173", VALUE_LONGITUDE, false},
        {"181.5000", VALUE_FAR_LONGITUDE, false},
        {"TQ 512 887", VALUE_GRID_REFERENCE, true},
        {"TQ512887", VALUE_GRID_REFERENCE, true},
        {"TQ 512 88", VALUE_GRID_REFERENCE, false},
        {"AB123456", VALUE_GRID_REFERENCE, false},
        {"POINT (-73.8 40.8)", VALUE_POINT_TEXT, true},
        {"E01002276", VALUE_LSOA, true},
        {"W01000001", VALUE_LSOA, true},
        {"E02000464", VALUE_MSOA, true},
        {"E02000464", VALUE_LSOA, false},
        {"E05013967", VALUE_WARD, true},
        {"E09000016", VALUE_BOROUGH, true},
        {"E06000001", VALUE_BOROUGH, true},
        {"E12000007", VALUE_REGION, true},
        {"K04000001", VALUE_REGION, true},
        {"E54000029", VALUE_OTHER_GSS, true},
        {"e01002276", VALUE_LSOA, false},
        {"E0100227", VALUE_LSOA, false},
        {"E010022761", VALUE_LSOA, false},
        {"E0100227X", VALUE_LSOA, false},
        {"00ARGR", VALUE_OLD_WARD, true},
        {"00AR", VALUE_OLD_BOROUGH, true},
        {"00ar", VALUE_OLD_BOROUGH, false},
        {"20AB", VALUE_OLD_BOROUGH, true},
        {"Havering 013C", VALUE_LSOA_NAME, true},
        {"City of London 001", VALUE_LSOA_NAME, true},
        {"Havering", VALUE_LSOA_NAME, false},
        {"Room 12", VALUE_LSOA_NAME, false},
        {"001A", VALUE_LSOA_NAME, false},
    };
    CHECK_ROWS(ROWS);
}

static void class_codes_are_those_of_the_counting_rules(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"5D", VALUE_HO_CODE, true},         {"5D", VALUE_HO_LETTERED, true},
        {"8N", VALUE_HO_LETTERED, true},     {"34B", VALUE_HO_LETTERED, true},
        {"105A", VALUE_HO_LETTERED, true},   {"39", VALUE_HO_CODE, true},
        {"39", VALUE_HO_LETTERED, false},    {"8N/1", VALUE_HO_LETTERED, true},
        {"004/10", VALUE_HO_LETTERED, true}, {"624", VALUE_HO_CODE, false},
        {"0", VALUE_HO_CODE, false},         {"8n", VALUE_HO_CODE, false},
        {"8NN", VALUE_HO_CODE, false},       {"N8", VALUE_HO_CODE, false},
        {"8N/", VALUE_HO_CODE, false},       {"8N/123", VALUE_HO_CODE, false},
        {"1234A", VALUE_HO_CODE, false},     {"12 A", VALUE_HO_CODE, false},
    };
    CHECK_ROWS(ROWS);
}

static void ages_bands_and_ethnic_codes_are_recognised(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"0", VALUE_AGE, true},
        {"120", VALUE_AGE, true},
        {"121", VALUE_AGE, false},
        {"-1", VALUE_AGE, false},
        {"7.5", VALUE_AGE, false},
        {"0017", VALUE_AGE, false},
        {"10-17", VALUE_AGE_BAND, true},
        {"25 to 34", VALUE_AGE_BAND, true},
        {"18\xE2\x80\x93"
         "24",
         VALUE_AGE_BAND, true},
        {"under 18", VALUE_AGE_BAND, true},
        {"Under 10", VALUE_AGE_BAND, true},
        {"<18", VALUE_AGE_BAND, true},
        {"65+", VALUE_AGE_BAND, true},
        {"over 34", VALUE_AGE_BAND, true},
        {"65 and over", VALUE_AGE_BAND, true},
        {"Aged 10 to 14 years", VALUE_AGE_BAND, true},
        {"Aged 4 years and under", VALUE_AGE_BAND, true},
        {"85 plus", VALUE_AGE_BAND, true},
        {"18", VALUE_AGE_BAND, false},
        {"10-17-20", VALUE_AGE_BAND, false},
        {"2021-03", VALUE_AGE_BAND, false},
        {"1000-2000", VALUE_AGE_BAND, false},
        {"adult", VALUE_AGE_BAND, false},
        {"over", VALUE_AGE_BAND, false},
        {"W1", VALUE_ETHNICITY_CODE, true},
        {"ns", VALUE_ETHNICITY_CODE, true},
        {"W8", VALUE_ETHNICITY_CODE, false},
        {"W", VALUE_ETHNICITY_CODE, false},
        {"IC1", VALUE_IC_CODE, true},
        {"IC3 - Black", VALUE_IC_CODE, true},
        {"IC12", VALUE_IC_CODE, false},
        {"ICE", VALUE_IC_CODE, false},
    };
    CHECK_ROWS(ROWS);
}

/* The numbers and names here are made up; the NHS number is of the test range and has a right
 * check digit. */
static void what_identifies_a_person_is_recognised(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"999 000 0018", VALUE_NHS_NUMBER, true},
        {"9990000018", VALUE_NHS_NUMBER, true},
        {"9990000019", VALUE_NHS_NUMBER, false},
        {"RM1 3AB", VALUE_POSTCODE, true},
        {"EC1A1BB", VALUE_POSTCODE, true},
        {"RM1 3", VALUE_POSTCODE, false},
        {"RM1 3", VALUE_POSTCODE_PART, true},
        {"RM1", VALUE_POSTCODE_PART, true},
        {"RM", VALUE_POSTCODE_PART, false},
        {"a.person@example.org", VALUE_EMAIL, true},
        {"@example", VALUE_EMAIL, false},
        {"020 7946 0018", VALUE_PHONE, true},
        {"+44 7700 900123", VALUE_PHONE, true},
        {"01234", VALUE_PHONE, false},
        {"551268182681", VALUE_PHONE, false},
        {"QQ 12 34 56 C", VALUE_NI_NUMBER, true},
        {"QQ123456C", VALUE_NI_NUMBER, true},
        {"QQ123456Z", VALUE_NI_NUMBER, false},
        {"AB12345678", VALUE_NI_NUMBER, false},
        {"A123456789012", VALUE_UPN, true},
        {"A12345678901", VALUE_UPN, false},
        {"12 Example Road", VALUE_ADDRESS, true},
        {"Flat 2, 14 Example Street", VALUE_ADDRESS, true},
        {"On or near Example Road", VALUE_ADDRESS, false},
        {"12 Example", VALUE_ADDRESS, false},
        {"Example Person", VALUE_PERSON_NAME, true},
        {"Example Road", VALUE_PERSON_NAME, false},
        {"example person", VALUE_PERSON_NAME, false},
        {"Example", VALUE_PERSON_NAME, false},
    };
    CHECK_ROWS(ROWS);
    for (enum value_form f = 0; f < VALUE_COUNT; f++) {
        CHECK(*value_form_name(f));
    }
    CHECK_STRING(value_form_personal(VALUE_NHS_NUMBER), "an NHS number");
    assert_null(value_form_personal(VALUE_POSTCODE_PART));
}

static void references_and_free_text_are_told_apart(void **state)
{
    (void)state;
    static const struct form_row ROWS[] = {
        {"1204/21", VALUE_CODE, true},
        {"abc", VALUE_CODE, false},
        {"AB 12", VALUE_CODE, false},
        {"Suspect left the scene on foot towards town", VALUE_SENTENCE, true},
        {"Theft from the person", VALUE_SENTENCE, false},
        {"", VALUE_WHOLE, false},
    };
    CHECK_ROWS(ROWS);
    assert_int_equal(value_forms((struct text){NULL, 0}), 0);
}

static void a_pattern_shows_the_look_and_not_the_value(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *pattern;
    } ROWS[] = {{"14/03/2021", "99/99/9999"},
                {"Ab 12", "Aa 99"},
                {"12345678", "999999~"},
                {"", ""},
                {"Jos\xC3\xA9", "Aaaaa"},
                {"a\tb", "a a"},
                {"A-1 A-1 A-1 A-1 A-1 A-1 A-1 A-1 A-1 A-1", "A-9 A-9 A-9 A-9 A-9 A-9 A-9 A-"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        char out[PATTERN_BYTES];
        value_pattern(text_of(ROWS[i].cell), out);
        CHECK_STRING(out, ROWS[i].pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_told_from_what_looks_like_them),
        cmocka_unit_test(places_are_told_by_their_range),
        cmocka_unit_test(class_codes_are_those_of_the_counting_rules),
        cmocka_unit_test(ages_bands_and_ethnic_codes_are_recognised),
        cmocka_unit_test(what_identifies_a_person_is_recognised),
        cmocka_unit_test(references_and_free_text_are_told_apart),
        cmocka_unit_test(a_pattern_shows_the_look_and_not_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
