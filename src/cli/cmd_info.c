/* traj info: what the reader makes of files, as text or JSON. */
#include "info_match.h"
#include "matches.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/io/json.h"

#include <stdio.h>
#include <string.h>

/* Reads the files of one match and adds it to the JSON array, or prints it where that is NULL. */
static traj_status show_match(const char *const *files, int count, const traj_settings *settings,
                              traj_json *array, traj_error *err)
{
    info_match match;
    memset(&match, 0, sizeof match);
    match.asked = settings->clean;
    traj_status status =
        traj_match_read(settings, files, count, &match.recording, &match.guesses, err);
    if (status != TRAJ_OK) return status;
    if (traj_clean_is_asked(&match.asked))
        status = traj_recording_clean(&match.recording, &match.asked, &match.clean, err);
    if (status == TRAJ_OK)
        status = traj_recording_report_make(&match.recording, &match.report, err);
    match.quality = match.guesses.quality;
    if (match.quality.frames == 0 || traj_clean_is_asked(&match.asked))
        traj_quality_measure(&match.recording, INT64_MAX, &match.quality);
    if (status == TRAJ_OK && array)
        traj_info_write(&match, traj_json_append_object(array));
    else if (status == TRAJ_OK)
        traj_info_print(&match);
    traj_recording_report_free(&match.report);
    traj_recording_free(&match.recording);
    return status;
}

static traj_status show_all(const traj_settings *settings, traj_json *array, traj_error *err)
{
    const traj_text_list *players = &settings->players;
    const char *const *files = (const char *const *)players->item;
    int *group = traj_alloc(players->count, sizeof *group);
    const char **member = traj_alloc(players->count, sizeof *member);
    traj_status status = TRAJ_OK;
    if (!group || !member) {
        status = traj_fail_memory(err, "the list of files");
        goto done;
    }
    int matches = traj_recording_group(files, (int)players->count, group);
    status = traj_matches_check_companions(&settings->read, (size_t)matches, err);
    for (int m = 0; m < matches && status == TRAJ_OK; m++) {
        int count = 0;
        for (size_t i = 0; i < players->count; i++)
            if (group[i] == m) member[count++] = files[i];
        if (m > 0 && !array) putchar('\n');
        status = show_match(member, count, settings, array, err);
    }
done:
    traj_free(group);
    traj_free(member);
    return status;
}

traj_status cmd_info(traj_settings *settings, traj_error *err)
{
    if (settings->players.count == 0)
        return traj_fail(err, TRAJ_E_USAGE, "there is no file to look at: name one or more");
    if (!settings->json) return show_all(settings, NULL, err);

    traj_json *root = traj_json_object();
    if (!root) return traj_fail_memory(err, "the JSON report");
    traj_status status = show_all(settings, traj_json_set_array(root, "matches"), err);
    if (status == TRAJ_OK) status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}
