wash --help-markdown
