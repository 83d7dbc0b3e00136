/* define/words.c — a definition in words. SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/words.h"

#include <string.h>

/* "personal-robbery" as "personal robbery". */
static void put_plain(struct buf *out, const char *word)
{
    for (; *word; word++) {
        buf_char(out, *word == '-' || *word == '_' ? ' ' : *word);
    }
}

static void put_groups(struct buf *out, group_set groups)
{
    bool is_first = true;
    for (unsigned g = 1; g <= OFFENCE_GROUP_COUNT; g++) {
        if (groups >> (g - 1) & 1) {
            buf_text(out, is_first ? "" : ", ");
            put_plain(out, offence_group_name(g));
            is_first = false;
        }
    }
}

static void put_flags(struct buf *out, flag_set flags, const char *between)
{
    bool is_first = true;
    for (unsigned f = 0; f < OFFENCE_FLAG_COUNT; f++) {
        if (flags >> f & 1) {
            buf_text(out, is_first ? "" : between);
            put_plain(out, OFFENCE_FLAGS[f]);
            is_first = false;
        }
    }
}

static void put_persons(struct buf *out, const struct definition_profile *p)
{
    static const char *const plain[] = {"victim", "suspect", "person accused"};
    bool is_first = true;
    buf_text(out, "    and at least one ");
    for (unsigned r = 0; r < PERSON_ROLE_COUNT; r++) {
        if (p->roles >> r & 1) {
            buf_printf(out, "%s%s", is_first ? "" : " or ", plain[r]);
            is_first = false;
        }
    }
    buf_printf(out, " surely under %d; where no age is known the record is not counted\n",
               p->age_below);
}

/* Groups that a profile has beside the lists it names: agreed text and counts may differ there. */
static void put_beside(const struct definition *d, const struct definition_profile *p,
                       struct buf *out)
{
    group_set listed = 0;
    for (size_t l = 0; l < d->list_count; l++) {
        listed |= p->lists >> l & 1 ? d->lists[l].groups : 0;
    }
    if (listed && (p->groups & ~listed)) {
        buf_text(out, "    beside the list it names, the profile holds ");
        put_groups(out, p->groups & ~listed);
        buf_char(out, '\n');
    }
}

static void put_profile(const struct definition *d, const struct definition_profile *p,
                        struct buf *out)
{
    buf_printf(out, "  %s — %s\n    offences: ", p->id, p->title);
    put_groups(out, p->groups);
    buf_char(out, '\n');
    for (size_t i = 0; i < d->link_count; i++) {
        if (p->lists >> d->links[i].list & 1) {
            buf_text(out, "    also ");
            put_groups(out, d->links[i].groups);
            buf_printf(out,
                       ", when the record names an offence of the list \"%s\" in the course "
                       "of which it was committed\n",
                       d->lists[d->links[i].list].name);
        }
    }
    put_beside(d, p, out);
    if (p->flags_all) {
        buf_text(out, "    and the flag ");
        put_flags(out, p->flags_all, " and ");
        buf_char(out, '\n');
    }
    if (p->roles) {
        put_persons(out, p);
    }
}

static void put_texts(struct buf *out, const char *title, const struct definition_text *texts,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s%s  ", i ? "" : "\n", i ? "" : title, i ? "" : "\n");
        put_plain(out, texts[i].title);
        buf_printf(out, ": %s\n", texts[i].text);
    }
}

void definition_words(const struct definition *d, struct buf *out)
{
    buf_printf(out, "%s, version %s\n%s\n", d->id, d->version, d->title);
    if (d->area) {
        buf_printf(out, "Area: %s\n", d->area);
    }
    if (d->excluded_groups || d->excluded_flags) {
        buf_text(out, "\nLeft out of every profile, by group or flag: ");
        put_groups(out, d->excluded_groups);
        flag_set only_flags = d->excluded_flags;
        for (unsigned f = 0; f < OFFENCE_FLAG_COUNT; f++) {
            int group = vocabulary_find(OFFENCE_GROUPS, text_of(OFFENCE_FLAGS[f]));
            bool is_said = group >= 0 && (d->excluded_groups >> group & 1);
            only_flags = is_said ? only_flags & (flag_set) ~(1u << f) : only_flags;
        }
        buf_text(out, d->excluded_groups && only_flags ? ", " : "");
        put_flags(out, only_flags, ", ");
        buf_char(out, '\n');
    }
    buf_text(out, "\nProfiles. A record may be in several; \"union\" counts it once.\n");
    for (size_t i = 0; i < d->profile_count; i++) {
        put_profile(d, &d->profiles[i], out);
    }
    buf_text(out,
             d->context_count ? "\nContext, beside the definition and not in the union:\n" : "");
    for (size_t i = d->profile_count; i < definition_size(d); i++) {
        put_profile(d, &d->profiles[i], out);
    }
    put_texts(out, "Rules that no field can test:", d->untested, d->untested_count);
    put_texts(out, "What makes it serious:", d->seriousness, d->seriousness_count);
    if (d->note) {
        buf_printf(out, "\nNote: %s\n", d->note);
    }
}
