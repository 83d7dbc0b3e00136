/* read/services.h — services of Open Referral UK 3.0 (JSON) as the rows of a table.
 *
 * A page of services ({"contents": [...]}), a list of them or a single one becomes CSV with the
 * columns of the kind provision; each row stands on the line on which its service begins, as far as
 * that is possible. Only what describes the service is taken: contacts, telephones and e-mail
 * addresses are not looked at. Internal to src/read but for services_to_csv.
 * Source: Open Referral UK 3.0 (HSDS 3.0), service and its schedules, service areas and attributes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SERVICES_H
#define REEVE_READ_SERVICES_H

#include "base/buf.h"
#include "base/status.h"

/* Appends the CSV to `out`. RV_INVALID with line and column, or the line of the service, for what
 * is no JSON, has other members than services, or a service without id or name; RV_LIMIT past
 * LIMIT_JSON_BYTES. `name` is of the file, for messages. */
RV_MUST_CHECK rv_status services_to_csv(const char *name, struct text json, struct buf *out,
                                        struct rv_err *reterr);

bool services_is_json(struct text beginning); /* an object or a list begins */

struct stream;
/* `inner` as CSV. Takes over `inner`, also when it fails; `name` must outlive the stream. */
RV_MUST_CHECK rv_status services_stream_open(struct stream *inner, const char *name,
                                             struct stream **ret, struct rv_err *reterr);

#endif
