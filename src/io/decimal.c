/* Reading: value = digits * 10^exponent with digits < 10^19.
 *
 *   1. digits <= 2^53, |exponent| <= 22: both factors are exact doubles, so that one operation
 * rounds correctly (Clinger 1990, "How to read floating point numbers accurately").
 *   2. digits up to 10^19, exponent -22..-1 (what 17-digit CSV files hold): one division, its exact
 * remainder by fma, and Ziv's test whether the remainder could still tip the rounding.
 *   3. anything else: strtod. */
#include "decimal.h"
#include "traj/base/assert.h"
#include "word.h"
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_FULL 1000000000000000000u /* 10^18: one more digit still fits 64 bits */
#define EXACT_MAX   9007199254740992u    /* 2^53: whole numbers up to here are doubles */

enum { POWER_MAX = 22 };   /* 10^22 is the last power of ten that is a double */
enum { MOST_DIGITS = 19 }; /* as many fit 64 bits */

static const double power_of_ten[POWER_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct decimal {
    uint64_t digits;
    int exponent;
    bool negative;
} decimal;

/* Appends digits; returns what follows them, NULL when they are too many. */
static const char *scan_digits(const char *at, uint64_t *digits)
{
    for (; *at >= '0' && *at <= '9'; at++) {
        if (*digits >= DIGITS_FULL) return NULL;
        *digits = *digits * 10 + (uint64_t)(*at - '0');
    }
    return at;
}

/* What stands behind an `e`; NULL when it is not a number of at most three digits. */
static const char *scan_exponent(const char *at, int *exponent)
{
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    int power = 0;
    const char *start = at;
    for (; *at >= '0' && *at <= '9' && at - start < 4; at++) power = power * 10 + (*at - '0');
    if (at == start || at - start > 3) return NULL;
    *exponent += negative ? -power : power;
    return at;
}

/* A number in plain decimal notation; returns what follows it, NULL when there is none or it is too
 * long. */
static const char *scan(const char *at, decimal *number)
{
    *number = (decimal){.negative = *at == '-'};
    if (*at == '-' || *at == '+') at++;
    const char *whole = at;
    at = scan_digits(at, &number->digits);
    if (!at) return NULL;
    ptrdiff_t count = at - whole;
    if (*at == '.') {
        const char *fraction = ++at;
        at = scan_digits(at, &number->digits);
        /* Leading zeros are free, so the fraction can be of any length: no double needs more than
         * this. */
        if (!at || at - fraction > 1000) return NULL;
        count += at - fraction;
        number->exponent = -(int)(at - fraction);
    }
    if (count == 0) return NULL;
    return *at == 'e' || *at == 'E' ? scan_exponent(at + 1, &number->exponent) : at;
}

/* digits / 10^power, correctly rounded into *value; false when this cannot be told. */
static bool divide(uint64_t digits, int power, double *value)
{
    double divisor = power_of_ten[power];
    double high = (double)digits;
    double low = (double)(int64_t)(digits - (uint64_t)high); /* high + low = digits, exactly */
    double quotient = high / divisor;
    /* The fma is exact; low and the division leave a relative error below 2^-51 in the correction.
     */
    double correction = (fma(-quotient, divisor, high) + low) / divisor;
    *value = quotient + correction * (1 + 0x1p-50);
    return *value == quotient + correction * (1 - 0x1p-50);
}

/* The number correctly rounded, without its sign; false when it is none of cases 1 and 2. */
static bool evaluate(const decimal *number, double *value)
{
    int exponent = number->exponent;
    if (exponent < -POWER_MAX || exponent > POWER_MAX) return false;
    if (number->digits > EXACT_MAX) return exponent < 0 && divide(number->digits, -exponent, value);
    double digits = (double)number->digits;
    *value = exponent < 0 ? digits / power_of_ten[-exponent] : digits * power_of_ten[exponent];
    return true;
}

/* Makes the calling thread's locale "C" and returns the one to put back. The C library owns the "C"
 * locale: nothing is allocated. */
static locale_t enter_c_locale(locale_t *c_locale)
{
    *c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    TRAJ_ASSERT(*c_locale);
    return uselocale(*c_locale);
}

static void leave_c_locale(locale_t c_locale, locale_t previous)
{
    uselocale(previous);
    freelocale(c_locale);
}

bool traj_decimal_plain(const char *text, const char **end, double *value)
{
    decimal number;
    double found;
    const char *const rest = scan(text, &number);
    /* Other characters may still belong to the number for strtod: 0x1p3. */
    if (!rest || (*rest != '\0' && *rest != ' ') || !evaluate(&number, &found)) return false;
    *value = number.negative ? -found : found;
    *end = rest;
    return true;
}

/* Eight digits, the first one lowest, are joined to pairs, these to fours, these to the whole
 * (D. Lemire, "Quickly parsing eight digits", 2018). False: there are others among them. */
static bool join_eight(traj_word text, uint64_t *value)
{
    const traj_word zeros = TRAJ_WORD_OF('0'), high = TRAJ_WORD_OF(0x80);
    const traj_word digits = text - zeros;
    const traj_word pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ffu;
    const traj_word fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffffu;
    *value = (fours * 10000 + (fours >> 32)) & 0xffffffffu;
    return ((text | (text + TRAJ_WORD_OF(0x7f - '9')) | digits) & high) == 0;
}

/* Appends the digits text[0..count), before which stand as many characters as a word has. */
static bool append_digits(const char *text, size_t count, uint64_t *digits)
{
    static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    uint64_t value;
    for (; count >= sizeof(traj_word); count -= sizeof(traj_word), text += sizeof(traj_word)) {
        if (!join_eight(traj_word_load(text), &value)) return false;
        *digits = *digits * 100000000 + value;
    }
    if (count == 0) return true;
    /* The last eight characters, with zeros in place of those that are done. */
    const traj_word last = traj_word_load(text + count - sizeof(traj_word));
    const unsigned shift = 8 * (unsigned)(sizeof(traj_word) - count);
    const traj_word done = ((traj_word)1 << shift) - 1;
    if (!join_eight((last & ~done) | (TRAJ_WORD_OF('0') & done), &value)) return false;
    *digits = *digits * power[count] + value;
    return true;
}

bool traj_decimal_long(const char *text, size_t length, double *value)
{
    const char *const stop = text + length;
    decimal number = {.negative = *text == '-'};
    double found;
    const char *at = text + number.negative;
    const char *const whole = at;
    while (at < stop && *at >= '0' && *at <= '9' && at - whole < MOST_DIGITS)
        number.digits = number.digits * 10 + (uint64_t)(*at++ - '0');
    const size_t before = (size_t)(at - whole), behind = (size_t)(stop - at) - (at < stop);
    if (before == 0 || at == stop || *at != '.' || behind == 0 || before + behind > MOST_DIGITS)
        return false;
    if (!append_digits(at + 1, behind, &number.digits)) return false;
    number.exponent = -(int)behind;
    if (!evaluate(&number, &found)) return false;
    *value = number.negative ? -found : found;
    return true;
}

double traj_decimal_read(const char *text, const char **end)
{
    double value;
    if (traj_decimal_plain(text, end, &value)) return value;
    locale_t c_locale, previous = enter_c_locale(&c_locale);
    char *stop;
    value = strtod(text, &stop);
    leave_c_locale(c_locale, previous);
    *end = stop;
    return value;
}

void traj_decimal_write(char text[TRAJ_DECIMAL_SIZE], double number)
{
    TRAJ_ASSERT(text);
    locale_t c_locale, previous = enter_c_locale(&c_locale);
    if (fabs(number) < (double)EXACT_MAX && number == floor(number)) {
        snprintf(text, TRAJ_DECIMAL_SIZE, "%.0f", number);
    } else {
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, TRAJ_DECIMAL_SIZE, "%.*g", digits, number);
            if (strtod(text, NULL) == number) break;
        }
    }
    leave_c_locale(c_locale, previous);
}
