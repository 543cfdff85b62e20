mkdir tools lib
ln -s "$(command -v sh)" tools/sh
printf '#!/bin/sh\n' >tools/cargo
printf '#!/bin/sh\necho "%s"\n' "$PWD/lib" >tools/rustc
chmod +x tools/*
PATH="$(dirname "$(command -v wash)"):$PWD/tools"
wash doctor rust
wash doctor cobol
