/* traj rollout: model and data -> moments -> futures -> rollout.csv with its sidecar. */
#include "matches.h"
#include "model_folder.h"
#include "rollout_file.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/gen/rollout.h"
#include "traj/io/file.h"
#include "traj/num/gemm.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A moment to roll out from: match, sequence and frame of the data as read. */
typedef struct place {
    size_t match, sequence, frame;
} place;

typedef struct task {
    traj_settings *settings; /* view */
    traj_trained trained;
    traj_matches matches;
    traj_pool *pool;
    place *place; /* owned [places] */
    size_t places, capacity;
    traj_output out;
} task;

static traj_status add_place(task *t, place where, traj_error *err)
{
    if (traj_grow(&t->place, &t->capacity, t->places + 1, sizeof *t->place))
        return traj_fail_memory(err, "the list of moments");
    t->place[t->places++] = where;
    return TRAJ_OK;
}

static const traj_sequence *sequence_at(const task *t, place where)
{
    return &t->matches.item[where.match].sequence[where.sequence];
}

/* --at last: the very last frame of the data. */
static traj_status place_last(task *t, traj_error *err)
{
    const size_t match = t->matches.count - 1;
    const traj_recording *const recording = &t->matches.item[match];
    const place where = {match, recording->sequences - 1, 0};
    const size_t frames = sequence_at(t, where)->frames;
    return add_place(t, (place){match, where.sequence, frames - 1}, err);
}

/* --at all: windows of burn-in and horizon, one behind the other, in every sequence. */
static traj_status place_all(task *t, traj_error *err)
{
    const traj_rollout_config *const config = &t->settings->rollout;
    traj_status status = TRAJ_OK;
    for (size_t m = 0; m < t->matches.count; m++) {
        const traj_recording *const recording = &t->matches.item[m];
        const double step = recording->rate_hz / t->trained.norm.rate_hz;
        const double window = (config->burn_in + config->horizon) * step;
        for (size_t s = 0; s < recording->sequences; s++)
            for (int k = 0; status == TRAJ_OK; k++) {
                const double last = k * window + (config->burn_in - 1) * step;
                if (last + config->horizon * step > (double)recording->sequence[s].frames - 1)
                    break;
                status = add_place(t, (place){m, s, (size_t)(last + 0.5)}, err);
            }
    }
    if (status == TRAJ_OK && !t->places)
        status = traj_fail(err, TRAJ_E_DATA,
                           "no stretch of the data has the %d frames of burn-in "
                           "and horizon together",
                           config->burn_in + config->horizon);
    return status;
}

static bool find_frame(const traj_sequence *sequence, int64_t id, size_t *frame)
{
    for (size_t f = 0; f < sequence->frames; f++)
        if (sequence->frame_id[f] == id) {
            *frame = f;
            return true;
        }
    return false;
}

static traj_status fail_frame(const task *t, traj_error *err)
{
    const traj_sequence *const first = &t->matches.item[0].sequence[0];
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: there is no frame %s; sequence %s, for one, has frames %" PRId64
                     " to %" PRId64,
                     t->matches.item[0].source, t->settings->rollout.at, first->name,
                     first->frame_id[0], first->frame_id[first->frames - 1]);
}

/* The frame id of FRAME or SEQUENCE:FRAME; false for anything else. */
static bool frame_of(const char *at, int64_t *id)
{
    const char *const colon = strrchr(at, ':'), *const number = colon ? colon + 1 : at;
    char *end;
    *id = strtoll(number, &end, 10);
    return end != number && !*end;
}

/* --at FRAME or SEQUENCE:FRAME: the first sequence that has this frame, told when several do. */
static traj_status place_frame(task *t, traj_error *err)
{
    const char *const at = t->settings->rollout.at, *const colon = strrchr(at, ':');
    int64_t id;
    if (!frame_of(at, &id))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--at: expected a frame id, SEQUENCE:FRAME, last or all, got '%s'", at);
    size_t found = 0;
    place first = {0};
    for (size_t m = 0; m < t->matches.count; m++)
        for (size_t s = 0; s < t->matches.item[m].sequences; s++) {
            const traj_sequence *const sequence = &t->matches.item[m].sequence[s];
            size_t frame;
            if (colon && (strlen(sequence->name) != (size_t)(colon - at) ||
                          strncmp(sequence->name, at, (size_t)(colon - at))))
                continue;
            if (!find_frame(sequence, id, &frame)) continue;
            if (!found++) first = (place){m, s, frame};
        }
    if (!found) return fail_frame(t, err);
    if (found > 1)
        traj_log_info("frame %" PRId64 " exists in %zu sequences; taking the first (choose with "
                      "--at %s:%" PRId64 ")",
                      id, found, sequence_at(t, first)->name, id);
    return add_place(t, first, err);
}

