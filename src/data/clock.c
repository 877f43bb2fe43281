/* Every spelling is a chain of numbers and separators, read from the left. */
#include "clock.h"

#include "traj/io/csv.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Numbers as times since 1970: anything above counts in the given fraction of a second. 1e8 s is
 * three years of seconds, longer than any match. */
static const struct epoch {
    double above, per_second;
} epochs[] = {{1e17, 1e9}, {1e14, 1e6}, {1e11, 1e3}, {1e8, 1.0}};

/* A run of digits with an optional fraction (point or comma); NULL when there is no digit. */
static const char *read_number(const char *text, double *number)
{
    if (!isdigit((unsigned char)*text)) return NULL;
    double value = 0.0, unit = 1.0;
    for (; isdigit((unsigned char)*text); text++) value = 10.0 * value + (*text - '0');
    if (*text == '.' || *text == ',')
        for (text++; isdigit((unsigned char)*text); text++) {
            value = 10.0 * value + (*text - '0');
            unit *= 10.0;
        }
    *number = value / unit;
    return text;
}

/* [hh:]mm:ss[.fff]; NULL when it is something else. */
static const char *read_colons(const char *text, double *seconds)
{
    double part;
    int parts = 0;
    *seconds = 0.0;
    for (;;) {
        text = read_number(text, &part);
        if (text == NULL) return NULL;
        *seconds = 60.0 * *seconds + part;
        parts++;
        if (*text != ':') break;
        text++;
    }
    return parts == 2 || parts == 3 ? text : NULL;
}

/* PT1H2M3.5S, also P0DT... as polars and pandas write it. */
static int parse_iso_duration(const char *text, double *seconds)
{
    static const char units[] = "DHMS";
    static const double each[] = {86400.0, 3600.0, 60.0, 1.0};
    int parts = 0;
    *seconds = 0.0;
    for (text++; *text != '\0';) {
        double number;
        if (*text == 'T') text++;
        text = read_number(text, &number);
        const char *unit = text == NULL || *text == '\0' ? NULL : strchr(units, *text);
        if (unit == NULL) return -1;
        *seconds += number * each[unit - units];
        parts++;
        text++;
    }
    return parts > 0 ? 0 : -1;
}

/* Days since 1970-01-01 of the Gregorian calendar (Howard Hinnant, days_from_civil). */
static double days_from_date(double year, double month, double day)
{
    double y = month <= 2.0 ? year - 1.0 : year;
    double era = floor(y / 400.0), of_era = y - era * 400.0;
    double shifted = month > 2.0 ? month - 3.0 : month + 9.0;
    double of_year = floor((153.0 * shifted + 2.0) / 5.0) + day - 1.0;
    double days = of_era * 365.0 + floor(of_era / 4.0) - floor(of_era / 100.0) + of_year;
    return era * 146097.0 + days - 719468.0;
}

/* 2019-10-13T17:01:05.120Z, a space for the T, any zone. */
static int parse_date(const char *text, double *seconds)
{
    double part[3];
    for (int i = 0; i < 3; i++) {
        text = read_number(text, &part[i]);
        if (text == NULL || (i < 2 && *text++ != '-')) return -1;
    }
    if ((*text != 'T' && *text != ' ') || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
        part[2] > 31)
        return -1;
    double of_day;
    if (read_colons(text + 1, &of_day) == NULL) return -1;
    *seconds = 86400.0 * days_from_date(part[0], part[1], part[2]) + of_day;
    return 0;
}

static int parse_days(const char *text, double *seconds)
{
    double days, of_day;
    text = read_number(text, &days);
    if (text == NULL || strncmp(text, " day", 4) != 0) return -1;
    text += 4 + (text[4] == 's');
    while (*text == ' ' || *text == ',') text++;
    text = read_colons(text, &of_day);
    if (text == NULL || *text != '\0') return -1;
    *seconds = 86400.0 * days + of_day;
    return 0;
}

int traj_clock_number(double number, double *seconds, bool *wall)
{
    *seconds = number;
    *wall = false;
    for (size_t e = 0; e < sizeof epochs / sizeof epochs[0] && !*wall; e++)
        if (number > epochs[e].above) {
            *seconds = number / epochs[e].per_second;
            *wall = true;
        }
    return isnan(number) ? -1 : 0;
}

int traj_clock_parse(const char *text, double *seconds, bool *wall)
{
    double number;
    *wall = false;
    if (traj_csv_number(text, &number) == 0) return traj_clock_number(number, seconds, wall);
    if (text[0] == 'P') return parse_iso_duration(text, seconds);
    if (parse_days(text, seconds) == 0) return 0;
    const char *end = read_colons(text, seconds);
    if (end != NULL && *end == '\0') return 0;
    *wall = true;
    return parse_date(text, seconds);
}

double traj_clock_since(double seconds, double start)
{
    return round((seconds - start) * 1e6) / 1e6;
}
