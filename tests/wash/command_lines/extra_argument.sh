wash build extra
