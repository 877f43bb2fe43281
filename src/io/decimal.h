/* Decimal numbers as text with a point, whatever the locale of the program. Internal to io.
 * Threads: any (the locale of the calling thread is changed and put back). */
#ifndef TRAJ_IO_DECIMAL_H
#define TRAJ_IO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

enum { TRAJ_DECIMAL_SIZE = 32 };

/* As strtod in the C locale, bit for bit: *end is text when there is no number. Fast for up to 19
 * digits. */
double traj_decimal_read(const char *text, const char **end);

/* The same where it is fast; false, and nothing is set, where it would be slow to tell the number,
 * or that there is none. */
bool traj_decimal_plain(const char *text, const char **end, double *value);

/* The same for text[0..length) as a whole, where it is digits with a point among them, perhaps
 * behind a minus; length is at least 8. */
bool traj_decimal_long(const char *text, size_t length, double *value);

/* The shortest of %.15g, %.16g and %.17g that reads back as the same finite number; whole numbers
 * below 2^53 without an exponent. */
void traj_decimal_write(char text[TRAJ_DECIMAL_SIZE], double number);

#endif
