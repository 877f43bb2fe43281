#include "traj/nn/latent.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"

enum { R = 4, Z = 19 };
static const double sd_floor = 1e-3;
static const double log_2pi = 1.83787706640934548356;

static double sd_of(traj_real s)
{
    return nn_softplus((double)s) + (double)TRAJ_R(sd_floor);
}

static double twin_kl(const traj_real *q, const traj_real *p, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) {
        const double sd_q = sd_of(q[n + k]), sd_p = sd_of(p[n + k]);
        const double shift = (double)q[k] - (double)p[k];
        sum += log(sd_p / sd_q) + (sd_q * sd_q + shift * shift) / (2 * sd_p * sd_p) - 0.5;
    }
    return sum;
}

static double twin_density(const traj_real *raw, const traj_real *z, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) {
        const double sd = sd_of(raw[n + k]), u = ((double)z[k] - (double)raw[k]) / sd;
        sum -= log(sd) + 0.5 * u * u + 0.5 * log_2pi;
    }
    return sum;
}

static void passes_are_their_formulas(void **state)
{
    (void)state;
    static traj_real q[R * 2 * Z], p[R * 2 * Z], eps[R * Z], z[R * Z];
    const traj_real weight[R] = {1, 0, TRAJ_R(0.5), 2};
    traj_real kl[R];
    double density[R] = {1, 1, 1, 1};
    nn_fill(q, R * 2 * Z, 2, 1);
    nn_fill(p, R * 2 * Z, 2, 2);
    nn_fill(eps, R * Z, 1, 3);
    const traj_mat q_mat = traj_mat_view(q, R, 2 * Z), p_mat = traj_mat_view(p, R, 2 * Z);
    traj_latent_forward(traj_mat_view(z, R, Z), q_mat, traj_mat_view(eps, R, Z), TRAJ_R(sd_floor));
    traj_kl_forward(kl, q_mat, p_mat, weight, TRAJ_R(sd_floor));
    traj_latent_density(density, p_mat, traj_mat_view(z, R, Z), weight, TRAJ_R(sd_floor), -1);
    for (int r = 0; r < R; r++) {
        const traj_real *const q_row = q + r * 2 * Z, *const p_row = p + r * 2 * Z;
        for (int k = 0; k < Z; k++)
            assert_true(nn_close(z[r * Z + k],
                                 (double)q_row[k] + sd_of(q_row[Z + k]) * (double)eps[r * Z + k]));
        assert_true(nn_close(kl[r], (double)weight[r] * twin_kl(q_row, p_row, Z)));
        const double twin = 1 - (double)weight[r] * twin_density(p_row, z + r * Z, Z);
        assert_true(fabs(density[r] - twin) <= NN_CLOSE * fmax(1, fabs(twin)));
    }
}

static void kl_of_equals_is_zero(void **state)
{
    (void)state;
    static traj_real q[R * 2 * Z], d_q[R * 2 * Z], d_p[R * 2 * Z];
    const traj_real weight[R] = {1, 1, 1, 1};
    traj_real kl[R];
    nn_fill(q, R * 2 * Z, 3, 4);
    const traj_mat m = traj_mat_view(q, R, 2 * Z);
    traj_kl_forward(kl, m, m, weight, TRAJ_R(sd_floor));
    traj_kl_backward(traj_mat_view(d_q, R, 2 * Z), traj_mat_view(d_p, R, 2 * Z), m, m, weight,
                     TRAJ_R(sd_floor));
    for (int r = 0; r < R; r++) assert_true(kl[r] == 0);
    for (int i = 0; i < R * 2 * Z; i++) {
        /* ratio / sd - 1 / sd: at the floor the two terms are 1000 and differ by a rounding */
        assert_true(fabs((double)d_q[i]) <= 2 * NN_EPSILON / sd_floor);
        assert_true(d_p[i] == 0);
    }
}

/* KL(q||p) = E_q[log q - log p]: ties the closed form, the sampling and the density together. The
 * mean of 1e5 draws must lie within 5 of its own standard errors. */
