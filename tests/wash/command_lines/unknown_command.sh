wash biuld
