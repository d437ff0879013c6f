#!/usr/bin/env bash
# Runs the tests of build/coverage and prints which part of the library's lines they ran, by module and in all.
# The pages with every line are in build/coverage/html.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/build/coverage"
rm -rf profiles
mkdir profiles
# The programs write theirs, too: the integration tests start them.
export LLVM_PROFILE_FILE=$PWD/profiles/%p.profraw
bin/bitshares_unit_tests
bin/bitshares_integration_tests
find profiles -name '*.profraw' >profiles/list
llvm-profdata-19 merge -sparse -f profiles/list -o tests.profdata
programs=(bin/bitshares_unit_tests)
for program in bitshares_integration_tests bts bts-export bts-devnet; do programs+=(-object "bin/$program"); done
llvm-cov-19 show "${programs[@]}" -instr-profile=tests.profdata -format=html -output-dir=html "$root/include" >/dev/null
llvm-cov-19 export "${programs[@]}" -instr-profile=tests.profdata -summary-only "$root/include" >summary.json
python3 - "$root/include/bitshares/" <<'END'
import collections, json, sys
lines = collections.defaultdict(lambda: [0, 0])
for file in json.load(open("summary.json"))["data"][0]["files"]:
    name = file["filename"].removeprefix(sys.argv[1]).removeprefix("impl/")
    for module in (name.split("/")[0] if "/" in name else "(top)", "all"):
        lines[module][0] += file["summary"]["lines"]["covered"]
        lines[module][1] += file["summary"]["lines"]["count"]
for module, (covered, count) in sorted(lines.items(), key=lambda item: (item[0] == "all", item[0])):
    print(f"coverage: {module:10} {covered:6} of {count:6} lines, {100 * covered / max(1, count):5.1f} %")
assert lines["all"][0] > 0, "no line was run"
END
