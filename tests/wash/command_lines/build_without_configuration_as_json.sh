wash -o json build
