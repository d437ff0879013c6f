# bitshares::testing_compiled: the function bodies of bitshares::testing for programs that link bitshares::compiled.
# Included by the project and by the installed bitshares-config.cmake.
if(NOT TARGET bitshares_testing_compiled)
  add_library(bitshares_testing_compiled STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled/testing.cpp")
  add_library(bitshares::testing_compiled ALIAS bitshares_testing_compiled)
  target_link_libraries(bitshares_testing_compiled PUBLIC bitshares::testing bitshares::compiled)
endif()
