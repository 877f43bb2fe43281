/* Shared by json.c, which builds trees, and json_text.c, which prints them. */
#ifndef TRAJ_IO_JSON_TEXT_H
#define TRAJ_IO_JSON_TEXT_H

/* A bit in cJSON's `type` of a container to which something could not be added. cJSON uses the
 * lowest ten bits. */
#define TRAJ_JSON_INCOMPLETE (1 << 20)

#endif
