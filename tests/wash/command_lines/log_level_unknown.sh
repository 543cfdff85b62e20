wash -l loud build
