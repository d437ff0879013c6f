#include <bitshares/src.hpp>
