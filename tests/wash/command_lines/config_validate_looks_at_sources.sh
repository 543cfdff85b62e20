# The files of configs and secrets, and where WIT comes from, beside errors of the configuration itself.
git init -q .
mkdir -p .wash private open
printf 'A=1\n' >../out.env
printf 'TOKEN=s3cr3t\n' >open.env
chmod 644 open.env
printf 'TOKEN=s3cr3t\n' >seen.env
chmod 600 seen.env
printf 'A=1\nnonsense-s3cr3t\n' >bad.env
chmod 600 bad.env
printf 'v' >private/key
chmod 600 private/key
printf '/private/\n/bad.env\n/open.env\n' >.gitignore
ln -s /etc/hostname open/link
cat >.wash/config.yaml <<'END'
build: {command: ""}
configs:
  above: {file: ../out.env}
  gone: {file: gone.env}
  link: {dir: open}
  variable: {fromEnv: [WASH_TEST_NOT_SET]}
secrets:
  open: {file: open.env}
  seen: {file: seen.env}
  bad: {file: bad.env}
  good: {dir: private}
wit:
  sources: {"a:b": "http://", "c:d": "oci://", "e:f": "git+", "g:h": "https://example.com/wit.tar.gz"}
END
wash config validate 2>&1 | sed "s/^[0-9T:.-]*Z/NOW/; s,$PWD,PROJECT,g; s,$(dirname "$PWD"),ABOVE,"
echo '--- the sources alone'
sed -i '/^build/d; /sources/d; /^wit/d' .wash/config.yaml
wash -o json config validate 2>/dev/null | grep -c config.yaml
echo '--- made right'
sed -i '/above\|gone\|link\|open\|seen/d' .wash/config.yaml
printf 'A=1\n' >bad.env
wash config validate 2>/dev/null
grep -c s3cr3t .wash/config.yaml
