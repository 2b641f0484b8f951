#!/bin/sh
# Prove the promises of bin/run and bin/test on bare systems: Debian 12 and 13 with python3, python3-pip and git alone.
#   tests/platform/bare.sh [--tree] [--no-tests] [bookworm] [trixie]
# Needs root and debootstrap. --tree takes the files as they lie here instead of a clone of what is committed.
# Mirror, certificates and package index are those this machine is set to use. Roots stay under $BARE for the next time.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD
SECOND=${SECOND:-3} # seconds for a second start; more where the machine is busy with other things
# TESTS: arguments of bin/test
BARE=${BARE:-${TMPDIR:-/tmp}/tien-do-bare}
tree='' tests=yes releases='' site=''
for argument in "$@"; do
    case $argument in
        --tree) tree=yes ;;
        --no-tests) tests= ;;
        *) releases="$releases $argument" ;;
    esac
done

say() { printf '%s\n' "== $*"; }

mirror() {
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        sed -n 's/^Debian \(.*\)/\1/p' | head -n 1
}

# An empty system, made once.
pristine() {
    [ -e "$BARE/$1.made" ] && return
    rm -rf "$BARE/$1"
    say "debootstrap $1"
    debootstrap --variant=minbase --include=python3,python3-pip,git "$1" "$BARE/$1" "$(mirror)" >"$BARE/$1.log" 2>&1
    touch "$BARE/$1.made"
}

# A copy of it for this run, with the network settings of this machine and nothing else of it.
furnish() {
    root=$BARE/run-$1
    leave
    ! grep -q " $root/" /proc/mounts || { say "$root is still in use"; exit 1; }
    rm -rf "$root"
    cp -a "$BARE/$1" "$root"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    for bundle in "${PIP_CERT:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt; do
        [ -s "$bundle" ] && cp -L "$bundle" "$root/etc/ssl/certs/ca-certificates.crt" && break
    done
    apt-config dump | grep -i '^Acquire::http' >"$root/etc/apt/apt.conf.d/90network" || true
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind /dev/shm "$root/dev/shm" 2>/dev/null || true
}

leave() {
    for mounted in dev/shm dev proc; do umount -l "$root/$mounted" 2>/dev/null || true; done
}

fresh_clone() {
    rm -rf "$root/srv/tien-do"
    if [ -n "$tree" ]; then
        mkdir -p "$root/srv/tien-do"
        git ls-files -co --exclude-standard -z | tar -c --null -T - --ignore-failed-read 2>/dev/null | tar -x -C "$root/srv/tien-do"
        git -C "$root/srv/tien-do" init -q
        git -C "$root/srv/tien-do" add -A
    else
        git clone -q --no-hardlinks "$here" "$root/srv/tien-do"
    fi
}

# A command inside: bare PATH, the home of a new user, the network settings above. It becomes the command itself.
inside() {
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin ${home+HOME="$home"} LANG=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 \
        ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} ${http_proxy:+http_proxy="$http_proxy"} \
        PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
        chroot "$root" sh -c "cd /srv/tien-do && exec $1"
}

# The same in a group of its own, with the signals of a terminal, its output in a file: its id is $site.
start() {
    (
        inside "python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.setsid()
os.execvp(sys.argv[1], sys.argv[1:])' bin/run --port $port"
    ) >"$BARE/run.log" 2>&1 &
    site=$!
    started=$(date +%s.%N)
}

# Wait until the site answers, at most so many seconds.
answers() {
    python3 - "$port" "$1" "$started" <<'PY' || { tail -n 30 "$BARE/run.log"; exit 1; }
import sys, time, urllib.request
port, limit, started = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
while time.time() - started < limit:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2) as page:
            assert "password" in page.read().decode()
            print(f"   answered after {time.time() - started:.1f} s (limit {limit:.0f})")
            sys.exit(0)
    except OSError:
        time.sleep(0.05)
sys.exit(f"no answer in {limit:.0f} s")
PY
}

descendants() {
    for child in $(pgrep -P "$1"); do descendants "$child"; done
    echo "$1"
}

# SIGTERM to the command: nobody may be left.
stop() {
    family=$(descendants "$site")
    kill -TERM "$site"
    wait "$site" || { say "bin/run ended with $?"; tail -n 30 "$BARE/run.log"; exit 1; }
    for process in $family; do
        ! kill -0 "$process" 2>/dev/null || { say "process $process is left"; exit 1; }
    done
}

# Interrupt the first start after some seconds; the next one must answer.
interrupted() {
    fresh_clone
    start
    sleep "$1"
    kill -s "$2" -- "-$site"
    wait "$site" 2>/dev/null || true
    say "$release: first start interrupted after $1 s ($2); the next one"
    start
    answers 60
    stop
}

for release in ${releases:-bookworm trixie}; do
    mkdir -p "$BARE"
    port=$((20000 + $$ % 20000))
    root=$BARE/run-$release
    pristine "$release"
    furnish "$release"
    trap 'kill "$site" 2>/dev/null || true; leave' EXIT
    say "$release: $(cat "$root/etc/debian_version"), $(chroot "$root" python3 --version)"
    home=/root
    for seconds in 1 3 8; do
        interrupted "$seconds" INT
        interrupted "$seconds" KILL
    done
    fresh_clone
    say "$release: first start of a fresh clone"
    start
    answers 60
    stop
    say "$release: second start"
    start
    answers "$SECOND"
    stop
    say "$release: first start without a home"
    unset home
    fresh_clone
    start
    answers 60
    stop
    home=/root
    if [ -n "$tests" ]; then
        say "$release: bin/test"
        (inside "bin/test ${TESTS:-}")
    fi
    leave
done
say "all held"
