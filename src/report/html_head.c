/* report/html_head.c — head, header and banner of HTML documents.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html_head.h"

#include "base/hash.h"
#include "report/embedded.h"
#include "report/html.h"

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The SHA-256 of the style sheet in base64, as a content security policy names it. */
static rv_status put_style_hash(struct buf *out, struct text css, struct rv_err *reterr)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[SHA256_HEX + 1];
    RV_TRY(sha256_of(css.at, css.n, hex, reterr));
    for (size_t i = 0; i < SHA256_BYTES; i += 3) {
        unsigned bits = 0;
        for (size_t k = 0; k < 3; k++) {
            size_t at = 2 * (i + k);
            bits = bits << 8;
            if (i + k < SHA256_BYTES) {
                bits |= (unsigned)(hex_digit(hex[at]) * 16 + hex_digit(hex[at + 1]));
            }
        }
        buf_char(out, letters[bits >> 18]);
        buf_char(out, letters[bits >> 12 & 63]);
        buf_char(out, letters[bits >> 6 & 63]);
        buf_char(out, (char)(i + 2 < SHA256_BYTES ? letters[bits & 63] : '='));
    }
    return rv_ok();
}

struct text report_reference(const char *name)
{
    const struct asset *found = asset_find(reference_assets, reference_assets_count, name);
    return found ? asset_text(found) : (struct text){"", 0};
}

rv_status html_head(struct buf *out, const char *title, bool is_synthetic, struct rv_err *reterr)
{
    return html_head_styled(out, title, is_synthetic, "web/report.css", reterr);
}

rv_status html_head_styled(struct buf *out, const char *title, bool is_synthetic, const char *sheet,
                           struct rv_err *reterr)
{
    const struct asset *style = asset_find(style_assets, style_assets_count, sheet);
    struct text css = style ? asset_text(style) : (struct text){"", 0};
    buf_text(out, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'sha256-");
    RV_TRY(put_style_hash(out, css, reterr));
    buf_text(out, "'; base-uri 'none'; form-action 'none'\"/>\n"
                  "<meta name=\"generator\" content=\"Reeve " REEVE_VERSION "\"/>\n<title>");
    buf_html(out, text_of(title));
    buf_text(out, is_synthetic ? " (synthetic data)</title>\n<style>" : "</title>\n<style>");
    buf_slice(out, css);
    buf_text(out, "</style>\n</head>\n");
    return buf_status(out, reterr);
}

void html_header(struct buf *out, const char *skip_to, const char *partnership)
{
    buf_printf(out,
               "<body>\n<a class=\"skip\" href=\"#main\">Skip to %s</a>\n"
               "<header class=\"top\"><p class=\"brand\"><strong>Reeve</strong>",
               skip_to);
    if (partnership) {
        buf_text(out, " <span>");
        buf_html(out, text_of(partnership));
        buf_text(out, "</span>");
    }
    buf_text(out, "</p></header>\n");
}

void html_banner(struct buf *out, bool is_synthetic, const char *note)
{
    if (!is_synthetic) {
        return;
    }
    buf_text(out, "<div class=\"banner\" role=\"note\"><p><strong>Synthetic data.</strong> "
                  "Every figure in this report was made up by a generator. None of them "
                  "describes a real place.");
    if (note) {
        buf_char(out, ' ');
        buf_html(out, text_of(note));
    }
    buf_text(out, "</p></div>\n");
}

/* ---- characters ---- */

/* The code point of the character at the start, of n bytes. */
static uint32_t code_of(const char *at, size_t n)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = (unsigned char)at[0] & masks[n];
    for (size_t i = 1; i < n; i++) {
        code = code << 6 | ((unsigned char)at[i] & 0x3F);
    }
    return code;
}

void html_ascii(struct buf *out, struct text html)
{
    size_t from = 0;
    for (size_t i = 0; i < html.n; i++) {
        unsigned char lead = (unsigned char)html.at[i];
        size_t n = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (n == 1 || n > html.n - i || text_utf8_valid((struct text){html.at + i, n}) != n) {
            continue;
        }
        buf_slice(out, (struct text){html.at + from, i - from});
        buf_printf(out, "&#%u;", code_of(html.at + i, n));
        from = i + n;
        i += n - 1;
    }
    buf_slice(out, (struct text){html.at + from, html.n - from});
}
