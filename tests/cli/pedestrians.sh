# Pedestrians and NumPy arrays, from a file to a judged forecast: info, convert, train, rollout and
# evaluate on made-up walks in the formats of ETH/UCY and TrajNet++. Nothing real is in them.
source "$(dirname "$0")/small.bash"

# 120 people, each crossing the place for 20 frames; two enter in every third frame.
awk 'BEGIN {
    for (p = 0; p < 120; p++)
        for (k = 0; k < 20; k++) {
            frame = 780 + 10 * (3 * int(p / 2) + k)
            x = (p % 2 ? 12 - 0.6 * k : 0.55 * k) + 0.02 * ((7 * p + 3 * k) % 5)
            y = p % 9 + 0.03 * k * (p % 3 - 1) + 0.02 * ((5 * p + k) % 4)
            printf "%d.0\t%d.0\t%.2f\t%.2f\n", frame, p + 1, x, y
        }
}' | sort -n >eth.txt
{
    echo '{"scene": {"id": 0, "p": 1, "s": 780, "e": 9999, "fps": 2.5, "tag": 0}}'
    sed 's/\(.*\)\t\(.*\)\t\(.*\)\t\(.*\)/{"track": {"f": \1, "p": \2, "x": \3, "y": \4}}/' eth.txt
} >walk.ndjson
walk=(--rate 2.5 --burn-in 8 --horizon 12 --stride 2 --hidden 8 --latent 2 --epochs 2)

# What it is, whatever its name: the same people from both files.
for file in eth.txt walk.ndjson; do
    "$traj" info "$file" >info.txt || die "info $file: exit $?"
    grep -q '^  rate  *2.5 Hz$' info.txt && grep -q '^  pitch  *26 x 18 m$' info.txt &&
        grep -q ' 197 frames, ids 780 to 2740, 1:18.4 min$' info.txt &&
        grep -q '^  people  *120$' info.txt && grep -q '^  at a time  *14, at most' info.txt &&
        ! grep -q '^guess  goalkeeper' info.txt || die "info $file: $(cat info.txt)"
done
"$traj" info eth.txt --unit feet --source-rate 5 --pitch 50x50 >info.txt || die "told: exit $?"
grep -q '^  pitch  *50 x 50 m$' info.txt && grep -q '^  rate  *5 Hz$' info.txt ||
    die "told: $(cat info.txt)"

# Both become one table, and that table becomes itself.
"$traj" convert eth.txt --to long --out eth.csv --quiet || die "convert: exit $?"
"$traj" convert eth.csv --to long --out again.csv --quiet || die "convert again: exit $?"
same eth.csv again.csv "a converted crowd was read as something else"
"$traj" convert walk.ndjson --to long --out walk.csv --quiet || die "convert TrajNet++: exit $?"
same eth.csv walk.csv "the same people in two formats"
grep -q '^1,,1,780,0,pedestrian,1,,0.00,-*[0-9.]*,1$' eth.csv || die "$(head -3 eth.csv)"

# Training, the same bits on one thread as on two; forecasts; judgement, in another place.
"$traj" train --players eth.txt "${walk[@]}" --threads 1 --out one --quiet >log || die "train: $?"
"$traj" train --players eth.txt "${walk[@]}" --threads 2 --out two --quiet >log || die "train: $?"
same one/model.safetensors two/model.safetensors "one thread and two"
"$traj" rollout --players eth.txt --model one --at 1800 --burn-in 8 --horizon 12 --samples 3 \
    --out roll.csv --quiet >log || die "rollout: exit $?"
rows=$(awk -F, '$2 == 2 && $6 == "pedestrian" && $9 != ""' roll.csv | wc -l)
there=$(awk '$1 == 1800' eth.txt | wc -l)
[ "$rows" -eq $((12 * there)) ] || die "$there people, but $rows rows in sample 2"
awk -v OFS='\t' '{ print $1, $2, $3 + 90, $4 - 40 }' eth.txt >elsewhere.txt
"$traj" evaluate --players elsewhere.txt --model one --protocol ethucy --samples 2 --resamples 10 \
    --baselines constant_velocity --likelihood no --json --quiet >result.json ||
    die "evaluate: exit $?"
grep -q '"min_jade"' result.json || die "no distances: $(head -40 result.json)"

# Nobody here is a ball, so there is no table of it. Windows begin at every frame, as in papers.
"$traj" evaluate --players elsewhere.txt --model one --protocol ethucy --samples 2 --resamples 10 \
    --baselines constant_velocity --likelihood no --quiet >table || die "evaluate: exit $?"
grep -q '^Players (m)$' table && ! grep -q 'Ball' table || die "a crowd's table: $(cat table)"
grep -q '12 forecast, a window every frame, 2 samples$' table || die "windows: $(head -1 table)"
grep -q '^60 scenes of 178 windows' table || die "scenes: $(head -2 table)"

# An array of 2 sequences, 3 frames, 11 agents: zeros but for its header.
header="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 11, 2), }"
{
    printf '\223NUMPY\001\000'
    printf "\\$(printf %03o ${#header})\\000%s" "$header"
    printf '\000\000\200\077' # 1, and 0 for all else
    head -c $((2 * 3 * 11 * 2 * 4 - 4)) /dev/zero
} >nba.npy
"$traj" info nba.npy >info.txt || die "info nba.npy: exit $?"
grep -q '^  sequences  *2, 6 frames in all$' info.txt && grep -q '^guess  ball ' info.txt &&
    grep -q '^  away  *away, 5 players$' info.txt || die "nba.npy: $(cat info.txt)"
"$traj" info nba.npy --ball none >info.txt || die "info --ball none: exit $?"
grep -q '^  ball  *none$' info.txt || die "--ball none: $(cat info.txt)"

# Broken files: one sentence, exit code 3.
head -c 60 nba.npy >short.npy
refuse 3 'short.npy: the file ends within its header' info short.npy
head -c 200 nba.npy >cut.npy
refuse 3 'the file is cut short: copy it again' info cut.npy
sed "s/<f4/>f4/" nba.npy >big.npy
refuse 3 "dtype is '>f4', expected '<f4' or '<f8'" info big.npy
sed 's/False/True /' nba.npy >fortran.npy
refuse 3 'numpy.ascontiguousarray(array)' info fortran.npy
sed '5s/\t[^\t]*$//' eth.txt >ragged.txt
refuse 3 'ragged.txt:5: expected 4 columns as in the first line, got 3' info ragged.txt
sed '9s/"f": [0-9.]*/"f": 7.5/' walk.ndjson >broken.ndjson
refuse 3 'broken.ndjson:9: track: expected a whole number' info broken.ndjson
