# What a guest exports, in WIT that stays WIT; and what a script gets of it.
wash inspect "$GUESTS/p2-hello.wasm" > hello.wit
grep -E '^(//|package root|world|  export)' hello.wit | sed -E 's/[0-9]+\.[0-9]+ [KM]iB/SIZE/; /processed-by/d'
wash -o json inspect "$GUESTS/p2-hello.wasm" | grep -E '^    "(kind|exports|message|success)"'
