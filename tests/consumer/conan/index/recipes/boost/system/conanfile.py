import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import load


class BoostSystem(ConanFile):
    """Boost's headers as the operating system installed them, under Conan Center's names."""
    name = "boost"
    package_type = "header-library"
    license = "BSL-1.0"
    settings = "os", "arch", "compiler", "build_type"
    options = {"header_only": [True, False]}
    default_options = {"header_only": True}

    def package_id(self):
        self.info.clear()

    def package_info(self):
        root = self.conf.get("user.system:boost_root", default="/usr")
        header = os.path.join(root, "include", "boost", "version.hpp")
        found = re.search(r'define BOOST_LIB_VERSION "(\d+)_(\d+)', load(self, header))
        if ".".join(found.groups()) != ".".join(self.version.split(".")[:2]):
            raise ConanInvalidConfiguration(f"{header} is Boost {found.groups()}, not {self.version}")
        self.cpp_info.set_property("cmake_file_name", "Boost")
        self.cpp_info.bindirs = self.cpp_info.libdirs = self.cpp_info.includedirs = []
        headers = self.cpp_info.components["headers"]
        headers.set_property("cmake_target_name", "Boost::headers")
        headers.bindirs = headers.libdirs = []
        headers.includedirs = [] if root == "/usr" else [os.path.join(root, "include")]
