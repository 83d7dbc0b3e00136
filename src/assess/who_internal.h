/* assess/who_internal.h — victims and suspects of a profile: what the parts about people share.
 * Not for other modules.
 *
 * No pseudonym of a person leaves these files. Rows of fewer than WHO_LEAST persons by ethnicity,
 * relationship, offence group and repetition are joined or hidden; the report is a working edition
 * all the same: other tables have small numbers, and totals give hidden ones by subtraction.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_WHO_INTERNAL_H
#define REEVE_ASSESS_WHO_INTERNAL_H

#include "assess/profile_internal.h"
#include "base/hash.h"
#include "define/vocabulary.h"
#include "stats/disproportion.h"

#define WHO_LEAST    5 /* persons of a row that stands by itself; fewer are put together */
#define WHO_FINDINGS 1 /* offence groups of a profile, ethnic groups of a role, with a finding */
enum { WHO_BANDS = 6 + DEFINITION_MAX, WHO_GROUPS = 5 };

/* The axes of the two cubes of a role, behind the profile (0) and before the filter. */
enum { WHO_SEX = 1, WHO_AGE, WHO_OFFENCE_GROUP, WHO_TIME };
enum { ORIGIN_ETHNICITY = 1, ORIGIN_AGE, ORIGIN_TIME, ORIGIN_RELATIONSHIP };

struct people {
    struct lens *l;
    unsigned role;
    const char *plural; /* "victims", as --count takes it */
    const char *one;    /* "victim", start of its dimensions */
    int ages[WHO_BANDS];
    size_t age_count;
    uint32_t now, then; /* codes of the two periods; then 0 = there is none to compare with */
    struct cube_axis axes[LENS_AXES], origin_axes[LENS_AXES];
    struct cube cube, origins;
    int64_t total; /* in the period */
};

/* A code of each axis, -1 = any; ages from one band to before another. */
struct who_want {
    int64_t codes[LENS_AXES];
    uint32_t age_first, age_end;
};
#define WHO_ANYBODY ((struct who_want){{-1, -1, -1, -1, -1, -1}, 0, UINT32_MAX})
int64_t who_sum(const struct cube *c, const struct who_want *want);

/* Opens the cubes of a role; total 0 = there is nobody. */
RV_MUST_CHECK rv_status people_open(struct lens *l, unsigned role, struct people *ret,
                                    struct rv_err *reterr);
/* The first band that does not lie wholly below an age: bands from 1 to before it do. */
uint32_t people_band_end(const struct people *p, int below);
/* A finding "<profile>.<plural>.<measure>" of the role, with its sources and "who"; NULL when out
 * of memory. `more` goes behind the query, may be NULL. */
struct finding *people_finding(struct people *p, const char *measure, const char *dimension,
                               const char *more, struct rv_err *reterr);
/* " --bands 0,18,25": those of the role's ages. */
const char *people_bands(const struct people *p);
extern const char PEOPLE_ONCE_EACH[];

/* Holm's step-down p-values in place; NaN stay out of it. */
void who_holm(double *p, size_t n);

/* ---- what profiles share ---- */

struct who_residents {
    int limit; /* ages below it; 0 = all */
    bool is_known;
    int64_t persons[WHO_GROUPS]; /* by ETHNICITY_GROUPS */
    const char *name;
};

/* ---- who_represent.c: self-defined ethnicity beside residents ---- */

enum { REPRESENT_WHITE, REPRESENT_OTHERS, REPRESENT_TWO };
struct representation {
    int64_t counts[WHO_GROUPS], known, missing;
    const struct who_residents *residents;
    /* made by representation_compare */
    int64_t residents_not_white;
    struct disproportion groups[WHO_GROUPS], two[REPRESENT_TWO];
    enum wording words[WHO_GROUPS], word;
    double p_holm[WHO_GROUPS];
};

/* One group, or all that are not white, beside the white. */
struct represented {
    const struct disproportion *d;
    enum wording word;
    int64_t count, residents;
    const char *group;
    bool is_pair; /* with the white they are all there are */
};

/* Needs known > 0 and residents that are known. */
RV_MUST_CHECK rv_status representation_compare(struct representation *r, struct rv_err *reterr);
/* Rule, numbers, slots and verdict of one side. */
RV_MUST_CHECK rv_status representation_say(struct assess_work *w, struct finding *f,
                                           const struct representation *r,
                                           const struct represented *s, struct rv_err *reterr);
