# What train, rollout and score refuse, word for word as a user reads it, with nothing half written.
# The sentences about tracking data are tested where they are made; here their codes are.
source "$(dirname "$0")/small.bash"
train --epochs 1 --out model
mkdir folder
: >empty.csv
head -c 3000 model/model.safetensors | tail -c 1000 >binary.csv
cp -r model cut && truncate -s -1 cut/model.safetensors
mkdir text && echo hello >text/model.safetensors
cp -r model old && sed -i 's/"hidden":"16"/"hidden":"17"/' old/model.safetensors
cp -r model odd && sed -i 's/"hidden":"16"/"hidden":"9e"/' odd/model.safetensors
cp -r model alien && sed -i 's/"model":"gvrnn"/"model":"gvrnm"/' alien/model.safetensors
before=$(files . | sort)

# data
for command in 'train --out new' 'rollout --model model' 'score --model model'; do
    refuse 1 'absent.csv' $command --players absent.csv
    refuse 1 'folder' $command --players folder
    refuse 3 'empty.csv: ' $command --players empty.csv
    refuse 3 'binary.csv:1: ' $command --players binary.csv
    refuse 2 'players' $command --players
done
refuse 2 'tracking data' train

# models
for model in absent folder sim.csv cut text old odd alien; do
    step rollout --players sim.csv --quiet --model $model
    step score --players sim.csv --quiet --model $model
done

# what to roll out, and where to
roll() {
    step rollout --players sim.csv --quiet --model model --burn-in 8 --horizon 5 --samples 2 "$@"
}
roll --at 99999
roll --at -5
roll --at 1
roll --at soon
roll --at 9:600
roll --at 600 --hold nobody
roll --at 600 --hold ball,nobody
roll --at all --layout wide
roll --at 600 --burn-in 1
roll --at 600 --out folder
roll --at 600 --out absent/rollout.csv
[ -e /dev/full ] && refuse 1 "'/dev/full'" rollout --players sim.csv --model model --out /dev/full
step train --players sim.csv --quiet --out sim.csv
step train --players sim.csv --quiet --out model
step train --players sim.csv --quiet --out model --resume --overwrite
step train --resume --quiet
step train --resume --quiet --out new
step train --players sim.csv --quiet --out new --burn-in 600 --horizon 601

[ "$before" = "$(files . | sort)" ] || die "left behind: $(files . | sort)"
finish
