#include "traj/cli/error.h"

#include "traj/base/log.h"
#include "traj/cli/help.h"
#include "wrap.h"

void traj_error_print(const traj_error *err, const traj_command *command)
{
    bool colour = traj_log_colour();
    fprintf(stderr, "traj: %serror:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "",
            err->text);
    if (err->status != TRAJ_E_USAGE) return;
    if (!command) {
        fputs("'traj help' lists the commands\n", stderr);
        return;
    }
    traj_help_print_usage(stderr, command->page);
    fprintf(stderr, "'traj help %s' explains every option\n", command->page->name);
}

static void print_guess(FILE *stream, const traj_guess *guess)
{
    char flag[96] = "";
    if (guess->flag[0])
        snprintf(flag, sizeof flag, " (%s: %s)", guess->doubt ? "remedy" : "override", guess->flag);
    traj_wrap wrap = traj_wrap_start(stream, 20, 0);
    wrap.column = fprintf(stream, "%s  %-12s ", guess->doubt ? "doubt" : "guess", guess->subject);
    traj_wrap_text(&wrap, guess->text);
    traj_wrap_text(&wrap, flag);
    traj_wrap_end(&wrap);
}

void traj_guesses_print(FILE *stream, const traj_guesses *guesses)
{
    for (int doubts = 0; doubts <= 1; doubts++)
        for (int i = 0; i < guesses->count; i++)
            if (guesses->item[i].doubt == (doubts == 1)) print_guess(stream, &guesses->item[i]);
}
