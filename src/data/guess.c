/* The list of guesses. */
#include "guess.h"

#include <stdarg.h>
#include <stdio.h>

static void append(traj_guesses *guesses, const char *subject, const char *flag, bool doubt,
                   const char *format, va_list args)
{
    if (guesses->count == (int)(sizeof guesses->item / sizeof guesses->item[0])) return;
    traj_guess *guess = &guesses->item[guesses->count++];
    snprintf(guess->subject, sizeof guess->subject, "%s", subject);
    snprintf(guess->flag, sizeof guess->flag, "%s", flag);
    vsnprintf(guess->text, sizeof guess->text, format, args);
    guess->doubt = doubt;
}

void traj_guess_add(traj_guesses *guesses, const char *subject, const char *flag,
                    const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append(guesses, subject, flag, false, format, args);
    va_end(args);
}

void traj_guess_doubt(traj_guesses *guesses, const char *subject, const char *flag,
                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append(guesses, subject, flag, true, format, args);
    va_end(args);
}

size_t traj_guess_frames(const traj_reading *reading, size_t s)
{
    return traj_sequence_until(&reading->recording->sequence[s], reading->until);
}

size_t traj_guess_stride(size_t count, size_t enough)
{
    size_t stride = count / enough + 1;
    while (stride > 1 && (stride % 2 == 0 || stride % 3 == 0 || stride % 5 == 0)) stride++;
    return stride;
}

int traj_compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}
