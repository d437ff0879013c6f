#pragma once

/** @file
    The function bodies of <bitshares/wallet/ui_backup.hpp>, for one translation unit of a program that is compiled with
    `BITSHARES_SEPARATE_COMPILATION` (CMake's `bitshares::wallet_compiled` does this). Needs liblzma; the other headers of
    wallet/ do not, and are in <bitshares/src.hpp>.
*/

#ifndef BITSHARES_SEPARATE_COMPILATION
#error "define BITSHARES_SEPARATE_COMPILATION for every translation unit, or do not include <bitshares/src_wallet.hpp>"
#endif

#include <bitshares/impl/wallet/ui_backup.ipp>
