#pragma once

#include <bitshares/testing/chain.hpp>
