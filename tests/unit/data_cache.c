/* Packed recordings: the same bits as from the reader, and never those of other bytes, other
 * options or a damaged file. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/io/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define TARGETS "1,1,1,-5000,0,0;1,2,9,-100,3300,0;0,3,1,5000,13,0;0,4,10,100,-3300,0;:50,60,0,0,"
static const char dat[] = "11:" TARGETS "H,Alive;:\n12:" TARGETS "A,Dead;:\n13:" TARGETS
                          "H,Alive;:\n4000:" TARGETS "H,Alive;:\n4001:" TARGETS "A,Alive;:\n";
static const char metadata[] =
    "<TracabMetaData><match iFrameRateFps='25' fPitchXSizeMeters='104' fPitchYSizeMeters='66'>"
    "<period iId='1' iStartFrame='1' iEndFrame='50'/>"
    "<period iId='2' iStartFrame='3990' iEndFrame='5000'/></match></TracabMetaData>";

#define SEEN(id, x, y, seen)                                                                       \
    "{\"x\":" x ",\"y\":" y ",\"player_id\":" id ",\"is_detected\":" seen "}"
#define FRAME(n)                                                                                   \
    "{\"frame\":" n ",\"timestamp\":\"00:00:0" n                                                   \
    ".00\",\"period\":1,\"ball_data\":{\"x\":0,\"y\":1},\"possession\":{},\"player_data\":[" PAIR( \
        PAIR(SEEN("1", "50", "0", "false"), SEEN("9", "1.25", "33", "true")),                      \
        PAIR(SEEN("21", "-50", "0.1", "true"), SEEN("29", "-1", "-33", "false"))) "]}\n"
static const char jsonl[] = FRAME("1") FRAME("2") FRAME("3");

enum { PADDING = 1 << 20, PADDINGS = 4 };

/* Blank lines make a file large enough to be worth keeping, and change nothing. */
static const char *large_file(void *const *state, const char *name, const char *text)
{
    char *const padded = traj_alloc(strlen(text) + PADDINGS * (PADDING + 1) + 1, 1);
    assert_non_null(padded);
    char *at = padded + sprintf(padded, "%s", text);
    for (int p = 0; p < PADDINGS; p++) {
        memset(at, ' ', PADDING);
        at += PADDING;
        *at++ = '\n';
    }
    const char *const path = data_file(state, name, padded);
    traj_free(padded);
    return path;
}

static traj_read_options keep_in(void *const *state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    snprintf(options.cache, sizeof options.cache, "%s/packs", (const char *)*state);
    return options;
}

/* Calls visit for each packed file of the test. */
static int each_pack(void *const *state, void (*visit)(const char *path))
{
    char folder[256], path[600];
    int packs = 0;
    snprintf(folder, sizeof folder, "%s/packs", (const char *)*state);
    DIR *const list = opendir(folder);
    for (const struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        packs++;
        if (visit != NULL) visit(path);
    }
    if (list != NULL) closedir(list);
    return packs;
}

static void remove_pack(const char *path)
{
    assert_int_equal(remove(path), 0);
}

static int leave_nothing(void **state)
{
    char folder[256];
    each_pack(state, remove_pack);
    snprintf(folder, sizeof folder, "%s/packs", (const char *)*state);
    (void)remove(folder);
    return 0;
}

static bool is_packed(const traj_recording *recording)
{
    return recording->sequence[0].packed != NULL;
}

static void assert_same_sequence(const traj_sequence *a, const traj_sequence *b)
{
    const size_t cells = a->frames * a->agents;
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->period_id, b->period_id);
    assert_int_equal(a->frames, b->frames);
    assert_int_equal(a->agents, b->agents);
    assert_memory_equal(a->agent, b->agent, a->agents * sizeof *a->agent);
    assert_memory_equal(a->frame_id, b->frame_id, a->frames * sizeof *a->frame_id);
    assert_memory_equal(a->time_s, b->time_s, a->frames * sizeof *a->time_s);
    assert_memory_equal(a->pos_m, b->pos_m, 2 * cells * sizeof *a->pos_m);
    assert_int_equal(a->play != NULL, b->play != NULL);
    if (a->play != NULL) assert_memory_equal(a->play, b->play, a->frames * sizeof *a->play);
    assert_int_equal(a->extrapolated != NULL, b->extrapolated != NULL);
    if (a->extrapolated != NULL) assert_memory_equal(a->extrapolated, b->extrapolated, cells);
    assert_memory_equal(&a->direction, &b->direction, sizeof a->direction);
}

static void assert_same(const traj_recording *a, const traj_recording *b)
{
    traj_recording left = *a, right = *b;
    left.sequence = right.sequence = NULL;
    assert_memory_equal(&left, &right, sizeof left);
    for (size_t s = 0; s < a->sequences; s++)
        assert_same_sequence(&a->sequence[s], &b->sequence[s]);
}

