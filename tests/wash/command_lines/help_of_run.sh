wash help run
