import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import cmake_layout
from conan.tools.files import copy, load

required_conan_version = ">=2.4"


class BitsharesConan(ConanFile):
    name = "bitshares-cpp"
    description = "Client library for BitShares infrastructure (not affiliated with the BitShares project)"
    license = "MIT"
    topics = ("bitshares", "blockchain", "websocket", "json-rpc", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    # Conan Center has no libsecp256k1: "package" takes it from cmake/conan/index, "system" from the system's packages.
    options = {"secp256k1": ["package", "system"]}
    default_options = {"secp256k1": "package"}
    no_copy_source = True
    exports_sources = "LICENSE", "cmake/bitshares-compiled.cmake", "cmake/compiled/*", "include/*"

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "include", "bitshares", "version.hpp"))
        self.version = ".".join(re.search(rf"BITSHARES_VERSION_{part} +(\d+)", text).group(1)
                                for part in ("MAJOR", "MINOR", "PATCH"))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81.0 <2]")
        self.requires("openssl/[>=3 <4]")
        self.requires("rapidjson/cci.20250205")
        if self.options.secp256k1 == "package":
            self.requires("secp256k1/[>=0.2.0 <1]")

    def package_id(self):
        self.info.clear()

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        for pattern in ("*.hpp", "*.ipp"):
            copy(self, pattern, os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
        for pattern in ("bitshares-compiled.cmake", "compiled/*"):
            copy(self, pattern, os.path.join(self.source_folder, "cmake"), os.path.join(self.package_folder, "cmake"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "bitshares")
        self.cpp_info.set_property("cmake_target_name", "bitshares::bitshares")
        # bitshares::compiled, built in the consumer's tree
        self.cpp_info.set_property("cmake_build_modules", [os.path.join("cmake", "bitshares-compiled.cmake")])
        self.cpp_info.builddirs = ["cmake"]
        self.cpp_info.set_property("pkg_config_name", "bitshares")
        self.cpp_info.requires = ["boost::headers", "openssl::ssl", "openssl::crypto", "rapidjson::rapidjson"]
        if self.options.get_safe("secp256k1") == "package":
            self.cpp_info.requires.append("secp256k1::secp256k1")
        else:
            self.cpp_info.system_libs.append("secp256k1")
        if self.settings.get_safe("os") in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs.append("pthread")
