#include "wrap.h"

#include <stdbool.h>
#include <string.h>

traj_wrap traj_wrap_start(FILE *stream, int indent, int column)
{
    return (traj_wrap){stream, indent, column};
}

/* Its bytes but the continuation bytes. */
int traj_columns(const char *text, size_t size)
{
    int columns = 0;
    for (size_t i = 0; i < size; i++) columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void put_word(traj_wrap *wrap, const char *word, size_t size)
{
    int width = traj_columns(word, size);
    bool spaced = wrap->column > wrap->indent;
    if (spaced && wrap->column + 1 + width > WRAP_WIDTH) {
        traj_wrap_end(wrap);
        spaced = false;
    }
    if (wrap->column < wrap->indent) {
        fprintf(wrap->stream, "%*s", wrap->indent - wrap->column, "");
        wrap->column = wrap->indent;
    }
    fprintf(wrap->stream, "%s%.*s", spaced ? " " : "", (int)size, word);
    wrap->column += spaced + width;
}

void traj_wrap_text(traj_wrap *wrap, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, " \n");
        if (size) put_word(wrap, text, size);
        text += size;
        if (*text == '\n') {
            fputc('\n', wrap->stream);
            wrap->column = 0;
        }
        if (*text) text++;
    }
}

void traj_wrap_pad(traj_wrap *wrap, int column)
{
    if (wrap->column >= column) traj_wrap_end(wrap);
    fprintf(wrap->stream, "%*s", column - wrap->column, "");
    wrap->column = column;
}

void traj_wrap_end(traj_wrap *wrap)
{
    if (wrap->column) fputc('\n', wrap->stream);
    wrap->column = 0;
}
