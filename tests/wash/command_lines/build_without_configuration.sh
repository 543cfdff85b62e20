wash build
