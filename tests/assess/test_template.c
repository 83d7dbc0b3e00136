/* tests/assess/test_template.c — templates read strictly, and what comes with the program.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/template.h"
#include "base/file.h"
#include "check.h"

#include <string.h>

static struct rv_err err;

#define FAILS(call, status, part)                                                                  \
    do {                                                                                           \
        CHECK_FAILS(call, status);                                                                 \
        if (!strstr(err.message, part)) {                                                          \
            print_error("%s:%d: \"%s\" says nothing of \"%s\"\n", __FILE__, __LINE__, err.message, \
                        part);                                                                     \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define HEAD "\"template\": \"mine\",\n\"version\": \"1\", \"title\": \"T\", \"heading\": \"H\""

static rv_status read_members(struct arena *a, const char *members, struct assess_template *ret)
{
    const char *json = arena_printf(a, "{%s}", members);
    return template_read(a, "mine.json", NULL, text_of(json), ret, &err);
}

static void damaged_ones_are_refused_with_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *members, *where, *says;
    } wrong[] = {
        {"\"template\": \"mine\"", "line 1", "\"version\" is missing"},
        {HEAD, "\"chapters\"", "1 to 64 chapters"},
        {HEAD ", \"chapters\": []", "\"chapters\"", "1 to 64 chapters"},
        {HEAD ", \"chapters\": {\"part\": \"limits\"}", "\"chapters\"", "1 to 64 chapters"},
        {HEAD ", \"chapters\": [1]", "line 2", "an object in braces"},
        {HEAD ",\n\"chapters\": [\n{\"part\": \"limits\"},\n{\"part\": \"weather\"}]", "line 5",
         "\"weather\" is no part of an assessment; there are about, "},
        {HEAD ", \"chapters\": [{\"part\": \"limits\", \"people\": 1}]", "\"people\"",
         "no member that is known"},
        {HEAD ", \"chapters\": [{\"part\": \"limits\", \"sections\": [\"wards\"]}]", "\"sections\"",
         "is of chapters of the parts profile and profiles"},
        {HEAD ", \"chapters\": [{\"part\": \"profiles\", \"profile\": \"burglary\"}]",
         "\"profile\"", "is of chapters of the parts"},
        {HEAD ", \"chapters\": [{\"part\": \"profile\"}]", "line 2", "\"profile\" is missing"},
        {HEAD ", \"chapters\": [{\"part\": \"profile\", \"profile\": \"burglary\"}]", "\"profile\"",
         "of the definition in force"},
        {HEAD ", \"definition\": \"crime-and-disorder\",\n\"chapters\": [{\"part\": \"profile\", "
              "\"profile\": \"burglry\"}]",
         "line 3", "no profile and no context \"burglry\""},
        {HEAD ", \"definition\": \"nobody\", \"chapters\": [{\"part\": \"limits\"}]",
         "\"definition\"", "there are crime-and-disorder, "},
        {HEAD ", \"definition\": \"../mine.json\", \"chapters\": [{\"part\": \"limits\"}]",
         "\"definition\"", "without a folder"},
        {HEAD ", \"definition\": \"mine.json\", \"chapters\": [{\"part\": \"limits\"}]",
         "\"definition\"", "no definition \"mine.json\""},
        {HEAD ", \"definition\": \"havering\", \"chapters\": [{\"part\": \"profile\", \"profile\": "
              "\"under-25\", \"sections\": [\"wards\", \"scores\"]}]",
         "\"sections\"", "\"scores\" is no section of a chapter; there are level, wards"},
        {HEAD ", \"chapters\": [{\"part\": \"limits\"}, {\"part\": \"limits\"}]", "line 2",
         "an earlier chapter tells already"},
        {HEAD ", \"definition\": \"havering\", \"chapters\": [{\"part\": \"profiles\"}, {\"part\": "
              "\"profile\", \"profile\": \"under-25\"}]",
         "line 2", "an earlier chapter tells already"},
        {HEAD ", \"basis\": [{\"duty\": \"d\"}], \"chapters\": [{\"part\": \"about\"}]",
         "\"basis\"", "\"source\" is missing"},
        {HEAD ", \"unsaid\": [], \"chapters\": [{\"part\": \"limits\"}]", "\"unsaid\"",
         "1 to 32 entries"},
        {"\"template\": \"My Own\", \"version\": \"1\", \"title\": \"T\", \"heading\": \"H\"",
         "\"template\"", "small letters"},
    };
    struct arena a;
    struct assess_template t;
    arena_init(&a, 16u << 20);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        FAILS(read_members(&a, wrong[i].members, &t), RV_INVALID, wrong[i].says);
        CHECK(strstr(err.message, "mine.json, line ") != NULL);
        CHECK(strstr(err.message, wrong[i].where) != NULL);
    }
    FAILS(template_read(&a, "t", NULL, text_of("{"), &t, &err), RV_INVALID, "t, line 1");
    arena_done(&a);
}

static void a_sound_one_is_an_ordered_selection(void **state)
{
    (void)state;
    struct arena a;
    struct assess_template t;
    arena_init(&a, 16u << 20);
    CHECK_OK(read_members(
        &a,
        "\"template\": \"mine\", \"version\": \"2\", \"title\": \"T\", \"heading\": \"Of {area}!\","
        "\"definition\": \"crime-and-disorder\", \"chapters\": ["
        "{\"part\": \"limits\"},"
        "{\"part\": \"profile\", \"profile\": \"burglary\", \"sections\": [\"months\"], "
        "\"note\": \"N.\"},"
        "{\"part\": \"profile\", \"profile\": \"all-crime\"},"
        "{\"part\": \"profiles\", \"definition\": \"in-force\"}]",
        &t));
    CHECK_INT(t.chapter_count, 4);
    CHECK_INT(t.chapters[0].part, CHAPTER_LIMITS);
    CHECK_INT(t.chapters[1].sections, SECTION_LEVEL | SECTION_MONTHS);
    CHECK_STRING(t.chapters[1].note, "N.");
    CHECK_STRING(t.chapters[1].definition->is->id, "crime-and-disorder");
    CHECK_INT(t.chapters[2].sections, SECTION_ALL);
    CHECK(t.chapters[2].definition == t.chapters[1].definition);
    CHECK(t.chapters[3].definition->is == NULL);
    CHECK_STRING(t.chapters[3].definition->name, TEMPLATE_IN_FORCE);
    CHECK_STRING(template_heading(&a, &t, "Anywhere"), "Of Anywhere!");
    arena_done(&a);
}

/* Its own definition lies beside it; a definition that is damaged is told with its own line. */
static void a_file_brings_its_own_definition(void **state)
{
    (void)state;
    char folder[] = "/tmp/reeve-template-XXXXXX";
    struct arena a;
    struct assess_template t;
    arena_init(&a, 16u << 20);
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(&a, "%s/mine.json", folder);
    const char *kinds = arena_printf(&a, "%s/kinds.json", folder);
    const char *json = "{" HEAD ", \"definition\": \"kinds.json\", \"chapters\": [{\"part\": "
                       "\"profile\", \"profile\": \"fires\"}]}";
    CHECK_OK(file_write(path, text_of(json), &err));
    FAILS(template_load(&a, path, &t, &err), RV_INVALID, "kinds.json");
    CHECK_OK(file_write(kinds, text_of("{\"definition\": 1}"), &err));
    FAILS(template_load(&a, path, &t, &err), RV_INVALID, "kinds.json, line 1");
    CHECK_OK(file_write(kinds,
                        text_of("{\"definition\": \"kinds\", \"version\": \"1\", \"title\": \"K\", "
                                "\"profiles\": [{\"id\": \"fires\", \"title\": \"Fires\", "
                                "\"offences\": [\"arson\"]}]}"),
                        &err));
    CHECK_OK(template_load(&a, path, &t, &err));
    CHECK_STRING(t.chapters[0].definition->name, "kinds.json");
    CHECK_STRING(t.chapters[0].definition->is->profiles[0].title, "Fires");
    CHECK(unlink(path) == 0 && unlink(kinds) == 0 && rmdir(folder) == 0);
    FAILS(template_load(&a, "no-such", &t, &err), RV_NOT_FOUND,
          "There are annual-crime-and-disorder, needs-assessment");
    arena_done(&a);
}

