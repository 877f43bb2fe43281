# A run that was stopped and resumed ends in the bits of a straight one. Valid because the model
# changes from epoch to epoch (checked), so a resume that lost or repeated a step would show.
source "$(dirname "$0")/small.bash"

# Planned: 3 epochs, then --epochs 6; the options come back from config.json.
train --epochs 6 --out straight
train --epochs 3 --out parts
! cmp -s straight/model.safetensors parts/model.safetensors ||
    die "three epochs more change nothing"
"$traj" train --resume --out parts --epochs 6 --quiet >/dev/null || exit 1
same straight/model.safetensors parts/model.safetensors "3 + 3 epochs are not 6"
for name in weights adam_m adam_v average best; do
    same_array straight parts $name || die "$name differs after resuming"
done
cmp <(cut -d, -f1-9 straight/log.csv) <(cut -d, -f1-9 parts/log.csv) || die "the logs differ"
same <(files straight) <(files parts) "files"

# Resuming what is complete changes nothing.
cp parts/model.safetensors before
"$traj" train --resume --out parts --quiet >/dev/null || exit 1
same before parts/model.safetensors "an idle resume"

# A checkpoint that does not fit is refused, and the folder stays resumable.
refuse 3 'another run' train --resume --out parts --hidden 8
"$traj" train --resume --out parts --quiet >/dev/null || die "a refused resume spoilt config.json"
same before parts/model.safetensors "after a refused resume"

# A damaged checkpoint is refused and left as it is.
cp -r parts damaged
truncate -s 3000 damaged/checkpoint.safetensors
cp damaged/checkpoint.safetensors cut
refuse 3 'damaged/checkpoint.safetensors' train --resume --out damaged
same cut damaged/checkpoint.safetensors "a refused checkpoint"
rm damaged/checkpoint.safetensors
refuse 2 'has a model but no checkpoint' train --resume --out damaged

# --overwrite starts a new run: nothing of the old one may be resumed, whenever it is killed.
cp -r parts over
refuse 2 'choose one of them' train --resume --overwrite --out over
train --epochs 6 --overwrite --out over
same straight/model.safetensors over/model.safetensors "--overwrite"

# Ctrl-C and kills at random moments. The long version of this is tools/soak_kill.sh by hand.
for signal in INT KILL; do
    bash "$source_folder/tools/soak_kill.sh" "$traj" 3 $signal >soak.log || die "$(cat soak.log)"
done
