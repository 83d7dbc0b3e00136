/* web/routes.c — every address of the service: method, path, right, page, handler.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/app_internal.h"
#include "web/views.h"

#define GET  REQUEST_GET
#define POST REQUEST_POST

const struct route routes[] = {
    /* for everybody */
    {GET, "/", RIGHT_READ_PUBLISHED, 0, "home", "Key findings", view_home},
    {GET, "/findings", RIGHT_READ_PUBLISHED, 0, "findings", "Findings", view_findings},
    {GET, "/findings/:id", RIGHT_READ_PUBLISHED, 0, "finding", "Finding", view_finding},
    {GET, "/how-figures-are-made", RIGHT_READ_PUBLISHED, 0, "how", "How figures are made",
     view_words},
    {GET, "/methods/:name", RIGHT_READ_PUBLISHED, 0, "prose", "Method", view_method},
    {GET, "/accessibility", RIGHT_READ_PUBLISHED, 0, "accessibility", "Accessibility statement",
     view_words},
    {GET, "/privacy", RIGHT_READ_PUBLISHED, 0, "privacy", "Privacy notice", view_words},
    {GET, "/health", RIGHT_READ_PUBLISHED, ROUTE_PLAIN, NULL, "Health", view_health},
    {GET, "/openapi.json", RIGHT_READ_PUBLISHED, ROUTE_PLAIN, NULL, "This description",
     view_openapi},
    {GET, "/assets/:tag/:name", RIGHT_READ_PUBLISHED, ROUTE_PLAIN, NULL, "Asset", view_asset},

    /* who one is */
    {GET, "/sign-in", RIGHT_READ_PUBLISHED, 0, "sign-in", "Sign in", view_sign_in},
    {POST, "/sign-in", RIGHT_READ_PUBLISHED, ROUTE_NO_SESSION, NULL, "Sign in", post_sign_in},
    {POST, "/sign-out", RIGHT_READ_PUBLISHED, 0, NULL, "Sign out", post_sign_out},
    {GET, "/invitation/:token", RIGHT_READ_PUBLISHED, 0, "invitation", "Your invitation",
     view_invitation},
    {POST, "/invitation/:token", RIGHT_READ_PUBLISHED, ROUTE_NO_SESSION, NULL, "Your invitation",
     post_invitation},
    {GET, "/account", RIGHT_READ_FINDINGS, 0, "account", "Your account", view_account},
    {POST, "/account/sign-out-everywhere", RIGHT_READ_FINDINGS, 0, NULL, "Sign out everywhere",
     post_sign_out_everywhere},

    /* the workbench */
    {GET, "/workbench", RIGHT_READ_FINDINGS, 0, "workbench", "Workbench", view_workbench},
    {GET, "/workbench/findings", RIGHT_READ_FINDINGS, 0, "workbench-findings", "All findings",
     view_workbench_findings},
    {GET, "/workbench/findings/:id", RIGHT_READ_FINDINGS, 0, "workbench-finding", "Finding",
     view_workbench_finding},
    {POST, "/workbench/findings/:id", RIGHT_ASSESS, 0, NULL, "Release or withhold a finding",
     post_release},
    {GET, "/workbench/definition", RIGHT_READ_FINDINGS, 0, "definition", "The agreed definition",
     view_definition},
    {GET, "/workbench/definition/change", RIGHT_DEFINE, 0, "definition-change",
     "Change the definition", view_definition_change},
    {POST, "/workbench/definition/change", RIGHT_DEFINE, 0, NULL, "What a definition would change",
     post_definition_change},
    {POST, "/workbench/definition/adopt", RIGHT_DEFINE, 0, NULL, "Adopt a definition",
     post_definition_adopt},
    {GET, "/workbench/definition/record", RIGHT_READ_RECORDS, 0, "record", "Why a record counts",
     view_record},
    {POST, "/workbench/definition/record", RIGHT_READ_RECORDS, 0, NULL, "Why a record counts",
     post_record},
    {GET, "/workbench/sql", RIGHT_READ_RECORDS, 0, "sql", "Ask in SQL", view_sql},
    {POST, "/workbench/sql", RIGHT_READ_RECORDS, 0, NULL, "Ask in SQL", post_sql},
};

const size_t route_count = sizeof routes / sizeof *routes;
