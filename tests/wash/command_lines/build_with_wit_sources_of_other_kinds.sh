# Nobody answers there; each says which source it was.
mkdir -p .wash wit
printf 'package my:app;\nworld app { import my:wit/x; }\n' > wit/world.wit
for source in "git+file://$PWD/no-repository" http://127.0.0.1:1/wit.tar.gz 127.0.0.1:1/my/wit oci://127.0.0.1:1/my nowhere; do
  printf 'build: {command: "true"}\nwit: {sources: {"my:wit": "%s"}}\n' "$source" > .wash/config.yaml
  wash build
done
