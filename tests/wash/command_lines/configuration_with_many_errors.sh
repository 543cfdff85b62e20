mkdir .wash
cat > .wash/config.yaml <<'Y'
build:
  command: " "
  env:
    PORT: 8080
    LIST: [a]
dev:
  address: 8000
workload:
  environment:
    configFrom: [defaults]
Y
wash build
