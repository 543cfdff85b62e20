# WASI's interfaces come with it, so no network is needed.
wash new hello --lang cpp
ls -A hello hello/wit/deps
grep -h '^package' hello/wit/world.wit hello/wit/deps/http.wit
# A template's programs are programs.
wash new api --lang go
[ -x api/get-runtime ] && echo "get-runtime can be run"
