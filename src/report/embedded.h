/* report/embedded.h — files that this module carries inside the program (cmake/ReeveEmbed.cmake).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_EMBEDDED_H
#define REEVE_REPORT_EMBEDDED_H

#include "base/asset.h"

extern const struct asset sentences_assets[]; /* "sentences/recorded-crime.txt" */
extern const size_t sentences_assets_count;
extern const struct asset methods_assets[]; /* "docs/methods/exact-poisson.md" */
extern const size_t methods_assets_count;
extern const struct asset style_assets[]; /* "web/report.css" */
extern const size_t style_assets_count;
extern const struct asset reference_assets[]; /* "reference.docx", "reference.odt": for pandoc */
extern const size_t reference_assets_count;

#endif
