# traj convert: what it writes is what it read. A wide file that traj itself wrote comes back byte
# for byte, whichever layout it went through, since both hold positions to the quantum; at half the
# rate every other row is left.
source "$(dirname "$0")/scratch.bash"
set -e

"$traj" simulate --minutes 0.1 --rate 10 --seed 3 --out wide.csv --quiet
"$traj" convert wide.csv --to wide --out again.csv --quiet
cmp wide.csv again.csv
"$traj" convert wide.csv --out long.csv --quiet
"$traj" convert long.csv --to wide --out back.csv --quiet
cmp wide.csv back.csv
"$traj" convert wide.csv --to wide --out - --quiet | cmp - wide.csv

"$traj" convert wide.csv --to cdf --quiet
[ -s converted.jsonl ] && [ -s converted_meta.json ]
"$traj" convert converted.jsonl --to wide --out back.csv --quiet
cmp wide.csv back.csv
rm converted_meta.json
"$traj" convert wide.csv --to cdf --out - --quiet | cmp - converted.jsonl
"$traj" convert converted.jsonl --to wide --out back.csv --quiet
cmp wide.csv back.csv # which no metadata are needed for

"$traj" convert wide.csv --rate 5 --to wide --out half.csv --quiet
rows=$(($(wc -l <wide.csv) - 1)) half=$(($(wc -l <half.csv) - 1))
[ "$half" -eq $(((rows + 1) / 2)) ] || {
    echo "$rows rows at 10 Hz became $half at 5 Hz"
    exit 1
}

# $1 exit code, $2 words of the sentence, the rest: arguments
refuses() {
    code=$1 words=$2
    shift 2
    status=0
    "$traj" convert "$@" --out never.csv --quiet 2>message.txt || status=$?
    [ "$status" -eq "$code" ] && grep -qF -- "$words" message.txt && [ ! -e never.csv ] || {
        echo "traj convert $*: exit $status, expected $code with '$words'"
        cat message.txt
        exit 1
    }
}
refuses 2 "expected native or a number" wide.csv --rate fast
refuses 2 "these are 2 matches" wide.csv again.csv
refuses 2 "there is no tracking data"
refuses 1 "cannot read 'missing.csv'" missing.csv
sed -n '1p; 2p; 3s/^2,1/2,2/p' wide.csv >apart.csv # one frame a half
refuses 3 "no two frames follow one another" apart.csv --source-rate 10 --rate 5
: >empty.csv
refuses 3 "empty.csv: the file is empty" empty.csv --format cdf
