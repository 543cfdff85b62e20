wash -o json new http-hello-world-rust --name api
ls -A api
echo "--- in no language"
wash new x --lang cobol
echo "--- not a name"
wash new http-hello-world-rust --name ../up
wash new http-hello-world-rust --git-ref main
