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
    {GET, "/guide", RIGHT_READ_PUBLISHED, 0, "prose", "Guide", view_guide},
    {GET, "/guide/:page", RIGHT_READ_PUBLISHED, 0, "prose", "Guide", view_guide},
    {GET, "/methods", RIGHT_READ_PUBLISHED, 0, "prose", "Methods", view_method},
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

    /* for administrators: people */
    {GET, "/admin", RIGHT_ACCOUNTS, 0, "admin", "Administration", view_words},
    {GET, "/admin/people", RIGHT_ACCOUNTS, 0, "admin-people", "People", view_people},
    {GET, "/admin/invite", RIGHT_ACCOUNTS, 0, "admin-invite", "Invite a person", view_invite},
    {POST, "/admin/invite", RIGHT_ACCOUNTS, 0, NULL, "Invite a person", post_invite},
    {GET, "/admin/people/:id", RIGHT_ACCOUNTS, 0, "admin-person", "Person", view_person},
    {POST, "/admin/people/:id", RIGHT_ACCOUNTS, 0, NULL, "Change a person", post_person},
    {POST, "/admin/people/:id/disable", RIGHT_ACCOUNTS, 0, NULL, "Disable an account",
     post_person_disable},
    {POST, "/admin/people/:id/enable", RIGHT_ACCOUNTS, 0, NULL, "Enable an account",
     post_person_enable},
    {POST, "/admin/people/:id/sign-out", RIGHT_ACCOUNTS, 0, NULL, "Sign a person out everywhere",
     post_person_sign_out},
    {GET, "/admin/people/:id/reset", RIGHT_ACCOUNTS, 0, "admin-reset",
     "Reset how a person signs in", view_person_reset},
    {POST, "/admin/people/:id/reset", RIGHT_ACCOUNTS, 0, NULL, "Reset how a person signs in",
     post_person_reset},

    /* for administrators: the audit */
    {GET, "/admin/audit", RIGHT_AUDIT, 0, "admin-audit", "Audit", view_audit},
    {GET, "/admin/audit/check", RIGHT_AUDIT, 0, "admin-audit-check", "Is the audit whole?",
     view_audit_check},
    {GET, "/admin/audit.csv", RIGHT_AUDIT, ROUTE_PLAIN, NULL, "The audit as CSV", view_audit_csv},
    {GET, "/admin/agreements", RIGHT_KEEP, 0, "admin-agreements",
     "Agreements and what is held under them", view_agreements},
    {GET, "/admin/backups", RIGHT_KEEP, 0, "admin-backups", "Backups", view_backups},
    {POST, "/admin/backups", RIGHT_KEEP, 0, NULL, "Make a backup", post_backup},
    {GET, "/admin/self-check", RIGHT_KEEP, 0, "admin-self-check", "Self-check", view_self_check},
    {POST, "/admin/self-check", RIGHT_KEEP, 0, NULL, "Read every chunk of the file", post_verify},

    /* the workbench */
    {GET, "/workbench", RIGHT_READ_FINDINGS, 0, "workbench", "Workbench", view_workbench},
    {GET, "/workbench/findings", RIGHT_READ_FINDINGS, 0, "workbench-findings", "All findings",
     view_workbench_findings},
    {GET, "/workbench/findings/:id", RIGHT_READ_FINDINGS, 0, "workbench-finding", "Finding",
     view_workbench_finding},
    {POST, "/workbench/findings/:id", RIGHT_ASSESS, 0, NULL, "Release or withhold a finding",
     post_release},
    {GET, "/workbench/explore", RIGHT_READ_FINDINGS, 0, "explore", "Explore", view_explore},
    {GET, "/workbench/explore/table.csv", RIGHT_READ_FINDINGS, 0, "explore", "A table as CSV",
     view_table_csv},
    {GET, "/workbench/explore/table.json", RIGHT_READ_FINDINGS, 0, "explore", "A table as JSON",
     view_table_json},
    {GET, "/workbench/explore/table.xlsx", RIGHT_READ_FINDINGS, 0, "explore",
     "A table as a workbook", view_table_xlsx},
    {GET, "/workbench/explore/table.geojson", RIGHT_READ_FINDINGS, 0, "explore",
     "A table as a map layer", view_table_geojson},
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
    {GET, "/workbench/methods", RIGHT_READ_FINDINGS, 0, "methods", "Methods", view_methods},
    {GET, "/workbench/methods/:name", RIGHT_READ_FINDINGS, 0, "method-run", "Run a method",
     view_method_run},
    {POST, "/workbench/methods/:name", RIGHT_READ_FINDINGS, 0, NULL, "Run a method",
     post_method_run},
    {GET, "/workbench/sql", RIGHT_READ_RECORDS, 0, "sql", "Ask in SQL", view_sql},
    {POST, "/workbench/sql", RIGHT_READ_RECORDS, 0, NULL, "Ask in SQL", post_sql},
};

const size_t route_count = sizeof routes / sizeof *routes;
