#!/bin/sh
# Installs wash from a release: its archive is fetched, checked and unpacked.
#
#   WASH_URL         where releases are; below it lie latest/ and v1.2.3/, each with archives and SHA256SUMS
#   WASH_VERSION     which one, such as 1.2.3; by default the latest
#   INSTALL_DIR      where the program goes; by default ~/.wash/bin
#   WASH_PUBLIC_KEY  a file with the publisher's public key (PEM): then SHA256SUMS.sig must be by that key
set -eu

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The name in the archives' names, or an end.
platform() {
  system=$(uname -s)
  machine=$(uname -m)
  [ "$system" = Linux ] ||
    fail "there is no release of wash for $system yet, only for Linux;" "build it from source as the README says, or run it in a Linux container"
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no release of wash for processors of type $machine, only for x86_64 and aarch64; build it from source as the README says" ;;
  esac
  if (ldd --version 2>&1 || true) | grep -qi musl; then
    fail "this system's C library is musl, and releases of wash are built for glibc;" "use a distribution with glibc (such as Debian 12), or build wash from source as the README says"
  fi
  echo "$machine-unknown-linux-gnu"
}

# fetch URL FILE: an error where the server has no such file or breaks off.
fetch() {
  if has curl; then
    curl -fsSL --retry 3 --connect-timeout 20 -o "$2" "$1" 2>"$work/fetch.log" ||
      fail "cannot fetch $1:" "  $(tail -n 1 "$work/fetch.log")" "check WASH_URL and WASH_VERSION, and that this machine reaches that address"
  elif has wget; then
    wget -q -T 20 -t 3 -O "$2" "$1" ||
      fail "cannot fetch $1 (wget ended with $?);" "check WASH_URL and WASH_VERSION, and that this machine reaches that address"
  else
    fail "neither curl nor wget is installed; install one, such as with: apt-get install curl"
  fi
}

digest_of() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "neither sha256sum nor shasum is installed, so the archive cannot be checked; install coreutils"
  fi
}

check_signature() { # of SHA256SUMS
  [ -f "$WASH_PUBLIC_KEY" ] || fail "WASH_PUBLIC_KEY names $WASH_PUBLIC_KEY, which is no file"
  has openssl || fail "WASH_PUBLIC_KEY is set, but openssl, which checks signatures, is not installed; install it, such as with: apt-get install openssl"
  fetch "$from/SHA256SUMS.sig" "$work/SHA256SUMS.sig"
  openssl dgst -sha256 -verify "$WASH_PUBLIC_KEY" -signature "$work/SHA256SUMS.sig" "$work/SHA256SUMS" >/dev/null 2>&1 ||
    fail "the signature of $from/SHA256SUMS is not by the key in $WASH_PUBLIC_KEY; nothing was installed." "Do not use these files: tell whoever publishes them"
}

check_digest() {
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$archive\$/\1/p" "$work/SHA256SUMS")
  [ -n "$expected" ] ||
    fail "$from/SHA256SUMS does not list $archive: there is no release of this version for this machine;" "choose another with WASH_VERSION"
  found=$(digest_of "$work/$archive")
  [ "$found" = "$expected" ] ||
    fail "the archive is not what its publisher made: its SHA-256 is $found" "and should be $expected; nothing was installed." "Try again; if it stays so, tell whoever publishes it"
}

# Everything but the program goes beside its folder: ~/.wash/bin/wash and ~/.wash/share.
unpack() {
  tar -xzf "$work/$archive" -C "$work" || fail "the archive cannot be unpacked; is tar with gzip installed, and is there room in ${TMPDIR:-/tmp}?"
  inside=$work/${archive%.tar.gz}
  "$inside/bin/wash" --version >"$work/version" 2>"$work/run.log" ||
    fail "this wash does not run here:" "  $(head -n 1 "$work/run.log")" "on Debian 12 the package brings what it needs: apt-get install ./wash_*.deb"
  # The old program stays until the new one is there in whole.
  cp "$inside/bin/wash" "$dir/.wash.new" && chmod 0755 "$dir/.wash.new" && mv -f "$dir/.wash.new" "$dir/wash" ||
    fail "cannot write $dir/wash; is there room?"
  share=$(dirname "$dir")/share
  { mkdir -p "$share" && cp -R "$inside/share/." "$share/"; } 2>/dev/null ||
    fail "$dir/wash is installed, but its files for 'wash build' cannot be written to $share; choose another INSTALL_DIR"
}

main() {
  [ -n "${WASH_URL:-}" ] || fail "say where releases are with WASH_URL: the folder above latest/ and v1.2.3/"
  url=${WASH_URL%/}
  case $url in
    https://* | http://127.* | http://localhost* | "http://[::1]"*) ;;
    *) fail "WASH_URL is '$url'; it must begin with https:// so that nobody on the way can change the program" ;;
  esac
  [ -n "${INSTALL_DIR:-}" ] || [ -n "${HOME:-}" ] || fail "HOME is not set; say where wash goes with INSTALL_DIR"
  dir=${INSTALL_DIR:-$HOME/.wash/bin}
  case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
  target=$(platform)
  { mkdir -p "$dir" && [ -w "$dir" ]; } 2>/dev/null ||
    fail "this user may not write to $dir; choose a folder with INSTALL_DIR, such as: INSTALL_DIR=\$HOME/bin"
  has tar || fail "tar is not installed; install it, such as with: apt-get install tar"
  work=$(mktemp -d) || fail "cannot make a folder in ${TMPDIR:-/tmp}; set TMPDIR to one where there is room"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP

  version=${WASH_VERSION:-latest}
  case $version in
    latest) from=$url/latest ;;
    v*) from=$url/$version ;;
    *) from=$url/v$version ;;
  esac
  fetch "$from/SHA256SUMS" "$work/SHA256SUMS"
  [ -z "${WASH_PUBLIC_KEY:-}" ] || check_signature
  archive=$(sed -n "s/^[0-9a-f]\{64\} [ *]\(wash-[0-9][0-9A-Za-z.+-]*-$target\.tar\.gz\)\$/\1/p" "$work/SHA256SUMS" | head -n 1)
  [ -n "$archive" ] || fail "$from has no archive for $target; choose another version with WASH_VERSION, or build wash from source as the README says"
  fetch "$from/$archive" "$work/$archive"
  check_digest
  unpack
  echo "$(cat "$work/version") is in $dir"
  case ":$PATH:" in
    *":$dir:"*) ;;
    *) printf '%s\n' "That folder is not on PATH yet. Add it, and put the line into your shell's startup file:" "  export PATH=\"$dir:\$PATH\"" ;;
  esac
}

# Called last, so that a script that broke off on its way here does nothing.
main
