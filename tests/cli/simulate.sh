# The same options give the same file, bit for bit; another seed gives another.
source "$(dirname "$0")/transcript.bash"

step simulate --minutes 0.1 --seed 7 --out a.csv
step simulate --minutes 0.1 --seed 7 --out b.csv
step simulate --minutes 0.1 --seed 8 --out c.csv
"$traj" simulate --minutes 0.1 --seed 7 --out - >d.csv || exit 1
cmp a.csv b.csv || die "two runs differ"
cmp a.csv d.csv || die "stdout differs from a file"
! cmp -s a.csv c.csv || die "two seeds agree"
step simulate --minutes 0.1 --out no/such/folder/a.csv

finish
