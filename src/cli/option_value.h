/* Text to field and back, by the type of the row. */
#ifndef TRAJ_CLI_OPTION_VALUE_H
#define TRAJ_CLI_OPTION_VALUE_H

#include "traj/cli/options.h"

typedef enum traj_value_result {
    TRAJ_VALUE_OK,
    TRAJ_VALUE_BAD,
    TRAJ_VALUE_NO_MEMORY
} traj_value_result;

/* Writes the field(s) of the row; on TRAJ_VALUE_BAD and TRAJ_VALUE_NO_MEMORY they are as before. A
 * list gets one more item. */
traj_value_result traj_value_parse(traj_settings *settings, const traj_option *option,
                                   const char *text);

void *traj_value_field(traj_settings *settings, const traj_option *option);
const void *traj_value_field_const(const traj_settings *settings, const traj_option *option);

/* Empties a list. */
void traj_value_clear_list(traj_text_list *list);

/* yes, no, true, false, on, off, 1, 0: 0 or 1; -1 for any other text. */
int traj_value_truth(const char *text);

/* "%.*g" with as few digits as bring the number back exactly. */
void traj_value_print_real(double number, char *text, size_t size);

#endif
