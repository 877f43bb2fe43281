#!/bin/sh
# Installs, builds and tests everything, as CI does. Usage: tools/test.sh [--quick]
#
#   float    release build with -Werror, every test
#   double   gradient checks and unit tests where rounding cannot hide a wrong derivative
#   asan     unit, gradient and property tests under AddressSanitizer and UBSan
#   clang    a second compiler's warnings, if clang is there
#
# --quick does the first alone. A build counts as one test. The last line is 'N passed, N failed,
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
log=$(mktemp) && report=$(mktemp) || exit 1
trap 'rm -f "$log" "$report"' EXIT

headline() { printf '\n== %s (%d s)\n' "$*" $(($(date +%s) - start_s)); }

# build PRESET FOLDER [cmake arguments]
build() {
    preset=$1 folder=$2
    shift 2
    headline "build/$folder"
    if cmake --preset "$preset" -B "build/$folder" "$@" >"$log" 2>&1 &&
        cmake --build "build/$folder" --parallel "$jobs" >>"$log" 2>&1; then
        passed=$((passed + 1))
    else
        cat "$log"
        echo "build/$folder: the build FAILED"
        failed=$((failed + 1))
        return 1
    fi
}

# check FOLDER [ctest arguments]
check() {
    folder=$1
    shift
    : >"$report"
    ctest --test-dir "build/$folder" --output-on-failure --no-tests=error --parallel 2 \
        --output-log "$report" "$@"
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

tools/install.sh || exit 1
jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja

build ci ci && check ci
if [ "$quick" = no ]; then
    build double double -DTRAJ_WERROR=ON && check double --tests-regex '^(unit_.*|grad)$'
    build asan asan -DTRAJ_WERROR=ON && check asan --tests-regex '^(unit_.*|grad|prop)$'
    if command -v clang >/dev/null; then
        build ci clang -DCMAKE_C_COMPILER=clang
    fi
fi

headline "done"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
