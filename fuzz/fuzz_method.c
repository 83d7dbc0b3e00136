/* fuzz/fuzz_method.c — any bytes as the file of any method, CSV or JSON.
 *
 * What must hold: refused with a sentence, or answered with JSON in which nothing is NaN.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "method/registry.h"

#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536) {
        return 0;
    }
    struct text input = fuzz_input(data, size);
    const struct method *m = method_at(fuzz_byte(&input) % method_total());
    int fd = memfd_create("input", MFD_CLOEXEC);
    FUZZ_REQUIRE(fd >= 0 && write(fd, input.n ? input.at : "", input.n) == (ssize_t)input.n);
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    /* The same file serves every input that is required. */
    struct method_file files[8];
    size_t count = 0;
    for (size_t i = 0; m->inputs[i].name && count < 8; i++) {
        if (!m->inputs[i].is_optional) {
            files[count++] = (struct method_file){.input = m->inputs[i].name, .path = path};
        }
    }
    struct arena a;
    arena_init(&a, (size_t)256 << 20);
    RV_CLEANUP(buf_done) struct buf out;
    buf_init(&out, LIMIT_ARENA_BYTES);
    struct rv_err err = {.code = RV_OK};
    rv_status status = method_run(&a, m, files, count, NULL, 0, &out, &err);
    if (rv_is_ok(status)) {
        json_t *root = json_loadb(out.bytes, out.n, JSON_REJECT_DUPLICATES, NULL);
        FUZZ_REQUIRE(root != NULL);
        json_decref(root);
    } else {
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_DOMAIN ||
                     status.code == RV_LIMIT);
        FUZZ_REQUIRE(err.message[0] != '\0' && out.n == 0);
    }
    arena_done(&a);
    (void)close(fd);
    return 0;
}