static void kl_is_the_mean_log_ratio(void **state)
{
    (void)state;
    enum { DRAWS = 100000, BLOCK = 1000, SIZE = 3 };
    static traj_real q[BLOCK * 2 * SIZE], p[BLOCK * 2 * SIZE], eps[BLOCK * SIZE], z[BLOCK * SIZE];
    static traj_real weight[BLOCK], kl[BLOCK];
    const traj_real q_row[2 * SIZE] = {TRAJ_R(0.5), -1, 0, TRAJ_R(0.3), -1, TRAJ_R(0.2)};
    const traj_real p_row[2 * SIZE] = {0, TRAJ_R(-0.5), TRAJ_R(0.3), 1, TRAJ_R(0.5), 0};
    const traj_noise noise = {5, TRAJ_STREAM_TEST, 0};
    const traj_mat q_mat = traj_mat_view(q, BLOCK, 2 * SIZE);
    const traj_mat p_mat = traj_mat_view(p, BLOCK, 2 * SIZE);
    const traj_mat z_mat = traj_mat_view(z, BLOCK, SIZE);
    for (int i = 0; i < BLOCK * 2 * SIZE; i++) {
        q[i] = q_row[i % (2 * SIZE)];
        p[i] = p_row[i % (2 * SIZE)];
        weight[i % BLOCK] = 1;
    }
    double sum = 0, square = 0;
    for (uint32_t block = 0; block < DRAWS / BLOCK; block++) {
        double ratio[BLOCK] = {0};
        traj_noise_normal_rows(&noise, block, 0, BLOCK, eps, SIZE);
        traj_latent_forward(z_mat, q_mat, traj_mat_view(eps, BLOCK, SIZE), TRAJ_R(sd_floor));
        traj_latent_density(ratio, q_mat, z_mat, weight, TRAJ_R(sd_floor), 1);
        traj_latent_density(ratio, p_mat, z_mat, weight, TRAJ_R(sd_floor), -1);
        for (int r = 0; r < BLOCK; r++) {
            sum += ratio[r];
            square += ratio[r] * ratio[r];
        }
    }
    const double mean = sum / DRAWS, error = sqrt((square / DRAWS - mean * mean) / DRAWS);
    traj_kl_forward(kl, q_mat, p_mat, weight, TRAJ_R(sd_floor));
    assert_true(error < 0.01);
    assert_true(fabs(mean - (double)kl[0]) < 5 * error);
}

static bool all_finite(const traj_real *data, int n)
{
    for (int i = 0; i < n; i++)
        if (!isfinite(data[i])) return false;
    return true;
}

static void extreme_raw_stays_finite(void **state)
{
    (void)state;
    const traj_real extreme[] = {-1000, -50, 0, 50, 1000};
    const traj_real one = 1;
    for (int c = 0; c < 625; c++) {
        traj_real q[2] = {extreme[c % 5], extreme[c / 5 % 5]};
        traj_real p[2] = {extreme[c / 25 % 5], extreme[c / 125]};
        traj_real kl, d[4];
        const traj_mat q_mat = traj_mat_view(q, 1, 2), p_mat = traj_mat_view(p, 1, 2);
        traj_kl_forward(&kl, q_mat, p_mat, &one, TRAJ_R(sd_floor));
        traj_kl_backward(traj_mat_view(d, 1, 2), traj_mat_view(d + 2, 1, 2), q_mat, p_mat, &one,
                         TRAJ_R(sd_floor));
        assert_true(isfinite(kl) && kl >= 0);
        assert_true(all_finite(d, 4));
    }
}

/* However small s is, sd is the floor: z moves by floor * eps. */
static void floor_holds(void **state)
{
    (void)state;
    const traj_real extreme[] = {-20, -50, -1000, -INFINITY};
    for (int c = 0; c < 4; c++) {
        traj_real raw[2] = {0, extreme[c]}, eps = 1, z;
        traj_latent_forward(traj_mat_view(&z, 1, 1), traj_mat_view(raw, 1, 2),
                            traj_mat_view(&eps, 1, 1), TRAJ_R(sd_floor));
        assert_true(fabs((double)z - sd_floor) < 1e-8);
    }
}

static void odd_columns(void)
{
    traj_real data[6] = {0};
    traj_latent_forward(traj_mat_view(data, 1, 2), traj_mat_view(data, 1, 3),
                        traj_mat_view(data, 1, 2), 0);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(odd_columns));
}

int test_latent(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),           cmocka_unit_test(passes_are_their_formulas),
        cmocka_unit_test(kl_of_equals_is_zero),     cmocka_unit_test(kl_is_the_mean_log_ratio),
        cmocka_unit_test(extreme_raw_stays_finite), cmocka_unit_test(floor_holds),
    };
    return cmocka_run_group_tests_name("nn: latent", tests, NULL, NULL);
}
