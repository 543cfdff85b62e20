wash -x build
