/* access/role.c — the table of roles and rights. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/role.h"

static const char *const NAMES[ROLE_COUNT] = {[ROLE_PUBLIC] = "public",
                                              [ROLE_PARTNER] = "partner",
                                              [ROLE_ANALYST] = "analyst",
                                              [ROLE_COORDINATOR] = "coordinator",
                                              [ROLE_ADMINISTRATOR] = "administrator"};

/* Who may: a letter for each role in the order of enum role, '-' for none. docs/guide/accounts.md
 * prints the same table, and tests/e2e/test_user.py holds the two together. */
static const struct {
    const char *name, *who;
} RIGHTS[RIGHT_COUNT] = {
    [RIGHT_READ_PUBLISHED] = {"read-published", "PpacA"},
    [RIGHT_READ_FINDINGS] = {"read-findings", "-pacA"},
    [RIGHT_READ_RECORDS] = {"read-records", "-pa--"},
    [RIGHT_SEND] = {"send", "-pac-"},
    [RIGHT_IMPORT] = {"import", "--a--"},
    [RIGHT_ASSESS] = {"assess", "--ac-"},
    [RIGHT_DEFINE] = {"define", "--ac-"},
    [RIGHT_REGISTERS] = {"registers", "---c-"},
    [RIGHT_PUBLISH] = {"publish", "---c-"},
    [RIGHT_ACCOUNTS] = {"accounts", "----A"},
    [RIGHT_AUDIT] = {"audit", "----A"},
    [RIGHT_KEEP] = {"keep", "----A"},
};

bool role_may(enum role role, enum right right)
{
    bool is_known = (unsigned)role < ROLE_COUNT && (unsigned)right < RIGHT_COUNT;
    return is_known && RIGHTS[right].who[role] != '-';
}

const char *role_name(enum role role)
{
    return NAMES[role];
}

bool role_find(struct text name, enum role *ret)
{
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        if (text_is(name, NAMES[i])) {
            *ret = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *right_name(enum right right)
{
    return RIGHTS[right].name;
}
