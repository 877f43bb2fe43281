# rollout.csv as the interface promises it: columns, rows, the provider's clock, layouts, samples,
# stdout, and the sidecar. Counts and clocks are computed here from the options alone.
source "$(dirname "$0")/small.bash"
train --epochs 1 --out model
"$traj" simulate --minutes 1 --rate 25 --out fast.csv --quiet >/dev/null || exit 1
columns=sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed

# roll FILE ARGUMENTS...
roll() {
    local out=$1
    shift
    "$traj" rollout --model model --players fast.csv --burn-in 8 --quiet --out $out "$@" \
        >../stdout || die "rollout $*: exit $?"
}
# check FILE PROGRAM: the awk program prints what is wrong with the rows of FILE.
check() {
    local wrong
    wrong=$(awk -F, "NR > 1 { $2 }" $1 | head -3)
    [ -z "$wrong" ] || die "$1: $wrong"
}

# 25 Hz to 10 Hz at frame 601: 8 observed, 12 true, 3 samples of 12 frames, 23 agents each. Step k
# after the last observed frame has id 601 + 2.5 k, halves away from zero, and time 24 + k / 10.
roll long.csv --at 601 --horizon 12 --samples 3
[ "$(head -1 long.csv)" = $columns ] || die "columns: $(head -1 long.csv)"
[ "$(wc -l <long.csv)" -eq $((1 + 23 * (8 + 12 + 3 * 12))) ] || die "rows: $(wc -l <long.csv)"
check long.csv '
    part = $11 == 1 ? "observed" : $2 == "" ? "true" : "sample"
    row = int((NR - 2) / 23)
    k = row < 20 ? row - 7 : (row - 20) % 12 + 1
    id = 601 + (k < 0 ? -int(-2.5 * k + 0.5) : int(2.5 * k + 0.5))
    wanted = row < 8 ? "observed" : row < 20 ? "true" : "sample"
    if (NF != 11) print "fields: " $0
    if (part != wanted || (row >= 20 && $2 != int((row - 20) / 12))) print wanted " expected: " $0
    if ($11 != (wanted == "observed")) print "observed: " $0
    if ($4 != id || $5 < 24 + k / 10 - 0.0006 || $5 > 24 + k / 10 + 0.0006) print "clock: " $0
    if ($1 != "1" || $3 != 1) print "sequence or period: " $0
    if ($9 !~ /^-?[0-9]+\.[0-9]+$/ || $10 !~ /^-?[0-9]+\.[0-9]+$/) print "position: " $0
    if ($6 == "ball" ? $7 != "ball" || $8 != "" : $7 != $6 "_" $8) print "who: " $0
    if ($6 !~ /^(home|away|ball)$/) print "team: " $0'

# The last observed and the true frames that fall on a recorded one are the recording.
awk -F, 'NR == FNR && FNR == 1 { for (i = 4; i <= NF; i++) name[i] = $i }
    NR == FNR { for (i = 4; i <= NF; i++) at[$1, name[i]] = $i; next }
    FNR > 1 && $2 == "" && ($4 - 601) % 5 == 0 {
        n++
        if (at[$4, $7 "_x"] - $9 > 0.0011 || $9 - at[$4, $7 "_x"] > 0.0011 ||
            at[$4, $7 "_y"] - $10 > 0.0011 || $10 - at[$4, $7 "_y"] > 0.0011) print "moved: " $0 }
    END { if (n != 10 * 23) print n " rows on recorded frames" }' fast.csv long.csv >wrong
[ ! -s wrong ] || die "$(head -3 wrong)"

# Without a recorded future there is none in the file; few frames of past are fewer rows.
roll last.csv --horizon 12 --samples 1
[ "$(wc -l <last.csv)" -eq $((1 + 23 * (8 + 12))) ] || die "--at last: $(wc -l <last.csv) rows"
roll start.csv --at 11 --horizon 4 --samples 1
[ "$(wc -l <start.csv)" -eq $((1 + 23 * (5 + 4 + 4))) ] || die "--at 11: $(wc -l <start.csv) rows"

