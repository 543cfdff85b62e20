# WIT packages and preview 1 adapters, copied from published crates (third_party/wit) when the build is configured:
# WIT_DIR/wit/<wasip2|wasip3|keyvalue|config|tls|tls-p3>, and the adapters in <build>/adapters.
#
# wash_bindings (below) generates C++ from them.
set(WIT_DIR "${CMAKE_SOURCE_DIR}/build/wit" CACHE PATH "Where fetched WIT packages are; shared by all presets")

execute_process(COMMAND ${CMAKE_SOURCE_DIR}/third_party/wit/fetch ${WIT_DIR} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "fetching WIT packages failed; see above")
endif()
file(COPY ${WIT_DIR}/adapters DESTINATION ${CMAKE_BINARY_DIR})
