#pragma once

#include "wasi/budget.h"
#include "wasi/filesystem/file_system.h"
#include "wasi/io/sink.h"

namespace wasmcloud::wasi::filesystem {

// `share` is kept as long as the stream, which holds a descriptor.

/// Reads a file from `offset` on. What the page cache holds is read at once; the rest by the
/// blocking pool, in a task of `tasks`.
Ref<io::Source> read_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset,
                            Share share = {});

/// Writes a file from `offset` on, or at its end. Writes are made by a task of `tasks`, so they
/// are made even if the guest drops the stream; a guest gets its next permit when they are.
Ref<io::Sink> write_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset,
                           Share share = {});
Ref<io::Sink> append_stream(Loop& loop, TaskGroup& tasks, FilePtr file, Share share = {});

}  // namespace wasmcloud::wasi::filesystem
