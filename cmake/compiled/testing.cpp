#include <bitshares/src_testing.hpp>
