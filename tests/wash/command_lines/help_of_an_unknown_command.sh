wash help biuld
