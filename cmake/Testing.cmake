# wash_test(LAYER SOURCES ... LIBS ...): one test binary a layer, its cases found by running it.
find_package(GTest REQUIRED)
include(GoogleTest)

add_library(wash_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/support/main.cc)
target_link_libraries(wash_test_main PUBLIC GTest::gtest GTest::gmock wash_base)

function(wash_test layer)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
  set(target ${layer}_tests)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE wash_${layer} ${arg_LIBS} wash_test_main)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE
    WASH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" WASH_BINARY_DIR="${CMAKE_BINARY_DIR}" WASH_SHARED_DIR="${WASH_SHARED}"
    WASH_GUESTS_DIR="${CMAKE_SOURCE_DIR}/build/guests")
  target_precompile_headers(${target} PRIVATE <gtest/gtest.h> <string> <vector> <memory> <span> <expected>)
  set(environment)
  if(WASH_SANITIZE MATCHES "thread")
    # The engine, a shared library here, has a synchronisation of its own that cannot be seen.
    set(environment ENVIRONMENT "TSAN_OPTIONS=ignore_noninstrumented_modules=1")
  endif()
  set(timeout 300)
  if(layer STREQUAL wash)
    set(timeout 900)  # what templates need may have to be downloaded and built first
  endif()
  # Parameters carry a name of their own; printed values may hold addresses.
  gtest_discover_tests(${target} TEST_PREFIX ${layer}. NO_PRETTY_VALUES DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT ${timeout} ${environment})
endfunction()

# wash_test_components(LAYER NAME ...): components/NAME.wat beside the layer's tests, as .wasm in its binary folder's
# components/. Only where WASM_TOOLS was found.
find_program(WASM_TOOLS wasm-tools HINTS $ENV{HOME}/.cargo/bin)
function(wash_test_components layer)
  set(components)
  foreach(name ${ARGN})
    set(out ${CMAKE_CURRENT_BINARY_DIR}/components/${name}.wasm)
    add_custom_command(OUTPUT ${out}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/components
      COMMAND ${WASM_TOOLS} parse ${CMAKE_CURRENT_SOURCE_DIR}/components/${name}.wat -o ${out}
      DEPENDS components/${name}.wat VERBATIM)
    list(APPEND components ${out})
  endforeach()
  add_custom_target(${layer}_test_components DEPENDS ${components})
  add_dependencies(${layer}_tests ${layer}_test_components)
endfunction()
