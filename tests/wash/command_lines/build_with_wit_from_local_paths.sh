# A package of wit.sources and one of wkg.toml are copied into wit/deps, with what they need.
mkdir -p .wash wit ../shared/greet/deps/base ../shared/log/wit
printf 'package my:app;\nworld app { import other:greet/greet@1.0.0; import other:log/log; }\n' > wit/world.wit
printf 'package other:greet@1.0.0;\ninterface greet { use base:types/types.{name}; greet: func(n: name); }\n' > ../shared/greet/greet.wit
printf 'package base:types;\ninterface types { type name = string; }\n' > ../shared/greet/deps/base/types.wit
printf 'package other:log;\ninterface log { log: func(); }\n' > ../shared/log/wit/log.wit
printf '[overrides]\n"other:log" = { path = "../shared/log" }\n' > wkg.toml
cat > .wash/config.yaml <<'Y'
build:
  command: printf '\0asm\015\0\001\0' > app.wasm; find wit -type f | sort
  component_path: app.wasm
wit:
  sources: {"other:greet": ../shared/greet}
Y
wash build
