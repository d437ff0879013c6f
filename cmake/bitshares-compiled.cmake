# bitshares::compiled: the same library, compiled once. Included by the project, by the installed bitshares-config.cmake
# and by Conan's package, so that it is always built with the flags of the program that links it.
if(NOT TARGET bitshares_compiled)
  # Two files: Beast's websocket costs as much as all the rest, and a machine has two cores.
  add_library(bitshares_compiled STATIC EXCLUDE_FROM_ALL
    "${CMAKE_CURRENT_LIST_DIR}/compiled/bitshares.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/compiled/websocket.cpp")
  add_library(bitshares::compiled ALIAS bitshares_compiled)
  target_link_libraries(bitshares_compiled PUBLIC bitshares::bitshares)
  target_compile_features(bitshares_compiled PUBLIC cxx_std_20)
  target_compile_definitions(bitshares_compiled PUBLIC BITSHARES_SEPARATE_COMPILATION)
endif()
