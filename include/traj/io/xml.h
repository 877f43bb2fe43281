/* XML, on expat: elements are handed out one by one as they are read, so that a file of any size
 * takes as much memory as its deepest element.
 *
 * The only place that knows expat. It is the parser of Python and CMake: small, older than most
 * formats it reads, fuzzed for decades; a parser of our own would have to earn that. Reading takes
 * well-formed XML in UTF-8, UTF-16, ISO-8859-1 or ASCII; what declares entities is refused (they
 * can grow without bound, and no tracking data has them). */
#ifndef TRAJ_IO_XML_H
#define TRAJ_IO_XML_H

#include "traj/io/input.h"

typedef struct traj_xml_element {
    const char *file;             /* view: for messages */
    long line, column;            /* of this tag, 1-based */
    const char *path;             /* view: "/PutDataRequest/Positions/FrameSet/Frame" */
    const char *name;             /* view: its last part */
    const char *const *attribute; /* view: name, value, name, value, ..., NULL; empty at an end */
    const char *text; /* view: at an end, what stands between it and the tag before it, without
                         blanks around; "" at a beginning */
} traj_xml_element;

/* A status other than TRAJ_OK stops the reading and is passed on. */
typedef traj_status traj_xml_visit(void *context, const traj_xml_element *element, traj_error *err);

/* Calls begin at each start tag and end at each end tag; either may be NULL. <a/> has both. Errors:
 * TRAJ_E_DATA with file:line: column N: and what is wrong; TRAJ_E_IO; TRAJ_E_MEMORY. Threads: any,
 * different inputs. */
traj_status traj_xml_read(traj_input *input, traj_xml_visit *begin, traj_xml_visit *end,
                          void *context, traj_error *err);

/* The value of an attribute, NULL where it is absent. */
const char *traj_xml_attribute(const traj_xml_element *element, const char *name);

#endif
