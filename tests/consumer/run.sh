#!/usr/bin/env bash
# Uses the library the way a stranger does, in each of the ways that there are to get it.
#
#   bash tests/consumer/run.sh find_package|add_subdirectory|pkg_config|conan ...     default: all
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/build/consumer
jobs=${BITSHARES_JOBS:-2}
[ $# -gt 0 ] || set -- find_package add_subdirectory pkg_config conan

part() { sed -n "s/^#define BITSHARES_VERSION_$1 *\([0-9]*\).*/\1/p" "$root/include/bitshares/version.hpp"; }
major=$(part MAJOR)
minor=$(part MINOR)
version=$major.$minor.$(part PATCH)

# Headers that cmake/install-deps.sh unpacked rather than installed.
paths=()
extra=
if [ -d "$root/build/deps/usr" ]; then
    paths=("$root/build/deps/usr")
    extra=-isystem$root/build/deps/usr/include
fi
joined() { local IFS=';'; echo "$*"; }

# Installed to one place and moved to another: nothing may remember the first, nor the source tree.
install_library() {
    rm -rf "$work/$1"
    mkdir -p "$work/$1"
    cmake -S "$root" -B "$work/$1/build" -G Ninja -DBITSHARES_BUILD_TESTS=OFF -DBITSHARES_BUILD_EXAMPLES=OFF \
        -DBITSHARES_BUILD_BENCHMARKS=OFF >"$work/$1/configure.log"
    cmake --install "$work/$1/build" --prefix "$work/$1/first" >"$work/$1/install.log"
    mv "$work/$1/first" "$work/$1/moved"
    ! grep -rlF -e "$root/include" -e "$work/$1/first" "$work/$1/moved" || { echo "paths of the build were installed" >&2; return 1; }
}

find_package() {
    install_library find_package
    cmake -S "$here/find_package" -B "$work/find_package/app" -G Ninja -DTHIS_VERSION="$version" -DTHIS_MINOR="$major.$minor" \
        -DNEXT_MINOR="$major.$((minor + 1))" "-DCMAKE_PREFIX_PATH=$(joined "$work/find_package/moved" ${paths[@]+"${paths[@]}"})"
    cmake --build "$work/find_package/app" -j "$jobs"
    "$work/find_package/app/header_only"
    "$work/find_package/app/compiled"
    "$work/find_package/app/testing"
    "$work/find_package/app/wallet"
}

add_subdirectory() {
    rm -rf "$work/add_subdirectory"
    cmake -S "$here/add_subdirectory" -B "$work/add_subdirectory" -G Ninja "-DCMAKE_PREFIX_PATH=$(joined ${paths[@]+"${paths[@]}"})"
    cmake --build "$work/add_subdirectory" -j "$jobs"
    "$work/add_subdirectory/header_only"
}

pkg_config() {
    install_library pkg_config
    local flags libraries at=$work/pkg_config/moved
    export PKG_CONFIG_PATH=$at/share/pkgconfig
    [ "$(pkg-config --modversion bitshares)" = "$version" ]
    flags="-std=c++20 -O0 $(pkg-config --cflags bitshares) $extra"
    libraries=$(pkg-config --libs bitshares)
    cd "$work/pkg_config"
    # shellcheck disable=SC2086 # flags are words
    "${CXX:-g++}" $flags "$here/app/main.cpp" "$here/app/second.cpp" -o header_only $libraries
    ./header_only
}

# End to end with nothing but this machine's packages: the five recipes of tests/consumer/conan/index wrap them.
conan() {
    local venv=$root/build/conan-venv
    if ! "$venv/bin/conan" --version >/dev/null 2>&1; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install -q --disable-pip-version-check 'conan>=2.4,<3'
    fi
    rm -rf "$work/conan"
    mkdir -p "$work/conan"
    export CONAN_HOME=$work/conan/home
    PATH=$venv/bin:$PATH
    command conan profile detect
    command conan remote disable conancenter
    command conan remote add bitshares-offline "$here/conan/index" --type=local-recipes-index
    local boost=()
    if [ -n "$extra" ]; then boost=(-c "user.system:boost_root=$root/build/deps/usr"); fi
    # A copy: conan leaves its build folders beside the test package.
    cp -r "$here/conan" "$work/conan/test_package"
    cp -r "$here/app" "$work/conan/app"
    # Neither optimised nor with debug information: it is run once.
    command conan create "$root" -tf "$work/conan/test_package" -pr:a "$root/cmake/conan/profiles/debian12" -s build_type=Debug --build=missing \
        -c "tools.cmake.cmaketoolchain:extra_variables={'CMAKE_CXX_FLAGS_DEBUG': '-O0'}" \
        ${boost[@]+"${boost[@]}"}
    # C++17 is refused with a reason, not with a page of errors.
    if command conan create "$root" -tf "" -pr:a "$root/cmake/conan/profiles/debian12" -s compiler.cppstd=17 \
        ${boost[@]+"${boost[@]}"} >"$work/conan/cppstd17.log" 2>&1; then
        echo "compiler.cppstd=17 was accepted" >&2
        return 1
    fi
    grep -q 'cppstd' "$work/conan/cppstd17.log"
}

for name in "$@"; do
    case $name in
        find_package | add_subdirectory | pkg_config | conan) ;;
        *) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
    esac
    mkdir -p "$work"
    (set -e; "$name") # not in a condition, which would switch -e off
    echo "$name: ok"
done
