wash -o yaml build
