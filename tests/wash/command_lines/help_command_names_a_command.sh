wash help build
