/* See companions.h. */
#include "companions.h"

#include "traj/io/file.h"

#include <stdio.h>
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

/* Whether the pattern is the name; *star is what stands for its asterisk. */
static bool matches(piece pattern, piece name, piece *star)
{
    const piece before = up_to(pattern.begin, "*>");
    *star = (piece){name.begin, 0};
    if (before.length == pattern.length)
        return name.length == pattern.length && memcmp(name.begin, pattern.begin, name.length) == 0;
    const size_t behind = pattern.length - before.length - 1;
    if (name.length < before.length + behind ||
        memcmp(name.begin, pattern.begin, before.length) != 0 ||
        memcmp(name.begin + name.length - behind, pattern.begin + before.length + 1, behind) != 0)
        return false;
    *star = (piece){name.begin + before.length, name.length - before.length - behind};
    return true;
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

bool traj_companion_find(const char *data, const char *rules, traj_companion_accepts *accepts,
                         char *path, size_t size)
{
    const char *const slash = strrchr(data, '/'), *const name = slash != NULL ? slash + 1 : data;
    const piece folder = {data, (size_t)(name - data)}, plain = plain_name(name);
    for (const char *rule = rules; *rule != '\0'; rule += strspn(rule, " ")) {
        const piece pattern = up_to(rule, ">"), target = up_to(rule + pattern.length + 1, " ");
        piece star;
        rule = target.begin + target.length;
        if (!matches(pattern, plain, &star)) continue;
        for (int p = 0; p < PACKINGS; p++)
            if (compose(path, size, folder, target, star, packings[p]) && strcmp(path, data) != 0 &&
                traj_file_exists(path) && accepts(path))
                return true;
    }
    return false;
}
