wash build --verbose=3
