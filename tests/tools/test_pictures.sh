#!/bin/sh
# Usage: test_pictures.sh ROOT TEST.py. Runs tests/tools/TEST.py under a python3 that can draw, else
# skips.
python=$("$1/tools/find_python.sh") || { echo "skipped: no python3 with matplotlib"; exit 77; }
exec "$python" "$1/tests/tools/$2"
