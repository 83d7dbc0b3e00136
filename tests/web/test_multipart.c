/* tests/web/test_multipart.c — a form with a file as browsers send it, and what is none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/multipart.h"

#define TYPE "multipart/form-data; boundary=----WebKitFormBoundaryAbC1"
#define B    "------WebKitFormBoundaryAbC1"

struct taken {
    struct buf file;
    unsigned begun;
    char form[256]; /* as it was when the file began */
    const struct multipart *m;
    bool refuses;
};

static rv_status begin(void *context, struct rv_err *reterr)
{
    struct taken *t = context;
    t->begun++;
    (void)snprintf(t->form, sizeof t->form, "%s", t->m->form.bytes ? t->m->form.bytes : "");
    return t->refuses ? rv_fail(reterr, RV_REFUSED, "no") : rv_ok();
}

static rv_status take(void *context, const char *bytes, size_t n, struct rv_err *reterr)
{
    struct taken *t = context;
    buf_put(&t->file, bytes, n);
    return buf_status(&t->file, reterr);
}

/* In pieces of `piece` bytes. */
static rv_status read_in(const char *type, struct text body, size_t piece, struct multipart *m,
                         struct taken *t, struct rv_err *reterr)
{
    const struct multipart_sink sink = {t, begin, take};
    t->m = m;
    buf_init(&t->file, 1 << 20);
    RV_TRY(multipart_begin(m, text_of(type), &sink, reterr));
    for (size_t at = 0; at < body.n; at += piece) {
        size_t n = body.n - at < piece ? body.n - at : piece;
        RV_TRY(multipart_take(m, body.at + at, n, reterr));
    }
    return multipart_end(m, reterr);
}

static void done(struct multipart *m, struct taken *t)
{
    multipart_done(m);
    buf_done(&t->file);
}

static const char CONTENT[] = "a,b\r\n1,2\r\n--\r\n------WebKitFormBoundary\r\n\r\r\n-" B "\n\0z";

static struct text good_body(struct buf *b)
{
    buf_init(b, 4096);
    buf_text(b, B "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na+b c=&%\r\n");
    buf_text(b, B "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n\r\n");
    buf_text(b, B "\r\ncontent-disposition:form-data; name=\"file\"; filename=\"C:\\x\\d\xC3\xA9"
                  "j.csv\"\r\nContent-Type: text/csv\r\n\r\n");
    buf_put(b, CONTENT, sizeof CONTENT);
    buf_text(b, "\r\n" B "--\r\n");
    return buf_view(b);
}

static void test_as_browsers_send_it(void **state)
{
    (void)state;
    struct buf body;
    struct text whole = good_body(&body);
    for (size_t piece = 1; piece <= whole.n; piece++) {
        struct multipart m;
        struct taken t = {.begun = 0};
        struct rv_err err;
        CHECK_OK(read_in(TYPE, whole, piece, &m, &t, &err));
        CHECK(t.begun == 1 && t.file.n == sizeof CONTENT);
        CHECK(memcmp(t.file.bytes, CONTENT, sizeof CONTENT) == 0);
        CHECK_STRING(t.form, "csrf=a%2Bb%20c%3D%26%25&note=");
        CHECK_STRING(m.file_name, "d\xC3\xA9j.csv");
        done(&m, &t);
    }
    buf_done(&body);
}

/* Every cut and every changed byte outside the content: never more than what was sent, never a
 * crash (and no form that is whole when its end is not there). */
static void test_damage(void **state)
{
    (void)state;
    struct buf body;
    struct text whole = good_body(&body);
    for (size_t n = 0; n + 2 < whole.n; n++) {
        struct multipart m;
        struct taken t = {.begun = 0};
        CHECK(!rv_is_ok(read_in(TYPE, (struct text){whole.at, n}, 7, &m, &t, NULL)));
        CHECK(t.file.n <= sizeof CONTENT + 2);
        done(&m, &t);
    }
    for (size_t i = 0; i < whole.n; i++) {
        struct multipart m;
        struct taken t = {.begun = 0};
        char kept = body.bytes[i];
        body.bytes[i] = '\n';
        rv_status status = read_in(TYPE, whole, 11, &m, &t, NULL);
        CHECK(t.begun <= 1 && (rv_is_ok(status) || t.file.n <= whole.n));
        done(&m, &t);
        body.bytes[i] = kept;
    }
    buf_done(&body);
}