/* Every shipped one reads, is called as its file, and states its law. */
static void those_shipped_are_sound(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 16u << 20);
    CHECK_INT(template_shipped_count(), 2);
    for (size_t i = 0; i < template_shipped_count(); i++) {
        struct assess_template t;
        struct text name = template_shipped_name(i);
        const char *id = arena_text(&a, name.at, name.n);
        CHECK_OK(template_load(&a, id, &t, &err));
        CHECK_STRING(t.id, id);
        CHECK(t.basis_count > 0 && strstr(t.basis[0].because, "section") != NULL);
    }
    struct assess_template annual;
    CHECK_OK(template_load(&a, "annual-crime-and-disorder", &annual, &err));
    const struct definition *d = annual.chapters[1].definition->is;
    group_set all = 0;
    for (size_t i = 0; i < definition_size(d); i++) {
        size_t chapters = 0;
        all |= d->profiles[i].groups;
        for (size_t k = 0; k < annual.chapter_count; k++) {
            const char *profile = annual.chapters[k].profile;
            chapters += profile && strcmp(profile, d->profiles[i].id) == 0;
        }
        CHECK_INT(chapters, 1); /* every kind has its chapter */
    }
    CHECK_INT(all, ((group_set)1 << OFFENCE_GROUP_COUNT) - 1); /* and every class its kind */
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_ones_are_refused_with_line_and_reason),
        cmocka_unit_test(a_sound_one_is_an_ordered_selection),
        cmocka_unit_test(a_file_brings_its_own_definition),
        cmocka_unit_test(those_shipped_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
