mkdir .wash && cat >.wash/config.yaml <<'EOF'
build:
  command: ""
  env: {PORT: 80}
dev:
  address: nowhere
EOF
wash config validate
wash -o json config validate
echo 'x = [' >broken.toml
wash config validate --file broken.toml
wash config validate --file missing.toml
wash config validate --file /dev/null
