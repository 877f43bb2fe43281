# traj evaluate: its table, its JSON, its file of scenes, what it refuses; that nothing after the
# last observed frame reaches a forecast; that threads change no bit. Twenty frames observed and
# fifty forecast need a longer burn-in than the models here were trained with, which is no matter.
source "$(dirname "$0")/small.bash"
train --epochs 2 --out model
train --epochs 2 --seed 2 --out other
"$traj" simulate --minutes 1 --rate 10 --seed 5 --out test.csv --quiet >/dev/null || exit 1

# evaluate ARGUMENTS...: a quick run.
evaluate() {
    "$traj" evaluate --players test.csv --samples 4 --resamples 50 --importance 2 --quiet "$@"
}

# The table: every source has a row in it, and no figure is missing where there must be one.
evaluate --model model other --train sim.csv >table || die "traj evaluate: exit $?"
for row in "recorded play" model other "constant position" "constant velocity" Kalman nearest; do
    grep -q "^$row" table || die "no row '$row' in $(cat table)"
done
grep -q '^8 scenes of 8 windows, 184 agents' table || die "scenes: $(head -3 table)"
grep -q '^Difference from model' table || die "no paired difference: $(cat table)"
grep -q '^Mean and standard deviation over seeds' table || die "no seeds: $(cat table)"
! grep -q 'nan' table || die "nan in $(cat table)"
grep -q 'by bootstrap over 8 scenes' table || die "nothing says what is drawn: $(cat table)"

# However long the names are, and whatever the figures: 100 columns, and the end of a name is seen.
long=a_folder_whose_name_says_all_there_is_to_say_of_what_it_holds
cp -r model $long.1 && cp -r other $long.2 || exit 1
evaluate --model $long.1 $long.2 --baselines constant_velocity --stride 35 >wide ||
    die "long names: exit $?"
for file in table wide; do
    [ "$(sed 's/±/+/g; s/…/+/g' $file | awk 'length($0) > 100' | wc -l)" -eq 0 ] ||
        die "$file is wider than 100 columns: $(cat $file)"
done
grep -q '^….*_it_holds\.2 ' wide || die "the name is cut elsewhere: $(cat wide)"
grep -q ' 50 forecast, a window every 35 frames, 4 samples$' wide || die "$(head -1 wide)"
grep -q '^16 scenes of 16 windows' wide || die "$(head -2 wide)"

# Any number of threads gives the same bits, in all three forms.
for threads in 1 3; do
    evaluate --model model other --train sim.csv --json --per-scene scenes$threads.csv \
        --threads $threads >$threads.json || die "traj evaluate --json: exit $?"
done
same 1.json 3.json "1 and 3 threads"
same scenes1.csv scenes3.csv "1 and 3 threads"
columns=scene,match,sequence,frame_id,timestamp,agents,source,group,min_ade,
head -1 scenes1.csv | grep -q "^$columns" ||
    die "columns: $(head -1 scenes1.csv)"
[ "$(wc -l <scenes1.csv)" -eq $((1 + 8 * 7 * 3)) ] || die "rows: $(wc -l <scenes1.csv)"

# column FILE SOURCE GROUP KEY: the scenes' values of a metric.
column() {
    awk -F, -v source=$2 -v group=$3 -v key=$4 '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == key) at = i }
        $7 == source && $8 == group { print $at }' $1
}

# Per agent never above joint, the least never above the mean; a baseline of one answer has no
# spread, so its least is its mean.
paste <(column scenes1.csv model all min_ade) <(column scenes1.csv model all min_jade) \
    <(column scenes1.csv model all avg_jade) |
    awk '$1 > $2 || $2 > $3 { print; bad = 1 } END { exit bad }' ||
    die "min_ade > min_jade > avg_jade"
same <(column scenes1.csv constant_velocity all min_jade) \
    <(column scenes1.csv constant_velocity all avg_jade) "of one sample"

# The leak test. Windows are 70 frames one behind the other, so frames 21..70 of each are future and
# nobody's past: moved by 0.3 m, less than a jump, they change what is compared with, and not one
# bit of what is generated, which these metrics see alone.
awk -F, -v OFS=, 'NR > 1 && ($1 - 1) % 70 >= 20 {
        for (i = 4; i <= NF; i++) $i = sprintf("%.2f", $i + 0.3) } { print }' test.csv >moved.csv
! cmp -s test.csv moved.csv || die "nothing was moved"
facts=(--home home --home-attacks right --unit metres --origin centre --pitch 105x68 --quantum 0.01)
facts+=(--keepers home_1,away_1 --source-rate 10)
for copy in test moved; do
    "$traj" evaluate --model model --players $copy.csv "${facts[@]}" --samples 4 --train sim.csv \
        --no-likelihood --resamples 2 --per-scene $copy.scenes.csv --quiet >/dev/null || exit 1
done
for source in model constant_velocity_noise kalman nearest_neighbour; do
    for key in collision_rate off_pitch_rate path_length diversity step_change; do
        same <(column test.scenes.csv $source all $key) \
            <(column moved.scenes.csv $source all $key) \
            "the future reached $source ($key)"
    done
    ! cmp -s <(column test.scenes.csv $source all min_ade) \
        <(column moved.scenes.csv $source all min_ade) || die "$source: the truth does not matter"
done

