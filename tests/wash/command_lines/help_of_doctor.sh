wash help doctor
