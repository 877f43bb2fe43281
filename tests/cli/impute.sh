# traj impute: nothing of the gap is read, everybody else stays, the baselines need no model, and
# the errors it prints are those of its file.
source "$(dirname "$0")/small.bash"
train --epochs 1 --out model

# impute OUT ARGUMENTS...
impute() {
    local out=$1
    shift
    "$traj" impute --players sim.csv --at 601 --horizon 12 --burn-in 8 --out $out --quiet "$@" \
        >../stdout || die "impute $*: exit $?"
}
hidden=home_5,away_7
impute model.csv --model model --samples 6 --hide $hidden
impute linear.csv --method linear --hide $hidden
impute cv.csv --method cv --hide $hidden
for name in model linear cv; do
    [ "$(head -1 $name.csv)" = "$("$traj" convert sim.csv --out - --quiet | head -1)" ] ||
        die "$name: columns: $(head -1 $name.csv)"
done
[ "$(wc -l <model.csv)" -eq $((1 + 23 * (8 + 12 + 6 * 12))) ] || die "rows: $(wc -l <model.csv)"
[ "$(wc -l <linear.csv)" -eq $((1 + 23 * (8 + 12 + 12))) ] || die "rows: $(wc -l <linear.csv)"

# Generated rows of everybody who is not hidden are the recording.
awk -F, -v hidden=,$hidden, 'NR > 1 && $11 == 0 && index(hidden, "," $7 ",") == 0 {
    key = $4 "," $7
    if ($2 == "") truth[key] = $9 "," $10
    else if (truth[key] != $9 "," $10) print "moved: " $0 }' model.csv >wrong
[ ! -s wrong ] || die "$(head -3 wrong)"

# A straight line leads from the last frame before the gap to the first behind it.
column=$(head -1 sim.csv | tr , '\n' | grep -n '^home_5_x$' | cut -d: -f1)
awk -F, -v c=$column 'NR == FNR { seen[$1] = $c; next } $7 == "home_5" && $2 != "" { made[$4] = $9 }
    END { for (t = 1; t <= 12; t++) {
        wanted = seen[601] + (seen[614] - seen[601]) * t / 13
        if (made[601 + t] - wanted > 0.0012 || wanted - made[601 + t] > 0.0012) print t } }' \
    sim.csv linear.csv >wrong
[ ! -s wrong ] || die "not straight at $(head -3 wrong)"

# Hidden positions inside the gap are not read: without them the generated rows are the same bytes,
# and with the first frame behind the gap elsewhere they are not.
cp sim.csv whole.csv
change() {
    awk -F, -v OFS=, -v c=$column -v from=$1 -v to=$2 -v value=$3 \
        'NR > 1 && $1 >= from && $1 <= to { $c = $(c + 1) = value } { print }' whole.csv >sim.csv
}
generated() {
    awk -F, 'NR > 1 && $2 != ""' $1
}
for method in model linear cv; do
    change 602 613 NaN
    impute blind.csv --model model --samples 6 --method $method --hide $hidden
    cmp <(generated $method.csv) <(generated blind.csv) || die "$method reads the gap"
    change 614 615 1
    impute moved.csv --model model --samples 6 --method $method --hide $hidden
    cmp -s <(generated $method.csv) <(generated moved.csv)
    [ $? -eq $([ $method = cv ] && echo 0 || echo 1) ] || die "$method: the end of the gap"
done
cp whole.csv sim.csv

# The errors of the table.
"$traj" impute --players sim.csv --at 601 --horizon 12 --burn-in 8 --method linear --out again.csv \
    --hide $hidden --json --quiet >json || die "--json"
printed=$(sed -n 's/.*"linear": *\([0-9.]*\).*/\1/p' json)
counted=$(awk -F, -v hidden=,$hidden, 'NR > 1 && $11 == 0 && index(hidden, "," $7 ",") {
    key = $4 "," $7
    if ($2 == "") { x[key] = $9; y[key] = $10 }
    else { n++; sum += sqrt(($9 - x[key]) ^ 2 + ($10 - y[key]) ^ 2) } }
    END { print sum / n }' linear.csv)
awk -v a=$printed -v b=$counted 'BEGIN { exit !(a > 0 && a - b < 0.001 && b - a < 0.001) }' ||
    die "printed $printed m, the file says $counted m"

impute more.csv --model model --samples 6 --hide $hidden --threads 3
same model.csv more.csv "threads"
refuse 2 '--hide' impute --players sim.csv --model model
refuse 2 "--hide: nobody is called 'home_99'" impute --players sim.csv --model model --hide home_99
refuse 2 '--method' impute --players sim.csv --hide ball --method spline
refuse 1 'there is no model in' impute --players sim.csv --hide ball --model nowhere
