#!/usr/bin/env python3
"""Reads the #include lines of include/bitshares and keeps the rules of CONTRIBUTING.md, "Where things belong".

    tests/structure.py [ROOT]       exit 0: every rule holds; 1: the violations, one a line
    tests/structure.py --self-test  breaks every rule once in a scratch tree and expects to be told so
"""
import pathlib
import re
import sys
import tempfile

# What a module may use, besides itself; `detail` and the top-level version.hpp and fwd.hpp are for everybody.
MODULES = {
    "detail": set(),
    "base": set(),
    "protocol": {"base"},
    "crypto": {"base", "protocol"},
    "tx": {"base", "protocol", "crypto"},
    "wallet": {"base", "protocol", "crypto", "tx"},
    "rpc": {"base", "protocol"},
    "net": {"base", "protocol", "rpc"},
    "history": {"base", "protocol", "rpc", "net"},
    "chain": {"base", "protocol", "crypto", "tx", "rpc", "net"},
    "testing": {"base", "protocol", "crypto", "tx", "wallet", "rpc", "net", "history", "chain"},
}
FOR_EVERYBODY = {"version.hpp", "fwd.hpp"}
UMBRELLA = "bitshares.hpp"
SOURCES = ("src.hpp", "src_websocket.hpp", "src_testing.hpp", "src_wallet.hpp")
NEEDS_LZMA = "wallet/ui_backup.hpp"  # the only header that does, with its bodies in src_wallet.hpp
# Useful without a network: no Asio, not even through another header.
ASIO_FREE = re.compile(r"(base|protocol|crypto|tx)/.*|rpc/session\.hpp")
BEAST = re.compile(r"net/(websocket|http_client|dialer)\.hpp")
RAPIDJSON = re.compile(r"rapidjson/((reader|writer|memorystream|stringbuffer)\.h|error/.*)")
NAMED_ON_PURPOSE = re.compile(r"net/(websocket|http_client|dialer)\.hpp|(wallet|testing|detail)/.*|src[a-z_]*\.hpp")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def public_name(path):
    """The header that a file belongs to: of impl/net/client.ipp, net/client.hpp."""
    if path.startswith("impl/"):
        return path[len("impl/"):].removesuffix(".ipp") + ".hpp"
    return path


def module_of(path):
    """First folder of a file; None for a file at the top."""
    name = public_name(path)
    return name.split("/")[0] if "/" in name else None


class Tree:
    def __init__(self, root):
        self.folder = pathlib.Path(root) / "include" / "bitshares"
        self.text = {str(p.relative_to(self.folder)): p.read_text(encoding="utf-8")
                     for p in sorted(self.folder.rglob("*.?pp")) if p.suffix in (".hpp", ".ipp")}
        self.includes = {name: INCLUDE.findall(text) for name, text in self.text.items()}

    def own(self, name):
        return [i[len("bitshares/"):] for i in self.includes.get(name, []) if i.startswith("bitshares/")]

    def reached(self, name):
        """Every own file that including `name` brings, with how it is reached."""
        way = {name: [name]}
        todo = [name]
        while todo:
            at = todo.pop()
            for target in self.own(at):
                if target not in way:
                    way[target] = way[at] + [target]
                    todo.append(target)
        return way


