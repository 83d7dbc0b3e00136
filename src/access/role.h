/* access/role.h — the roles of people and what each of them may do, as one table.
 *
 * Pure. A role says what kind of work a person does; agreements and markings say, extract by
 * extract, what may be seen on top of that (access/sight.h). No role holds every right:
 * an administrator looks after accounts and does not thereby see records.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_ROLE_H
#define REEVE_ACCESS_ROLE_H

#include "base/text.h"

#include <stdbool.h>

/* ROLE_PUBLIC is who has not signed in; no account has it. */
enum role { ROLE_PUBLIC, ROLE_PARTNER, ROLE_ANALYST, ROLE_COORDINATOR, ROLE_ADMINISTRATOR };
#define ROLE_COUNT 5

enum right {
    RIGHT_READ_PUBLISHED, /* what was published for everyone */
    RIGHT_READ_FINDINGS,  /* tables, maps, findings and reports of this partnership */
    RIGHT_READ_RECORDS,   /* single records: keys, why in or out, quarantined rows */
    RIGHT_SEND,           /* extracts for its own organisation; answers to requests and actions */
    RIGHT_IMPORT,         /* extracts of anyone, areas, agreements under which they come */
    RIGHT_ASSESS,         /* assessments, tables and exports made anew */
    RIGHT_DEFINE,         /* adopt a definition */
    RIGHT_REGISTERS,      /* groups, meetings, plan, objectives, funding, requests */
    RIGHT_PUBLISH,        /* editions of the strategy */
    RIGHT_ACCOUNTS,       /* invite, change, disable, reset; sessions of others */
    RIGHT_AUDIT,          /* read and check the audit */
    RIGHT_KEEP,           /* backup, verify, settings of the service */
};
#define RIGHT_COUNT 12

bool role_may(enum role role, enum right right);

const char *role_name(enum role role); /* "public" … "administrator" */
bool role_find(struct text name, enum role *ret);

const char *right_name(enum right right); /* "read-records" */

#endif
