/* The columns that say when a row is (match, play, period, frame, time) and what the game is then.
 * The same for every CSV layout. */
#ifndef TRAJ_DATA_KEYS_H
#define TRAJ_DATA_KEYS_H

#include "columns.h"
#include "tracks.h"

enum { TRAJ_KEY_SEQUENCE, TRAJ_KEY_GAME, TRAJ_KEY_PLAY, TRAJ_KEY_PERIOD, TRAJ_KEY_PARTS };
enum { TRAJ_KEY_SIZE = 64 }; /* longer texts are cut */

typedef struct traj_keys {
    size_t
        part[TRAJ_KEY_PARTS]; /* columns that together name a sequence; TRAJ_NO_COLUMN = absent */
    size_t frame, time, direction;
    size_t ball, owner; /* whether the ball is in play, and whose it is */
    double time_unit_s;
    const int64_t *behind; /* view [behinds]: the frame of each of the first sequences behind which
                              the file's frames count; NULL: they count from 0 */
    size_t behinds;
    bool count_rows; /* without a frame column: number the rows (one row a frame); else the time is
                        the frame's name */
    bool any;        /* a row has been read, and what follows describes it */
    char last[TRAJ_KEY_PARTS][TRAJ_KEY_SIZE];
    uint32_t sequence, row;
    int64_t counted;
} traj_keys;

void traj_keys_init(traj_keys *keys, const traj_columns *columns);

/* The frame that a row of the file belongs to; *row is TRAJ_INDEX_NONE for rows outside any period.
 * *added: the first of its frame. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA. */
traj_status traj_keys_row(traj_keys *keys, const traj_columns *columns, const traj_csv_row *from,
                          traj_tracks *tracks, uint32_t *row, bool *added, traj_error *err);

#endif
