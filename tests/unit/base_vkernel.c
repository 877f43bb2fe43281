/* The elementary functions are measured as arrays in num_vmath.c; here is what only the noise
 * needs. */
#include "traj/base/vkernel.h"
#include "unit/base_groups.h"
#include "unit/check.h"

static const long double two_pi = 6.283185307179586476925286766559005768L;

static void quarters_are_exact(void **state)
{
    (void)state;
    static const traj_real sines[] = {0, 1, 0, -1}, cosines[] = {1, 0, -1, 0};
    for (int k = -40; k <= 40; ++k) {
        traj_real sine, cosine;
        traj_sincos2pi1(TRAJ_R(k) / 4, &sine, &cosine);
        assert_true(sine == sines[(k + 40) % 4]);
        assert_true(cosine == cosines[(k + 40) % 4]);
    }
}

/* Bound: half a unit of the last place of 1 for the rounding, and as much for the polynomial. */
static void sine_and_cosine_are_close(void **state)
{
    (void)state;
    const long double bound = ldexpl(1, -TRAJ_MANTISSA_BITS);
    enum {
        STEPS = 100003
    }; /* a prime, so that the points fall between the numbers with few bits */
    for (int i = -STEPS; i <= 2 * STEPS; ++i) {
        traj_real u = TRAJ_R(i) / STEPS, sine, cosine;
        traj_sincos2pi1(u, &sine, &cosine);
        assert_true(fabsl(sine - sinl(two_pi * u)) < bound);
        assert_true(fabsl(cosine - cosl(two_pi * u)) < bound);
    }
}

static void roots_are_exact(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; ++i) assert_true(traj_sqrt1(TRAJ_R(i) * TRAJ_R(i)) == TRAJ_R(i));
}

int test_vkernel(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarters_are_exact),
        cmocka_unit_test(sine_and_cosine_are_close),
        cmocka_unit_test(roots_are_exact),
    };
    return cmocka_run_group_tests_name("vkernel", tests, NULL, NULL);
}
