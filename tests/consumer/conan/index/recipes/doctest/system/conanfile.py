from conan import ConanFile
from conan.tools.system import package_manager


class DoctestSystem(ConanFile):
    """doctest as the operating system installed it, under Conan Center's names."""
    name = "doctest"
    package_type = "header-library"
    license = "MIT"

    def system_requirements(self):
        package_manager.Apt(self).install(["doctest-dev"], check=True)

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "doctest")
        self.cpp_info.set_property("cmake_target_name", "doctest::doctest")
        self.cpp_info.bindirs = self.cpp_info.libdirs = self.cpp_info.includedirs = []
        self.cpp_info.builddirs = ["/usr/lib/cmake/doctest"]
