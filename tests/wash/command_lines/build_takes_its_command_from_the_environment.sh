env 'WASH_BUILD={command="printf \"\\\\0asm\\\\015\\\\0\\\\001\\\\0\" > work.wasm"}' wash build
