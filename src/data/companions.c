/* See companions.h. */
#include "companions.h"

#include "traj/base/memory.h"
#include "traj/io/file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct piece { /* of a text */
    const char *begin;
    size_t length;
} piece;

/* What a compressed file's name ends in; the first: it is not compressed. */
static const char *const packings[] = {"", ".gz", ".bz2", ".zst"};
enum { PACKINGS = sizeof packings / sizeof *packings };

static piece up_to(const char *begin, const char *stops)
{
    return (piece){begin, strcspn(begin, stops)};
}

/* The name without the ending of a compressed file. */
static piece plain_name(const char *name)
{
    const size_t length = strlen(name);
    for (int p = 1; p < PACKINGS; p++) {
        const size_t ending = strlen(packings[p]);
        if (length > ending && strcmp(name + length - ending, packings[p]) == 0)
            return (piece){name, length - ending};
    }
    return (piece){name, length};
}

static piece after(piece text, size_t length)
{
    return (piece){text.begin + length, text.length - length};
}

/* Whether the pattern is the name; *star is what stands for its asterisk. */
static bool matches(piece pattern, piece name, piece *star)
{
    if (pattern.length == 0) return name.length == 0;
    const piece rest = after(pattern, 1);
    size_t digits = 0;
    switch (*pattern.begin) {
    case '#':
        while (digits < name.length && isdigit((unsigned char)name.begin[digits])) digits++;
        return digits > 0 && matches(rest, after(name, digits), star);
    case '*':
        for (size_t length = 0; length <= name.length; length++) {
            *star = (piece){name.begin, length};
            if (matches(rest, after(name, length), star)) return true;
        }
        return false;
    default:
        return name.length > 0 && *name.begin == *pattern.begin &&
               matches(rest, after(name, 1), star);
    }
}

/* folder + target with star for its asterisk + packing; false: too long. */
static bool compose(char *path, size_t size, piece folder, piece target, piece star,
                    const char *packing)
{
    const piece before = up_to(target.begin, "* ");
    const bool starred = before.length < target.length;
    const piece behind = {target.begin + before.length + 1,
                          starred ? target.length - before.length - 1 : 0};
    if (!starred) star.length = 0;
    const int length = snprintf(path, size, "%.*s%.*s%.*s%.*s%s", (int)folder.length, folder.begin,
                                (int)before.length, before.begin, (int)star.length, star.begin,
                                (int)behind.length, behind.begin, packing);
    return length >= 0 && (size_t)length < size;
}

static piece folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return (piece){path, slash != NULL ? (size_t)(slash + 1 - path) : 0};
}

bool traj_companion_find(const char *data, const char *rules, traj_companion_accepts *accepts,
                         char *path, size_t size)
{
    const piece folder = folder_of(data), plain = plain_name(data + folder.length);
    for (const char *rule = rules; *rule != '\0'; rule += strspn(rule, " ")) {
        const piece pattern = up_to(rule, ">"), target = up_to(rule + pattern.length + 1, " ");
        piece star = {plain.begin, 0};
        rule = target.begin + target.length;
        if (!matches(pattern, plain, &star)) continue;
        for (int p = 0; p < PACKINGS; p++)
            if (compose(path, size, folder, target, star, packings[p]) && strcmp(path, data) != 0 &&
                traj_file_exists(path) && accepts(path))
                return true;
    }
    return false;
}

typedef struct gathering {
    const char *data; /* view */
    piece folder;     /* of it */
    traj_companion_joins *joins;
    traj_paths *paths;
} gathering;

static traj_status add_path(traj_paths *paths, piece folder, const char *name, traj_error *err)
{
    const size_t size = folder.length + strlen(name) + 1;
    char *const path = traj_alloc(size, 1);
    if (path == NULL ||
        traj_grow(&paths->path, &paths->capacity, paths->count + 1, sizeof *paths->path) != 0) {
        traj_free(path);
        return traj_fail_memory(err, "the names of the files of a match");
    }
    memcpy(path, folder.begin, folder.length);
    memcpy(path + folder.length, name, size - folder.length);
    paths->path[paths->count++] = path;
    return TRAJ_OK;
}

static traj_status visit_name(void *context, const char *name, traj_error *err)
{
    gathering *const in = context;
    if (!in->joins(in->data + in->folder.length, name)) return TRAJ_OK;
    return add_path(in->paths, in->folder, name, err);
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

traj_status traj_companions_gather(const char *data, traj_companion_joins *joins, traj_paths *paths,
                                   traj_error *err)
{
    gathering in = {data, folder_of(data), joins, paths};
    char folder[1024];
    *paths = (traj_paths){0};
    snprintf(folder, sizeof folder, "%.*s.", (int)in.folder.length, data);
    traj_status status = traj_folder_visit(folder, visit_name, &in, err);
    if (status == TRAJ_E_IO) status = TRAJ_OK;
    if (status == TRAJ_OK) status = add_path(paths, in.folder, data + in.folder.length, err);
    if (status == TRAJ_OK)
        qsort(paths->path, paths->count, sizeof *paths->path, compare_paths);
    else
        traj_paths_free(paths);
    return status;
}

void traj_paths_free(traj_paths *paths)
{
    for (size_t p = 0; p < paths->count; p++) traj_free(paths->path[p]);
    traj_free(paths->path);
    *paths = (traj_paths){0};
}
