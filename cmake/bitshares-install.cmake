include(CMakePackageConfigHelpers)
set(_package "${CMAKE_INSTALL_DATADIR}/cmake/bitshares")

install(TARGETS bitshares EXPORT bitshares-targets
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILE_SET implementation DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT bitshares-targets NAMESPACE bitshares:: DESTINATION "${_package}")
if(TARGET bitshares_testing)
  install(TARGETS bitshares_testing EXPORT bitshares-testing-targets
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT bitshares-testing-targets NAMESPACE bitshares:: DESTINATION "${_package}")
endif()
if(TARGET bitshares_wallet)
  install(TARGETS bitshares_wallet EXPORT bitshares-wallet-targets
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT bitshares-wallet-targets NAMESPACE bitshares:: DESTINATION "${_package}")
endif()

configure_package_config_file(cmake/bitshares-config.cmake.in bitshares-config.cmake INSTALL_DESTINATION "${_package}")
# While 0.x the minor number is the breaking one. Nothing compiled is installed: any architecture.
write_basic_package_version_file(bitshares-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/bitshares-config.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/bitshares-config-version.cmake"
    cmake/bitshares-dependencies.cmake
    cmake/bitshares-compiled.cmake
    cmake/bitshares-testing.cmake
    cmake/bitshares-wallet.cmake
  DESTINATION "${_package}")
install(DIRECTORY cmake/compiled DESTINATION "${_package}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/bitshares-cpp")

configure_file(cmake/bitshares.pc.in bitshares.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/bitshares.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
