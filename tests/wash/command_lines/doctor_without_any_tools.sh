mkdir tools && ln -s "$(command -v sh)" tools/sh
PATH="$(dirname "$(command -v wash)"):$PWD/tools"
wash doctor
wash doctor rust || echo "ended with $?"
wash -o json doctor python
