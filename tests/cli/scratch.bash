# For every script: $traj, which neither the caller's settings nor his cache reach, and a fresh
# folder to stand in; what a script wants beside it lies in .. and goes with it.
set -u
export NO_COLOR=1
while read -r name; do unset "$name"; done < <(compgen -e TRAJ_)
traj=$(realpath "$1")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" && cd "$scratch/work" || exit 1
export XDG_CACHE_HOME=$scratch/cache

die() {
    echo "$*"
    exit 1
}

# The exit code and the sentence: refuse CODE TEXT ARGUMENTS... runs traj, which must say one
# sentence that holds TEXT, print no result and exit with CODE.
refuse() {
    local expected_code=$1 text=$2 code=0 said
    shift 2
    "$traj" "$@" --quiet >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
    said=$(cat "$scratch/stderr")
    [ "$code" -eq "$expected_code" ] || die "traj $*: exit $code: $said"
    [ ! -s "$scratch/stdout" ] || die "traj $*: failed, yet printed $(head -3 "$scratch/stdout")"
    grep -Fq -- "$text" <<<"$said" || die "traj $*: not '$text' but $said"
    [ "$(grep -c '^traj: error: ' <<<"$said")" -eq 1 ] || die "traj $*: $said"
}
