/* assess/finding.c — names of verdicts. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/finding.h"

const char *finding_verdict_name(enum finding_verdict v)
{
    switch (v) {
    case VERDICT_HOLDS:
        return "holds";
    case VERDICT_CAUTION:
        return "holds with caution";
    case VERDICT_NOT_RELIABLE:
        return "not reliable";
    case VERDICT_NOT_AVAILABLE:
        return "not available";
    }
    return "not available";
}
