# What a person names as output may be a device, a pipe, a link or no file at all.
[ -f "$COMPONENTS/call.wasm" ] || { echo "SKIP: wasm-tools is not installed"; exit; }
cp "$COMPONENTS"/compose-*.wasm .
compose() { wash compose compose-user.wasm --plug compose-maths.wasm -o "$1" 2>&1 | sed -E 's/\(.*\)/(SIZE)/'; }
compose app.wasm
echo '--- a pipe'
mkfifo pipe
cat pipe >from-pipe.wasm &
compose pipe
wait
[ -p pipe ] && cmp app.wasm from-pipe.wasm
echo '--- a link'
mkdir real
echo old >real/app.wasm
ln -s real/app.wasm link.wasm
compose link.wasm
[ -L link.wasm ] && cmp app.wasm real/app.wasm
echo '--- a folder, and none'
compose real
compose nowhere/app.wasm
mkdir -p project/wit
printf 'package my:app@1.0.0;\nworld app { export run: func(); }\n' >project/wit/world.wit
ln -s pipe again
cat pipe >package.wasm &
wash -C project wit build --output-file again
wait
[ -p pipe ] && wash inspect package.wasm | tail -n 3
ls -A real
