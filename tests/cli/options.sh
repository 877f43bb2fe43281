# Wrong command lines: exit code 2, the value, what is allowed, the default, and the nearest name.
source "$(dirname "$0")/transcript.bash"

step info
step info --jsn x.csv
step info --hidden 8 x.csv
step info x.csv --unit meters
step info x.csv --frames 9:1
step info x.csv --quiet --verbose
step simulate here.csv
step simulate --minutes
step simulate --minutes 0
step simulate --minutes ten
step simulate --seed -1
step simulate --pitch 105
step simulate --json

export TRAJ_MINUTES=2000
step simulate
unset TRAJ_MINUTES
export TRAJ_MINUTS=1
step help xyzzy
unset TRAJ_MINUTS

# A result that does not arrive is an error.
if [ -e /dev/full ]; then
    "$traj" help >/dev/full 2>stderr
    code=$?
    [ "$code" -eq 1 ] && grep -q 'cannot write to stdout' stderr ||
        die "help >/dev/full: exit $code, $(cat stderr)"
fi

finish
