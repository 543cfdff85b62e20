# What `cmake --install` puts where. Component `wash`: the command line with its adapters, completions and manual. Component `library`: the
# component host for other programs, found by find_package(wasmcloud). Without --component, both.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS wash RUNTIME COMPONENT wash)
install(DIRECTORY ${CMAKE_BINARY_DIR}/adapters DESTINATION ${CMAKE_INSTALL_DATADIR}/wash COMPONENT wash)

# Completions are what the built wash says, so that they cannot lag behind it.
set(completions ${CMAKE_BINARY_DIR}/completions)
set(completion_files)
foreach(pair bash:wash:bash-completion/completions zsh:_wash:zsh/site-functions fish:wash.fish:fish/vendor_completions.d)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 shell)
  list(GET pair 1 file)
  list(GET pair 2 folder)
  add_custom_command(OUTPUT ${completions}/${shell}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}/${shell}
    COMMAND wash completion ${shell} > ${completions}/${shell}/${file}
    DEPENDS wash VERBATIM)
  list(APPEND completion_files ${completions}/${shell}/${file})
  install(FILES ${completions}/${shell}/${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT wash)
endforeach()
# So are the manual pages; which of them there are is the table of commands' business.
set(manual ${CMAKE_BINARY_DIR}/man)
add_custom_command(OUTPUT ${manual}/written
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND wash --help-man ${manual}/man1
  COMMAND ${CMAKE_COMMAND} -E touch ${manual}/written
  DEPENDS wash VERBATIM)
install(DIRECTORY ${manual}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT wash)
# Programs with sanitizers are not for installing, and need not run while they are built.
if(NOT WASH_SANITIZE)
  set(all ALL)
endif()
add_custom_target(completions ${all} DEPENDS ${completion_files} ${manual}/written)

# The library: one archive a layer, and the engine's. A layer's headers are included as in this tree: "component/component.h".
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/wasmcloud)
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/wasmcloud)
set(layers wash_base wash_engine wash_wit wash_component wash_http wash_wasi wash_host)
install(TARGETS ${layers} wasmcloud EXPORT wasmcloud
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/wasmcloud COMPONENT library
  FILE_SET HEADERS DESTINATION ${headers} COMPONENT library)
install(FILES include/wasmcloud.h DESTINATION ${headers} COMPONENT library)
install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/wash_wasi/bindings DESTINATION ${headers} COMPONENT library FILES_MATCHING PATTERN "*.h")
# Under a name of its own: cargo gives it the one that the layer above it has.
get_filename_component(WASMTIME_SUFFIX ${WASMTIME_ARCHIVE} LAST_EXT)
set(WASMTIME_ARCHIVE_NAME libwasmcloud_wasmtime${WASMTIME_SUFFIX})
install(FILES ${WASMTIME_ARCHIVE} DESTINATION ${CMAKE_INSTALL_LIBDIR}/wasmcloud RENAME ${WASMTIME_ARCHIVE_NAME} COMPONENT library)
install(TARGETS wasmtime EXPORT wasmcloud)
install(EXPORT wasmcloud NAMESPACE wasmcloud:: FILE wasmcloudTargets.cmake DESTINATION ${package_folder} COMPONENT library)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/wasmcloudConfig.cmake.in ${CMAKE_BINARY_DIR}/wasmcloudConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/wasmcloudConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/wasmcloudConfig.cmake ${CMAKE_BINARY_DIR}/wasmcloudConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT library)

# `make dist` has cpack make two Debian packages of these: wash, whose dependencies are found in what it loads, and libwasmcloud-dev.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wash)
set(CPACK_PACKAGE_CONTACT "wasmCloud in C++")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "builds, runs and serves WebAssembly components")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL wash library)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_WASH_PACKAGE_NAME wash)
set(CPACK_DEBIAN_WASH_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_WASH_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_WASH_PACKAGE_RECOMMENDS "git")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libwasmcloud-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "a host for WebAssembly components, as a C++ library")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS
  "clang-19, libboost1.81-dev, libboost-json1.81-dev, libfmt-dev, libssl-dev, libnghttp2-dev, libidn2-dev")
include(CPack)
