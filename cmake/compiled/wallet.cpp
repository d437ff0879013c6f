#include <bitshares/src_wallet.hpp>
