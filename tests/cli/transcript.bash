# What a user types, and all that comes back, compared with tests/cli/expected/SCRIPT.txt:
#   $ traj ARGUMENTS, then stdout as it is, stderr behind "! ", and "exit CODE" unless it is 0.
# UPDATE_EXPECTED=1 writes the expected text instead; read the difference before committing it.
expected=$(realpath "$2")/tests/cli/expected/$(basename "$0" .sh).txt
source "$(dirname "$0")/scratch.bash"

# Runs traj with these arguments.
step() {
    "$traj" "$@" >../stdout 2>../stderr
    local code=$?
    {
        printf '$ traj %s\n' "$*"
        cat ../stdout
        sed 's/^/! /' ../stderr
        [ "$code" -eq 0 ] || echo "exit $code"
        echo
    } >>../transcript
}

# A line of the script's own in the transcript.
note() {
    printf '# %s\n\n' "$*" >>../transcript
}

finish() {
    if [ -n "${UPDATE_EXPECTED:-}" ]; then
        cp ../transcript "$expected"
    else
        diff -u "$expected" ../transcript
    fi
}
