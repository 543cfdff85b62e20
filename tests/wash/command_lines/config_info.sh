wash config info
mkdir -p .wash ~/.config/wash && echo '{}' >.wash/config.json && echo >~/.config/wash/config.toml
wash -o json config info
