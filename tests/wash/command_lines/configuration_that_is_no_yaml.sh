mkdir .wash
printf 'build:\n  command: "true\n' > .wash/config.yaml
wash build