def violations(root, said_at=None):
    """(rule, what is wrong) of each violation; `said_at` collects the lines of this file that found one."""
    tree = Tree(root)
    found = []

    def say(rule, name, what):
        found.append((rule, f"{name}: {what}"))
        if said_at is not None:
            said_at.add(sys._getframe(1).f_lineno)

    if not tree.text:
        say("files", str(tree.folder), "no headers here")
    for name, text in tree.text.items():
        module = module_of(name)
        code = COMMENT_OR_TEXT.sub(" ", text)
        if module is not None and module not in MODULES:
            say("module", name, f"unknown module {module}; give it a place in MODULES")
            continue
        if not re.match(r"\s*#[ \t]*pragma once\b", code):
            say("pragma", name, "does not begin with #pragma once")
        if re.search(r"\bco_(await|return|yield)\b", code):
            say("coroutine", name, "a coroutine in library code (g++ 12 destroys temporaries twice there)")
        if re.search(r"\bnamespace\s+(graphene|fc)\b", code):
            say("namespace", name, "a namespace of bitshares-core: the two must link into one program")

        for target in tree.includes[name]:
            if target.startswith("bitshares/"):
                own = target[len("bitshares/"):]
                if own not in tree.text:
                    say("exists", name, f"includes <{target}>, which does not exist")
                    continue
                other = module_of(own)
                if name in SOURCES:
                    continue
                if own in SOURCES:
                    say("sources", name, f"includes <{target}>, which is for one translation unit of a program")
                elif other is None:
                    if own not in FOR_EVERYBODY and module != "testing":
                        say("direction", name, f"includes <{target}>")
                elif module is None:
                    if name in FOR_EVERYBODY:
                        say("direction", name, f"includes <{target}>, but everybody includes it")
                elif other not in (module, "detail") and other not in MODULES[module]:
                    say("direction", name, f"{module} must not use {other}: <{target}>")
                if own.startswith("impl/") and not name.startswith("impl/") \
                        and public_name(own) != name:
                    say("foreign-impl", name, f"includes <{target}>, which belongs to another header")
            else:
                if target.startswith("rapidjson/") and not RAPIDJSON.fullmatch(target):
                    say("rapidjson", name, f"<{target}>: only reader, writer, memorystream, stringbuffer and error/")
                if re.match(r"boost/beast(/|\.hpp)", target) and not BEAST.fullmatch(public_name(name)):
                    say("beast", name, f"<{target}>: only net/websocket, http_client and dialer use Beast")
                if target == "zlib.h" and module != "testing":
                    say("zlib", name, "the core headers need no zlib")
                if target == "lzma.h" and public_name(name) != NEEDS_LZMA:
                    say("lzma", name, f"only {NEEDS_LZMA} needs liblzma")
                if target.startswith(("CLI/", "doctest/")):
                    say("extra", name, f"<{target}> is for programs and tests")

        if name.startswith("impl/"):
            header = public_name(name)
            if header not in tree.text:
                say("pair", name, f"there is no {header}")
            else:
                if header not in tree.own(name):
                    say("pair", name, f"does not include its own {header}")
                if name not in tree.own(header):
                    say("pair", header, f"does not include {name} (under BITSHARES_HEADER_ONLY)")
            counts = {source: tree.own(source).count(name) for source in SOURCES}
            if sum(counts.values()) != 1:
                say("compiled", name, f"is included {sum(counts.values())} times by {', '.join(SOURCES)}, not once")
            elif (module == "testing") != (counts["src_testing.hpp"] == 1):
                say("compiled", name, "src_testing.hpp is for testing, and for nothing else")
            elif (header == NEEDS_LZMA) != (counts["src_wallet.hpp"] == 1):
                say("compiled", name, f"src_wallet.hpp is for {NEEDS_LZMA}, and for nothing else")

    for name in tree.text:
        if ASIO_FREE.fullmatch(public_name(name)):
            for target, way in tree.reached(name).items():
                for include in tree.includes.get(target, []):
                    if re.match(r"boost/(asio|beast)\b", include):
                        say("asio", name, f"brings <{include}> by {' -> '.join(way)}")
    if UMBRELLA in tree.text:
        reached = tree.reached(UMBRELLA)
        for name in tree.text:
            if name.endswith(".hpp") and name not in reached and name != UMBRELLA and not NAMED_ON_PURPOSE.fullmatch(name):
                say("umbrella", UMBRELLA, f"does not bring {name}")
        for name, way in reached.items():
            if NAMED_ON_PURPOSE.fullmatch(name) and not name.startswith("detail/"):
                say("umbrella", UMBRELLA, f"brings {name} by {' -> '.join(way)}")
    return found


