# Compressed files and standard input: the same recording as from the plain file, for the data and
# for what belongs to them, and one sentence for an archive that is none.
source "$(dirname "$0")/tracab.bash"
set -e

tracab_match 11 12 13
"$traj" convert match.dat --out plain.csv --quiet
"$traj" info match.dat >plain.txt
grep -q "104 x 66 m" plain.txt || die "the metadata were not found"

# $1: a name for it, the rest: arguments
converts() {
    what=$1
    shift
    "$traj" convert "$@" --out again.csv --quiet || die "$what is not read"
    cmp -s plain.csv again.csv || die "$what gives another recording"
}
tested=0
for packer in gzip:gz bzip2:bz2 zstd:zst; do
    command -v "${packer%:*}" >/dev/null || continue
    ending=${packer#*:} tested=$((tested + 1))
    mkdir "$ending"
    for file in match.dat match_metadata.xml; do
        "${packer%:*}" -c <"$file" >"$ending/$file.$ending"
    done
    cd "$ending"
    "$traj" info "match.dat.$ending" | sed "s/\.$ending//" >info.txt
    cmp -s ../plain.txt info.txt ||
        die "traj info of .$ending differs: $(diff ../plain.txt info.txt)"
    cp ../plain.csv .
    converts "a file with companions, by ${packer%:*}," "match.dat.$ending"
    converts "standard input by ${packer%:*}" - --meta "match_metadata.xml.$ending" \
        <"match.dat.$ending"
    cp "match.dat.$ending" renamed.txt
    converts "an archive by another name" renamed.txt --meta ../match_metadata.xml
    head -c 60 "match.dat.$ending" >cut.dat
    refuse 3 "error: cut.dat: the ${packer%:*} archive breaks off after 60 bytes" \
        convert cut.dat --out none.csv
    [ -e none.csv ] && die "an archive cut short leaves a file"
    cd ..
done
[ "$tested" -gt 0 ] || exit 77 # nothing to pack with

# Every command that reads tracking data takes it from standard input.
"$traj" simulate --minutes 1 --rate 10 --seed 4 --out - --quiet >play.csv
for command in "info" "convert --out -" "denoise --method savgol --out - --players" \
    "train --dry-run --players" \
    "evaluate --model none --likelihood no --resamples 10 --samples 2 --players"; do
    # shellcheck disable=SC2086  # words of a command line
    "$traj" $command - <play.csv >out.txt 2>message.txt ||
        die "traj $command - fails: $(cat message.txt)"
    [ -s out.txt ] || [ -s message.txt ] || die "traj $command - says nothing"
done

two=$("$traj" info <(cat plain.csv) <(cat plain.csv) --quiet | grep -c "^  format *long") || true
[ "$two" -eq 2 ] || die "two pipes are not two matches: looking at one must not use it up"
