from conan import ConanFile
from conan.tools.system import package_manager


class OpenSSLSystem(ConanFile):
    """OpenSSL 3.0 as the operating system installed it, under Conan Center's names."""
    name = "openssl"
    package_type = "shared-library"
    license = "Apache-2.0"
    settings = "os", "arch", "compiler", "build_type"

    def package_id(self):
        self.info.clear()

    def system_requirements(self):
        package_manager.Apt(self).install(["libssl-dev"], check=True)

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "both")
        self.cpp_info.set_property("cmake_file_name", "OpenSSL")
        self.cpp_info.set_property("pkg_config_name", "openssl")
        for name, target in (("crypto", "Crypto"), ("ssl", "SSL")):
            component = self.cpp_info.components[name]
            component.set_property("cmake_target_name", f"OpenSSL::{target}")
            component.includedirs = component.libdirs = component.bindirs = []
            component.system_libs = [name]
        self.cpp_info.components["ssl"].requires = ["crypto"]
