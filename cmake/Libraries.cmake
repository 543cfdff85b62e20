# Libraries that become part of the program where their archives are there: docs/design.md, "The program".
option(WASH_SHARED_LIBRARIES "Load OpenSSL and nghttp2 from the system instead of linking them in" OFF)

set(Boost_USE_STATIC_LIBS ON)
set(WASH_NGHTTP2 nghttp2)
# Sanitizers tell uninstrumented code by its being a library of its own.
if(NOT WASH_SANITIZE AND NOT WASH_SHARED_LIBRARIES)
  find_library(CRYPTO_ARCHIVE libcrypto.a)
  if(CRYPTO_ARCHIVE)
    set(OPENSSL_USE_STATIC_LIBS ON)
    # A folder that was configured otherwise remembers what it found.
    foreach(found OPENSSL_CRYPTO_LIBRARY OPENSSL_SSL_LIBRARY)
      if("${${found}}" MATCHES "\\.so$")
        unset(${found} CACHE)
      endif()
    endforeach()
  endif()
  find_library(NGHTTP2_ARCHIVE libnghttp2.a)
  if(NGHTTP2_ARCHIVE)
    set(WASH_NGHTTP2 $<BUILD_INTERFACE:${NGHTTP2_ARCHIVE}> $<INSTALL_INTERFACE:nghttp2>)
  endif()
endif()
