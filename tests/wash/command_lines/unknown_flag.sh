wash build --skip-fech