/* A row for each group, then one of those not recorded. */
enum { REPRESENTATION_WIDTH = 10 };
extern const struct result_column REPRESENTATION_COLUMNS[REPRESENTATION_WIDTH];
void representation_rows(const struct representation *r, struct result_cell *cells);

/* A person of a role in an offence of the area and of one of the two periods. */
struct who_ref {
    struct hash128 ref; /* of the pseudonym; {0, 0} = none */
    uint32_t offence;   /* ordinal */
    uint8_t role, bucket;
};

/* Whose persons are read: those in current offences of the source, of an area (layer NULL =
 * everywhere) and of either range of months. */
struct who_scope {
    struct held *held;
    const struct source *source;
    const struct offence_records *records;
    const struct layer *layer;
    uint32_t area;
    struct month_range ranges[BUCKET_TOTAL]; /* first > last = none */
};
/* In the arena of held, in the order of who_shared.refs. */
RV_MUST_CHECK rv_status who_refs_read(const struct who_scope *scope, struct who_ref **ret,
                                      size_t *ret_count, struct rv_err *reterr);

/* ---- who_repetition.c: persons in several offences ---- */

/* Those of `refs` who are counted. */
struct who_crowd {
    const struct who_ref *refs;
    size_t ref_count;
    const uint8_t *is_in; /* [offences]: by ordinal */
    size_t offences;
    unsigned role;
    bool is_both; /* both ranges, not BUCKET_PERIOD alone */
};

enum { WHO_REPEAT_BANDS = 4, REPETITION_WIDTH = 3 };
struct repetition {
    int64_t rows, without; /* persons of the role; of them without a pseudonym */
    int64_t persons, repeated, bands[WHO_REPEAT_BANDS];
    int64_t offences, of_repeated; /* with somebody of a pseudonym; of them with a repeated one */
};
RV_MUST_CHECK rv_status repetition_count(const struct who_crowd *crowd, struct repetition *ret,
                                         struct rv_err *reterr);
/* Rule, numbers, slots, verdict; enough pseudonyms are known. */
RV_MUST_CHECK rv_status repetition_say(struct assess_work *w, struct finding *f,
                                       const struct repetition *r, unsigned role,
                                       struct rv_err *reterr);
/* Whether bands may be shown beside such a finding; joins them from the top, each then has
 * WHO_LEAST persons or none, and returns how many are left; a row for each. */
bool repetition_has_rows(const struct finding *f, const struct repetition *r);
size_t repetition_join(struct repetition *r);
extern const struct result_column REPETITION_COLUMNS[REPETITION_WIDTH];
RV_MUST_CHECK rv_status repetition_rows(struct arena *a, const struct repetition *r, size_t n,
                                        struct result_cell *cells, struct rv_err *reterr);

struct who_shared {
    struct who_residents residents[DEFINITION_MAX + 1];
    size_t resident_count;
    bool has_refs;        /* they have been read */
    struct who_ref *refs; /* by role, ref and offence */
    size_t ref_count;
};
RV_MUST_CHECK rv_status who_shared_of(struct lens *l, struct who_shared **ret,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status who_residents_of(struct lens *l, int limit,
                                         const struct who_residents **ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status who_refs_of(struct lens *l, const struct who_shared **ret,
                                    struct rv_err *reterr);

/* ---- who_relationship.c ---- */

enum { WHO_RELATION_KINDS = 5 };
extern const char *const WHO_RELATION_NAMES[WHO_RELATION_KINDS];
int who_relation_kind(const char *value); /* of the vocabulary; -1 = no such value */

/* ---- the parts ---- */

RV_MUST_CHECK rv_status who_ethnicity(struct people *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status who_relationship(struct people *suspects, struct rv_err *reterr);
RV_MUST_CHECK rv_status who_repeats(struct people *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status who_recorded(struct people *p, struct rv_err *reterr);
/* The table of a role, then findings of several roles together. */
RV_MUST_CHECK rv_status who_group_table(struct people *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status who_group_findings(struct people *const *all, size_t count,
                                           struct rv_err *reterr);

#endif
