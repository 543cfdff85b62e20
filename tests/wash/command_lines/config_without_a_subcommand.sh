wash config
