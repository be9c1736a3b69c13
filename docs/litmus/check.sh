#!/usr/bin/env bash
# Runs the litmus models beside this file with herd7 and compares each verdict with the one that the file expects.
#
#   check.sh [MODEL...]     all models, or those whose names begin so; prints a table in Markdown
#
# Exit code: 0 if all are as expected, 1 if one is not, 2 if there is no such model, 77 if there is no herd7.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [ -n "${HERD7_ROOT-}" ]; then
    lib=$(echo "$HERD7_ROOT"/usr/lib/*-linux-gnu*)
    loader=$(find "$lib" -maxdepth 1 -name 'ld-linux-*.so.*' -print -quit)
    herd=("$loader" --library-path "$lib" "$HERD7_ROOT/usr/bin/herd7" -set-libdir "$HERD7_ROOT/usr/share/herdtools7/herd")
else
    herd=("${HERD7:-herd7}")
fi
if ! version=$("${herd[@]}" -version 2>/dev/null); then
    cat >&2 <<'EOF'
herd7 was not found: put it on the PATH, its path into HERD7, or the folder where Debian's packages are unpacked into HERD7_ROOT.
It is in Debian's package herdtools7. README.md says how a newer one than the system's is unpacked beside it.
EOF
    exit 77
fi

declare -i wrong=0 seen=0

value() { # KEY FILE: what a file says of itself
    sed -n "s/^$1=//p" "$2"
}

cell() { # FILE: a cell of the table; counts what is not as expected
    local file=$1 cat out verdict states expected
    if [ ! -e "$file" ]; then
        cell="–"
        return
    fi
    cat=$(value Cat "$file")
    expected=$(value Expect "$file")
    if ! out=$("${herd[@]}" -cat "${cat:-aarch64.cat}" "$file" 2>&1); then
        out+=$'\n'"Observation - broken"
    fi
    verdict=$(awk '$1 == "Observation" {print $3}' <<<"$out")
    states=$(awk '$1 == "States" {print $2}' <<<"$out")
    cell="${verdict:-broken}, ${states:-0} state$([ "${states:-0}" = 1 ] || echo s)"
    seen+=1
    # A data race in C11 has no meaning at all, so nothing that ships may have one.
    if grep -q '^Flag \*undef\*' <<<"$out"; then
        cell+=", race"
        [ "$(value Form "$file")" = shipped ] && expected="$expected without a race"
    fi
    if [ "$verdict" != "$expected" ]; then
        cell="**$cell**, expected $expected"
        wrong+=1
        echo "$file: $cell" >&2
        echo "$out" >&2
    fi
}

wanted() { # NAME MODEL...
    local name=$1 model
    shift
    [ $# -eq 0 ] && return
    for model in "$@"; do
        [[ $name == "$model"* ]] && return
    done
    return 1
}

cats=$(sed -n 's/^Cat=//p' ./*.c11.litmus | LC_ALL=C sort -u | tr '\n' ' ')
echo "herd7 ${version%%,*}; AArch64 by aarch64.cat, C11 by ${cats% }"
echo
echo "| model | form | AArch64 | C11 |"
echo "|---|---|---|---|"
for name in $(printf '%s\n' *.litmus | sed 's/\.[a-z0-9]*\.litmus$//' | LC_ALL=C sort -u); do
    wanted "$name" "$@" || continue
    cell "$name.aarch64.litmus"
    arm=$cell
    cell "$name.c11.litmus"
    form=$(sed -n 's/^Form=//p' "$name".*.litmus | head -n 1)
    echo "| \`$name\` | $form | $arm | $cell |"
done
echo
if [ "$seen" -eq 0 ]; then
    echo "no model is called so: $*" >&2
    exit 2
fi
echo "$seen models, $wrong not as expected"
[ "$wrong" -eq 0 ]
