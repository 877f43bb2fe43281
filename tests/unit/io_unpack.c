/* Compressed inputs: the same text whatever it was packed by, and one sentence for each way in
 * which an archive can be bad. */
#include "io_tests.h"
#include "traj/io/input.h"
#include <bzlib.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

typedef struct archive {
    char *bytes; /* owned */
    size_t size;
} archive;

typedef archive pack_text(const char *text, size_t size);

static archive pack_gzip(const char *text, size_t size)
{
    archive made = {traj_alloc(size + 1024, 1), 0};
    z_stream z = {.next_in = (unsigned char *)text,
                  .avail_in = (unsigned)size,
                  .next_out = (unsigned char *)made.bytes,
                  .avail_out = (unsigned)size + 1024};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    made.size = z.total_out;
    deflateEnd(&z);
    return made;
}

static archive pack_bzip2(const char *text, size_t size)
{
    unsigned length = (unsigned)(size + size / 50 + 1024);
    archive made = {traj_alloc(length, 1), 0};
    assert_int_equal(
        BZ2_bzBuffToBuffCompress(made.bytes, &length, (char *)text, (unsigned)size, 1, 0, 0),
        BZ_OK);
    made.size = length;
    return made;
}

static archive pack_zstd(const char *text, size_t size)
{
    archive made = {traj_alloc(ZSTD_compressBound(size), 1), 0};
    ZSTD_CCtx *const context = ZSTD_createCCtx(); /* its frames are checksummed, as zstd(1)'s are */
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)));
    made.size = ZSTD_compress2(context, made.bytes, ZSTD_compressBound(size), text, size);
    assert_false(ZSTD_isError(made.size));
    ZSTD_freeCCtx(context);
    return made;
}

static const struct {
    const char *name;
    pack_text *pack;
    size_t magic; /* bytes that it is known by */
} packers[] = {{"gzip", pack_gzip, 3}, {"bzip2", pack_bzip2, 10}, {"zstd", pack_zstd, 4}};

enum { PACKERS = sizeof packers / sizeof *packers, LONG = 400000 };

static traj_status read_all(const archive *file, char **text, size_t *size, traj_error *err)
{
    traj_input *input;
    const char *bytes;
    traj_status status = traj_input_over(&input, "f", file->bytes, file->size, err);
    if (status != TRAJ_OK) return status;
    status = traj_input_all(input, &bytes, size, err);
    *text = NULL;
    if (status == TRAJ_OK) {
        *text = traj_alloc(*size + 1, 1);
        if (*text) memcpy(*text, bytes, *size);
        if (!*text) status = traj_fail_memory(err, "the test");
    }
    traj_input_close(input);
    return status;
}

static void assert_reads(const archive *file, const char *expected, size_t length)
{
    char *text;
    size_t size;
    traj_error err;
    if (read_all(file, &text, &size, &err) != TRAJ_OK) fail_msg("%s", err.text);
    assert_int_equal(size, length);
    assert_memory_equal(text, expected, length);
    traj_free(text);
}

/* Digits do not pack well, so that archives are longer than what is read at once. */
static char *long_text(void)
{
    char *const text = traj_alloc(LONG + 1, 1);
    uint64_t seed = 5;
    assert_non_null(text);
    for (size_t i = 0; i < LONG; i++) text[i] = "0123456789abcde\n"[io_random(&seed) % 16];
    return text;
}

static archive join(const archive *first, const archive *second)
{
    archive both = {traj_alloc(first->size + second->size, 1), first->size + second->size};
    assert_non_null(both.bytes);
    memcpy(both.bytes, first->bytes, first->size);
    memcpy(both.bytes + first->size, second->bytes, second->size);
    return both;
}

static void archives_read_like_the_text(void **state)
{
    (void)state;
    char *const text = long_text();
    for (int p = 0; p < PACKERS; p++) {
        archive nothing = packers[p].pack("", 0), part = packers[p].pack(text, 1000),
                rest = packers[p].pack(text + 1000, LONG - 1000);
        archive all = join(&part, &rest), end = join(&all, &nothing);
        assert_reads(&end, text, LONG);
        assert_reads(&nothing, "", 0);
        traj_free(nothing.bytes);
        traj_free(part.bytes);
        traj_free(rest.bytes);
        traj_free(all.bytes);
        traj_free(end.bytes);
    }
    traj_free(text);
}

