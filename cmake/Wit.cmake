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

# wash_bindings(TARGET WIT dirs... [INTERFACES names...] [EXPORTS names...] [EXTERNAL names...] [WORLD name] [WAITING file] [SHARED])
#
# Generates C++ from WIT (src/bindgen/README.md) and adds it to TARGET: INTERFACES are what the host implements, EXPORTS what it
# calls in components, EXTERNAL what another target has generated that these use. Names are full: wasi:io/poll@0.2.12. Headers are
# included as "bindings/wasi/io_0_2/poll.h", by TARGET and by all that link it.
# With SHARED one object serves all instances, and is given when linking; else it is found in what is attached to the instance.
function(wash_bindings target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SHARED" "WORLD;WAITING" "WIT;INTERFACES;EXPORTS;EXTERNAL")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "wash_bindings(${target}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(out ${CMAKE_BINARY_DIR}/generated/${target})
  set(flags --out ${out})
  foreach(dir ${arg_WIT})
    list(APPEND flags --wit ${dir})
  endforeach()
  foreach(name ${arg_INTERFACES})
    list(APPEND flags --import ${name})
  endforeach()
  foreach(name ${arg_EXPORTS})
    list(APPEND flags --export ${name})
  endforeach()
  foreach(name ${arg_EXTERNAL})
    list(APPEND flags --external ${name})
  endforeach()
  if(arg_SHARED)
    list(APPEND flags --shared)
  endif()
  set(inputs)
  if(arg_WAITING)
    get_filename_component(waiting ${arg_WAITING} ABSOLUTE)
    list(APPEND flags --waiting ${waiting})
    list(APPEND inputs ${waiting})
  endif()
  set(sources)
  set(headers)
  if(arg_WORLD)
    list(APPEND flags --world ${arg_WORLD})
    list(APPEND sources ${out}/bindings.cc)
  endif()
  set(names ${arg_INTERFACES} ${arg_EXPORTS})
  list(REMOVE_DUPLICATES names)
  foreach(name ${names})
    # As Units::add makes paths: wasi:io/poll@0.2.12 is wasi/io_0_2/poll; pre-releases and 0.0.x are spelled out.
    if(NOT name MATCHES "^([^:]+):([^/]+)/([^@]+)(@(.+))?$")
      message(FATAL_ERROR "wash_bindings(${target}): '${name}' is no interface; expected a name such as wasi:io/poll@0.2.12")
    endif()
    set(path "${CMAKE_MATCH_1}/${CMAKE_MATCH_2}")
    set(interface "${CMAKE_MATCH_3}")
    set(version "${CMAKE_MATCH_5}")
    if(version MATCHES "^([1-9][0-9]*)\\.[0-9]+\\.[0-9]+(\\+.*)?$")
      set(path "${path}_${CMAKE_MATCH_1}")
    elseif(version MATCHES "^0\\.([1-9][0-9]*)\\.[0-9]+(\\+.*)?$")
      set(path "${path}_0_${CMAKE_MATCH_1}")
    elseif(version)
      string(REGEX REPLACE "[.+-]" "_" version "${version}")
      set(path "${path}_${version}")
    endif()
    string(TOLOWER "${path}/${interface}" path)
    string(REPLACE "-" "_" path "${path}")
    list(APPEND sources ${out}/bindings/${path}.cc)
    list(APPEND headers ${out}/bindings/${path}.h ${out}/bindings/${path}.abi.h)
  endforeach()
  set(depfile ${out}/bindings.d)
  list(GET sources 0 first)
  file(RELATIVE_PATH first_relative ${CMAKE_BINARY_DIR} ${first})
  add_custom_command(
    OUTPUT ${sources} ${headers}
    COMMAND wash_bindgen_tool ${flags} --depfile ${depfile} ${first_relative}
    DEPENDS wash_bindgen_tool ${inputs}
    DEPFILE ${depfile}
    COMMENT "Generating bindings of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${sources} ${headers})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${out}>)
  # What includes the headers must wait for them.
  add_custom_target(${target}_bindings DEPENDS ${sources} ${headers})
  add_dependencies(${target} ${target}_bindings)
endfunction()
