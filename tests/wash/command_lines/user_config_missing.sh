wash --user-config nowhere.yaml build
