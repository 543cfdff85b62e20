mkdir .wash
printf 'build:\n  command: "true"\nbuild:\n  command: "false"\n' > .wash/config.yaml
wash build
