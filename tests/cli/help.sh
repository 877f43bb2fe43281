# Help, version, man page and completion: what a stranger sees first.
source "$(dirname "$0")/transcript.bash"

step help simulate
step hlep
step help infoo
step xyzzy

# Many ways to ask, one answer.
same() {
    cmp <("$traj" $1) <("$traj" $2) || die "'traj $1' and 'traj $2' differ"
}
same 'help' '--help'
[ -n "$("$traj" help)" ] || die "'traj help' says nothing"
same 'help' '-h'
same 'help info' 'info --help'
same 'help info' 'info x.csv -h'

# Without a command the same text is an error.
"$traj" >stdout 2>stderr
[ $? -eq 2 ] && [ ! -s stdout ] && cmp stderr <("$traj" help) ||
    die "traj alone: $(cat stdout stderr)"

"$traj" --version >version || exit 1
grep -Eq '^traj [0-9]+\.[0-9]+\.[0-9]+ \((float|double), .+\)$' version ||
    die "--version printed '$(cat version)'"

"$traj" help --man >traj.1 || exit 1
if command -v groff >/dev/null; then
    warnings=$(groff -man -ww -z traj.1 2>&1)
    [ -z "$warnings" ] || die "the man page has faults: $warnings"
fi

# complete WORDS...: what bash would offer for the last word.
source <("$traj" help --completion)
complete_words() {
    COMP_WORDS=(traj "$@")
    COMP_CWORD=$#
    _traj
    note "traj $*<TAB>: ${COMPREPLY[*]}"
}
complete_words si
complete_words help in
complete_words info --or
complete_words info --unit y
complete_words simulate --out x

finish
