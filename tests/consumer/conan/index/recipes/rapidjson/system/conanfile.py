from conan import ConanFile
from conan.tools.system import package_manager


class RapidJSONSystem(ConanFile):
    """RapidJSON as the operating system installed it, under Conan Center's names."""
    name = "rapidjson"
    package_type = "header-library"
    license = "MIT"

    def system_requirements(self):
        package_manager.Apt(self).install(["rapidjson-dev"], check=True)

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "RapidJSON")
        self.cpp_info.set_property("cmake_target_name", "rapidjson")
        self.cpp_info.bindirs = self.cpp_info.libdirs = self.cpp_info.includedirs = []