static void a_look_sees_the_unpacked_text(void **state)
{
    static const char text[] = "\xef\xbb\xbfone\ntwo\n";
    for (int p = 0; p < PACKERS; p++) {
        archive file = packers[p].pack(text, sizeof text - 1);
        const char *const path = io_path(state, packers[p].name), *head;
        FILE *const stream = fopen(path, "wb");
        traj_input *input;
        char *line;
        size_t size;
        assert_int_equal(fwrite(file.bytes, 1, file.size, stream), file.size);
        assert_int_equal(fclose(stream), 0);
        assert_int_equal(traj_input_open(&input, path, NULL), TRAJ_OK);
        assert_int_equal(traj_input_peek(input, &head, &size, NULL), TRAJ_OK);
        assert_int_equal(size, 8);
        assert_memory_equal(head, "one\ntwo\n", 8);
        assert_int_equal(traj_input_line(input, &line, &size, NULL), TRAJ_OK);
        assert_string_equal(line, "one");
        assert_int_equal(traj_input_line(input, &line, &size, NULL), TRAJ_OK);
        assert_string_equal(line, "two");
        assert_int_equal(traj_input_line_number(input), 2);
        traj_input_close(input);
        traj_free(file.bytes);
    }
}

static void assert_refused(const archive *file, const char *packer, const char *words)
{
    char *text, sentence[64];
    size_t size;
    traj_error err;
    assert_int_equal(read_all(file, &text, &size, &err), TRAJ_E_DATA);
    snprintf(sentence, sizeof sentence, "f: the %s archive %s", packer, words);
    io_assert_contains(err.text, sentence);
}

/* Everything that is cut off is missed, be it one byte of the checksum. */
static void archives_cut_short_are_refused(void **state)
{
    (void)state;
    char *const text = long_text();
    for (int p = 0; p < PACKERS; p++) {
        archive file = packers[p].pack(text, 20000);
        const size_t size = file.size;
        for (file.size = packers[p].magic; file.size < size;
             file.size += file.size < 32 || file.size + 32 > size ? 1 : 97) {
            if (file.size + 97 > size && file.size + 32 < size) file.size = size - 32;
            assert_refused(&file, packers[p].name, "breaks off after ");
        }
        traj_free(file.bytes);
    }
    traj_free(text);
}

static void damaged_archives_are_refused(void **state)
{
    (void)state;
    char *const text = long_text();
    for (int p = 0; p < PACKERS; p++) {
        archive file = packers[p].pack(text, 20000);
        for (size_t i = 40; i < file.size; i += 211) {
            char *unused;
            size_t size;
            traj_error err;
            file.bytes[i] ^= 0x10;
            assert_int_equal(read_all(&file, &unused, &size, &err), TRAJ_E_DATA);
            io_assert_contains(err.text, packers[p].name); /* damaged, or not yet at its end */
            file.bytes[i] ^= 0x10;
        }
        const archive stranger = {"stranger", 8};
        archive followed = join(&file, &stranger);
        assert_refused(&followed, packers[p].name, "is damaged near its byte ");
        traj_free(followed.bytes);
        traj_free(file.bytes);
    }
    traj_free(text);
}

static void bombs_are_refused_before_they_burst(void **state)
{
    (void)state;
    enum { BOMB = 80 << 20 };
    char *const zeros = traj_alloc(BOMB, 1);
    assert_non_null(zeros);
    for (int p = 0; p < PACKERS; p++) {
        archive file = packers[p].pack(zeros, BOMB);
        assert_refused(&file, packers[p].name, "unpacks to more than 256 times its size");
        traj_free(file.bytes);
    }
    archive harmless = pack_gzip(zeros, 60 << 20);
    assert_reads(&harmless, zeros, 60 << 20);
    traj_free(harmless.bytes);
    traj_free(zeros);
}

static void wide_windows_are_refused(void **state)
{
    (void)state;
    /* magic; no size told; window 2^(10 + 31), wider than the library will have */
    const archive file = {"\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00", 9};
    assert_refused(&file, "zstd", "wants more than 128 MiB");
}

static void what_only_looks_like_an_archive_is_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"BZh9,x,y", "BZh91AY&S", "\x1f\x8b", "(\xb5/"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const archive file = {(char *)texts[t], strlen(texts[t])};
        assert_reads(&file, texts[t], file.size);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (int p = 0; p < PACKERS; p++) {
        archive one = packers[p].pack("text", 4), file = join(&one, &one);
        traj_status status = TRAJ_E_MEMORY;
        for (long n = 1; status == TRAJ_E_MEMORY; n++) {
            char *text = NULL;
            size_t size;
            traj_error err;
            assert_true(n < 100);
            traj_alloc_fail_at(n);
            status = read_all(&file, &text, &size, &err);
            traj_alloc_fail_at(0);
            traj_free(text);
        }
        assert_int_equal(status, TRAJ_OK);
        traj_free(one.bytes);
        traj_free(file.bytes);
    }
}

int io_unpack_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archives_read_like_the_text),
        cmocka_unit_test(a_look_sees_the_unpacked_text),
        cmocka_unit_test(archives_cut_short_are_refused),
        cmocka_unit_test(damaged_archives_are_refused),
        cmocka_unit_test(bombs_are_refused_before_they_burst),
        cmocka_unit_test(wide_windows_are_refused),
        cmocka_unit_test(what_only_looks_like_an_archive_is_text),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_unpack", tests, io_folder_setup, io_folder_teardown);
}
