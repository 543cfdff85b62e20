wash --skip-fetch build
