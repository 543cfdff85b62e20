wash compose --help
