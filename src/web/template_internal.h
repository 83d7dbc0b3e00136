/* web/template_internal.h — what compiling and rendering of templates share.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_TEMPLATE_INTERNAL_H
#define REEVE_WEB_TEMPLATE_INTERNAL_H

#include "web/template.h"

enum step_kind { STEP_TEXT, STEP_VALUE, STEP_SECTION, STEP_WITHOUT, STEP_PART };

/* What a part is given: words, or what a name is worth at its place. */
struct parameter {
    struct text name;
    struct text path;           /* empty = the words */
    struct model_value literal; /* MODEL_TEXT */
};

struct step {
    enum step_kind kind;
    struct text text; /* what stands there; the name */
    size_t end;       /* of a section: the step after it */
    size_t part;      /* of STEP_PART: which template */
    const struct parameter *parameters;
    size_t parameter_count; /* 0 = the part sees the names of its place */
    unsigned line;
};

struct template
{
    const char *name;
    struct step *steps;
    size_t count;
};

struct template_set {
    struct template *templates; /* sorted by name */
    size_t count;
};

bool template_find(const struct template_set *set, struct text name, size_t *ret);

#endif
