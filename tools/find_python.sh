#!/bin/sh
# Prints the first Python 3 that has the modules named, a list with commas: those needed for drawing
# unless told otherwise. Fails where there is none.
#
# The python3 on PATH need not be the one that the system's packages serve (pyenv, conda): several
# are asked in turn. PYTHON=... names one to ask first. tools/install.sh sees that one answers.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
modules=${1:-matplotlib, numpy}

for python in "${PYTHON:-}" "$root/.venv/bin/python3" python3 /usr/bin/python3; do
    [ -n "$python" ] || continue
    path=$(command -v "$python" 2>/dev/null) || continue
    if "$path" -c "import $modules" >/dev/null 2>&1; then
        printf '%s\n' "$path"
        exit 0
    fi
done
exit 1