#define FILE_PART                                                                                  \
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1\r\n"

static void test_what_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", /* no file */
        "preamble\r\n" FILE_PART "--x--\r\n",
        FILE_PART "--x--\r\nepilogue",
        FILE_PART FILE_PART "--x--\r\n",
        FILE_PART "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
        FILE_PART "--xy\r\n",
        FILE_PART "--x",
        FILE_PART "--x-",
        "--x\r\nContent-Disposition: attachment; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename*=UTF-8''a\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; name=\"g\"; filename=\"a\"\r\n\r\n1\r\n"
        "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f g\"; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename=\"a\xFF\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename=\"a\tb\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n"
        "Content-Disposition: form-data; name=\"g\"\r\n\r\n1\r\n--x--\r\n",
        "--x\r\nContent-Type: text/csv\r\n\r\n1\r\n--x--\r\n",
        "--x\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\n\n1\n--x--\n",
        "--x \r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n1\r\n--x--\r\n",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct multipart m;
        struct taken t = {.begun = 0};
        struct rv_err err = {.message = ""};
        CHECK_FAILS(read_in("multipart/form-data; boundary=x", text_of(bodies[i]), 5, &m, &t, &err),
                    RV_INVALID);
        CHECK(err.message[0]);
        done(&m, &t);
    }
    struct multipart m;
    struct taken t = {.begun = 0};
    CHECK(rv_is_ok(read_in("multipart/form-data; boundary=\"x\"", text_of(FILE_PART "--x--"), 5, &m,
                           &t, NULL)));
    done(&m, &t);
}

static void test_types(void **state)
{
    (void)state;
#define TEN "1234567890"
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=a\rb",
        "multipart/form-data; boundary=a; boundary=a",
        "multipart/mixed; boundary=a",
        "multipart/form-data; boundary=" TEN TEN TEN TEN TEN TEN TEN "1",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct multipart m;
        struct taken t = {.begun = 0};
        CHECK_FAILS(read_in(types[i], text_of("--a\r\n"), 5, &m, &t, NULL), RV_INVALID);
        done(&m, &t);
    }
}

/* Limits of what is kept in memory, and a sink that wants nothing. */
static void test_limits(void **state)
{
    (void)state;
    struct multipart m;
    struct taken t = {.begun = 0};
    struct buf body;
    buf_init(&body, 1 << 20);
    buf_text(&body, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    for (int i = 0; i < 70000; i++) {
        buf_char(&body, 'a');
    }
    CHECK_FAILS(read_in("multipart/form-data; boundary=x", buf_view(&body), 1000, &m, &t, NULL),
                RV_LIMIT);
    CHECK(m.form.capacity <= 2 * REQUEST_FORM_BYTES);
    done(&m, &t);
    buf_clear(&body);
    buf_text(&body, "--x\r\nX: ");
    for (int i = 0; i < 3000; i++) {
        buf_char(&body, 'a');
    }
    CHECK_FAILS(read_in("multipart/form-data; boundary=x", buf_view(&body), 1000, &m, &t, NULL),
                RV_INVALID);
    done(&m, &t);
    t = (struct taken){.refuses = true};
    CHECK_FAILS(
        read_in("multipart/form-data; boundary=x", text_of(FILE_PART "--x--\r\n"), 5, &m, &t, NULL),
        RV_REFUSED);
    CHECK(t.begun == 1 && t.file.n == 0);
    done(&m, &t);
    buf_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_browsers_send_it),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
