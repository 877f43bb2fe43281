/* The effective configuration, as a run announces it. */
#include "traj/cli/options.h"

#include "wrap.h"

#include <string.h>

static const char *source_name(traj_source source)
{
    static const char *const names[] = {"default", "preset", "config", "environment", "flag"};
    return names[source];
}

/* "burn-in=20", or "*burn-in=10 (flag)"; empty for what nobody has set and has no default. */
static void describe(const traj_settings *settings, const traj_settings *defaults,
                     const traj_option *option, traj_source source, char *entry, size_t size)
{
    char value[512], standard[512];
    traj_option_text(settings, option, value, sizeof value);
    traj_option_text(defaults, option, standard, sizeof standard);
    entry[0] = '\0';
    if (strcmp(value, standard) != 0)
        snprintf(entry, size, "*%s=%s (%s)", option->key, value, source_name(source));
    else if (value[0])
        snprintf(entry, size, "%s=%s", option->key, value);
}

void traj_options_print(FILE *stream, const traj_settings *settings, unsigned command)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    traj_settings defaults;
    traj_settings_init(&defaults);
    traj_wrap wrap = traj_wrap_start(stream, 14, 0);
    const char *group = "";
    for (size_t i = 0; i < count; i++) {
        char entry[640] = "";
        if (!options[i].control && (options[i].commands & command))
            describe(settings, &defaults, &options[i], (traj_source)settings->source[i], entry,
                     sizeof entry);
        if (entry[0] == '\0') continue;
        if (strcmp(group, options[i].group) != 0) {
            group = options[i].group;
            traj_wrap_end(&wrap);
            wrap.column = fprintf(stream, "%s", group);
        }
        traj_wrap_text(&wrap, entry);
    }
    traj_wrap_end(&wrap);
}
