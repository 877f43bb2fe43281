/* Characters stand in a word with the first one lowest. What is no part of the number, its sign and
 * its point are made zeros, digits before the point move up by one, and eight digits remain:
 *
 *   "-12.345"   ?-12.345 -> ?012.345 -> 0012.345 -> 00012345, divided by 10^3
 *
 * Digits and the power of ten are exact doubles, so that their quotient is rounded correctly
 * (W. Clinger, "How to read floating point numbers accurately", 1990). */
#include "short_decimal.h"
#include "traj/base/simd.h"
#include <string.h>

enum { LANES = 8 };
typedef uint64_t words __attribute__((vector_size(8 * LANES)));
typedef uint32_t half_words __attribute__((vector_size(8 * LANES)));
typedef uint16_t quarter_words __attribute__((vector_size(8 * LANES)));
typedef uint32_t lengths __attribute__((vector_size(4 * LANES)));
typedef double numbers __attribute__((vector_size(8 * LANES)));

/* Eight digits are joined to pairs, these to fours, these to the whole (D. Lemire, "Quickly parsing
 * eight digits", 2018): in lanes as narrow as the products, which are multiplied fastest. */
TRAJ_INLINE void join_digits(words *digits)
{
    const words hundreds = (words){0} + 0x0001006400010064u; /* 100, 1, 100, 1 */
    const words myriads = (words){0} + 0x0000000100002710u;  /* 10000, 1 */
    const quarter_words ones = (quarter_words)*digits;
    const half_words two =
        (half_words)(((ones * 10 + (ones >> 8)) & 0xff) * (quarter_words)hundreds);
    const words four = (words)(((two & 0xffff) + (two >> 16)) * (half_words)myriads);
    *digits = (four & 0xffffffffu) + (four >> 32);
}

/* Whole numbers below 2^52: their bits are the last ones of 2^52 + number. */
TRAJ_INLINE void convert(numbers *to, const words *from)
{
    *to = (numbers)(*from | 0x4330000000000000u) - 0x1p52;
}

/* Comparisons give masks: all bits of a lane where they hold, else none. */
TRAJ_INLINE void read_lanes(const words *tail, const words *length, words *number)
{
    const uint64_t zeros = TRAJ_WORD_OF('0'), low = TRAJ_WORD_OF(0x7f), high = TRAJ_WORD_OF(0x80);
    const words one = (words){0} + 1;
    const words start = (64 - 8 * *length) & 63; /* bits before the number, */
    const words before = (one << start) - 1;     /* which are set here */
    const words negative = (words)((*tail >> start & 0xff) == '-');
    const words sign = (one * ('-' ^ '0') << start) & negative;
    const words text = ((*tail & ~before) | (zeros & before)) ^ sign;

    /* The lowest bit of the first point; without one all is fraction, of 10^0. */
    const words differs = text ^ TRAJ_WORD_OF('.');
    const words points = ~(((differs & low) + low) | differs | low) >> 7;
    const words point = points & -points, pointed = (words)(point != 0);
    const words whole = text & (point - 1) & pointed;
    const words fraction = text & (-(point << 8) | ~pointed);
    const words joined = fraction | whole << 8 | ('0' & pointed);

    /* A byte above '9' or below '0' sets its highest bit, or had it. */
    const words wrong = (joined | (joined + TRAJ_WORD_OF(0x7f - '9')) | (joined - zeros)) & high;
    const words none = (words)(wrong != 0) | (words)(*length - 1 > 7) |
                       (words)(*tail >> 56 == '.') | (negative & (words)(*length == 1));

    words digits = joined - zeros, power = point | ((uint64_t)1 << 56 & ~pointed);
    numbers dividend, divisor;
    join_digits(&digits);
    join_digits(&power);
    convert(&dividend, &digits);
    convert(&divisor, &power);
    *number = (words)(dividend / divisor) | (negative & (uint64_t)1 << 63) | none; /* a NaN */
}

TRAJ_SIMD void traj_short_decimals(const traj_word *tail, const uint32_t *length, size_t count,
                                   double *number)
{
    for (size_t i = 0; i < count; i += LANES) {
        const size_t lanes = count - i < LANES ? count - i : LANES;
        words tails = {0}, numbers_read;
        lengths narrow = {0};
        if (lanes == LANES) {
            memcpy(&tails, tail + i, sizeof tails);
            memcpy(&narrow, length + i, sizeof narrow);
        } else {
            memcpy(&tails, tail + i, lanes * sizeof *tail);
            memcpy(&narrow, length + i, lanes * sizeof *length);
        }
        const words wide = __builtin_convertvector(narrow, words);
        read_lanes(&tails, &wide, &numbers_read);
        if (lanes == LANES)
            memcpy(number + i, &numbers_read, sizeof numbers_read);
        else
            memcpy(number + i, &numbers_read, lanes * sizeof *number);
    }
}
