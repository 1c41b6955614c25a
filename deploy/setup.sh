#!/usr/bin/env bash
# Makes this checkout ready: `deploy/setup.sh run` for the product, `deploy/setup.sh test` for its tests too.
# Every step notes what it was done for in .venv/stamps, so that nothing is done twice; delete .venv to start afresh.
# What a step says goes to .venv/setup.log, and to the terminal if the step fails.
set -euo pipefail
cd "$(dirname "$0")/.."

want=${1:-run}
case $want in run | test) ;; *) echo "usage: deploy/setup.sh run|test" >&2; exit 2 ;; esac
stamps=.venv/stamps
log=.venv/setup.log

say() { printf '%s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

# ---- one step -------------------------------------------------------------------------------------------------------

# step WHAT COMMAND…: run it quietly, with a dot every five seconds, and show the end of its output if it fails.
step() {
    local what=$1 begun=$SECONDS out pid status=0 waited=0
    shift
    out=$(mktemp)
    printf '  %s ' "$what"
    "$@" >"$out" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if ((waited % 25 == 0)); then printf '.'; fi
    done
    wait "$pid" || status=$?
    if [ -d .venv ]; then { printf '== %s\n' "$what"; cat "$out"; } >>"$log"; fi
    if [ "$status" != 0 ]; then
        say " FAILED"
        tail -n 25 "$out" >&2
        rm -f "$out"
        return "$status"
    fi
    rm -f "$out"
    say " done, $((SECONDS - begun)) s"
}

digest() { { for file in "$@"; do if [ -f "$file" ]; then cat "$file"; fi; done; } | sha256sum | cut -d' ' -f1; }
stamped() { [ "$(cat "$stamps/$1" 2>/dev/null || true)" = "$2" ]; }
stamp() { mkdir -p "$stamps" && printf '%s\n' "$2" >"$stamps/$1"; }

# ---- Python 3.11, 3.12 or 3.13 -------------------------------------------------------------------------------------

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && fits "$name"; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11, 3.12 or 3.13 is needed; $(python3 --version 2>/dev/null || echo 'no python3') was found.
Install one of them with its venv module (e.g. apt-get install python3.12 python3.12-venv), or name one: PYTHON=/path/to/python3.12 make $want"
}

# ---- system packages ------------------------------------------------------------------------------------------------
# Asked for by what they give, not by name: a node or a browser from elsewhere serves as well.

has_library() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$1"; }
has_fonts() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name 'NotoSansCJK-Regular.ttc' -print -quit 2>/dev/null)" ]; }
has_command() { local name; for name in "$@"; do if command -v "$name" >/dev/null; then return 0; fi; done; return 1; }
has_rime() { [ -f /usr/share/rime-data/pinyin_simp.dict.yaml ]; }
has_pairs() { [ -n "$(find /usr/lib -path '*/libime/zh_CN.lm' -print -quit 2>/dev/null)" ]; }
has_postgres() { [ -n "$(find /usr/lib/postgresql/*/bin -name initdb -print -quit 2>/dev/null)" ] || has_command initdb; }
is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

