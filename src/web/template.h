/* web/template.h — pages as text files with holes: {{name}}, {{#section}}, {{^without}}, {{>part}}.
 *
 *   {{name}} {{a.b}} {{.}}    the value: texts and numbers escaped, markup (MODEL_HTML) as it is
 *   {{#name}} … {{/name}}     once when it is there and neither empty, false nor 0; for a list once
 *                             for each item, for an object with its names in front of the others
 *   {{^name}} … {{/name}}     when it is not
 *   {{>name}}                 another template of the set, with the names of this place
 *   {{>name a="x" b=c.d}}     the same, which sees `a` (these words), `b` (what c.d is here, if it
 *                             is there) and nothing else
 *   {{! … }}                  a comment
 *
 * A name is looked for in the innermost object first, then outwards. {{name}} without a value is a
 * fault of the page, told with file and line; a value that may be absent stands inside its section.
 * A tag alone on its line leaves no line behind. Escaping does not depend on the template: a hole
 * may stand in text or in a quoted attribute, and a template with a hole anywhere else (an unquoted
 * attribute, a script, a style, the name of an element) does not compile.
 *
 * Immutable once compiled, thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_TEMPLATE_H
#define REEVE_WEB_TEMPLATE_H

#include "web/model.h"

struct template_source {
    const char *name; /* "page", "part/table" */
    struct text text;
};

struct template_set;

#define TEMPLATE_DEPTH 16 /* sections and parts inside each other */

/* Compiles all of them; parts are looked up among them. RV_INVALID names template and line. The
 * sources must outlive the set, which lives in the arena. */
RV_MUST_CHECK rv_status template_compile(struct arena *a, const struct template_source *sources,
                                         size_t count, struct template_set **ret,
                                         struct rv_err *reterr);

/* Appends the template with the model's values. RV_NOT_FOUND: no such template; RV_INVALID: a hole
 * without a value; RV_LIMIT: too deep, or past the ceiling of `out`. */
RV_MUST_CHECK rv_status template_render(const struct template_set *set, const char *name,
                                        const struct model *m, struct buf *out,
                                        struct rv_err *reterr);

#endif
