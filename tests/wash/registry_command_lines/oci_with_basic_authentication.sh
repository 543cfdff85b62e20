. "$LIB"
registry AUTH
push() { shown wash oci push --insecure "$host/app:1" app.wasm "$@"; }
echo '--- nobody'
push
echo '--- by flags'
push --user ann --password s3cret-word
push -u ann -p wr0ng-word
push -u ann
mkdir -p "$HOME/.docker" other bin
echo "--- by docker's configuration"
printf '{"auths": {"%s": {"auth": "%s"}}}' "$host" "$(printf ann:s3cret-word | base64)" >"$HOME/.docker/config.json"
push
echo '--- by that of DOCKER_CONFIG'
export DOCKER_CONFIG="$PWD/other"
push
printf '{"auths": {"https://%s/v1/": {"username": "ann", "password": "s3cret-word"}}}' "$host" >other/config.json
push
printf '{"auths": {"%s": {"auth": "nothing"}}}' "$host" >other/config.json
push
echo '{"auths": ' >other/config.json
push
echo '--- by a credential helper'
export PATH="$PWD/bin:$PATH"
cat >bin/docker-credential-safe <<'END'
#!/bin/sh
read -r server
[ "$1" = get ] || exit 3
echo "asked for ${server%:*}" >>asked-helper
printf '{"ServerURL": "%s", "Username": "ann", "Secret": "s3cret-word"}' "$server"
END
cat >bin/docker-credential-empty <<'END'
#!/bin/sh
echo "credentials not found in native keychain"
exit 1
END
cat >bin/docker-credential-broken <<'END'
#!/bin/sh
echo s3cret-word
exit 4
END
chmod +x bin/*
printf '{"credHelpers": {"%s": "safe"}}' "$host" >other/config.json
push
echo '{"credsStore": "safe"}' >other/config.json
push
cat asked-helper
for helper in empty broken missing ../safe; do
  printf '{"credsStore": "%s"}' $helper >other/config.json
  push
done
echo '--- in no file and no log'
RUST_LOG=trace wash oci pull --insecure "$host/app:1" -u ann -p s3cret-word >all 2>&1
grep -c s3cret-word all
grep -rl s3cret-word "$HOME/.cache"
true
