#pragma once
// The component host as a library: load a component, give it what it imports, call what it exports.
// Link the target `wasmcloud`. For WASI and HTTP include the headers of `wasi/` and `host/`
// besides.

#include "base/error.h"
#include "base/loop.h"
#include "component/component.h"
#include "component/instance.h"
#include "component/linker.h"
#include "component/prepared.h"
#include "component/stream.h"
#include "component/typed.h"
#include "component/value.h"
#include "engine/engine.h"
