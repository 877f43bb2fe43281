# --meta and --roster as users meet them: found beside the data and told so, named, refused, and
# recorded in the configuration.
source "$(dirname "$0")/tracab.bash"
set -e

# Two a side for three frames, and a fourth frame that lies in no period.
tracab_match 11 12 13 99
cp match_metadata.xml other.xml

"$traj" info match.dat >info.txt
grep -q "pitch  *104 x 66 m" info.txt || die "the metadata beside the data were not read"
grep -q "match_metadata.xml: found" info.txt || die "traj info does not say what it found"
grep -q "3 frames in all" info.txt || die "a frame outside the periods was read"
"$traj" info match.dat --meta none >info.txt
grep -q "pitch  *105 x 68 m" info.txt || die "--meta none read metadata"
"$traj" info match.dat --meta other.xml >info.txt
grep -q "pitch  *104 x 66 m" info.txt || die "--meta other.xml was not read"
grep -q "found beside" info.txt && die "--meta other.xml is no guess"

cp match.dat second.dat
"$traj" convert match.dat --to wide --out plain.csv --quiet
refuse 2 "--meta other.xml: there are 2 matches" info match.dat second.dat --meta other.xml
refuse 2 "--roster other.xml: match.dat has a format without a file of players" \
    info match.dat --roster other.xml
refuse 2 "plain.csv has a format without metadata of its own" info plain.csv --meta other.xml
refuse 1 "cannot read 'none.xml'" info match.dat --meta none.xml
sed -i 's/iEndFrame="50"/iEndFrame="x"/' other.xml
refuse 3 "other.xml:3: /match/period/iEndFrame: expected a number, got 'x'" \
    info match.dat --meta other.xml
sed -i 's/iEndFrame="x"/iEndFrame="5"/' other.xml
refuse 3 "none of its frames, frame 99 for one, lies in a period of other.xml" \
    info match.dat --meta other.xml

# What was named stands in the configuration that training records, and is read from there.
echo '{"meta": "match_metadata.xml"}' >config.json
"$traj" train --players match.dat --config config.json --dry-run >dry.txt 2>&1 || true
grep -q "meta.*match_metadata.xml" dry.txt || die "the configuration does not hold --meta"
