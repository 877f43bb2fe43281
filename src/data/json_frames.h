/* What formats share whose file is JSON, frame by frame: lines, a line being a frame, or one array
 * of them. */
#ifndef TRAJ_DATA_JSON_FRAMES_H
#define TRAJ_DATA_JSON_FRAMES_H

#include "fields.h"
#include "tracks.h"

#include "traj/io/input.h"

typedef struct traj_json_frames {
    traj_tracks *tracks;    /* view */
    const traj_json *match; /* view: the metadata, where frames cannot be read without; or NULL */
    const char *file;       /* view */
    long line;              /* being read */
    uint32_t sequence, row;
} traj_json_frames;

/* One frame, an object. A status other than TRAJ_OK stops the reading and is passed on. */
typedef traj_status traj_json_frames_visit(traj_json_frames *in, const traj_json *frame,
                                           traj_error *err);

/* Shows all frames to visit; bare NaN is null. Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA (a
 * frame that is no JSON object). Threads: those of json.h. */
traj_status traj_json_frames_read(traj_json_frames *in, traj_input *input,
                                  traj_json_frames_visit *visit, traj_error *err);

/* Whether a file that begins so may consist of such frames: objects that have both keys. */
bool traj_json_frames_sniff(const char *bytes, size_t size, const char *key, const char *other);

/* Begins a frame; time_s counts from the start of the period, NaN: not told. Errors: TRAJ_E_MEMORY,
 * TRAJ_E_DATA (a period that there is not, a frame that stands in the file already). */
traj_status traj_json_frames_begin(traj_json_frames *in, int64_t period, int64_t frame,
                                   double time_s, traj_error *err);

/* Shows the members of the frame's array `key`, the players of a team, to visit; null is an empty
 * one. Errors: TRAJ_E_DATA (no array), and whatever visit returns. */
typedef traj_status traj_json_frames_visit_player(traj_json_frames *in, const traj_json *player,
                                                  traj_team team, traj_error *err);
traj_status traj_json_frames_team(traj_json_frames *in, const traj_json *frame, const char *key,
                                  traj_team team, traj_json_frames_visit_player *visit,
                                  traj_error *err);

/* A position in the frame begun last; NaN: missing. Errors: those of traj_tracks_sample. */
traj_status traj_json_frames_player(traj_json_frames *in, const traj_facts_player *player, double x,
                                    double y, traj_error *err);
traj_status traj_json_frames_ball(traj_json_frames *in, double x, double y, traj_error *err);

/* Likewise with a word on whether the tracker saw him, or the ball, there. */
traj_status traj_json_frames_sight_player(traj_json_frames *in, const traj_facts_player *player,
                                          traj_sighting sighting, traj_error *err);
traj_status traj_json_frames_sight_ball(traj_json_frames *in, traj_sighting sighting,
                                        traj_error *err);

/* What an object says by a boolean member of whether the tracker saw what it tells of. */
traj_detection traj_json_detection(const traj_json *object, const char *key);

/* What it says likewise of whether the ball is in play. */
traj_ball_state traj_json_ball_state(const traj_json *object, const char *key);

/* What the frame begun last says of the game: as traj_tracks_play. */
void traj_json_frames_play(traj_json_frames *in, traj_ball_state ball, const char *owner);

/* The place of an object of the line, for fields.h. */
traj_field_place traj_json_frames_place(const traj_json_frames *in, const char *what);

/* All of a small file of JSON, whose text is let go; the caller frees the root. Errors: those of
 * parsing and of input. */
traj_status traj_json_input(traj_input *input, traj_json **root, traj_error *err);

/* An id, which may be a text or a whole number; "" where it is neither. */
void traj_json_id(const traj_json *value, char *id, size_t size);

/* A team's `id` and `name`; either stays "" where it is none. */
void traj_json_team(const traj_json *team, traj_facts_team *into);

#endif
