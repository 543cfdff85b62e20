mkdir .wash
printf '[build]\ncommand = \n' > .wash/config.toml
wash build
