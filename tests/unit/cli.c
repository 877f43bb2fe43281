#include "unit/cli.h"

int main(void)
{
    return cli_table_tests() + cli_defaults_tests() + cli_options_tests() + cli_json_tests() +
           cli_help_tests();
}
