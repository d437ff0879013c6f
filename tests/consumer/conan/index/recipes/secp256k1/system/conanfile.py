import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.system import package_manager


class Secp256k1System(ConanFile):
    """libsecp256k1 as the operating system installed it: Conan Center has no recipe for it."""
    name = "secp256k1"
    package_type = "shared-library"
    license = "MIT"
    settings = "os", "arch", "compiler", "build_type"

    def package_id(self):
        self.info.clear()

    def system_requirements(self):
        package_manager.Apt(self).install(["libsecp256k1-dev"], check=True)

    def package_info(self):
        root = self.conf.get("user.system:secp256k1_root", default="/usr")
        if not os.path.exists(os.path.join(root, "include", "secp256k1_recovery.h")):
            raise ConanInvalidConfiguration("libsecp256k1 has no recovery module; on Debian install libsecp256k1-dev")
        self.cpp_info.set_property("cmake_file_name", "secp256k1")
        self.cpp_info.set_property("cmake_target_name", "secp256k1::secp256k1")
        self.cpp_info.set_property("pkg_config_name", "libsecp256k1")
        # Nothing for /usr: -isystem /usr/include breaks libstdc++'s #include_next.
        self.cpp_info.bindirs = self.cpp_info.libdirs = self.cpp_info.includedirs = []
        if root != "/usr":
            self.cpp_info.includedirs = [os.path.join(root, "include")]
            self.cpp_info.libdirs = [os.path.join(root, "lib")]
        self.cpp_info.system_libs = ["secp256k1"]
