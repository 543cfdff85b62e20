mkdir .wash
cat > .wash/config.yaml <<'Y'
build:
  command: echo "no such thing" >&2; exit 3
Y
wash build
cat > .wash/config.yaml <<'Y'
build:
  command: no-such-program 2>/dev/null
Y
wash build
