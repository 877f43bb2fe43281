/* See places.h. */
#include "places.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const traj_sequence *traj_place_sequence(const traj_matches *matches, traj_place place)
{
    return &matches->item[place.match].sequence[place.sequence];
}

static traj_status add(traj_places *places, traj_place place, traj_error *err)
{
    if (traj_grow(&places->item, &places->capacity, places->count + 1, sizeof *places->item))
        return traj_fail_memory(err, "the list of moments");
    places->item[places->count++] = place;
    return TRAJ_OK;
}

/* --at last: the very last frame of the data. */
static traj_status find_last(const traj_matches *matches, traj_places *places, traj_error *err)
{
    traj_place place = {.match = matches->count - 1};
    place.sequence = matches->item[place.match].sequences - 1;
    place.frame = traj_place_sequence(matches, place)->frames - 1;
    return add(places, place, err);
}

/* --at all: windows of burn-in and horizon, one behind the other or a stride apart, in every
 * sequence. */
static traj_status find_all(const traj_matches *matches, const traj_rollout_config *config,
                            double rate_hz, traj_places *places, traj_error *err)
{
    const int frames = config->burn_in + config->horizon;
    traj_status status = TRAJ_OK;
    for (size_t m = 0; m < matches->count; m++) {
        const traj_recording *const recording = &matches->item[m];
        const double step = traj_rate_hz(recording->rate) / rate_hz;
        /* never less than one of the data's own frames, which would be the same window again */
        const double stride = fmax(1, (config->stride ? config->stride : frames) * step);
        for (size_t s = 0; s < recording->sequences; s++)
            for (int k = 0; status == TRAJ_OK; k++) {
                const double last = k * stride + (config->burn_in - 1) * step;
                if (last + config->horizon * step > (double)recording->sequence[s].frames - 1)
                    break;
                status = add(places, (traj_place){m, s, (size_t)(last + 0.5)}, err);
            }
    }
    if (status == TRAJ_OK && !places->count)
        status = traj_fail(err, TRAJ_E_DATA,
                           "no stretch of the data has the %d frames of burn-in "
                           "and horizon together",
                           frames);
    return status;
}

static bool find_id(const traj_sequence *sequence, int64_t id, size_t *frame)
{
    for (size_t f = 0; f < sequence->frames; f++)
        if (sequence->frame_id[f] == id) {
            *frame = f;
            return true;
        }
    return false;
}

static traj_status fail_frame(const traj_matches *matches, const char *at, traj_error *err)
{
    const traj_sequence *const first = &matches->item[0].sequence[0];
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: there is no frame %s; sequence %s, for one, has frames %" PRId64
                     " to %" PRId64,
                     matches->item[0].source, at, first->name, first->frame_id[0],
                     first->frame_id[first->frames - 1]);
}

bool traj_place_frame(const char *at, int64_t *id)
{
    const char *const colon = strrchr(at, ':'), *const number = colon ? colon + 1 : at;
    char *end;
    *id = strtoll(number, &end, 10);
    return end != number && !*end;
}

/* --at FRAME or SEQUENCE:FRAME: the first sequence that has this frame, told when several do. */
static traj_status find_frame(const traj_matches *matches, const char *at, traj_places *places,
                              traj_error *err)
{
    const char *const colon = strrchr(at, ':');
    int64_t id;
    if (!traj_place_frame(at, &id))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--at: expected a frame id, SEQUENCE:FRAME, last or all, got '%s'", at);
    size_t found = 0;
    traj_place first = {0};
    for (size_t m = 0; m < matches->count; m++)
        for (size_t s = 0; s < matches->item[m].sequences; s++) {
            const traj_sequence *const sequence = &matches->item[m].sequence[s];
            size_t frame;
            if (colon && (strlen(sequence->name) != (size_t)(colon - at) ||
                          strncmp(sequence->name, at, (size_t)(colon - at))))
                continue;
            if (!find_id(sequence, id, &frame)) continue;
            if (!found++) first = (traj_place){m, s, frame};
        }
    if (!found) return fail_frame(matches, at, err);
    if (found > 1)
        traj_log_info("frame %" PRId64 " exists in %zu sequences; taking the first (choose with "
                      "--at %s:%" PRId64 ")",
                      id, found, traj_place_sequence(matches, first)->name, id);
    return add(places, first, err);
}

traj_status traj_places_find(const traj_matches *matches, const traj_rollout_config *config,
                             double rate_hz, traj_places *places, traj_error *err)
{
    if (!strcmp(config->at, "last")) return find_last(matches, places, err);
    if (!strcmp(config->at, "all")) return find_all(matches, config, rate_hz, places, err);
    return find_frame(matches, config->at, places, err);
}

void traj_places_free(traj_places *places)
{
    traj_free(places->item);
    *places = (traj_places){0};
}

/* Whether one item of a list means this agent: by its id or its team's name. */
static bool means(const char *item, size_t size, const traj_agent *agent)
{
    static const char *const teams[] = {"home", "away", "ball"};
    const char *const names[] = {agent->id, teams[agent->team]};
    for (int i = 0; i < 2; i++)
        if (strlen(names[i]) == size && !strncmp(names[i], item, size)) return true;
    return false;
}

/* Marks the agents that an item means; returns how many. mark may be NULL. */
static size_t mark_item(const char *item, size_t size, const traj_sequence *sequence,
                        unsigned char *mark)
{
    size_t count = 0;
    for (size_t a = 0; a < sequence->agents; a++)
        if (means(item, size, &sequence->agent[a])) {
            if (mark) mark[a] = 1;
            count++;
        }
    return count;
}

void traj_agents_mark(const char *list, const traj_sequence *sequence, unsigned char *mark)
{
    for (const char *item = list; *item; item += *item == ',') {
        const size_t size = strcspn(item, ",");
        mark_item(item, size, sequence, mark);
        item += size;
    }
}

traj_status traj_agents_check(const char *option, const char *list, const traj_matches *matches,
                              const traj_places *places, traj_error *err)
{
    for (const char *item = list; *item; item += *item == ',') {
        const size_t size = strcspn(item, ",");
        size_t count = 0;
        for (size_t i = 0; i < places->count && !count; i++)
            count = mark_item(item, size, traj_place_sequence(matches, places->item[i]), NULL);
        if (!count)
            return traj_fail(err, TRAJ_E_USAGE,
                             "%s: nobody is called '%.*s' in sequence %s; use ball, home, away "
                             "or player ids as 'traj info' lists them",
                             option, (int)size, item,
                             traj_place_sequence(matches, places->item[0])->name);
        item += size;
    }
    return TRAJ_OK;
}
