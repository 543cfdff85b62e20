mkdir tools lib
for tool in sh test; do ln -s "$(command -v $tool)" tools/$tool; done
printf '#!/bin/sh\n' >tools/cargo
printf '#!/bin/sh\necho "%s"\n' "$PWD/lib" >tools/rustc
chmod +x tools/*
PATH="$(dirname "$(command -v wash)"):$PWD/tools"
wash doctor rust
wash doctor cobol
