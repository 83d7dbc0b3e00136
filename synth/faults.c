/* synth/faults.c — faults.json: name, extract, number, what is to be done.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/faults.h"

#include "base/json.h"
#include "synth/synth.h"
#include "synth/write.h"

static const struct {
    const char *name, *extract, *text;
} kinds[FAULT_COUNT] = {
#define FAULT_ROW(id, name, extract, text) {name, extract, text},
    FAULTS(FAULT_ROW)
#undef FAULT_ROW
};

rv_status faults_write(const struct faults *f, const char *dir, uint64_t seed,
                       struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, 1 << 20);
    struct json_writer j;
    json_writer_init(&j, &text, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "note", SYNTH_NOTE);
    json_put_int(&j, "seed", (int64_t)seed);
    json_put_array(&j, "planted");
    for (size_t k = 0; k < FAULT_COUNT; k++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "fault", kinds[k].name);
        json_put_string(&j, "extract", kinds[k].extract);
        json_put_int(&j, "count", f->count[k]);
        json_put_string(&j, "meaning", kinds[k].text);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(&text, '\n');
    return write_all(dir, "faults.json", &text, reterr);
}
