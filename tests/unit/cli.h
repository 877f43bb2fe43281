/* The groups of cli's unit tests; each returns how many of its tests failed. */
#ifndef TESTS_UNIT_CLI_H
#define TESTS_UNIT_CLI_H

#include "unit/check.h"

int cli_table_tests(void);
int cli_defaults_tests(void);
int cli_options_tests(void);
int cli_json_tests(void);
int cli_help_tests(void);

#endif
