# The same two units, header-only and compiled: a library that is right only one way is wrong.
function(consumer_program _name _library)
  add_executable(${_name} "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/main.cpp" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/second.cpp")
  target_link_libraries(${_name} PRIVATE ${_library})
  target_compile_definitions(${_name} PRIVATE ${ARGN})
endfunction()
