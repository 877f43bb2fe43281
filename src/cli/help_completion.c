/* Bash completion: commands, their options, the values of options with a list; files everywhere
 * else. */
#include "traj/cli/help.h"
#include "traj/cli/options.h"

static void put_values(FILE *stream, const traj_page *page, const traj_option *option)
{
    const char *const *names = option->choices();
    fprintf(stream, "    '%s --%s') words='", page->name, option->key);
    for (size_t i = 0; names[i]; i++) fprintf(stream, "%s%s", i ? " " : "", names[i]);
    fputs("' ;;\n", stream);
}

static void put_command(FILE *stream, const traj_page *page)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t i = 0; i < count; i++)
        if ((options[i].commands & page->command) && options[i].choices)
            put_values(stream, page, &options[i]);
    fprintf(stream, "    '%s '*) [[ $word == -* ]] && words='", page->name);
    for (size_t i = 0; i < count; i++)
        if (options[i].commands & page->command) fprintf(stream, "--%s ", options[i].key);
    fputs("' ;;\n", stream);
}

void traj_help_print_completion(FILE *stream)
{
    size_t count;
    const traj_command *commands = traj_command_table(&count);
    fputs("# Bash completion for traj: source <(traj help --completion)\n"
          "_traj() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} words='' commands='",
          stream);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s%s", i ? " " : "", commands[i].page->name);
    fputs("'\n"
          "    if ((COMP_CWORD == 1)); then words=\"$commands --help --version\"\n"
          "    else case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}\" in\n",
          stream);
    for (size_t i = 0; i < count; i++) put_command(stream, commands[i].page);
    fputs("    esac; fi\n"
          "    [[ ${COMP_WORDS[1]} == help && $word != -* ]] && words=$commands\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "}\n"
          "complete -o default -F _traj traj\n",
          stream);
}
