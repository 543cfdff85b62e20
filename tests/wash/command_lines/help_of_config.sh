wash help config
