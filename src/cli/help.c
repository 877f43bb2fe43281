#include "traj/cli/help.h"

#include "traj/cli/options.h"
#include "wrap.h"

#include <string.h>

enum { KEY_COLUMN = 2, HELP_COLUMN = 24 };

static void print_commands(FILE *stream)
{
    size_t count;
    const traj_command *commands = traj_command_table(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].page->name, commands[i].page->summary);
}

void traj_help_print(FILE *stream)
{
    fputs("usage: traj COMMAND [options]\n\n"
          "Learns from football tracking data how players and ball move together, and\n"
          "generates what they could do next.\n\n"
          "Commands\n",
          stream);
    print_commands(stream);
    fputs("\n'traj help COMMAND' explains a command and its options, 'traj --version' prints\n"
          "the version.\n",
          stream);
}

void traj_help_print_usage(FILE *stream, const traj_page *page)
{
    traj_wrap wrap = traj_wrap_start(stream, 12, 0);
    wrap.column = fprintf(stream, "usage: traj");
    traj_wrap_text(&wrap, page->name);
    traj_wrap_text(&wrap, page->usage);
    traj_wrap_end(&wrap);
}

/* "--burn-in N", "--[no-]mirror" where yes is the default. */
static void print_key(traj_wrap *wrap, const traj_option *option)
{
    char key[96];
    const char *no =
        option->type == TRAJ_OPTION_FLAG && strcmp(option->standard, "yes") == 0 ? "[no-]" : "";
    const char *space = option->metavar[0] ? " " : "";
    snprintf(key, sizeof key, "--%s%s%s%s", no, option->key, space, option->metavar);
    traj_wrap_text(wrap, key);
}

/* ", "-separated names with "or" before the last. */
static void print_choices(traj_wrap *wrap, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        char entry[64];
        const char *comma = names[i + 1] && names[i + 2] ? "," : "";
        if (i > 0 && !names[i + 1]) traj_wrap_text(wrap, "or");
        snprintf(entry, sizeof entry, "%s%s", names[i], comma);
        traj_wrap_text(wrap, entry);
    }
}

static void print_option(FILE *stream, const traj_option *option)
{
    traj_wrap wrap = traj_wrap_start(stream, KEY_COLUMN, 0);
    print_key(&wrap, option);
    wrap.indent = HELP_COLUMN;
    traj_wrap_pad(&wrap, HELP_COLUMN);
    char phrase[256];
    snprintf(phrase, sizeof phrase, "%s%s", option->help, option->choices ? ":" : "");
    traj_wrap_text(&wrap, phrase);
    if (option->choices) print_choices(&wrap, option->choices());
    bool off = option->type == TRAJ_OPTION_FLAG && strcmp(option->standard, "no") == 0;
    if (option->standard[0] && !off) {
        char standard[96];
        const char *space = option->unit[0] ? " " : "";
        snprintf(standard, sizeof standard, "(default %s%s%s)", option->standard, space,
                 option->unit);
        traj_wrap_text(&wrap, standard);
    }
    traj_wrap_end(&wrap);
}

void traj_help_print_page(FILE *stream, const traj_page *page)
{
    traj_help_print_usage(stream, page);
    fputc('\n', stream);
    traj_wrap wrap = traj_wrap_start(stream, 0, 0);
    traj_wrap_text(&wrap, page->description);
    traj_wrap_end(&wrap);

    size_t count;
    const traj_option *options = traj_option_table(&count);
    const char *group = "";
    for (size_t i = 0; i < count; i++) {
        if (!(options[i].commands & page->command)) continue;
        if (strcmp(group, options[i].group) != 0) {
            group = options[i].group;
            fprintf(stream, "\n%s\n", group);
        }
        print_option(stream, &options[i]);
    }
    if (page->examples[0]) fprintf(stream, "\nExamples\n%s", page->examples);
}