static traj_status find_places(task *t, traj_error *err)
{
    const char *const at = t->settings->rollout.at;
    if (!strcmp(at, "last")) return place_last(t, err);
    return strcmp(at, "all") ? place_frame(t, err) : place_all(t, err);
}

/* Whether one item of --hold means this agent: by its id or its team's name. */
static bool means(const char *item, size_t size, const traj_agent *agent)
{
    static const char *const teams[] = {"home", "away", "ball"};
    const char *const names[] = {agent->id, teams[agent->team]};
    for (int i = 0; i < 2; i++)
        if (strlen(names[i]) == size && !strncmp(names[i], item, size)) return true;
    return false;
}

/* Marks the agents that an item of --hold means; returns how many. held may be NULL. */
static size_t hold_item(const char *item, size_t size, const traj_sequence *sequence,
                        unsigned char *held)
{
    size_t count = 0;
    for (size_t a = 0; a < sequence->agents; a++)
        if (means(item, size, &sequence->agent[a])) {
            if (held) held[a] = 1;
            count++;
        }
    return count;
}

static void mark_held(const char *list, const traj_sequence *sequence, unsigned char *held)
{
    for (const char *item = list; *item; item += *item == ',') {
        const size_t size = strcspn(item, ",");
        hold_item(item, size, sequence, held);
        item += size;
    }
}

/* A slip in --hold would free an agent that was meant to be held: every item must be somebody. */
static traj_status check_hold(const task *t, traj_error *err)
{
    const char *const list = t->settings->rollout.hold;
    for (const char *item = list; *item; item += *item == ',') {
        const size_t size = strcspn(item, ",");
        size_t count = 0;
        for (size_t i = 0; i < t->places && !count; i++)
            count = hold_item(item, size, sequence_at(t, t->place[i]), NULL);
        if (!count)
            return traj_fail(err, TRAJ_E_USAGE,
                             "--hold: nobody is called '%.*s' in sequence %s; use ball, home, away "
                             "or player ids as 'traj info' lists them",
                             (int)size, item, sequence_at(t, t->place[0])->name);
        item += size;
    }
    return TRAJ_OK;
}

static void write_record(const task *t, const traj_moment *moment, const traj_forecast *forecast,
                         place where)
{
    const traj_recording *const raw = &t->matches.item[where.match];
    const traj_sequence *const sequence = &moment->recording.sequence[0];
    char name[128];
    if (t->places > 1)
        snprintf(name, sizeof name, "%s:%" PRId64, sequence->name,
                 sequence->frame_id[moment->last]);
    else
        snprintf(name, sizeof name, "%s", sequence->name);
    const traj_rollout_record record = {.name = name,
                                        .moment = moment,
                                        .forecast = forecast,
                                        .burn_in = t->settings->rollout.burn_in,
                                        .frame_ids_per_step = raw->frame_id_step * raw->rate_hz /
                                                              moment->recording.rate_hz};
    if (strcmp(t->settings->rollout.layout, "wide"))
        traj_rollout_write_long(t->out.stream, &record);
    else
        traj_rollout_write_wide(t->out.stream, &record);
}

/* One moment: cut, roll out, write. */
static traj_status roll(task *t, size_t number, traj_error *err)
{
    const traj_rollout_config *const config = &t->settings->rollout;
    const place where = t->place[number];
    traj_moment moment;
    traj_forecast forecast = {0};
    unsigned char *held = NULL;
    traj_status status = traj_moment_cut(&t->matches.item[where.match], where.sequence, where.frame,
                                         t->trained.norm.rate_hz, config->burn_in, config->horizon,
                                         &moment, err);
    if (status != TRAJ_OK) return status;
    const traj_sequence *const sequence = &moment.recording.sequence[0];
    held = traj_alloc(sequence->agents, 1);
    if (held)
        mark_held(config->hold, sequence, held);
    else
        status = traj_fail_memory(err, "held agents");
    const traj_rollout rollout = {.model = t->trained.model,
                                  .params = t->trained.params,
                                  .norm = &t->trained.norm,
                                  .recording = &moment.recording,
                                  .last = moment.last,
                                  .burn_in = config->burn_in,
                                  .horizon = config->horizon,
                                  .samples = config->samples,
                                  .mean = config->mean,
                                  .held = held,
                                  .max_speed_mps = config->max_speed_mps,
                                  .max_ball_speed_mps = config->max_ball_speed_mps,
                                  .steps = config->steps,
                                  .eta = config->eta,
                                  .bounds = config->bounds,
                                  .seed = config->seed,
                                  .number = (uint32_t)number};
    if (status == TRAJ_OK) status = traj_rollout_run(&rollout, t->pool, &forecast, err);
    if (status == TRAJ_OK) write_record(t, &moment, &forecast, where);
    traj_forecast_free(&forecast);
    traj_free(held);
    traj_moment_free(&moment);
    return status;
}

