. "$LIB"
faulty
echo '--- a redirect to another server'
shown wash oci pull --insecure "$host/moved/app:1" -u ann -p s3cret-word
cat asked
echo '--- a token'
: >asked
shown wash oci pull --insecure "$host/token/app:1"
cat asked
echo '--- a token for a user'
: >asked
shown wash oci pull --insecure "$host/token/app:1" -u ann -p s3cret-word
cat asked
echo '--- an identity token'
: >asked
export DOCKER_CONFIG="$PWD"
printf '{"auths": {"%s": {"identitytoken": "1dentity-word"}}}' "$host" >config.json
shown wash oci pull --insecure "$host/identity/app:1"
cat asked
sed -i s/1dentity/other/ config.json
shown wash oci pull --insecure "$host/identity/app:1"
