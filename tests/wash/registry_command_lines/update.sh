. "$LIB"
mkdir -p releases prefix/bin prefix/share/wash made
cp "$(command -v wash)" prefix/bin/wash
PATH="$PWD/prefix/bin:$PATH"
machine=$(uname -m)

# package VERSION: the archive of a program that says it is that version.
package() {
  name=wash-$1-$machine-unknown-linux-gnu
  mkdir -p "made/$name/bin" "made/$name/share/wash"
  printf '#!/bin/sh\necho "wash %s"\n' "$1" >"made/$name/bin/wash"
  echo "adapter of $1" >"made/$name/share/wash/adapter"
  chmod +x "made/$name/bin/wash"
  tar -C made -czf "releases/$name.tar.gz" "$name"
  (cd releases && sha256sum -- *.tar.gz >SHA256SUMS)
}
serve() {
  python3 "$(dirname "$LIB")/releases.py" "$1" releases >"$1.out" 2>"$1.log" &
  servers="$servers $!"
  started "$1.out" '\(127\.0\.0\.1:[0-9]*\).*'
  export WASH_GITHUB_API="http://$host"
}
update() { shown wash "$@" | sed -E "s/$machine/MACHINE/g; s/Local version: [0-9.]+/Local version: OURS/; s/version [0-9.]+\)/version OURS)/
    s/\"current_version\": \"[0-9.]*\"/\"current_version\": \"OURS\"/"; }
unchanged() { cmp "$(command -v wash)" "$OLD" && ls prefix/bin; }
OLD=$PWD/old
cp prefix/bin/wash old

package 99.1.2
serve 99.1.2
echo '--- only looked for'
update update --dry-run
update -o json upgrade -d
echo '--- other services'
update update --dry-run --git private/wash
WASH_GITHUB_TOKEN=t0ken-word update update --dry-run --git private/wash
update update --dry-run --git private/wash --token t0ken-word
for repository in busy/wash odd/wash; do update update --dry-run --git $repository; done
update update --dry-run --git wash
WASH_GITHUB_API=http://127.0.0.1:1 update update --dry-run
echo '--- bytes with another checksum, or with none'
cp releases/SHA256SUMS sums
sed -i 's/^..../0000/' releases/SHA256SUMS
update update
rm releases/SHA256SUMS
update update
printf '{"wash-99.1.2-%s-unknown-linux-gnu.tar.gz": "sha256:00"}' "$machine" >releases/digests.json
update update
rm releases/digests.json
cp sums releases/SHA256SUMS
unchanged
echo '--- a program that does not run here'
mv releases/*.tar.gz aside.tar.gz
printf '\177ELF nothing' >"releases/wash-$machine-unknown-linux-gnu"
(cd releases && sha256sum wash-* >SHA256SUMS)
update update
echo '--- nothing for this machine'
mv "releases/wash-$machine-unknown-linux-gnu" releases/wash-other
update update
rm releases/wash-other
mv aside.tar.gz "releases/wash-99.1.2-$machine-unknown-linux-gnu.tar.gz"
cp sums releases/SHA256SUMS
unchanged
echo '--- installed'
: >asked
update update --token t0ken-word
sed -E "s/$machine/MACHINE/" asked
wash --version
cat prefix/share/wash/adapter
cmp old "$HOME/.cache/wash/update/wash_backup"
ls prefix/bin "$HOME/.cache/wash/update"
echo '--- an older one'
cp old prefix/bin/wash
package 0.0.1
serve 0.0.1
update update
update update --dry-run
update -o json update --force
wash --version