# Without --players: the end of the data that validated the model, and only that.
"$traj" evaluate --model model --samples 2 --resamples 2 --no-likelihood >inherited 2>log ||
    die "without --players: $(cat log)"
grep -q '^evaluating the last 20 % of each match, which validated model' log || die "$(cat log)"
grep -q '^nearest neighbour: looks into' log || die "no training data: $(cat log)"
grep -Eq '^[123] scenes of' inherited || die "not only the end: $(head -2 inherited)"
"$traj" evaluate --model model --players sim.csv --samples 2 --resamples 2 --no-likelihood \
    --baselines none >/dev/null 2>log || die "on the training data: $(cat log)"
grep -q 'model was trained on sim.csv' log || die "no warning: $(cat log)"
"$traj" evaluate --model none --players test.csv --samples 2 --resamples 2 >alone 2>log ||
    die "--model none: $(cat log)"
grep -q '^nearest neighbour: left out' log || die "no reason: $(cat log)"
grep -q '^constant velocity + noise' alone || die "no baselines: $(cat alone)"

refuse 2 'traj train --rate 5 --burn-in 10 --horizon 20' evaluate --model model --players test.csv \
    --protocol nba
refuse 2 "did you mean 'bundes'" evaluate --model model --players test.csv --protocol bundess
refuse 2 "there is no 'kalmann'" evaluate --model model --players test.csv --baselines kalmann
refuse 2 'is named twice' evaluate --model model model --players test.csv
refuse 2 'is evaluated, too' evaluate --model model --players test.csv --train test.csv
refuse 3 '70 frames' evaluate --model model --players test.csv --frames 1:50
refuse 1 'there is no model in nowhere' evaluate --model nowhere --players test.csv
refuse 1 'cannot' evaluate --model model --players test.csv --samples 1 --resamples 1 \
    --no-likelihood --per-scene nowhere/scenes.csv

# The JSON, as the interface promises it.
command -v python3 >/dev/null || exit 0
python3 - <<'PYTHON' || die "the JSON is not what it should be"
import json, math
result = json.load(open("1.json"))
protocol = result["protocol"]
wanted = {"name": "traj", "rate_hz": 10, "burn_in": 20, "horizon": 50, "samples": 4, "scenes": 8,
          "agents": 184}
assert all(protocol[key] == value for key, value in wanted.items()), protocol
assert set(result["models"]) == {"model", "other"}, result["models"].keys()
assert set(result["baselines"]) == {"constant_velocity", "constant_velocity_noise",
    "constant_position", "kalman", "nearest_neighbour"}, result["baselines"].keys()
keys = """min_ade min_fde avg_ade avg_fde min_jade min_jfde avg_jade avg_jfde miss_rate
    collision_rate off_pitch_rate speed_w1 accel_w1 energy_score""".split()
for source in [*result["models"].values(), *result["baselines"].values()]:
    for group in ("all", "players", "ball"):
        metrics = source["metrics"][group]
        for key in keys:
            figure = metrics[key]
            if group == "ball" and key == "collision_rate":
                assert figure["value"] is None, figure
                continue
            assert math.isfinite(figure["value"]), (group, key, figure)
            low, high = figure["ci95"]
            assert low <= high, (group, key, figure)
        seconds = source["by_second"][group]["min_jade"]
        assert len(seconds) == 5 and seconds[4]["value"] == metrics["min_jade"]["value"], seconds
        curve = source["over_time"][group]["avg"]
        assert len(curve["mean"]) == len(curve["low"]) == len(curve["high"]) == 50
        mean = sum(curve["mean"]) / 50
        assert abs(mean - metrics["avg_jade"]["value"]) < 1e-6 * mean, (group, mean)
        last = source["over_time"][group]["min"]["mean"][-1]
        assert abs(last - metrics["min_jfde"]["value"]) < 1e-6, (group, last)
for model in result["models"].values():
    likelihood = model["likelihood"]
    assert list(likelihood) == "elbo iwae recon kl nll bits_per_dim".split(), likelihood
    elbo, iwae = likelihood["elbo"]["value"], likelihood["iwae"]["value"]
    assert abs(elbo - likelihood["recon"]["value"] + likelihood["kl"]["value"]) < 1e-6
    assert likelihood["nll"]["value"] == -iwae
paired = result["paired"]["other"]
assert paired["against"] == "model"
first, second = (result["models"][name]["metrics"]["all"] for name in ("model", "other"))
for key in ("min_jade", "energy_score", "speed_w1"):
    difference = second[key]["value"] - first[key]["value"]
    assert abs(paired["metrics"]["all"][key]["value"] - difference) < 1e-9, key
seeds = result["seeds"]["model"]
assert seeds["models"] == ["model", "other"], seeds["models"]
a, b = first["min_jade"]["value"], second["min_jade"]["value"]
assert abs(seeds["metrics"]["all"]["min_jade"]["mean"] - (a + b) / 2) < 1e-9
assert abs(seeds["metrics"]["all"]["min_jade"]["sd"] - abs(a - b) / math.sqrt(2)) < 1e-9
for key in ("speed", "accel"):
    distribution = result["distributions"][key]
    assert distribution["floor"]["all"]["w1"]["value"] >= 0
    for source, shares in distribution["shares"]["all"].items():
        assert len(shares) + 1 == len(distribution["edges"]), source
        assert abs(sum(shares) - 1) < 1e-3, source
PYTHON
