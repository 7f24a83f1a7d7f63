# Shared by the scripts: finding tools, installing what is missing when allowed, saying what to type when not.
# Source it; do not run it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# need_tool NAME HOW: stops with what to type when a program is missing.
need_tool() {
    command -v "$1" >/dev/null 2>&1 || fail "$1 is missing. Install it: $2"
}

# need_packages PACKAGE…: installs Debian packages that are missing, when we may; else says what to type.
need_packages() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local type="apt-get install -y --no-install-recommends ${missing[*]}"
    local as=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as=(sudo)
        else
            fail "These Debian packages are missing: ${missing[*]}. Type: sudo apt-get update && sudo $type"
        fi
    fi
    say "Installing ${missing[*]}"
    if ! "${as[@]}" env DEBIAN_FRONTEND=noninteractive $type >/dev/null 2>&1; then
        "${as[@]}" apt-get update -qq
        "${as[@]}" env DEBIAN_FRONTEND=noninteractive $type >/dev/null
    fi
}

need_build_tools() {
    need_tool cargo "https://rustup.rs (Rust 1.95 or newer)"
    need_tool node "Node.js 20 or newer, https://nodejs.org"
    need_tool npm "it comes with Node.js"
    command -v cc >/dev/null 2>&1 || need_packages gcc libc6-dev
}

# Builds the browser files into assets/ when their sources changed since.
build_assets() {
    local stamp="$root/assets/.built"
    if [ -f "$stamp" ] && [ -z "$(find "$root/ui" -path "$root/ui/tests" -prune -o -path '*/node_modules' -prune -o -type f -newer "$stamp" -print -quit)" ]; then
        return 0
    fi
    say "Building the browser files"
    npm --prefix "$root/ui" ci --ignore-scripts --no-audit --no-fund --loglevel=error
    npm --prefix "$root/ui" run --silent build
    touch "$stamp"
}
