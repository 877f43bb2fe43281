/* What the forms of a verdict share, and its file of scenes: see verdict.h. */
#include "verdict.h"
#include <inttypes.h>
#include <math.h>

traj_seeds traj_verdict_seeds(const traj_verdict *v, size_t first)
{
    enum { MOST = sizeof((traj_seeds *)0)->member / sizeof(size_t) };
    traj_seeds seeds = {.first = first};
    const traj_contender *const item = v->contenders->item;
    for (size_t i = 0; i < first; i++)
        if (traj_contenders_alike(&item[i], &item[first])) return seeds;
    seeds.member[seeds.count++] = first;
    for (size_t i = first + 1; i < v->contenders->count && seeds.count < MOST; i++)
        if (traj_contenders_alike(&item[i], &item[first])) seeds.member[seeds.count++] = i;
    if (seeds.count < 2) seeds.count = 0;
    return seeds;
}

double traj_seeds_mean(const traj_verdict *v, const traj_seeds *seeds, traj_group group, int figure,
                       double *sd)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < seeds->count; i++)
        sum += traj_summary_figure(v->summary, TRAJ_FIRST_CONTENDER + (int)seeds->member[i], group,
                                   figure)
                   ->value;
    const double mean = sum / (double)seeds->count;
    for (size_t i = 0; i < seeds->count; i++) {
        const double off = traj_summary_figure(v->summary,
                                               TRAJ_FIRST_CONTENDER + (int)seeds->member[i], group,
                                               figure)
                               ->value -
                           mean;
        square += off * off;
    }
    *sd = sqrt(square / (double)(seeds->count - 1));
    return mean;
}

/* What is unknown is an empty field. */
static void write_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.9g", value);
    else
        fprintf(out, ",");
}

static void write_row(const traj_verdict *v, size_t scene, int source, traj_group group, FILE *out)
{
    const traj_eval_found *const found = &v->evaluation->scene[scene];
    const traj_eval_place *const place = &v->job->place[found->place];
    const traj_sequence *const sequence =
        &v->matches->item[place->recording].sequence[place->sequence];
    fprintf(out, "%zu,%zu,%s,%" PRId64 ",%.3f,%d,%s,%s", scene, place->recording, sequence->name,
            sequence->frame_id[place->frame], found->time_s, found->agents,
            v->job->source[source].key, traj_group_name(group));
    for (int m = 0; m < v->summary->metrics; m++)
        write_number(out, traj_evaluation_metric(v->evaluation, source, group, 0, m)[scene]);
    fputc('\n', out);
}

void traj_verdict_write_scenes(const traj_verdict *v, FILE *out)
{
    fprintf(out, "scene,match,sequence,frame_id,timestamp,agents,source,group");
    for (int m = 0; m < v->summary->metrics; m++) fprintf(out, ",%s", traj_metric_at(m)->key);
    fputc('\n', out);
    for (size_t s = 0; s < v->evaluation->scenes; s++)
        for (int source = TRAJ_FIRST_CONTENDER; source < v->evaluation->sources; source++)
            for (int g = 0; g < TRAJ_GROUPS; g++) write_row(v, s, source, (traj_group)g, out);
}
