wash new
wash -o json new | grep '"name"'
