/* tests/report/sample.h — a made-up assessment with the size and faults of a real one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_REPORT_SAMPLE_H
#define REEVE_TESTS_REPORT_SAMPLE_H

#include "report/html.h"

struct sample {
    struct arena arena;
    struct sentences *sentences;
    struct assessment assessment;
    struct report_layer layer;
    struct report_context context;
};

void sample_init(struct sample *s); /* sentences rendered */
void sample_done(struct sample *s);

struct finding sample_finding(void); /* every field and slot available */

/* A table in the arena: all cells missing until set. */
struct result_table *sample_table(struct arena *a, enum result_chart chart, size_t rows,
                                  const struct result_column *columns, size_t column_count);
void sample_text(struct result_table *t, size_t row, size_t column, const char *text);
void sample_number(struct result_table *t, size_t row, size_t column, double number);

/* `across` x `down` areas with crooked shared borders; codes "X00", "X01", …. */
struct report_layer sample_layer(struct arena *a, size_t across, size_t down);

#endif
