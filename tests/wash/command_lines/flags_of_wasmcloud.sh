# What scripts for wasmCloud's wash may say, though it has no effect here.
wash --enable-meters --version
wash config validate --enable-meters 2>/dev/null
wash --verbose --non-interactive --log-level WARN config validate 2>/dev/null