/* rollout.csv -> rollout.json. */
static void sidecar_path(const char *out, char path[TRAJ_PATH])
{
    const size_t length = strlen(out);
    const bool csv = length > 4 && !strcmp(out + length - 4, ".csv");
    snprintf(path, TRAJ_PATH, "%.*s.json", (int)(csv ? length - 4 : length), out);
}

static traj_status write_sidecar(const task *t, traj_error *err)
{
    const traj_settings *const s = t->settings;
    char path[TRAJ_PATH], hash[24];
    sidecar_path(s->rollout.out, path);
    traj_json *const root = traj_json_object();
    snprintf(hash, sizeof hash, "%016" PRIx64, t->trained.hash);
    traj_json_set_string(root, "traj", TRAJ_VERSION);
    traj_json_set_string(root, "model", traj_model_config_of(t->trained.model)->type);
    traj_json_set_string(root, "model_folder", s->model_folder);
    traj_json_set_string(root, "model_hash", hash);
    traj_json_set_string(root, "source", t->matches.item[0].source);
    traj_json_set_number(root, "rate_hz", t->trained.norm.rate_hz);
    traj_json *const pitch_m = traj_json_set_array(root, "pitch_m");
    traj_json_append_number(pitch_m, t->matches.item[0].pitch_length_m);
    traj_json_append_number(pitch_m, t->matches.item[0].pitch_width_m);
    traj_json_set_string(root, "orientation",
                         t->matches.item[0].home_right ? "home-right" : "keep");
    traj_json_set_number(root, "rollouts", (double)t->places);
    traj_json_set_number(root, "seed", (double)s->rollout.seed);
    traj_options_to_json(s, TRAJ_CMD_ROLLOUT, traj_json_set_object(root, "options"));
    const traj_status status = traj_json_write(path, root, err);
    traj_json_free(root);
    return status;
}

static traj_status generate(task *t, traj_error *err)
{
    traj_settings *const s = t->settings;
    traj_status status = traj_output_open(&t->out, s->rollout.out, err);
    if (status != TRAJ_OK) return status;
    if (strcmp(s->rollout.layout, "wide")) traj_rollout_write_header(t->out.stream);
    for (size_t i = 0; status == TRAJ_OK && i < t->places; i++) status = roll(t, i, err);
    if (status != TRAJ_OK) {
        traj_output_discard(&t->out);
        return status;
    }
    const bool is_file = t->out.temporary != NULL; /* beside stdout, a pipe or a device: nothing */
    status = traj_output_commit(&t->out, err);
    if (status == TRAJ_OK && is_file) status = write_sidecar(t, err);
    if (status == TRAJ_OK && strcmp(s->rollout.out, "-"))
        printf("%s: %zu rollout%s of %d frames, %d sample%s each\n", s->rollout.out, t->places,
               t->places == 1 ? "" : "s", s->rollout.horizon, s->rollout.samples,
               s->rollout.samples == 1 ? "" : "s");
    return status;
}

static traj_status check(const task *t, traj_error *err)
{
    const traj_rollout_config *const config = &t->settings->rollout;
    if (config->burn_in < 2)
        return traj_fail(
            err, TRAJ_E_USAGE,
            "--burn-in %d: at least 2 frames must be observed, to know how everybody moves",
            config->burn_in);
    if (t->places > 1 && !strcmp(config->layout, "wide"))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--layout wide holds one rollout; --at %s gives %zu: use --layout long",
                         config->at, t->places);
    return check_hold(t, err);
}

traj_status cmd_rollout(traj_settings *settings, traj_error *err)
{
    task t;
    memset(&t, 0, sizeof t);
    t.settings = settings;
    const int threads = settings->rollout.threads;
    int64_t at;
    if (frame_of(settings->rollout.at, &at)) settings->read.guess_until = at;
    if (settings->rollout.mean &&
        traj_option_source(settings, TRAJ_CMD_ROLLOUT, "samples") == TRAJ_BY_DEFAULT)
        settings->rollout.samples = 1;
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK) status = traj_folder_load(settings, TRAJ_CMD_ROLLOUT, &t.trained, err);
    if (status == TRAJ_OK)
        status = traj_matches_read(settings, &settings->players, &t.matches, err);
    if (status == TRAJ_OK) status = find_places(&t, err);
    if (status == TRAJ_OK) status = check(&t, err);
    if (status == TRAJ_OK)
        status = traj_pool_new(&t.pool, threads ? threads : traj_processors(), err);
    if (status == TRAJ_OK) status = generate(&t, err);
    traj_pool_destroy(t.pool);
    traj_free(t.place);
    traj_matches_free(&t.matches);
    traj_trained_free(&t.trained);
    return status;
}
