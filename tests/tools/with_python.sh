#!/bin/sh
# Usage: with_python.sh ROOT MODULES TEST.py ARGUMENTS... Runs tests/tools/TEST.py under a python3
# that has the modules (a list with commas), else skips.
root=$1 modules=$2 test=$3
shift 3
python=$("$root/tools/find_python.sh" "$modules") || {
    echo "skipped: no python3 with $modules"
    exit 77
}
exec "$python" "$root/tests/tools/$test" "$@"
