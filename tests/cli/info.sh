# What traj sees in a file. The guesses' sentences are tested where they are made: here, only
# their subjects.
source "$(dirname "$0")/transcript.bash"

# Two players a side and the ball at 10 Hz: home_2 runs 1 m in 0.1 s and is missing in one frame
# of four.
players=home_1_x,home_1_y,home_2_x,home_2_y,away_1_x,away_1_y,away_2_x,away_2_y
cat >tiny.csv <<CSV
frame,period_id,timestamp,$players,ball_x,ball_y
1,1,0.0,-40.00,0.11,-10.00,5.23,41.00,0.37,12.00,-3.41,0.00,0.00
2,1,0.1,-40.00,0.11,-9.00,5.23,41.00,0.37,12.00,-3.41,0.50,0.00
3,1,0.2,-40.00,0.11,,,41.00,0.37,12.00,-3.41,1.00,0.00
4,1,0.3,-40.00,0.11,-7.00,5.23,41.00,0.37,12.00,-3.41,1.50,0.00
CSV

# Prints `traj info ARGUMENTS` with the sentences of the guesses left out.
facts() {
    note "traj info $*"
    "$traj" info "$@" | sed '/^ \{20\}/d; s/^\(guess  [a-z]*\).*/\1/' >>../transcript
    echo >>../transcript
}
facts tiny.csv
facts tiny.csv --frames 3: --orient keep
facts tiny.csv tiny.csv --source-rate 5 --unit metres --origin centre --pitch 100x64
facts - <tiny.csv

"$traj" info tiny.csv --json >tiny.json || exit 1
if command -v python3 >/dev/null; then
    python3 - <<'PYTHON' || exit 1
import json
match, = json.load(open("tiny.json"))["matches"]
agent = {a["id"]: a for a in match["agents"]}
assert match["rate_hz"] == 10 and match["pitch_m"] == [105, 68], match
assert match["sequences"][0]["frames"] == 4, match["sequences"]
assert agent["home_2"]["missing_share"] == 0.25 and agent["home_2"]["jersey"] == 2, agent
assert agent["ball"]["jersey"] is None, agent
assert abs(match["speed_mps"]["players"]["max"] - 10) < 1e-4, match["speed_mps"]
assert all(g["subject"] and g["text"] for g in match["guesses"]), match["guesses"]
PYTHON
fi

# Bad data: exit code 3; a file that is not there: 1.
"$traj" info absent.csv 2>/dev/null
[ $? -eq 1 ] || { echo "absent.csv: wrong exit code"; exit 1; }
sed '3s/41.00/far/' tiny.csv >bad.csv
"$traj" info bad.csv >stdout 2>stderr
code=$?
[ "$code" -eq 3 ] && [ ! -s stdout ] && grep -q 'bad.csv:3: ' stderr ||
    { echo "bad.csv: exit $code, $(cat stdout stderr)"; exit 1; }

finish
