# For scripts that train: a match of two minutes, a model small enough to train in a second, and
# what is asked of the result. Sources transcript.bash, so the script is in a fresh folder.
source_folder=$(realpath "$2")
source "$(dirname "$0")/transcript.bash"

small=(--hidden 16 --latent 4 --burn-in 8 --horizon 12 --stride 20 --batch 4)

train() {
    "$traj" train --players sim.csv "${small[@]}" --quiet "$@" >train.log ||
        die "traj train $*: exit $?"
}

same() {
    cmp "$1" "$2" || die "$1 and $2 differ: $3"
}

# array FILE NAME: the bytes of one tensor of a safetensors file.
array() {
    local header begin end
    header=$(od -An -tu8 -N8 "$1" | tr -d ' ')
    read -r begin end < <(tail -c +9 "$1" | head -c "$header" |
        sed -n 's/.*"'"$2"'":{[^}]*"data_offsets":\[\([0-9]*\),\([0-9]*\)\].*/\1 \2/p')
    [ -n "$end" ] || die "$1 has no array '$2'"
    tail -c +$((9 + header + begin)) "$1" | head -c $((end - begin))
}

# same_array FOLDER FOLDER NAME: whether an array of two checkpoints is the same.
same_array() {
    cmp <(array $1/checkpoint.safetensors $3) <(array $2/checkpoint.safetensors $3)
}

# The files of a folder, one a line; leftovers of killed runs would show.
files() {
    ls -A "$1"
}

"$traj" simulate --minutes 2 --rate 10 --out sim.csv --quiet >/dev/null || exit 1
