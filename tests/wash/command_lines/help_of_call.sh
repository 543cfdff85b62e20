wash call --help