static void assert_same_guesses(const traj_guesses *a, const traj_guesses *b)
{
    assert_int_equal(a->count, b->count);
    for (int g = 0; g < a->count; g++) {
        assert_string_equal(a->item[g].subject, b->item[g].subject);
        assert_string_equal(a->item[g].text, b->item[g].text);
        assert_string_equal(a->item[g].flag, b->item[g].flag);
    }
}

/* Reads without the cache, then twice with it; true where the last of these was packed. */
static bool reads_alike(const char *path, const traj_read_options *options)
{
    traj_read_options plain = *options;
    traj_guesses guesses[3];
    memset(plain.cache, 0, sizeof plain.cache);
    traj_recording direct = data_read(path, &plain, &guesses[0]),
                   first = data_read(path, options, &guesses[1]),
                   second = data_read(path, options, &guesses[2]);
    assert_false(is_packed(&direct));
    for (int i = 1; i < 3; i++) {
        assert_same(&direct, i == 1 ? &first : &second);
        assert_same_guesses(&guesses[0], &guesses[i]);
    }
    const bool packed = is_packed(&second);
    traj_recording_free(&direct);
    traj_recording_free(&first);
    traj_recording_free(&second);
    return packed;
}

static void the_second_reading_has_the_same_bits(void **state)
{
    const traj_read_options options = keep_in(state);
    data_file(state, "a_metadata.xml", metadata);
    assert_true(reads_alike(large_file(state, "a.dat", dat), &options));
    assert_true(reads_alike(large_file(state, "a.jsonl", jsonl), &options));
    assert_int_equal(each_pack(state, NULL), 2);
}

static void small_files_are_not_kept(void **state)
{
    const traj_read_options options = keep_in(state);
    assert_false(reads_alike(data_file(state, "small.dat", dat), &options));
    assert_int_equal(each_pack(state, NULL), 0);
}

static void nothing_stale_is_found(void **state)
{
    traj_read_options options = keep_in(state);
    const struct timespec then[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    char changed[sizeof dat];
    traj_guesses guesses;
    strcpy(changed, dat);
    *strstr(changed, "3300") = '2';
    assert_int_equal(remove(data_file(state, "a_metadata.xml", "")), 0);

    char path[256];
    snprintf(path, sizeof path, "%s", large_file(state, "a.dat", dat));
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
    assert_true(reads_alike(path, &options));
    /* one byte, in place: neither size nor time of the file show it */
    large_file(state, "a.dat", changed);
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
    traj_recording recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    assert_true(data_pos(&recording, 0, 0, "home_9")[1] == 23.0f);
    traj_recording_free(&recording);
    /* options, and what belongs to the data */
    strcpy(options.orient, "keep");
    recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    traj_recording_free(&recording);
    options.guess_until = 12;
    recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    traj_recording_free(&recording);
    data_file(state, "a_metadata.xml", metadata);
    recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    assert_true(recording.pitch_length_m == 104.0);
    traj_recording_free(&recording);
    strcpy(options.meta, "none");
    recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    traj_recording_free(&recording);
    /* the name is part of the messages */
    recording = data_read(large_file(state, "b.dat", changed), &options, &guesses);
    assert_false(is_packed(&recording));
    traj_recording_free(&recording);
    /* what was there at first is there again */
    traj_read_options_init(&options);
    options = keep_in(state);
    assert_int_equal(remove(data_file(state, "a_metadata.xml", "")), 0);
    large_file(state, "a.dat", dat);
    recording = data_read(path, &options, &guesses);
    assert_true(is_packed(&recording));
    assert_true(data_pos(&recording, 0, 0, "home_9")[1] == 33.0f);
    traj_recording_free(&recording);
}

static long damage_at;

static void damage(const char *path)
{
    struct stat info;
    FILE *const file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    const long at = damage_at < 0 ? (long)info.st_size + damage_at : damage_at;
    assert_true(at >= 0 && at < info.st_size);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    assert_int_equal(fclose(file), 0);
}

static void cut(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, damage_at < info.st_size ? damage_at : info.st_size - 1), 0);
}

/* After the visitor's work the reading is as if nothing had been kept, and keeps it anew. */
static void assert_made_anew(void *const *state, const char *path, void (*visit)(const char *path))
{
    const traj_read_options options = keep_in(state);
    traj_guesses guesses;
    assert_int_equal(each_pack(state, visit), 1);
    traj_recording recording = data_read(path, &options, &guesses);
    assert_false(is_packed(&recording));
    traj_recording_free(&recording);
    assert_true(reads_alike(path, &options));
}

