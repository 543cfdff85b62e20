wash -V
