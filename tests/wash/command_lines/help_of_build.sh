wash build -h
