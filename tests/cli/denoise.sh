# traj denoise: tracks in, as many tracks out, in a file that traj reads; the errors it prints are
# those of its file; every method helps.
source "$(dirname "$0")/small.bash"
columns=sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed

# denoise ARGUMENTS...: stdout is in ../stdout.
denoise() {
    "$traj" denoise --players sim.csv --quiet "$@" >../stdout || die "denoise $*: exit $?"
}
# figure METHOD: what the table says of it.
figure() {
    awk -v name=$1 '$1 == name { print $2 }' ../stdout
}
less() {
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > 0 && a < b) }'
}

denoise --noise 0.3 --add-noise
cp ../stdout table
[ "$(head -1 denoised.csv)" = $columns ] || die "columns: $(head -1 denoised.csv)"
[ "$(wc -l <denoised.csv)" -eq $((1 + 23 * 1200)) ] || die "rows: $(wc -l <denoised.csv)"
less 0.29 "$(figure before)" && less "$(figure before)" 0.31 || die "before: $(figure before)"
for method in kalman savgol; do
    less "$(figure $method)" 0.2 || die "$method leaves $(figure $method) of 0.3 m"
done
"$traj" info denoised.csv --quiet >/dev/null || die "traj info cannot read denoised.csv"

# The file is the method's, and its error is the one printed.
for method in kalman savgol; do
    denoise --noise 0.3 --add-noise --method $method --threads 2
    "$traj" convert sim.csv --out truth.csv --quiet || die "convert"
    counted=$(awk -F, 'FNR == 1 { next } NR == FNR { x[$4, $7] = $9; y[$4, $7] = $10; next }
        { n += 2; sum += ($9 - x[$4, $7]) ^ 2 + ($10 - y[$4, $7]) ^ 2 }
        END { print sqrt(sum / n) }' truth.csv denoised.csv)
    printed=$(figure $method)
    awk -v a=$printed -v b=$counted 'BEGIN { exit !(a - b < 2e-4 && b - a < 2e-4) }' ||
        die "$method: printed $printed m, the file says $counted m"
    same <(tail -n +2 table) <(tail -n +2 ../stdout) "two runs with the same noise"
done

# Missing stays missing, on any number of threads; - is stdout, with nothing else on it.
awk -F, -v OFS=, 'NR > 300 && NR < 310 { $4 = $5 = "" } { print }' sim.csv >gaps.csv
head -1 sim.csv | cut -d, -f4,5 | grep -q '^ball_x,ball_y$' || die "other columns"
"$traj" denoise --players gaps.csv --noise 0.1 --threads 1 --out one.csv --quiet >/dev/null ||
    die "gaps"
"$traj" denoise --players gaps.csv --noise 0.1 --threads 3 --out - --quiet >three.csv || die "gaps"
same one.csv three.csv "threads, or stdout and a file"
[ "$(awk -F, '$9 == "" || $10 == ""' one.csv | wc -l)" -eq 9 ] || die "not nine missing positions"

# By a model: at its rate, whole, the same bits on any number of threads.
"$traj" train --model ddpm --players sim.csv --epochs 1 --hidden 8 --width 16 --blocks 1 \
    --diffusion-steps 20 --burn-in 8 --horizon 12 --stride 60 --out ddpm --quiet >/dev/null ||
    die "train"
"$traj" simulate --minutes 0.5 --rate 25 --out fast.csv --quiet >/dev/null || exit 1
for threads in 1 2; do
    "$traj" denoise --model ddpm --players fast.csv --noise 0.3 --add-noise --samples 6 --quiet \
        --threads $threads --out $threads.csv >../stdout || die "--model: exit $?"
done
same 1.csv 2.csv "threads"
[ "$(wc -l <1.csv)" -eq $((1 + 23 * 300)) ] || die "by a model: rows: $(wc -l <1.csv)"
less "$(figure model)" "$(figure before)" || die "a model that adds noise: $(cat ../stdout)"

train --epochs 1 --out gvrnn
refuse 2 'ddpm or vdm' denoise --model gvrnn --players sim.csv --noise 0.3
refuse 2 '--method model' denoise --players sim.csv --method model
refuse 2 '--window 4' denoise --players sim.csv --method savgol --window 4
refuse 2 '--noise' denoise --players sim.csv --noise 0
refuse 2 '--players' denoise --noise 0.3

command -v python3 >/dev/null || exit 0
python3 - <<'PYTHON' || die "the sidecar is not what it should be"
import json
side = json.load(open("1.json"))
assert side["method"] == "model" and side["model"] == "ddpm" and side["rate_hz"] == 10, side
assert side["noise_m"] == 0.3 and len(side["agents"]) == 23, side
assert all(a["frames"] == 300 and 0 < a["spread_m"] < 1 for a in side["agents"]), side
assert set(side["rmse_m"]) == {"before", "model", "kalman", "savgol"}, side
side = json.load(open("one.json"))
assert side["method"] == "kalman" and "model" not in side and "rmse_m" not in side, side
PYTHON
