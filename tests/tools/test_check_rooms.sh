#!/bin/sh
# Usage: test_check_rooms.sh ROOT. Builds a small tree that keeps every rule of tools/check_rooms,
# then breaks one rule at a time and expects one complaint, at the right line, and exit status 1.
check=$1/tools/check_rooms
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

clean_tree() {
    rm -rf "$work/tree" && mkdir "$work/tree" && cd "$work/tree" || exit 1
    mkdir -p src/base src/num src/nn src/io src/data src/model src/train src/cli cmake
    for room in base num nn io data model train cli; do mkdir -p "include/traj/$room"; done
    cat >CMakeLists.txt <<'END'
traj_room(base  LIBRARIES m)
traj_room(num   ROOMS base LIBRARIES OpenBLAS::OpenBLAS)
traj_room(nn    ROOMS num base)
traj_room(io    ROOMS base LIBRARIES Libcsv::Libcsv)
traj_room(data  ROOMS io base)
traj_room(model ROOMS nn num data base)
traj_room(train ROOMS model data nn io base)
traj_room(cli   ROOMS train model data nn io num base)
END
    for header in base/real num/gemm nn/gru nn/param io/csv data/batch data/features \
        model/model cli/command; do
        : >"include/traj/$header.h"
    done
    echo '#include <cblas.h>' >src/num/gemm.c
    echo '#include <csv.h>' >src/io/csv.c
    printf '#include "private.h"\n#include "traj/num/gemm.h"\n' >src/nn/gru.c
    : >src/nn/private.h
    echo '#include "traj/data/batch.h"' >src/model/model.c
    echo '#include "traj/nn/param.h"' >src/train/trainer.c
    echo '#include "traj/cli/command.h"' >src/main.c
}

# expect WHAT TEXT: check_rooms prints one line that holds TEXT, and exits 1.
expect() {
    output=$("$check" "$work/tree")
    status=$?
    lines=$(printf '%s\n' "$output" | wc -l)
    case $output in *"$2"*) found=yes ;; *) found=no ;; esac
    if [ "$status" -ne 1 ] || [ "$lines" -ne 1 ] || [ "$found" = no ]; then
        printf 'FAIL %s: exit %s, expected exit 1 and one line with\n  %s\ngot\n  %s\n' \
            "$1" "$status" "$2" "$output"
        failures=$((failures + 1))
    fi
}

clean_tree
if ! output=$("$check" "$work/tree") || [ -n "$output" ]; then
    printf 'FAIL a tree that keeps every rule: %s\n' "$output"
    failures=$((failures + 1))
fi

clean_tree && printf '\n#include "traj/data/batch.h"\n' >src/nn/linear.c
expect "nn -> data" \
    "src/nn/linear.c:2: room 'nn' may not include room 'data'"

clean_tree && echo '#include "traj/cli/command.h"' >include/traj/model/vrnn.h
expect "anything -> cli, from a public header" \
    "include/traj/model/vrnn.h:1: room 'model' may not include room 'cli'"

clean_tree && echo '#include "traj/data/features.h"' >src/model/vrnn.c
expect "model -> data/features.h" \
    "src/model/vrnn.c:1: room 'model' may include only batch.h of room 'data'"

clean_tree && echo '# include "traj/nn/gru.h"' >src/train/adam.c
expect "train -> nn/gru.h" \
    "src/train/adam.c:1: room 'train' may include only param.h of room 'nn'"

clean_tree && echo '#include "private.h"' >src/model/vrnn.c
expect "another room's private header" \
    'src/model/vrnn.c:1: "private.h" is no private header of src/model/'

clean_tree && echo '#include "../nn/private.h"' >src/model/vrnn.c
expect "another room's private header by path" \
    'src/model/vrnn.c:1: "../nn/private.h" is no private header'

clean_tree && echo '#include "private.h"' >include/traj/nn/linear.h
expect "a private header in a public one" \
    'include/traj/nn/linear.h:1: a public header may not include'

clean_tree && echo '#include "traj/nn/absent.h"' >src/nn/linear.c
expect "a header that is not there" \
    'src/nn/linear.c:1: "traj/nn/absent.h" does not exist'

clean_tree && echo '#include <traj/num/gemm.h>' >src/nn/linear.c
expect "angle brackets" \
    "src/nn/linear.c:1: the project's own headers are included with quotes"

clean_tree && echo '#include <cblas.h>' >src/num/mat.c
expect "cblas.h elsewhere" \
    "src/num/mat.c:1: <cblas.h> may be included only in src/num/gemm.c"

clean_tree && echo '#include <expat.h>' >src/io/csv.c
expect "expat.h elsewhere" \
    "src/io/csv.c:1: <expat.h> may be included only in src/io/xml.c"

for outside in csv.h cJSON.h cjson/cJSON.h; do
    clean_tree && echo "#include <$outside>" >src/data/reader.c
    expect "$outside elsewhere" "src/data/reader.c:1: <$outside> may be included only in src/io/"
done

clean_tree && : >src/data/gru.c
expect "two files of one name" \
    "src/nn/gru.c:1: file name already taken by src/data/gru.c"

clean_tree && echo 'set(CMAKE_C_FLAGS "-ffast-math")' >cmake/flags.cmake
expect "-ffast-math" \
    "cmake/flags.cmake:1: unsafe floating-point flag '-ffast-math'"

clean_tree && echo 'set(CMAKE_C_FLAGS_RELEASE "-Ofast")' >>CMakeLists.txt
expect "-Ofast" \
    "CMakeLists.txt:9: unsafe floating-point flag '-Ofast'"

clean_tree && echo '__attribute__((optimize("fast-math"))) void f(void);' >src/num/vmath.c
expect "fast-math by attribute" "src/num/vmath.c:1: unsafe floating-point flag"

clean_tree && : >CMakeLists.txt
if "$check" "$work/tree" 2>/dev/null; then
    echo "FAIL no rooms in CMakeLists.txt: expected a failure, since nothing was checked"
    failures=$((failures + 1))
fi

[ "$failures" -eq 0 ] && echo "check_rooms: every rule is noticed"
[ "$failures" -eq 0 ]
