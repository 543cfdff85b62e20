wash -o json build -o text
