wash -o json new http-hello-world-rust --name api
ls -A api
echo "--- in no language"
wash new x --lang cobol
echo "--- not a name"
wash new http-hello-world-rust --name ../up
wash new http-hello-world-rust --git-ref main
echo "--- of a kind, in a language"
wash new http-kv-handler
wash new http-kv-handler --lang go
wash new http-handler --lang go
echo "--- neither a template nor a repository"
wash new http-helo-world-rust
wash new hello
