# bitshares::wallet_compiled: the function bodies of bitshares::wallet for programs that link bitshares::compiled.
# Included by the project and by the installed bitshares-config.cmake.
if(NOT TARGET bitshares_wallet_compiled)
  add_library(bitshares_wallet_compiled STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled/wallet.cpp")
  add_library(bitshares::wallet_compiled ALIAS bitshares_wallet_compiled)
  target_link_libraries(bitshares_wallet_compiled PUBLIC bitshares::wallet bitshares::compiled)
endif()
