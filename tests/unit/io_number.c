/* traj_csv_number against strtod, bit for bit. The program runs in the C locale unless a test
 * changes it. */
#include "io_tests.h"
#include "traj/io/csv.h"
#include "traj/io/json.h"
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_as_strtod(const char *text)
{
    double expected = strtod(text, NULL), value = 0;
    if (traj_csv_number(text, &value) != 0) fail_msg("'%s' is refused", text);
    if (!isfinite(expected)) {
        assert_true(isnan(value));
    } else if (memcmp(&value, &expected, sizeof value) != 0) {
        fail_msg("'%s' gives %a, strtod %a", text, value, expected);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"n/a",   "-",    "+",  ".",     "e5",  "1,5",  "1.2.3",
                                        "1 2",   "a",    "1a", "--1",   "1e",  "1e+",  "0x",
                                        "NAN/A", "NA N", "N",  "<NA>x", "-NA", "12-3", "1_000"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value = 7;
        if (traj_csv_number(texts[i], &value) != -1) fail_msg("'%s' is accepted", texts[i]);
        assert_true(value == 7);
    }
}

static void missing_is_nan(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",     "  ",   "NaN", "nan",  "NAN",  "-nan", "NA",       "N/A",       "null",  "NULL",
        "None", "<NA>", "inf", "-inf", "+inf", "Inf",  "infinity", "-Infinity", "1e999", " NA "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value = 7;
        if (traj_csv_number(texts[i], &value) != 0 || !isnan(value))
            fail_msg("'%s' is not missing", texts[i]);
    }
}

static void spellings_of_strtod_are_accepted(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "-0.0",
                                        "1",
                                        "+1",
                                        "1.",
                                        ".5",
                                        "-.5e1",
                                        "1e5",
                                        "1E5",
                                        "1e+5",
                                        "1e-5",
                                        "0x10",
                                        "0x1.8p3",
                                        "007",
                                        "1e22",
                                        "1e23",
                                        "1e-22",
                                        "1e-23",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740993.0",
                                        "123456789012345678901234567890",
                                        "0.1e-400",
                                        "4.9e-324",
                                        "2e-324",
                                        "1.7976931348623157e308",
                                        "0.00000000000000000000000000000000012345",
                                        "1e0000000005",
                                        "9999999999999999999",
                                        "9999999999999999999.9",
                                        "0.30000000000000004",
                                        "1e-0000001",
                                        "00000000000000000000000000000001.5",
                                        "1.50000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_as_strtod(texts[i]);
    double value;
    assert_int_equal(traj_csv_number(" \t-2.5\t ", &value), 0);
    assert_true(value == -2.5);
}

/* digits * 10^-places as text, with the point inside. */
static void decimal_text(char *text, size_t size, uint64_t digits, int places)
{
    char plain[32];
    int length = snprintf(plain, sizeof plain, "%0*" PRIu64, places + 1, digits);
    snprintf(text, size, "%.*s.%s", length - places, plain, plain + length - places);
}

static void random_text(char *text, size_t size, uint64_t *seed, int kind)
{
    uint64_t bits = io_random(seed);
    double number, unit = (double)(io_random(seed) >> 11) * 0x1p-53;
    memcpy(&number, &bits, sizeof number);
    int places = (int)(bits % 20);
    switch (kind) {
    case 0:
        snprintf(text, size, "%.17g", number);
        break; /* any double */
    case 1:
        snprintf(text, size, "%.*g", 15 + places % 3, 120 * unit - 60);
        break; /* as in files */
    case 2:
        snprintf(text, size, "%.*f", places % 7, 120 * unit - 60);
        break;
    case 3:
        decimal_text(text, size, io_random(seed) >> (bits & 31), places);
        break;
    default: { /* exactly between two doubles: an odd number of 54 bits over 2^j */
        uint64_t odd = (UINT64_C(1) << 53) | (bits >> 11) | 1;
        static const uint64_t power_of_five[] = {1, 5, 25, 125, 625};
        int j = (int)(bits % 5);
        decimal_text(text, size, odd * power_of_five[j], j);
    }
    }
}

static void a_million_random_numbers_equal_strtod(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 1000000; i++) {
        char text[64];
        random_text(text, sizeof text, &seed, i % 5);
        assert_as_strtod(text);
    }
}

/* The odd multiples of half a last place are ties; what lies closest to one without being one is
 * hardest to round.
 *
 *   digits * 2^(s+1) = (2 M + 1) * 5^k + delta,  M in [2^52, 2^53),  delta odd and small
 *
 * makes digits / 10^k a number with M as its 53 bits, only delta / (2 * 5^k) of a last place away
 * from a tie. Modulo 5^k that is digits = delta / 2^(s+1), found by halving s + 1 times. */
