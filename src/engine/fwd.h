#pragma once

namespace wasmcloud::engine {

union RawValue;
struct Func;
struct Memory;
struct Table;
struct Global;
struct Tag;
struct CoreInstance;
struct Extern;
struct FuncType;
struct ImportType;
struct ExportType;
struct EngineOptions;
struct StoreLimits;
struct HostImport;
class CodeCache;
class Engine;
class HostFuncSet;
class InstancePre;
class Module;
class Stack;
class Store;

}  // namespace wasmcloud::engine
