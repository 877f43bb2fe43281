/* See cleaning.h. */
#include "cleaning.h"

#include "traj/base/log.h"
#include "traj/data/clean.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends to the line, a comma before it where it has begun. */
__attribute__((format(printf, 2, 3))) static void append(traj_cleaning_text *text,
                                                         const char *format, ...)
{
    const size_t room = sizeof text->line;
    size_t used = strlen(text->line);
    if (used) used += (size_t)snprintf(text->line + used, room - used, ", ");
    if (used >= room) return;
    va_list list;
    va_start(list, format);
    vsnprintf(text->line + used, room - used, format, list);
    va_end(list);
}

traj_cleaning_text traj_cleaning_describe(const traj_clean_options *options,
                                          const traj_clean_counts *counts)
{
    traj_cleaning_text text = {""};
    const bool players = options->max_jump_mps > 0, ball = options->max_ball_jump_mps > 0;
    char limits[80] = "";
    if (players) snprintf(limits, sizeof limits, "--max-jump %g", options->max_jump_mps);
    if (ball)
        snprintf(limits + strlen(limits), sizeof limits - strlen(limits), "%s--max-ball-jump %g",
                 players ? " " : "", options->max_ball_jump_mps);
    if (players || ball)
        append(&text, "%zu of %zu positions removed as jumps (%s)", counts->removed,
               counts->positions, limits);
    if (options->max_gap_s > 0) {
        append(&text, "%zu filled in %zu gap%s (--max-gap %g)", counts->filled, counts->gaps,
               counts->gaps == 1 ? "" : "s", options->max_gap_s);
        if (counts->frames) append(&text, "%zu missing frames put back", counts->frames);
    }
    if (options->smooth_s > 0)
        append(&text, "%zu smoothed (--smooth %g)", counts->smoothed, options->smooth_s);
    return text;
}

void traj_cleaning_announce(const char *what, const traj_clean_options *options,
                            const traj_clean_counts *counts)
{
    if (!traj_clean_is_asked(options)) return;
    const traj_cleaning_text text = traj_cleaning_describe(options, counts);
    traj_log_info("%s: %s", what, text.line);
}

traj_status traj_matches_clean(const traj_settings *settings, traj_matches *matches,
                               traj_error *err)
{
    for (size_t m = 0; m < matches->count; m++) {
        traj_clean_counts counts = {0};
        traj_recording *const recording = &matches->item[m];
        const traj_status status = traj_recording_clean(recording, &settings->clean, &counts, err);
        if (status != TRAJ_OK) return status;
        if (!settings->quiet) traj_cleaning_announce(recording->source, &settings->clean, &counts);
    }
    return TRAJ_OK;
}