static void numbers_next_to_a_tie_equal_strtod(void **state)
{
    (void)state;
    uint64_t fives = 1, tested = 0;
    for (int k = 1; k <= 22; k++) {
        fives *= 5;
        for (int s = 0; s <= 51; s++) {
            for (uint64_t delta = 1; delta < 10; delta += 2) {
                uint64_t residue = io_random(&tested) % 2 ? delta % fives : fives - delta % fives;
                for (int i = 0; i <= s; i++)
                    residue = residue % 2 ? (residue + fives) / 2 : residue / 2;
                uint64_t multiple = (UINT64_C(1) << (52 - s)) +
                                    io_random(&tested) % (UINT64_C(1) << (52 - s));
                if (multiple > (UINT64_C(9999999999999999999) - residue) / fives) continue;
                char text[64];
                decimal_text(text, sizeof text, multiple * fives + residue, k);
                assert_as_strtod(text);
            }
        }
    }
}

/* What traj_csv_row_number says of a field, beside traj_csv_number of its text. */
static traj_status compare_numbers(void *context, const traj_csv_row *row, traj_error *err)
{
    (void)err;
    size_t *const known = context;
    for (size_t c = 0; c < row->fields; c++) {
        double expected = 7, value = 7;
        const int refused = traj_csv_number(row->field[c], &expected);
        assert_int_equal(row->length[c], strlen(row->field[c]));
        assert_int_equal(traj_csv_row_number(row, c, &value), refused);
        if (memcmp(&value, &expected, sizeof value) != 0 && !(isnan(value) && isnan(expected)))
            fail_msg("'%s' gives %a, not %a", row->field[c], value, expected);
        *known += row->number[c] == row->number[c];
    }
    return TRAJ_OK;
}

/* Texts over the letters of numbers reach every way to be one, and to be none; rows of 13 reach
 * every lane. */
static void numbers_of_a_row_equal_those_of_its_fields(void **state)
{
    (void)state;
    static const char letters[] = "0123456789012345678900..-+ea/:";
    enum { ROWS = 30000, FIELDS = 13, USUAL = 11, LONGEST = 27 };
    char *const text = traj_alloc(ROWS * FIELDS * (LONGEST + 1) + 1, 1);
    uint64_t seed = 3;
    size_t used = 0, known = 0;
    for (int i = 0; i < ROWS * FIELDS; i++) {
        const size_t length = io_random(&seed) % ((i % 5 == 0 ? LONGEST : USUAL) + 1);
        if (i % 3 == 0) text[used++] = '-'; /* most that begin so are numbers */
        for (size_t c = i % 3 == 0; c < length; c++)
            text[used++] = letters[io_random(&seed) % (i % 2 ? 22 : sizeof letters - 1)];
        text[used++] = i % FIELDS == FIELDS - 1 ? '\n' : ',';
    }
    assert_int_equal(traj_csv_parse("n.csv", text, used, compare_numbers, &known, NULL), TRAJ_OK);
    assert_in_range(known, ROWS * FIELDS / 3, ROWS * FIELDS); /* a shortcut that nobody takes */
    traj_free(text);
}

/* With up to twenty digits, on either side of a tie, as they stand in files. */
static void long_numbers_of_a_row_equal_strtod(void **state)
{
    (void)state;
    enum { NUMBERS = 200000, LONGEST = 400 };
    char *const text = traj_alloc(NUMBERS * 32 + LONGEST, 1), number[LONGEST];
    uint64_t seed = 11;
    size_t used = 0, known = 0;
    for (int i = 0; i < NUMBERS; i++) {
        random_text(number, sizeof number, &seed, 1 + i % 4);
        used += (size_t)sprintf(text + used, "%s%c", number, i % 8 == 7 ? '\n' : ',');
    }
    assert_int_equal(traj_csv_parse("n.csv", text, used, compare_numbers, &known, NULL), TRAJ_OK);
    assert_in_range(known, NUMBERS / 2, NUMBERS);
    traj_free(text);
}

static void locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof commas / sizeof *commas && !found; i++)
        found = setlocale(LC_ALL, commas[i]);
    if (!found) skip(); /* no locale with a decimal comma is installed */
    traj_json *root = traj_json_object(), *again = NULL;
    traj_json_set_number(root, "x", 1.75);
    char *text = traj_json_text(root, false);
    traj_status status = traj_json_parse("x.json", text, strlen(text), &again, NULL);
    double fast, slow, read_back = 0;
    int refused = traj_csv_number("0.25", &fast) + traj_csv_number("0x1.8p0", &slow);
    setlocale(LC_ALL, "C");
    assert_int_equal(refused, 0);
    assert_true(fast == 0.25 && slow == 1.5);
    assert_int_equal(status, TRAJ_OK);
    assert_string_equal(text, "{\"x\":1.75}");
    assert_true(traj_json_number(traj_json_get(again, "x"), &read_back) && read_back == 1.75);
    traj_json_free(root);
    traj_json_free(again);
    traj_free(text);
}

int io_number_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(missing_is_nan),
        cmocka_unit_test(spellings_of_strtod_are_accepted),
        cmocka_unit_test(a_million_random_numbers_equal_strtod),
        cmocka_unit_test(numbers_next_to_a_tie_equal_strtod),
        cmocka_unit_test(numbers_of_a_row_equal_those_of_its_fields),
        cmocka_unit_test(long_numbers_of_a_row_equal_strtod),
        cmocka_unit_test(locale_does_not_matter),
    };
    return cmocka_run_group_tests_name("io_number", tests, NULL, NULL);
}
