wash config init && cat .wash/config.yaml
wash config init
wash config init --force --example && cat .wash/config.yaml
wash config validate
rm -r .wash
wash config init --format toml --example && cat .wash/config.toml && wash config validate
rm -r .wash
wash -o json config init --format json && cat .wash/config.json && wash config validate
wash config init --format ini
