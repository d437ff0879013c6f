#pragma once

/** @file
    The function bodies of <bitshares/testing/...>, for one translation unit of a program that is compiled with
    `BITSHARES_SEPARATE_COMPILATION`. Needs zlib.
*/

#ifndef BITSHARES_SEPARATE_COMPILATION
#error "define BITSHARES_SEPARATE_COMPILATION for every translation unit, or do not include <bitshares/src_testing.hpp>"
#endif

#include <bitshares/impl/testing/certificate.ipp>
#include <bitshares/impl/testing/chain.ipp>
#include <bitshares/impl/testing/chain_state.ipp>
#include <bitshares/impl/testing/chain_store.ipp>
#include <bitshares/impl/testing/data_set.ipp>
#include <bitshares/impl/testing/fault_schedule.ipp>
#include <bitshares/impl/testing/faults.ipp>
#include <bitshares/impl/testing/fork.ipp>
#include <bitshares/impl/testing/json_text.ipp>
#include <bitshares/impl/testing/node.ipp>
#include <bitshares/impl/testing/node_session.ipp>
#include <bitshares/impl/testing/recording.ipp>
#include <bitshares/impl/testing/websocket_frames.ipp>