# --mean is one sample unless more are asked for, and draws nothing from the decoder.
roll mean.csv --at 601 --horizon 4 --mean
[ "$(wc -l <mean.csv)" -eq $((1 + 23 * (8 + 4 + 4))) ] || die "--mean: $(wc -l <mean.csv) rows"
roll mean2.csv --at 601 --horizon 4 --mean --samples 2
[ "$(wc -l <mean2.csv)" -eq $((1 + 23 * (8 + 4 + 2 * 4))) ] || die "--mean --samples 2: rows"

# --at all: one rollout a window, told apart by `sequence`, none overlapping.
roll all.csv --at all --horizon 12 --samples 2
check all.csv 'key = $1 "," $2 "," $4 "," $7 "," $11
    if (key in seen) print "twice: " $0
    seen[key] = 1'
windows=$((600 / 20)) # a minute at 10 Hz in windows of 8 + 12
found=$(awk -F, 'NR > 1 { print $1 }' all.csv | sort -u | wc -l)
[ "$found" -eq $windows ] || [ "$found" -eq $((windows - 1)) ] || die "--at all: $found rollouts"
[ "$(wc -l <all.csv)" -eq $((1 + found * 23 * (8 + 12 + 2 * 12))) ] || die "--at all: rows"

# Wide: the same numbers, two columns an agent.
roll wide.csv --at 601 --horizon 12 --samples 3 --layout wide
[ "$(wc -l <wide.csv)" -eq $((1 + 8 + 12 + 3 * 12)) ] || die "wide: $(wc -l <wide.csv) rows"
head -1 wide.csv | grep -q '^sequence,sample,period_id,frame_id,timestamp,observed,[a-z0-9_]*_x,' ||
    die "wide: $(head -1 wide.csv)"
same <(awk -F, 'NR == 1 { for (i = 7; i < NF; i += 2) name[i] = substr($i, 1, length($i) - 2) }
    NR == 1 { next }
    { for (i = 7; i < NF; i += 2) print $2, $4, $6, name[i], $i, $(i + 1) }' wide.csv) \
    <(awk -F, 'NR > 1 { print $2, $4, $11, $7, $9, $10 }' long.csv) "the layouts"

# - is stdout: the same file, nothing else on it, no sidecar.
roll - --at 601 --horizon 12 --samples 3
same ../stdout long.csv "stdout and a file"
[ ! -e -.json ] && [ ! -e .json ] || die "a sidecar beside stdout"

# traj reads what it writes, wide or long is its own business.
"$traj" info long.csv --frames :601 --quiet >/dev/null || die "traj info cannot read rollout.csv"

# The sidecar.
command -v python3 >/dev/null || exit 0
python3 - <<'PYTHON' || die "the sidecar is not what it should be"
import json
side = json.load(open("long.json"))
model = json.load(open("model/config.json"))
assert side["rate_hz"] == 10 and side["pitch_m"] == [105, 68], side
assert side["orientation"] == "home-right" and side["seed"] == 1, side
assert side["model"] == "gvrnn" and side["model_folder"] == "model", side
assert len(side["model_hash"]) == 16 and int(side["model_hash"], 16), side
assert side["source"] == "fast.csv" and side["rollouts"] == 1, side
assert side["traj"] == model["traj"], side
options = side["options"]
wanted = {"at": "601", "burn-in": 8, "horizon": 12, "samples": 3, "mean": False, "seed": 1,
          "layout": "long", "players": ["fast.csv"], "model": "model", "out": "long.csv"}
for key, value in wanted.items():
    assert options[key] == value, (key, options)
assert json.load(open("all.json"))["rollouts"] > 1
assert json.load(open("mean.json"))["options"]["mean"] is True
PYTHON
