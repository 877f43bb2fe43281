# --cache as users meet it: a large file is read once and says and gives the same ever after, until
# a byte of it changes; what lies in the cache may be damaged, and the folder may be unwritable.
source "$(dirname "$0")/scratch.bash"
set -e

# $1 expected: new, packed; $2 a name, the rest: arguments of traj convert. Output and messages must
# be those of plain.csv and plain.txt.
converts() {
    how=$1 what=$2
    shift 2
    "$traj" convert "$@" --to wide --out again.csv --verbose 2>all.txt ||
        die "$what: $(cat all.txt)"
    grep -v '^debug: ' all.txt >said.txt || true
    cmp -s plain.csv again.csv || die "$what: another recording"
    cmp -s plain.txt said.txt || die "$what: other messages: $(diff plain.txt said.txt)"
    found=new
    grep -q '^debug: read from .*\.pack$' all.txt && found=packed
    [ "$found" = "$how" ] || die "$what: expected it $how, but it is $found: $(cat all.txt)"
}
"$traj" simulate --minutes 11 --seed 5 --out match.csv --quiet
"$traj" convert match.csv --to wide --out plain.csv --cache none 2>plain.txt
[ -s plain.txt ] || die "there are no messages to compare"
[ ! -e "$XDG_CACHE_HOME" ] || die "--cache none keeps something"

converts new "the first time" match.csv
converts packed "the second time" match.csv
pack=$(echo "$XDG_CACHE_HOME"/traj/*.pack)
converts new "a folder of its own" match.csv --cache own
converts packed "a folder of its own, again" match.csv --cache own
converts new "--cache none" match.csv --cache none

printf 'x' | dd of="$pack" bs=1 seek=1000000 conv=notrunc status=none
converts new "a damaged cache" match.csv
converts packed "a damaged cache, made anew" match.csv
: >"$pack"
converts new "an empty cache" match.csv
chmod 0 "$pack" # root may read it all the same
"$traj" convert match.csv --to wide --out again.csv --quiet
cmp plain.csv again.csv
rm "$pack"
: >file
converts new "an unwritable folder" match.csv --cache file/below
converts new "no folder at all" match.csv --cache /dev/null
XDG_CACHE_HOME=relative HOME=$PWD/home converts new "in the home folder" match.csv
ls home/.cache/traj/*.pack >/dev/null || die "nothing is kept in ~/.cache/traj"
[ ! -e relative ] || die "a relative XDG_CACHE_HOME counts"
XDG_CACHE_HOME='' HOME='' converts new "no home" match.csv

# One digit of one number, the time of the file as before.
converts new "once more" match.csv
touch -r match.csv then
sed -i '2s/\.\([0-9]\)/.9/2' match.csv
touch -r then match.csv
"$traj" convert match.csv --to wide --out again.csv --quiet
"$traj" convert match.csv --to wide --out plain.csv --quiet --cache none
cmp plain.csv again.csv || die "a changed file gives what it was before"
"$traj" convert match.csv --to wide --frames 1:50 --out again.csv --quiet
[ "$(wc -l <again.csv)" -eq 51 ] || die "--frames is not heeded"

# Of standard input nothing is kept; nor of small files.
rm -r "$XDG_CACHE_HOME"
"$traj" convert - --to wide --out again.csv --quiet <match.csv
cmp plain.csv again.csv
head -n 100 match.csv >small.csv
"$traj" info small.csv >out.txt
[ ! -e "$XDG_CACHE_HOME" ] || die "something is kept of standard input or a small file"