static void damaged_files_are_made_anew(void **state)
{
    /* of the header, of facts and guesses, of sequences, of their arrays */
    static const long places[] = {0,    8,    16,   24,   40,   56,   70, 200,
                                  1000, 9000, -800, -600, -450, -192, -64};
    static const long sizes[] = {0, 10, 100, 200, 9000, 1 << 30};
    const traj_read_options options = keep_in(state);
    const char *const path = large_file(state, "a.jsonl", jsonl);
    assert_true(reads_alike(path, &options));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        damage_at = places[i];
        assert_made_anew(state, path, damage);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        damage_at = sizes[i];
        assert_made_anew(state, path, cut);
    }
}

static void what_is_written_into_a_recording_stays_there(void **state)
{
    const traj_read_options options = keep_in(state);
    traj_guesses guesses;
    traj_error err;
    const char *const path = large_file(state, "a.dat", dat);
    assert_true(reads_alike(path, &options));
    traj_recording recording = data_read(path, &options, &guesses), half, again;
    assert_true(is_packed(&recording));
    assert_int_equal(recording.sequences, 2);
    traj_sequence_turn(&recording.sequence[0]);
    recording.sequence[0].agent[0].jersey = 77;
    assert_int_equal(traj_sequence_add_extrapolated(&recording.sequence[0], &err), TRAJ_OK);
    assert_int_equal(traj_recording_resample(&recording, 12.5, INT64_MIN, &half, &err), TRAJ_OK);
    traj_recording_keep_frames(&recording, 12, 13); /* the second half vanishes */
    assert_int_equal(recording.sequences, 1);
    assert_int_equal(recording.sequence[0].frame_id[0], 12);
    again = data_read(path, &options, &guesses);
    assert_true(is_packed(&again));
    assert_int_equal(again.sequence[0].frame_id[0], 11);
    assert_int_not_equal(again.sequence[0].agent[0].jersey, 77);
    traj_recording_free(&recording);
    traj_recording_free(&half);
    traj_recording_free(&again);
    assert_true(reads_alike(path, &options));
}

static void unwritable_folders_do_no_harm(void **state)
{
    traj_read_options options = keep_in(state);
    snprintf(options.cache, sizeof options.cache, "%s/below", data_file(state, "plain", ""));
    assert_false(reads_alike(large_file(state, "a.dat", dat), &options));
}

static void packs_are_for_their_owner(void **state)
{
    const traj_read_options options = keep_in(state);
    char folder[256];
    struct stat info;
    assert_true(reads_alike(large_file(state, "a.dat", dat), &options));
    snprintf(folder, sizeof folder, "%s/packs", (const char *)*state);
    DIR *const list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (entry->d_name[0] != '.') {
            assert_int_equal(fstatat(dirfd(list), entry->d_name, &info, 0), 0);
            assert_int_equal(info.st_mode & 0777, 0600);
        }
    closedir(list);
}

/* Reading fails or does not, but it goes on without the cache rather than with half of it. */
static void fail_allocations(const char *path, const traj_read_options *options)
{
    unsigned long made = 0;
    for (unsigned long n = 1; n == 1 || made >= n; n++) {
        traj_recording recording;
        traj_guesses guesses = {.count = 0};
        traj_error err = {0};
        const unsigned long before = traj_alloc_count();
        traj_alloc_fail_at((long)n);
        const traj_status status =
            traj_recording_read(&path, 1, options, &recording, &guesses, &err);
        traj_alloc_fail_at(0);
        made = traj_alloc_count() - before;
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
        assert_int_equal(recording.sequences, status == TRAJ_OK ? 1 : 0);
        traj_recording_free(&recording);
    }
}

static void every_allocation_may_fail(void **state)
{
    const traj_read_options options = keep_in(state);
    traj_read_options nowhere = options;
    const char *const path = large_file(state, "a.jsonl", jsonl);
    strcat(nowhere.cache, "/plain/below"); /* made anew each time */
    leave_nothing(state);
    fail_allocations(path, &nowhere);
    fail_allocations(path, &options);
    assert_true(reads_alike(path, &options));
}

int data_cache_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_second_reading_has_the_same_bits, leave_nothing),
        cmocka_unit_test_teardown(small_files_are_not_kept, leave_nothing),
        cmocka_unit_test_teardown(damaged_files_are_made_anew, leave_nothing),
        cmocka_unit_test_teardown(what_is_written_into_a_recording_stays_there, leave_nothing),
        cmocka_unit_test_teardown(unwritable_folders_do_no_harm, leave_nothing),
        cmocka_unit_test_teardown(packs_are_for_their_owner, leave_nothing),
        cmocka_unit_test_teardown(every_allocation_may_fail, leave_nothing),
        cmocka_unit_test_teardown(nothing_stale_is_found, leave_nothing),
    };
    return cmocka_run_group_tests_name("data_cache", tests, data_folder_setup,
                                       data_folder_teardown);
}