missing_packages() {
    has_library 'libGL\.so\.1' || echo libgl1
    has_library 'libEGL\.so\.1' || echo libegl1
    has_fonts || echo fonts-noto-cjk
    has_command espeak-ng || echo espeak-ng
    if [ "$want" = test ]; then
        has_postgres || echo postgresql
        has_command socat || echo socat
        has_command Xvfb || echo xvfb
        has_command node || echo nodejs
        has_command npm || echo npm
        has_library 'libatomic\.so\.1' || echo libatomic1  # Playwright's own node
        has_rime || echo rime-data-pinyin-simp
        has_pairs || echo libime-data-language-model
        # On Ubuntu the package `chromium` is a door to the snap store; Playwright brings its own build there (below).
        is_ubuntu || has_command chromium google-chrome || echo chromium
    fi
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { has_command apt-get && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }
lists_fresh() { [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 -print -quit 2>/dev/null)" ]; }
apt_install() { apt install --yes --no-install-recommends "$@" || { apt update && apt install --yes --no-install-recommends "$@"; }; }

system_packages() {
    local packages
    packages=$(missing_packages | tr '\n' ' ')
    packages=${packages% }
    if [ -z "$packages" ]; then return; fi
    if ! may_install; then
        fail "these system packages are missing, and installing them needs root:
    sudo apt-get install --no-install-recommends $packages
then say make $want again."
    fi
    if ! lists_fresh; then step "package lists" apt update || fail "apt-get update did not work (above)."; fi
    # shellcheck disable=SC2086  # the names are words of their own
    step "system packages ($packages)" apt_install $packages || fail "apt-get could not install: $packages"
}

# What residents write with is made from these; without them the kiosk runs, and they choose from lists.
writing_packages() {
    local packages=()
    has_command npm || packages+=(npm)
    has_rime || packages+=(rime-data-pinyin-simp)
    has_pairs || packages+=(libime-data-language-model)
    if ((${#packages[@]} == 0)) || ! may_install; then return; fi
    step "packages for writing (${packages[*]})" apt_install "${packages[@]}" || say "  going on without them"
}

# ---- what is Python's ------------------------------------------------------------------------------------------------

# A virtual environment knows its own place: one that was copied or moved is made anew.
venv_stands() {
    [ -x .venv/bin/python ] && fits .venv/bin/python &&
        .venv/bin/python -c 'import os, pip, sys; sys.exit(os.path.realpath(sys.prefix) != os.path.realpath(".venv"))' 2>/dev/null
}

make_venv() {
    local python=$1
    rm -rf .venv
    "$python" -m venv .venv || { rm -rf .venv; return 1; }
}

environment() {
    if [ -z "$python" ]; then return; fi
    step "virtual environment for $("$python" --version)" make_venv "$python" ||
        fail "python's venv module does not work; install it: apt-get install python3-venv"
}

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
# Wheels only, each by its hash: nothing is compiled, and nothing of theirs runs, while a kiosk is set up.
python_packages() { pip install --require-hashes --no-deps --only-binary :all: -r "$1"; }

packages() {
    # constraints-dev.txt holds every line of constraints.txt (tests/structure sees to it), so it serves `run` as well.
    local file=constraints.txt content
    content="$(digest constraints.txt constraints-dev.txt) $(.venv/bin/python --version)"
    if stamped packages "test $content"; then return; fi
    if [ "$want" = run ] && stamped packages "run $content"; then return; fi
    if [ "$want" = test ]; then file=constraints-dev.txt; fi
    step "Python packages of $file (a minute or two)" python_packages "$file" || fail "pip could not install $file"
    stamp packages "$want $content"
}

# once NAME CONTENT WHAT COMMAND…: a step done once for each CONTENT.
once() {
    local name=$1 content=$2
    shift 2
    if stamped "$name" "$content"; then return; fi
    step "$@" || fail "$1 did not work; the whole output is in $log"
    stamp "$name" "$content"
}

translations() { .venv/bin/python -m kiosk.catalogue compile; }
fonts() { .venv/bin/python -c 'from screens.fonts import default_cache, load; load(default_cache())'; }
peers() {
    # A lock file would write down the address of a registry; the versions are exact in package.json.
    npm install --prefix tests/peers --no-package-lock --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
        --loglevel=error
}
writing_cache=${XDG_CACHE_HOME:-~/.cache}/hall-kiosk/writing
writing_state() { digest kiosk/writing/*.py kiosk/writing/build/*.py "$writing_cache"/*.json; }
build_writing() { .venv/bin/python -m kiosk.writing.build "$@"; }
# What the last step said was not available, out of its log.
unavailable() { awk '/^== / { said = "" } / not available: / { said = said "  " $0 "\n" } END { printf "%s", said }' "$log"; }
writing() {
    local missing=
    if stamped writing "$(writing_state)"; then return; fi
    if [ "$want" = test ]; then
        step "data for writing (a minute)" build_writing --need || fail "the data for writing could not be made (above)"
    else
        writing_packages
        step "data for writing (a minute)" build_writing || fail "the data for writing could not be made (above)"
        missing=$(unavailable)
    fi
    # What is missing is tried again the next time.
    if [ -n "$missing" ]; then say "$missing"; else stamp writing "$(writing_state)"; fi
}
browser() { .venv/bin/python -m playwright install --with-deps chromium; }

# A wrong Python is said first, before anything is installed for nothing.
python=
if ! venv_stands; then python=$(find_python); fi
system_packages
environment
packages
once project "$(digest pyproject.toml)" "the project itself" pip install --no-build-isolation --no-deps --editable .
if [ -f kiosk/catalogue.py ]; then
    once translations "$(digest kiosk/catalogue.py assets/translations/*/LC_MESSAGES/*.po)" "translations" translations
fi
if [ -f screens/fonts.py ]; then once fonts "$(digest screens/fonts.py)" "font cache" fonts; fi
if [ -f kiosk/writing/build/__main__.py ]; then writing; fi
if [ "$want" = test ]; then
    if [ -f tests/peers/package.json ]; then
        once peers "$(digest tests/peers/package.json)" "outside programs for the tests (npm)" peers
    fi
    if is_ubuntu && ! has_command chromium google-chrome; then
        once browser "$(digest constraints-dev.txt)" "a browser for the tests" browser
    fi
fi
