wash --help
