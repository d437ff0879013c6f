# bitshares::testing_compiled: the function bodies of bitshares::testing for programs that link bitshares::compiled.
# Included by the project and by the installed bitshares-config.cmake.
if(NOT TARGET bitshares_testing_compiled)
  set(_bitshares_include "${CMAKE_CURRENT_LIST_DIR}/../include") # in the project; installed, one looks further up
  if(NOT EXISTS "${_bitshares_include}/bitshares/version.hpp")
    find_path(BITSHARES_INCLUDE_DIR bitshares/version.hpp NO_DEFAULT_PATH
      HINTS "${CMAKE_CURRENT_LIST_DIR}/../../../include" "${CMAKE_CURRENT_LIST_DIR}/../../../../include")
    mark_as_advanced(BITSHARES_INCLUDE_DIR)
    set(_bitshares_include "${BITSHARES_INCLUDE_DIR}")
  endif()
  file(GLOB _bitshares_files CONFIGURE_DEPENDS RELATIVE "${_bitshares_include}" "${_bitshares_include}/bitshares/impl/testing/*.ipp")
  list(TRANSFORM _bitshares_files REPLACE "(.+)" "#include <\\1>\n")
  string(CONCAT _bitshares_text ${_bitshares_files})
  set(_bitshares_source "${CMAKE_CURRENT_BINARY_DIR}/bitshares_testing_compiled.cpp")
  file(CONFIGURE OUTPUT "${_bitshares_source}" CONTENT "${_bitshares_text}" @ONLY) # written only when it changes
  add_library(bitshares_testing_compiled STATIC EXCLUDE_FROM_ALL "${_bitshares_source}")
  add_library(bitshares::testing_compiled ALIAS bitshares_testing_compiled)
  target_link_libraries(bitshares_testing_compiled PUBLIC bitshares::testing bitshares::compiled)
  unset(_bitshares_include)
  unset(_bitshares_files)
  unset(_bitshares_text)
  unset(_bitshares_source)
endif()
