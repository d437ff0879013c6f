#!/usr/bin/env bash
# Whether the check that every public header compiles alone finds one that does not: a copy of the project gets a header that
# lacks an include, and one that has it. Nothing outside of a temporary directory is changed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cp -r "$root/CMakeLists.txt" "$root/CMakePresets.json" "$root/cmake" "$root/include" "$scratch"
[ ! -d "$root/build/deps" ] || { mkdir "$scratch/build" && ln -s "$root/build/deps" "$scratch/build/deps"; }
for module in base testing; do
    printf '#pragma once\n#include <string>\ninline std::string whole_%s;\n' $module >"$scratch/include/bitshares/$module/whole.hpp"
    printf '#pragma once\ninline std::string lacking_%s;\n' $module >"$scratch/include/bitshares/$module/lacking.hpp"
    printf '#pragma once\ninline int warning_%s(int i) {}\n' $module >"$scratch/include/bitshares/$module/warning.hpp"
done
cd "$scratch"
cmake --preset headers-only >configure.log || { cat configure.log; exit 1; }
cd build/headers-only
ninja -t commands all_verify_interface_header_sets | { grep -o 'CMakeFiles/[^ ]*\.hpp\.cxx\.o ' || true; } | tr -d ' ' | sort -u >objects
sed 's/.*_verify_interface_header_sets\///; s/\.cxx\.o$//' objects | sort >checked

wrong=0
say() { echo "headers: $*"; wrong=1; }

# src*.hpp are for one translation unit of a program, which is told so by a macro.
(cd "$scratch/include" && find bitshares -name '*.hpp' ! -path 'bitshares/src*.hpp') | sort >public
diff public checked || say "these are the public headers, and those that are checked"

compile() { ninja "$(grep "/bitshares/$1.hpp.cxx.o$" objects)" >"$scratch/compile.log" 2>&1; }
for module in base testing; do
    compile $module/whole || { cat "$scratch/compile.log"; say "$module/whole.hpp, which lacks nothing, does not compile"; }
    ! compile $module/lacking || say "$module/lacking.hpp, which lacks <string>, is not found"
    grep -q "lacking.hpp.*error.*std" "$scratch/compile.log" || { cat "$scratch/compile.log"; say "$module/lacking.hpp: another error"; }
    ! compile $module/warning || say "$module/warning.hpp, which has a warning, is not found"
done
exit $wrong
