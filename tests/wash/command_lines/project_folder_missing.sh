wash -C nowhere build
