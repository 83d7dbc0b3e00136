/* report/sentence_parts.h — a sentence file after reading: themes, rules and their pieces.
 *
 * Private to sentence.c (reads), sentence_slots.c (names and values) and sentence_render.c.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SENTENCE_PARTS_H
#define REEVE_REPORT_SENTENCE_PARTS_H

#include "report/format.h"
#include "report/sentence.h"

enum slot_type { TYPE_NUMBER, TYPE_TEXT, TYPE_PERIOD, TYPE_INTERVAL };

/* Slots that every finding has; SLOT_DECLARED is looked up by name in finding.slots. */
enum slot_field {
    SLOT_VALUE,
    SLOT_LOWER,
    SLOT_UPPER,
    SLOT_NUMERATOR,
    SLOT_DENOMINATOR,
    SLOT_MISSING,
    SLOT_COMPARE_VALUE,
    SLOT_DIFFERENCE,
    SLOT_CHANGE,
    SLOT_RANK,
    SLOT_RANK_LOW,
    SLOT_RANK_HIGH,
    SLOT_OF,
    SLOT_CI,
    SLOT_PERIOD,
    SLOT_COMPARE,
    SLOT_SUBJECT,
    SLOT_UNIT,
    SLOT_AREA,
    SLOT_AREA_CODE,
    SLOT_DENOMINATOR_NAME,
    SLOT_DEFINITION,
    SLOT_DEFINITION_VERSION,
    SLOT_METHOD,
    SLOT_VERDICT,
    SLOT_THEME,
    SLOT_DECLARED
};

enum slot_format {
    AS_COUNT,
    AS_RATE,
    AS_PERCENT0,
    AS_PERCENT1,
    AS_RATIO,
    AS_ORDINAL,
    AS_MONTH,
    AS_PLURAL,
    AS_TEXT,
    AS_CAPITAL,
    AS_DEFAULT
};

enum piece_kind { PIECE_WORDS, PIECE_SLOT, PIECE_IF, PIECE_UNLESS, PIECE_END };

struct piece {
    enum piece_kind kind;
    struct text words; /* PIECE_WORDS */
    struct text name;  /* slot of the others */
    enum slot_field field;
    enum slot_type type;
    enum slot_format format;
    enum format_sign sign;
    struct text singular, plural; /* AS_PLURAL */
    size_t end;                   /* PIECE_IF, PIECE_UNLESS: index of its PIECE_END */
};

struct rule {
    const char *name;
    int line; /* of [RULE] in the file */
    struct piece *pieces;
    size_t piece_count;
    struct rule *next;
};

struct declared_slot {
    struct text name;
    enum slot_type type;
    struct declared_slot *next;
};

struct theme {
    const char *name, *title;
    struct declared_slot *slots;
    struct rule *rules; /* in order of the file */
    struct theme *next;
};

struct sentences {
    struct theme *themes;
};

struct slot_value {
    double number;
    bool is_tied;
    const char *text; /* terminated */
    struct month_range period;
    double lower, upper, level;
};

/* The field and type of a name, with the declared ones of the theme first. False: no such slot. */
bool slot_find(const struct theme *theme, struct text name, enum slot_field *ret_field,
               enum slot_type *ret_type);

/* The value of a slot; false when it is not available. */
bool slot_resolve(const struct finding *f, const struct piece *p, struct slot_value *ret);

const struct theme *sentences_find_theme(const struct sentences *s, const char *name);

#endif
