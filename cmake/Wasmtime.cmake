# Target `wasmtime`: Wasmtime's core C API as a static library with its headers.
#
# Built by cargo from published crates (third_party/wasmtime), with two changes to the build's own copy of crate
# `wasmtime`. A ready installation is taken with -DWASMTIME_ROOT=DIR; it lacks the seam, so the features that need it are off.
set(WASMTIME_VERSION 50.0.1)
set(WASMTIME_ROOT "" CACHE PATH "A ready Wasmtime C API installation to use instead of building one")
# Shared by all presets of a checkout: it is slow to build and the same in each.
set(WASMTIME_BUILD_DIR "${CMAKE_SOURCE_DIR}/build/wasmtime" CACHE PATH "Where Wasmtime is built")

add_library(wasmtime INTERFACE)

if(WASMTIME_ROOT)
  find_library(WASMTIME_LIBRARY NAMES libwasmtime.a wasmtime PATHS ${WASMTIME_ROOT}/lib NO_DEFAULT_PATH REQUIRED)
  target_include_directories(wasmtime SYSTEM INTERFACE $<BUILD_INTERFACE:${WASMTIME_ROOT}/include>)
  set(WASMTIME_ARCHIVE ${WASMTIME_LIBRARY})
else()
  execute_process(
    COMMAND ${CMAKE_SOURCE_DIR}/third_party/wasmtime/build ${WASMTIME_BUILD_DIR}
    RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "building Wasmtime ${WASMTIME_VERSION} failed; see above")
  endif()
  target_include_directories(wasmtime SYSTEM INTERFACE $<BUILD_INTERFACE:${WASMTIME_BUILD_DIR}/include>)
  if(WASH_SANITIZE MATCHES "thread")
    # Linked statically, the engine's own synchronisation is seen as races.
    set(WASMTIME_ARCHIVE ${WASMTIME_BUILD_DIR}/lib/libwash_engine.so)
  else()
    set(WASMTIME_ARCHIVE ${WASMTIME_BUILD_DIR}/lib/libwash_engine.a)
  endif()
  target_compile_definitions(wasmtime INTERFACE WASH_ENGINE_SEAM=1)
endif()
target_link_libraries(wasmtime INTERFACE $<BUILD_INTERFACE:${WASMTIME_ARCHIVE}> pthread dl m)
