#!/bin/sh
# Installs what traj needs to be built, tested and drawn: on Debian and Ubuntu by apt-get (with sudo
# unless root); elsewhere it says what to install. Where all is there it does nothing, offline too.
# Usage: tools/install.sh [--tests]   --tests: the second compiler of tools/test.sh as well
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1

say() { printf 'install.sh: %s\n' "$*" >&2; }

for_tests=no
case ${1:-} in
--tests) for_tests=yes ;;
'') ;;
*)
    say "usage: tools/install.sh [--tests]"
    exit 2
    ;;
esac

has_header() {
    # Fedora and Homebrew keep cblas.h in folders of their own, which CMake searches too.
    printf '#include <stddef.h>\n#include <%s>\n' "$1" |
        cc -I/usr/include/openblas -I/opt/homebrew/include -I/opt/homebrew/opt/openblas/include \
            -E - >/dev/null 2>&1
}

has_compiler() { printf '#include <stdlib.h>\n' | cc -E - >/dev/null 2>&1; }
has_build_tool() { command -v ninja >/dev/null || command -v make >/dev/null; }
has_second_compiler() { [ "$for_tests" = no ] || command -v clang >/dev/null; }
has_python() { "$root/tools/find_python.sh" >/dev/null; }

# Prints the Debian packages that are missing. One row each: is it there? else the package.
missing_packages() {
    has_compiler                || echo gcc libc6-dev
    command -v cmake >/dev/null || echo cmake
    has_build_tool              || echo ninja-build
    has_header cblas.h          || echo libopenblas-dev
    has_header csv.h            || echo libcsv-dev
    has_header cjson/cJSON.h    || echo libcjson-dev
    has_header expat.h          || echo libexpat1-dev
    has_header zlib.h           || echo zlib1g-dev
    has_header bzlib.h          || echo libbz2-dev
    has_header zstd.h           || echo libzstd-dev
    has_header xxhash.h         || echo libxxhash-dev
    has_header Random123/philox.h || echo librandom123-dev
    has_cmocka                  || echo libcmocka-dev
    has_python                  || echo python3 python3-matplotlib python3-numpy
    has_second_compiler         || echo clang
}

# cmocka.h wants three standard headers before it.
has_cmocka() {
    printf '#include <%s>\n' stdarg.h stddef.h setjmp.h stdint.h cmocka.h |
        cc -I/opt/homebrew/include -E - >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "this needs root and there is no sudo; run as root: $*"
        return 1
    fi
}

install_by_apt() {
    say "installing $*"
    # Without network the lists and packages already here may do.
    as_root apt-get update -q >&2 || say "apt-get update failed; trying with the lists at hand"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@" >&2
}

advise() {
    case $(uname -s) in
    Darwin)
        say "on macOS: brew install cmake ninja openblas libcsv cjson expat zstd xxhash cmocka" \
            "python-matplotlib" ;;
    *)
        say "on Fedora: sudo dnf install gcc cmake ninja-build openblas-devel libcsv-devel" \
            "cjson-devel expat-devel zlib-devel bzip2-devel libzstd-devel xxhash-devel" \
            "libcmocka-devel python3-matplotlib"
        say "on Arch: sudo pacman -S gcc cmake ninja openblas libcsv cjson expat zlib bzip2 zstd" \
            "xxhash cmocka python-matplotlib" ;;
    esac
    say "Random123 is headers only: where no package has it, unpack" \
        "https://github.com/DEShawResearch/random123 and add its include/ folder to CPATH"
}

# Where no package could serve any python3 that find_python.sh knows.
install_python() {
    say "no python3 here has matplotlib yet: making $root/.venv with it"
    python3 -m venv "$root/.venv" >&2 &&
        "$root/.venv/bin/python3" -m pip install --quiet matplotlib >&2
}

packages=$(missing_packages | tr '\n' ' ')
if [ -z "$packages" ]; then
    say "everything is there"
    exit 0
fi
if command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086  # a list of words
    install_by_apt $packages || say "apt-get could not install: $packages"
else
    say "missing (names of the Debian packages): $packages"
    advise
fi
has_python || install_python ||
    say "pictures need Python with matplotlib, which could not be installed; all else works without"

# Without pictures and without clang there is still something to build and to test.
packages=$(missing_packages | grep -v -e python3 -e clang | tr '\n' ' ')
if [ -n "$packages" ]; then
    say "still missing: $packages"
    exit 1
fi
