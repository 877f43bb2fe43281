#!/bin/sh
# Installs, builds and tests everything, as CI does. Usage: tools/test.sh [--quick]
#
#   ci       release build, every test
#   double   the same in double precision, where rounding cannot hide a wrong derivative
#   asan     AddressSanitizer and UBSan
#   tsan     ThreadSanitizer
#   clang    a second compiler
#
# Warnings are errors in all of them. --quick does the first alone. A build counts as one test, and
# what this machine lacks for one counts as skipped. The last line is 'N passed, N failed,
# N skipped'; the exit status is 1 if anything failed.
set -u
cd "$(dirname -- "$0")/.." || exit 1

quick=no
case ${1:-} in
--quick) quick=yes ;;
'') ;;
*)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0" >&2
    exit 2
    ;;
esac

passed=0 failed=0 skipped=0
summary_line='s/.*tests passed, \([0-9]*\) tests* failed out of \([0-9]*\).*/\1 \2/p'
start_s=$(date +%s)
# The log of a build is shown only when it fails.
scratch=$(mktemp -d) || exit 1
log=$scratch/log report=$scratch/report
trap 'rm -rf "$scratch"' EXIT

headline() { printf '\n== %s (%d s)\n' "$*" $(($(date +%s) - start_s)); }

# build PRESET FOLDER COMPILER. A folder that is there already keeps its compiler: CMake, told of
# another one by -DCMAKE_C_COMPILER, would forget the folder's options.
build() {
    preset=$1 folder=$2
    headline "build/$folder"
    if CC=$3 cmake --preset "$preset" -B "build/$folder" -DTRAJ_WERROR=ON >"$log" 2>&1 &&
        cmake --build "build/$folder" --parallel "$jobs" >>"$log" 2>&1; then
        passed=$((passed + 1))
    else
        cat "$log"
        echo "build/$folder: the build FAILED"
        failed=$((failed + 1))
        return 1
    fi
}

# check FOLDER [ctest arguments]. Without address randomisation where that can be had: older
# ThreadSanitizers do not start on the wide one of newer kernels.
check() {
    folder=$1
    shift
    headline "build/$folder: tests"
    : >"$report"
    $fixed_addresses ctest --test-dir "build/$folder" --output-on-failure --no-tests=error \
        --parallel 2 --output-log "$report" "$@"
    status=$?
    # ctest's own summary: '98% tests passed, 1 tests failed out of 50'. A program that is not there
    # is among the failed ones, a skipped test is not.
    summary=$(sed -n "$summary_line" "$report")
    bad=${summary% *} tests=${summary#* }
    not_run=$(grep -c '\*\*\*Skipped' "$report")
    if [ -z "$summary" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        echo "build/$folder: ctest FAILED without naming a test"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + tests - bad - not_run))
    failed=$((failed + bad))
    skipped=$((skipped + not_run))
}

# skip FOLDER reason
skip() {
    headline "build/$1: skipped, $2"
    skipped=$((skipped + 1))
}

# has_sanitizer COMPILER KIND
has_sanitizer() {
    echo 'int main(void) { return 0; }' |
        "$1" "-fsanitize=$2" -x c -o "$scratch/probe" - >/dev/null 2>&1
}

# sanitize FOLDER KIND COMPILER
sanitize() {
    if has_sanitizer "$3" "$2"; then
        build "$1" "$1" "$3" && check "$1" --tests-regex "$own_program"
    else
        skip "$1" "$3 has no -fsanitize=$2 here"
    fi
}

tools/install.sh --tests || exit 1
compiler=${CC:-cc}
jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja
fixed_addresses="setarch $(uname -m) -R"
$fixed_addresses true 2>/dev/null || fixed_addresses=

# Tests that only read the source run in the first build; `grad` is for the double build.
own_program='^(unit_.*|golden|prop|cli_.*|.*_fuzz)$'
numerics='^(unit_.*|golden|prop|grad)$'

build ci ci "$compiler" && check ci --exclude-regex '^grad$'
if [ "$quick" = no ]; then
    build double double "$compiler" && check double --tests-regex "$numerics"
    # traj sees to this itself, as shown above; here not even idle threads of OpenBLAS are wanted.
    export OPENBLAS_NUM_THREADS=1
    sanitize asan address,undefined "$compiler"
    # ThreadSanitizer checks every access to memory: clang's (14) a vector at once, gcc's (12) by
    # its parts, which takes four times as long. A race whose first half is forgotten when the
    # second comes, clang's does not tell: hence the long history.
    has_sanitizer clang thread && compiler=clang
    export TSAN_OPTIONS="history_size=7 ${TSAN_OPTIONS:-}"
    sanitize tsan thread "$compiler"
    if command -v clang >/dev/null; then
        build ci clang clang && check clang --tests-regex "$own_program"
    else
        skip clang "there is no clang here"
    fi
fi

headline "done"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
