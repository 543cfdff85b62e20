#pragma once

#include "wasi/filesystem/file_system.h"
#include "wasi/io/sink.h"

namespace wasmcloud::wasi::filesystem {

/// Reads a file from `offset` on. What the page cache holds is read at once; the rest by the
/// blocking pool, in a task of `tasks`.
Ref<io::Source> read_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset);

/// Writes a file from `offset` on, or at its end. Writes are made by a task of `tasks`, so they
/// are made even if the guest drops the stream; a guest gets its next permit when they are.
Ref<io::Sink> write_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset);
Ref<io::Sink> append_stream(Loop& loop, TaskGroup& tasks, FilePtr file);

}  // namespace wasmcloud::wasi::filesystem
