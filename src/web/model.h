/* web/model.h — what a page says: a tree of named values, shown as HTML by a template or as JSON.
 *
 * Thread-compatible. One arena holds it all; texts are borrowed and must live as long. Values keep
 * the order in which they were put; a name is put once in an object. An append that finds no memory
 * marks the whole model as failed and does nothing, and every function takes NULL for an object
 * that could not be made: a handler puts freely and checks once with model_status.
 *
 * Only a value put with model_html enters a page as markup. Everything else is escaped, whatever
 * the template says. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_MODEL_H
#define REEVE_WEB_MODEL_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct model;
struct model_list;

/* Markup made by this program (a chart, rendered Markdown), never by a person who uses it. */
struct html_fragment {
    struct text markup;
};

enum model_kind {
    MODEL_TEXT,
    MODEL_INT,
    MODEL_REAL,
    MODEL_BOOL,
    MODEL_HTML, /* in pages only: JSON leaves it out */
    MODEL_OBJECT,
    MODEL_LIST,
};

struct model_value {
    const char *name; /* NULL for an item of a list */
    enum model_kind kind;
    struct text text; /* of MODEL_TEXT and MODEL_HTML */
    int64_t number;   /* of MODEL_INT; 0 or 1 of MODEL_BOOL */
    double real;
    struct model *object;
    struct model_list *list;
    struct model_value *next;
};

/* An empty object with its root; NULL = no memory. */
struct model *model_new(struct arena *a);

void model_text(struct model *m, const char *name, const char *text); /* NULL puts nothing */
void model_slice(struct model *m, const char *name, struct text text);
void model_int(struct model *m, const char *name, int64_t value);
void model_real(struct model *m, const char *name, double value); /* not finite: puts nothing */
void model_bool(struct model *m, const char *name, bool value);
void model_html(struct model *m, const char *name, struct html_fragment fragment);
struct model *model_object(struct model *m, const char *name);
struct model_list *model_list(struct model *m, const char *name);

struct model *model_item(struct model_list *list);          /* an object at its end */
void model_word(struct model_list *list, const char *text); /* a text at its end */
size_t model_list_count(const struct model_list *list);     /* 0 for NULL */

/* The value of a name, or NULL. Linear in the names of the object: a few dozen. */
const struct model_value *model_find(const struct model *m, struct text name);
const struct model_value *model_list_first(const struct model_list *list);
struct arena *model_arena(const struct model *m);

RV_MUST_CHECK rv_status model_status(const struct model *m, struct rv_err *reterr);

/* One JSON object and a line feed. Reals have 12 significant digits. */
RV_MUST_CHECK rv_status model_json(const struct model *m, struct buf *out, struct rv_err *reterr);

#endif
