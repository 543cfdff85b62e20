# The compiler, its flags and the sanitizers. docs/design.md says why clang 19.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "this project needs clang 19 or newer, found ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}: GCC 12 "
    "miscompiles coroutines. Install clang-19 and configure with -DCMAKE_CXX_COMPILER=clang++-19, or use `make build`.")
endif()

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

option(WASH_WERROR "Treat warnings as errors" OFF)
option(WASH_COVERAGE "Instrument for coverage" OFF)
set(WASH_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers and __TIME__ would otherwise defeat the cache; base_dir lets several checkouts share it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wimplicit-fallthrough -Wno-sign-conversion -fno-omit-frame-pointer)
if(WASH_WERROR)
  add_compile_options(-Werror)
endif()
# What only a start or a failure runs stays apart from the rest: a start then touches a hundred pages less.
add_link_options(-fuse-ld=lld-19 -Wl,--gc-sections -Wl,-z,keep-text-section-prefix)
add_compile_options(-ffunction-sections -fdata-sections)
set_property(GLOBAL PROPERTY JOB_POOLS link=1)
set(CMAKE_JOB_POOL_LINK link)

if(WASH_SANITIZE)
  # alignment stays on: guest memory is read through memcpy, never through a cast.
  add_compile_options(-fsanitize=${WASH_SANITIZE} -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${WASH_SANITIZE})
  string(REPLACE "," "_" WASH_SANITIZE_ID ${WASH_SANITIZE})
endif()
if(WASH_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
