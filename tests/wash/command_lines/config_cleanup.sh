wash config cleanup
mkdir -p ~/.cache/wash/oci ~/.local/share/wash && head -c 3000 /dev/zero >~/.cache/wash/oci/file && ln -s / ~/.cache/wash/link
wash config cleanup --all --dry-run
wash -o json config cleanup --cache
ls -A ~/.cache ~/.local/share
