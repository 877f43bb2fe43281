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
    "$traj" info "$@" | sed '/^guess/,/^$/ {
        /^ \{20\}/d
        s/^\(guess  [a-z]*\|doubt  [a-z]*\).*/\1/
    }' >>../transcript
    echo >>../transcript
}
facts tiny.csv
facts tiny.csv --frames 3: --orient keep
facts tiny.csv tiny.csv --source-rate 5 --unit metres --origin centre --pitch 100x64
facts - <tiny.csv

# What providers tell beside positions: the game, who takes part when, and which way home attacks,
# which is left in the file.
for frame in 1 2 3 4 5; do
    state=Alive owner=H
    [ $frame -gt 3 ] && state=Dead owner=A
    nine='1,2,9,-100,3300,0;'
    [ $frame -lt 3 ] && nine=
    players="1,1,1,5000,10,0;${nine}0,3,1,-5000,13,0;0,4,10,100,-3300,0;"
    echo "$frame:$players:$frame,60,0,0,$owner,$state;:"
done >match.dat
player() {
    echo "<item><PlayerID>$1</PlayerID><JerseyNo>$2</JerseyNo>" \
        "<StartingPosition>$3</StartingPosition>" \
        "<StartFrameCount>$4</StartFrameCount><EndFrameCount>5</EndFrameCount></item>"
}
cat >match_metadata.xml <<XML
<root><FrameRate>25</FrameRate>
<PitchShortSide>6800</PitchShortSide><PitchLongSide>10500</PitchLongSide>
<Phase1StartFrame>1</Phase1StartFrame><Phase1EndFrame>9</Phase1EndFrame>
<Phase1HomeGKLeft>false</Phase1HomeGKLeft>
<HomeTeam><LongName>Ajax</LongName>
<Players>$(player h1 1 G 1)$(player h9 9 M 2)</Players></HomeTeam>
<AwayTeam><LongName>Brest</LongName>
<Players>$(player a1 1 G 1)$(player a10 10 D 1)</Players></AwayTeam></root>
XML
facts match.dat

# Who was seen, and who was estimated.
for frame in 10 11 12; do
    seen=false
    [ $frame = 10 ] && seen=true
    echo "{\"frame\":$frame,\"period\":1,\"timestamp\":\"00:00:0$((frame - 10)).00\"," \
        "\"ball_data\":{\"x\":null,\"y\":null,\"is_detected\":false}," \
        "\"possession\":{\"group\":\"home team\"},\"player_data\":[" \
        "{\"x\":-50.01,\"y\":0,\"player_id\":1,\"is_detected\":$seen}," \
        "{\"x\":50.01,\"y\":0,\"player_id\":2,\"is_detected\":true}]}"
done >seen.jsonl
facts seen.jsonl --source-rate 1

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
assert match["format"] == "wide" and match["on_pitch_share"] == 1, match
direction = match["sequences"][0]["direction"]
assert direction == {"home_attacks": "right", "by": "vote", "share": 1, "metadata": None,
                     "turned": False}, direction
assert match["players_at_a_time"]["home"] == {"median": 2, "most": 2}, match
assert match["ball"]["missing_share"] == 0 and match["ball"]["alive_share"] is None, match["ball"]
assert match["detected_share"] is None and agent["home_2"]["estimated_share"] is None, match
assert match["doubts"] == [], match["doubts"]
assert all(g["subject"] and g["text"] for g in match["guesses"]), match["guesses"]
PYTHON
fi

# The same of files that tell more.
"$traj" info match.dat seen.jsonl --source-rate 25 --json >told.json || exit 1
if command -v python3 >/dev/null; then
    python3 - <<'PYTHON' || exit 1
import json
tracab, skillcorner = json.load(open("told.json"))["matches"]
agent = {a["id"]: a for a in tracab["agents"]}
h9 = agent["h9"]
assert (h9["first_frame"], h9["last_frame"], h9["frames"]) == (2, 5, 4), h9
assert h9["missing_share"] == 0.25 and h9["role"] == "M", h9
assert agent["a1"]["kind"] == "goalkeeper", agent
assert tracab["ball"] == {"missing_share": 0, "alive_share": 0.6, "dead_share": 0.4,
                          "home_share": 0.6, "away_share": 0.4}, tracab["ball"]
way = tracab["sequences"][0]["direction"]
assert (way["home_attacks"], way["metadata"], way["turned"]) == ("left", "left", True), way
assert abs(skillcorner["detected_share"] - 4 / 6) < 1e-9, skillcorner
agent = {a["id"]: a for a in skillcorner["agents"]}
assert abs(agent["1"]["estimated_share"] - 2 / 3) < 1e-9 and agent["2"]["estimated_share"] == 0
PYTHON
fi

# A rate that decimals do not tell.
"$traj" info tiny.csv --source-rate 29.97 | grep -q '^  rate        29.97 Hz (30000/1001)$' &&
    "$traj" info tiny.csv --source-rate 29.97 --json | tr -d ' \n' |
    grep -q '"rate_ratio":\[30000,1001\]' || { echo "29.97 is not 30000/1001"; exit 1; }

# Bad data: exit code 3; a file that is not there: 1.
"$traj" info absent.csv 2>/dev/null
[ $? -eq 1 ] || die "absent.csv: wrong exit code"
sed '3s/41.00/far/' tiny.csv >bad.csv
"$traj" info bad.csv >stdout 2>stderr
code=$?
[ "$code" -eq 3 ] && [ ! -s stdout ] && grep -q 'bad.csv:3: ' stderr ||
    die "bad.csv: exit $code, $(cat stdout stderr)"

finish
