mkdir -p .wash wit
for source in git+https://git.test/wit https://host.test/wit.tar.gz registry.test/my/wit oci://registry.test/my/wit nowhere; do
  printf 'build: {command: "true"}\nwit: {sources: {"my:wit": "%s"}}\n' "$source" > .wash/config.yaml
  wash build
done
