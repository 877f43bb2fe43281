/* The list of figures: see traj/eval/figure.h. */
#include "traj/eval/figure.h"
#include "traj/base/assert.h"
#include <stdio.h>
#include <string.h>

static bool has_w1(int quantity)
{
    return traj_quantity_at(quantity)->bins[1] == 1;
}

int traj_figure_count(void)
{
    int count = traj_metric_count() + traj_quantity_count();
    for (int q = 0; q < traj_quantity_count(); q++) count += has_w1(q);
    return count;
}

static traj_figure figure_of_metric(int index)
{
    const traj_metric *const metric = traj_metric_at(index);
    traj_figure figure = {.unit = metric->unit, .metric = index, .quantity = -1};
    snprintf(figure.key, sizeof figure.key, "%s", metric->key);
    snprintf(figure.definition, sizeof figure.definition, "%s", metric->definition);
    return figure;
}

static traj_figure figure_of_quantity(int index, traj_divergence divergence)
{
    const traj_quantity *const quantity = traj_quantity_at(index);
    const bool w1 = divergence == TRAJ_W1;
    traj_figure figure = {.unit = w1 ? quantity->unit : "nats",
                          .metric = -1,
                          .quantity = index,
                          .divergence = divergence};
    snprintf(figure.key, sizeof figure.key, "%s_%s", quantity->key, w1 ? "w1" : "js");
    snprintf(figure.definition, sizeof figure.definition,
             "%s of the distributions of %s, generated against true",
             w1 ? "Wasserstein-1 distance" : "Jensen-Shannon divergence", quantity->key);
    return figure;
}

traj_figure traj_figure_at(int index)
{
    TRAJ_ASSERT(index >= 0 && index < traj_figure_count());
    if (index < traj_metric_count()) return figure_of_metric(index);
    index -= traj_metric_count();
    for (int q = 0;; q++) {
        if (has_w1(q) && index-- == 0) return figure_of_quantity(q, TRAJ_W1);
        if (index-- == 0) return figure_of_quantity(q, TRAJ_JS);
    }
}

int traj_figure_find(const char *key)
{
    for (int i = 0; i < traj_figure_count(); i++)
        if (!strcmp(traj_figure_at(i).key, key)) return i;
    return -1;
}
