/* web/views.h — the handlers behind the rows of routes.c, a file for each family of pages.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_VIEWS_H
#define REEVE_WEB_VIEWS_H

#include "web/app.h"

/* view_public.c */
route_handler view_health;
route_handler view_home;
route_handler view_findings;
route_handler view_finding;
route_handler view_finding_csv;
route_handler view_words;

/* view_guide.c */
route_handler view_guide;
route_handler view_method;

/* view_openapi.c */
route_handler view_openapi;

/* view_sign_in.c */
route_handler view_sign_in;
route_handler post_sign_in;
route_handler post_sign_out;

/* view_account.c */
route_handler view_account;
route_handler post_sign_out_everywhere;
route_handler view_invitation;
route_handler post_invitation;

/* view_people.c */
route_handler view_people;
route_handler view_invite;
route_handler post_invite;
route_handler view_person;
route_handler post_person;
route_handler post_person_disable;
route_handler post_person_enable;
route_handler post_person_sign_out;
route_handler view_person_reset;
route_handler post_person_reset;

/* view_audit.c */
route_handler view_audit;
route_handler view_audit_check;
route_handler view_audit_csv;

/* view_agreements.c */
route_handler view_agreements;

/* view_backups.c */
route_handler view_backups;
route_handler post_backup;
route_handler post_verify;

/* view_self_check.c */
route_handler view_self_check;

/* view_workbench.c */
route_handler view_workbench;
route_handler view_workbench_findings;
route_handler view_workbench_finding;
route_handler post_release;

/* view_explore.c */
route_handler view_explore;
route_handler view_table_csv;
route_handler view_table_json;
route_handler view_table_xlsx;
route_handler view_table_geojson;

/* view_told.c */
route_handler view_time;
route_handler view_who;

/* view_map.c */
route_handler view_map;
route_handler view_map_data;

/* view_definition.c */
route_handler view_definition;
route_handler view_definition_change;
route_handler post_definition_change;
route_handler post_definition_adopt;

/* view_record.c */
route_handler view_record;
route_handler post_record;

/* view_method_run.c */
route_handler view_methods;
route_handler view_method_run;
route_handler post_method_run;

/* view_sql.c */
route_handler view_sql;
route_handler post_sql;

/* view_data.c, view_quality.c, view_quarantine.c */
route_handler view_data;
route_handler view_data_coverage;
route_handler view_data_extract;
route_handler view_data_quality;
route_handler view_data_quality_csv;
route_handler view_quarantine;
route_handler view_quarantine_csv;

/* view_upload.c, view_mapping.c, view_import.c */
route_handler view_upload;
route_handler post_upload;
route_handler post_upload_remove;
route_handler view_mapping;
route_handler post_mapping;
route_handler post_mapping_afresh;
route_handler view_import;
route_handler post_import;
/* view_job.c */
route_handler view_jobs;
route_handler view_job;
route_handler post_job_cancel;

/* view_runs.c */
route_handler view_runs;
route_handler post_run;
route_handler view_run_compare;
route_handler view_run;
route_handler view_run_file;
route_handler view_run_table;

/* view_brief.c */
route_handler view_brief;
route_handler post_brief;
route_handler view_brief_file;

#endif
