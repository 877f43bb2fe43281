/* What the metadata of EPTS, FIFA's format, say; see epts_meta.c. */
#ifndef TRAJ_DATA_EPTS_H
#define TRAJ_DATA_EPTS_H

#include "facts.h"

#include "traj/io/input.h"

typedef enum traj_epts_kind {
    TRAJ_EPTS_OTHER, /* not read */
    TRAJ_EPTS_SPLIT, /* a list of registers with separators between them */
    TRAJ_EPTS_FRAME, /* the frame's number */
    TRAJ_EPTS_PLACE  /* a coordinate */
} traj_epts_kind;

enum { TRAJ_EPTS_BALL = -1 };

/* A stretch of a line, and in a split the stretches that it consists of. */
typedef struct traj_epts_register {
    traj_epts_kind kind;
    size_t end;     /* of its registers, which are those behind it */
    char separator; /* of a split */
    int player;     /* of a place: index into traj_facts.player, or TRAJ_EPTS_BALL */
    int axis;       /* of a place: 0 is x, 1 is y */
} traj_epts_register;

/* How the lines of these frames are built: as a split whose first register is the frame. */
typedef struct traj_epts_lines {
    int64_t first_frame, last_frame; /* both within */
    size_t line;                     /* index into traj_epts.item */
} traj_epts_lines;

typedef struct traj_epts {    /* all zero: empty */
    const char *unit;         /* of traj_layout; NULL: not told */
    bool home_told;           /* else home is the team named first */
    traj_epts_register *item; /* owned [items] */
    size_t items, capacity;
    traj_epts_lines *lines; /* owned [kinds]: one or several */
    size_t kinds, kind_capacity;
} traj_epts;

/* Fills both, also partly on failure. Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA with the place.
 */
traj_status traj_epts_meta_read(traj_input *input, traj_facts *facts, traj_epts *epts,
                                traj_error *err);
void traj_epts_free(traj_epts *epts);

#endif
