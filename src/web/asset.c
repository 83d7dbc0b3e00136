/* web/asset.c — style and script, under addresses that change when they do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"

#include "web/app_internal.h"

extern const struct asset pages_assets[];
extern const size_t pages_assets_count;

const char *asset_address(struct arena *a, const char *name)
{
    const struct asset *asset = asset_find(pages_assets, pages_assets_count, name);
    return asset ? arena_printf(a, "/assets/%s/%s", asset->etag, name) : NULL;
}

/* /assets/TAG/NAME: a page that was made by an earlier version asks with an earlier tag, and gets
 * nothing rather than something that does not fit it. */
rv_status view_asset(struct call *c, struct rv_err *reterr)
{
    const char *name = arena_text(c->arena, c->arguments[1].at, c->arguments[1].n);
    const struct asset *asset = name ? asset_find(pages_assets, pages_assets_count, name) : NULL;
    if (!asset || !text_is(c->arguments[0], asset->etag)) {
        return call_not_there(c, reterr);
    }
    struct response *r = c->response;
    r->content_type = text_ends(text_of(name), ".css") ? "text/css; charset=utf-8"
                                                       : "text/javascript; charset=utf-8";
    r->tag = asset->etag;
    r->cache = "public, max-age=31536000, immutable";
    if (request_matches_tag(c->request->if_none_match, asset->etag)) {
        r->status = 304;
    } else {
        r->fixed = asset_text(asset);
    }
    return rv_ok();
}