# A tree that keeps every rule, and edits that break it, one for each place that finds a violation: file -> text to append,
# or a whole file where it begins with #pragma once.
GOOD = {
    "version.hpp": "#pragma once\n",
    "fwd.hpp": "#pragma once\n#include <bitshares/version.hpp>\n",
    "bitshares.hpp": "#pragma once\n#include <bitshares/rpc/session.hpp>\n#include <bitshares/net/client.hpp>\n"
                     "#include <bitshares/crypto/key.hpp>\n",
    "src.hpp": "#pragma once\n#include <bitshares/impl/base/hex.ipp>\n",
    "src_websocket.hpp": "#pragma once\n#include <bitshares/impl/net/websocket.ipp>\n",
    "src_testing.hpp": "#pragma once\n#include <bitshares/impl/testing/clock.ipp>\n",
    "src_wallet.hpp": "#pragma once\n#include <bitshares/impl/wallet/ui_backup.ipp>\n",
    "detail/config.hpp": "#pragma once\n#include <bitshares/version.hpp>\n",
    "base/hex.hpp": "#pragma once\n#include <bitshares/detail/config.hpp>\n#include <string>\n"
                    "#ifdef BITSHARES_HEADER_ONLY\n#include <bitshares/impl/base/hex.ipp>\n#endif\n",
    "impl/base/hex.ipp": "#pragma once\n#include <bitshares/base/hex.hpp>\n",
    "protocol/json.hpp": "#pragma once\n#include <bitshares/base/hex.hpp>\n#include <rapidjson/reader.h>\n",
    "crypto/key.hpp": "#pragma once\n#include <bitshares/protocol/json.hpp>\n",
    "rpc/session.hpp": "#pragma once // co_await in a comment\n#include <bitshares/fwd.hpp>\n"
                       "#include <bitshares/protocol/json.hpp>\n",
    "net/client.hpp": "#pragma once\n#include <bitshares/rpc/session.hpp>\n#include <boost/asio/io_context.hpp>\n",
    "net/websocket.hpp": "#pragma once\n#include <bitshares/net/client.hpp>\n"
                         "#ifdef BITSHARES_HEADER_ONLY\n#include <bitshares/impl/net/websocket.ipp>\n#endif\n",
    "impl/net/websocket.ipp": "#pragma once\n#include <bitshares/net/websocket.hpp>\n#include <boost/beast/websocket.hpp>\n",
    "testing/node.hpp": "#pragma once\n#include <bitshares/net/client.hpp>\n#include <zlib.h>\n",
    "testing/clock.hpp": "#pragma once\n#ifdef BITSHARES_HEADER_ONLY\n#include <bitshares/impl/testing/clock.ipp>\n#endif\n",
    "impl/testing/clock.ipp": "#pragma once\n#include <bitshares/testing/clock.hpp>\n",
    "wallet/ui_backup.hpp": "#pragma once\n#ifdef BITSHARES_HEADER_ONLY\n#include <bitshares/impl/wallet/ui_backup.ipp>\n#endif\n",
    "impl/wallet/ui_backup.ipp": "#pragma once\n#include <bitshares/wallet/ui_backup.hpp>\n#include <lzma.h>\n",
    "wallet/keyring.hpp": "#pragma once\n#include <bitshares/crypto/key.hpp>\n",
}
BAD = [
    ("module", "gui/window.hpp", "#pragma once\n"),
    ("pragma", "base/old.hpp", "#ifndef OLD\n#define OLD\n#endif\n"),
    ("coroutine", "net/client.hpp", "inline auto f() { co_return; }\n"),
    ("namespace", "base/hex.hpp", "namespace fc {}\n"),
    ("exists", "net/client.hpp", "#include <bitshares/net/gone.hpp>\n"),
    ("sources", "net/client.hpp", "#include <bitshares/src.hpp>\n"),
    ("direction", "base/hex.hpp", "#include <bitshares/protocol/json.hpp>\n"),
    ("direction", "protocol/json.hpp", "#include <bitshares/rpc/session.hpp>\n"),
    ("direction", "rpc/session.hpp", "#include <bitshares/crypto/key.hpp>\n"),
    ("direction", "net/client.hpp", "#include <bitshares/testing/node.hpp>\n"),
    ("direction", "impl/base/hex.ipp", "#include <bitshares/protocol/json.hpp>\n"),
    ("direction", "net/client.hpp", "#include <bitshares/bitshares.hpp>\n"),
    ("direction", "version.hpp", "#include <bitshares/base/hex.hpp>\n"),
    ("direction", "fwd.hpp", "#include <bitshares/base/hex.hpp>\n"),
    ("foreign-impl", "net/client.hpp", "#include <bitshares/impl/base/hex.ipp>\n"),
    ("rapidjson", "protocol/json.hpp", "#include <rapidjson/document.h>\n"),
    ("beast", "net/client.hpp", "#include <boost/beast/websocket/stream.hpp>\n"),
    ("beast", "net/client.hpp", "#include <boost/beast/core/flat_buffer.hpp>\n"),
    ("beast", "testing/node.hpp", "#include <boost/beast/websocket.hpp>\n"),
    ("zlib", "net/client.hpp", "#include <zlib.h>\n"),
    ("extra", "net/client.hpp", "#include <CLI/CLI.hpp>\n"),
    ("lzma", "wallet/keyring.hpp", "#include <lzma.h>\n"),
    ("pair", "impl/net/lonely.ipp", "#pragma once\n"),
    ("pair", "impl/base/hex.ipp", "#pragma once\n#include <string>\n"),
    ("pair", "impl/protocol/json.ipp", "#pragma once\n#include <bitshares/protocol/json.hpp>\n"),
    ("compiled", "impl/rpc/session.ipp", "#pragma once\n#include <bitshares/rpc/session.hpp>\n"),
    ("compiled", "src_websocket.hpp", "#include <bitshares/impl/base/hex.ipp>\n"),
    ("compiled", "impl/testing/node.ipp", "#pragma once\n#include <bitshares/testing/node.hpp>\n"),
    ("compiled", "src.hpp", "#include <bitshares/impl/testing/clock.ipp>\n"),
    ("compiled", "src_testing.hpp", "#include <bitshares/impl/rpc/queue.ipp>\n"),
    ("compiled", "src_wallet.hpp", "#include <bitshares/impl/rpc/queue.ipp>\n"),
    ("asio", "base/hex.hpp", "#include <boost/asio/buffer.hpp>\n"),
    ("asio", "rpc/session.hpp", "#include <bitshares/rpc/queue.hpp>\n"),  # by another header that a session may include
    ("umbrella", "bitshares.hpp", "#include <bitshares/net/websocket.hpp>\n"),
    ("umbrella", "net/resolver.hpp", "#pragma once\n"),
    ("files", None, None),
]
NAMED_BY_BAD = {
    "rpc/queue.hpp": "#pragma once\n#include <boost/asio/post.hpp>\n",
    "impl/rpc/queue.ipp": "#pragma once\n#include <bitshares/rpc/queue.hpp>\n",
}


def self_test():
    wrong = 0
    said_at = set()
    cases = [(None, None, None)] + BAD
    for rule, name, text in cases:
        with tempfile.TemporaryDirectory() as root:
            files = {} if rule == "files" else dict(GOOD)
            if name:
                files[name] = text if text.startswith("#pragma once") else files.get(name, "") + text
            files.update({path: content for path, content in NAMED_BY_BAD.items() if text and path in text})
            for path, content in files.items():
                target = pathlib.Path(root) / "include" / "bitshares" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content)
            found = violations(root, said_at)
            if rule is None and found or rule is not None and rule not in {r for r, _ in found}:
                wrong += 1
                print(f"self-test: expected {rule or 'no violation'} after editing {name}, found {found}")
    # A rule that nobody has seen failing may be none.
    for number, line in enumerate(pathlib.Path(__file__).read_text(encoding="utf-8").splitlines(), 1):
        if line.strip().startswith('say("') and number not in said_at:
            wrong += 1
            print(f"self-test: no case makes line {number} find anything: {line.strip()}")
    print(f"structure self-test: {len(cases)} cases, {wrong} wrong")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    found = violations(root)
    for rule, line in found:
        print(f"[{rule}] include/bitshares/{line}")
    print(f"structure: {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
