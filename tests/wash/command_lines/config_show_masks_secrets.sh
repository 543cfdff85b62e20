mkdir .wash && cat >.wash/config.yaml <<'EOF'
build:
  command: "make all"
  env: {PORT: "80", DEBUG: "yes", LINES: "one\ntwo"}
dev:
  wasi_keyvalue_redis_url: redis://me:hidden1@localhost:6379/0
secrets:
  database:
    inline: {PASSWORD: hidden2, PIN: 1234567}
    fromEnv: [TOKEN]
wit:
  registries:
    - {url: ghcr.io, username: me, token: hidden3}
EOF
WASH_VERSION='"1"' wash config show
wash -o json config show | grep -c 'hidden\|1234567'
