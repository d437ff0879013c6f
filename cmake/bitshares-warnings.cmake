# Warnings for this project's own translation units (never for those who use the library).
function(bitshares_warnings)
  foreach(_target IN LISTS ARGN)
    if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
      target_compile_options(${_target} PRIVATE
        -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wpedantic
        $<$<BOOL:${BITSHARES_WERROR}>:-Werror>)
    endif()
  endforeach()
endfunction()
bitshares_warnings(bitshares_compiled)
if(TARGET bitshares_testing_compiled)
  bitshares_warnings(bitshares_testing_compiled)
endif()
if(TARGET bitshares_wallet_compiled)
  bitshares_warnings(bitshares_wallet_compiled)
endif()
