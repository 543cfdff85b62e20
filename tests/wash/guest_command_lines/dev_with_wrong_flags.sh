. "$LIB"
wash dev --adress 127.0.0.1:1 a.wasm; echo $?
wash dev --address localhost a.wasm; echo $?
wash dev --address 127.0.0.1:1 --address 127.0.0.1:2 a.wasm; echo $?
wash -C . dev a.wasm; echo $?
wash dev --skip-fetch a.wasm; echo $?
wash dev --request-timeout 0s a.wasm; echo $?
wash dev --max-instance-reuse-count 0 a.wasm; echo $?
wash dev --max-instance-concurrent-reuse-count many a.wasm; echo $?
wash dev --idle-instance-timeout 0s a.wasm; echo $?
wash dev a.wasm b.wasm; echo $?
wash dev --tls-cert-path a.pem a.wasm; echo $?
wash dev --tls-key-path a.key a.wasm; echo $?
wash dev --tls-ca-path ca.pem a.wasm; echo $?
wash dev --tls-cert-path a.pem --tls-key-path a.key a.wasm; echo $?
