/* See lines.h. */
#include "lines.h"

#include "traj/io/csv.h"

#include <math.h>
#include <string.h>

void traj_lines_init(traj_lines *lines, const char *bytes, size_t size)
{
    const bool marked = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    lines->next = marked ? bytes + 3 : bytes;
    lines->end = bytes + size;
    lines->number = 0;
}

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t') return false;
    return true;
}

bool traj_lines_next(traj_lines *lines, const char **text, size_t *length)
{
    while (lines->next < lines->end) {
        const size_t left = (size_t)(lines->end - lines->next);
        const char *const feed = memchr(lines->next, '\n', left);
        *text = lines->next;
        *length = feed != NULL ? (size_t)(feed - *text) : left;
        lines->next += *length + (feed != NULL);
        lines->number++;
        if (*length > 0 && (*text)[*length - 1] == '\r') --*length;
        if (!is_blank(*text, *length)) return true;
    }
    return false;
}

char traj_text_first(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0') at++;
    return at < size ? text[at] : '\0';
}

char *traj_text_cut(char **rest, char separator)
{
    char *const before = *rest;
    *rest = strchr(before, separator);
    if (*rest != NULL) *(*rest)++ = '\0';
    return before;
}

bool traj_text_whole(const char *text, double limit, int64_t *number)
{
    double value;
    if (traj_csv_number(text, &value) != 0 || value != floor(value) || !(fabs(value) < limit))
        return false;
    *number = (int64_t)value;
    return true;
}

bool traj_text_holds(const char *text, size_t size, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = text; (size_t)(text + size - at) >= length; at++) {
        at = memchr(at, word[0], (size_t)(text + size - at) - length + 1);
        if (at == NULL) return false;
        if (memcmp(at, word, length) == 0) return true;
    }
    return false;
}
