# An interface is added, fetched with what it needs, built into a binary, and removed with all that came for it.
mkdir -p .wash wit ../shared/greet/deps/base ../shared/log/wit
printf 'package my:app@1.0.0;\n\n/// Of the world.\nworld app {\n  import other:log/log;\n}\n' > wit/world.wit
printf 'package other:greet@1.0.0;\ninterface greet { use base:types/types.{name}; greet: func(n: name); }\n' > ../shared/greet/greet.wit
printf 'package base:types;\ninterface types { type name = string; }\n' > ../shared/greet/deps/base/types.wit
printf 'package other:log;\ninterface log { log: func(); }\n' > ../shared/log/wit/log.wit
printf '[overrides]\n"other:log" = { path = "../shared/log" }\n' > wkg.toml
printf 'wit: {sources: {"other:greet": ../shared/greet}}\n' > .wash/config.yaml
wash -o json wit fetch
find wit -type f | sort
cat wkg.lock
echo '--- added'
wash wit add other:greet/greet@1.0.0
cat wit/world.wit
find wit -type f | sort
echo '--- built, the same each time'
wash -o json wit build | sed 's,"size": [0-9]*,"size": SIZE,'
mkdir elsewhere
(cd elsewhere && wash wit build --output-file again.wasm)
cmp app-1.0.0.wasm elsewhere/again.wasm
wash inspect app-1.0.0.wasm | sed "s/wash [0-9.]*$/wash VERSION/; s/: [0-9]* B$/: SIZE/"
echo '--- removed'
wash -o json wit remove other:greet
cat wit/world.wit
find wit -type f | sort
wash wit fetch
find wit -type f | sort
echo '--- cleaned, and fetched again'
printf 'package left:over;\n' > wit/deps/left.wit
wash wit clean
ls wit
wash wit fetch --clean
find wit -type f | sort
wash wit update
