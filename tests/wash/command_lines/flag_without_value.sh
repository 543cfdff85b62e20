wash build -o
