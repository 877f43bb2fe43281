/* Decimal numbers of up to eight characters, many at once: recordings are mostly made of them.
 * Internal to io. Threads: any. */
#ifndef TRAJ_IO_SHORT_DECIMAL_H
#define TRAJ_IO_SHORT_DECIMAL_H

#include "word.h"

/* number[i] = the number that the last length[i] characters of tail[i] are, as traj_decimal_read
 * would have it, where they are a sign, digits and a point, eight characters at most; else NaN (so
 * is a number that ends in its point). length[i] above 8: NaN. A number takes some tens of
 * operations without a branch, and as many lanes as a register has go side by side. */
void traj_short_decimals(const traj_word *tail, const uint32_t *length, size_t count,
                         double *number);

#endif
