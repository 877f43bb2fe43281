/* The man page, in roff with the man(7) macros. */
#include "traj/cli/help.h"
#include "traj/cli/options.h"

#include <string.h>

/* Letters roff would read as its own: '\', '-' (a hyphen, which cannot be pasted into a shell), a
 * line's first '.' or '\''. */
static void put_text(FILE *stream, const char *text)
{
    for (const char *letter = text; *letter; letter++) {
        bool first = letter == text || letter[-1] == '\n';
        if (first && (*letter == '.' || *letter == '\'')) fputs("\\&", stream);
        if (*letter == '\\')
            fputs("\\e", stream);
        else if (*letter == '-')
            fputs("\\-", stream);
        else
            fputc(*letter, stream);
    }
}

static void put_paragraphs(FILE *stream, const char *text)
{
    for (const char *letter = text; *letter;) {
        char paragraph[1024];
        size_t size = strcspn(letter, "\n");
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)size, letter);
        fputs(".PP\n", stream);
        put_text(stream, paragraph);
        fputc('\n', stream);
        letter += size + (letter[size] == '\n');
    }
}

static void put_option(FILE *stream, const traj_option *option)
{
    char expects[256];
    traj_option_expects(option, expects, sizeof expects);
    fputs(".TP\n.B ", stream);
    put_text(stream, "--");
    put_text(stream, option->key);
    if (option->metavar[0]) {
        fputs(" \\fI", stream);
        put_text(stream, option->metavar);
        fputs("\\fR", stream);
    }
    fputc('\n', stream);
    put_text(stream, option->help);
    bool ranged = option->type == TRAJ_OPTION_INT || option->type == TRAJ_OPTION_REAL ||
                  option->type == TRAJ_OPTION_PITCH || option->choices;
    if (ranged) {
        fputs(":\n", stream);
        put_text(stream, expects);
    }
    if (option->standard[0] && !option->control) {
        fputs("\n(default ", stream);
        put_text(stream, option->standard);
        fputc(')', stream);
    }
    fputc('\n', stream);
}

static void put_command(FILE *stream, const traj_page *page)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    fprintf(stream, ".SH TRAJ %s\n.B traj %s\n", page->name, page->name);
    put_text(stream, page->usage);
    fputc('\n', stream);
    put_paragraphs(stream, page->description);
    for (size_t i = 0; i < count; i++)
        if (options[i].commands & page->command) put_option(stream, &options[i]);
    fputs(".PP\nExamples:\n.PP\n.EX\n", stream);
    put_text(stream, page->examples);
    fputs(".EE\n", stream);
}

static void put_exit_codes(FILE *stream)
{
    static const traj_status list[] = {TRAJ_OK,     TRAJ_E_FAILED,   TRAJ_E_USAGE,
                                       TRAJ_E_DATA, TRAJ_E_DIVERGED, TRAJ_E_INTERRUPTED};
    fputs(".SH EXIT STATUS\n", stream);
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        fprintf(stream, ".TP\n%d\n%s\n", traj_status_exit_code(list[i]), traj_status_text(list[i]));
}

void traj_help_print_man(FILE *stream)
{
    size_t count;
    const traj_command *commands = traj_command_table(&count);
    fprintf(stream,
            ".TH TRAJ 1 \"\" \"traj %s\" \"User Commands\"\n"
            ".SH NAME\n"
            "traj \\- learn from football tracking data and generate what could happen next\n"
            ".SH SYNOPSIS\n"
            ".B traj\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n"
            ".SH DESCRIPTION\n"
            "Results go to standard output, everything else to standard error.\n"
            ".SH COMMANDS\n",
            TRAJ_VERSION);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, ".TP\n.B %s\n%s\n", commands[i].page->name, commands[i].page->summary);
    for (size_t i = 0; i < count; i++) put_command(stream, commands[i].page);
    fputs(".SH ENVIRONMENT\n"
          "Every option that is no switch is also read from the environment: \\-\\-burn\\-in as\n"
          "TRAJ_BURN_IN.\n"
          "NO_COLOR turns colours off.\n",
          stream);
    put_exit_codes(stream);
}
