wash build -C elsewhere
