#pragma once

/** @file
    The library's function bodies, for one translation unit of a program that is compiled with
    `BITSHARES_SEPARATE_COMPILATION` (CMake's `bitshares::compiled` does this). The WebSocket transport, which costs the compiler
    most, is apart: <bitshares/src_websocket.hpp>.
*/

#ifndef BITSHARES_SEPARATE_COMPILATION
#error "define BITSHARES_SEPARATE_COMPILATION for every translation unit, or do not include <bitshares/src.hpp>"
#endif

#include <bitshares/impl/base/base58.ipp>
#include <bitshares/impl/base/error.ipp>
#include <bitshares/impl/base/flat_set.ipp>
#include <bitshares/impl/base/hash.ipp>
#include <bitshares/impl/base/hex.ipp>
#include <bitshares/impl/base/utf8.ipp>
#include <bitshares/impl/crypto/aes.ipp>
#include <bitshares/impl/crypto/brain_key.ipp>
#include <bitshares/impl/crypto/memo.ipp>
#include <bitshares/impl/crypto/private_key.ipp>
#include <bitshares/impl/crypto/public_key.ipp>
#include <bitshares/impl/crypto/secp256k1.ipp>
#include <bitshares/impl/crypto/secret_hash.ipp>
#include <bitshares/impl/crypto/secure_bytes.ipp>
#include <bitshares/impl/crypto/signature.ipp>
#include <bitshares/impl/history/csv.ipp>
#include <bitshares/impl/history/formats.ipp>
#include <bitshares/impl/history/labels.ipp>
#include <bitshares/impl/history/ledger.ipp>
#include <bitshares/impl/history/ledger_formats.ipp>
#include <bitshares/impl/history/ledger_parameters.ipp>
#include <bitshares/impl/history/ledger_queries.ipp>
#include <bitshares/impl/history/node_history.ipp>
#include <bitshares/impl/history/paging.ipp>
#include <bitshares/impl/history/reconciliation.ipp>
#include <bitshares/impl/history/row.ipp>
#include <bitshares/impl/history/ticket_clock.ipp>
#include <bitshares/impl/net/blocking_client.ipp>
#include <bitshares/impl/net/client.ipp>
#include <bitshares/impl/net/node_url.ipp>
#include <bitshares/impl/net/proxy.ipp>
#include <bitshares/impl/net/resolver.ipp>
#include <bitshares/impl/protocol/asset.ipp>
#include <bitshares/impl/protocol/asset_options.ipp>
#include <bitshares/impl/protocol/authority.ipp>
#include <bitshares/impl/protocol/binary.ipp>
#include <bitshares/impl/protocol/block.ipp>
#include <bitshares/impl/protocol/chain_parameters.ipp>
#include <bitshares/impl/protocol/json.ipp>
#include <bitshares/impl/protocol/names.ipp>
#include <bitshares/impl/protocol/network.ipp>
#include <bitshares/impl/protocol/object_id.ipp>
#include <bitshares/impl/protocol/operation.ipp>
#include <bitshares/impl/protocol/operations/account.ipp>
#include <bitshares/impl/protocol/operations/assert.ipp>
#include <bitshares/impl/protocol/operations/asset.ipp>
#include <bitshares/impl/protocol/operations/balance.ipp>
#include <bitshares/impl/protocol/operations/bitasset.ipp>
#include <bitshares/impl/protocol/operations/call_order.ipp>
#include <bitshares/impl/protocol/operations/committee.ipp>
#include <bitshares/impl/protocol/operations/confidential.ipp>
#include <bitshares/impl/protocol/operations/credit_offer.ipp>
#include <bitshares/impl/protocol/operations/custom.ipp>
#include <bitshares/impl/protocol/operations/custom_authority.ipp>
#include <bitshares/impl/protocol/operations/htlc.ipp>
#include <bitshares/impl/protocol/operations/limit_order.ipp>
#include <bitshares/impl/protocol/operations/liquidity_pool.ipp>
#include <bitshares/impl/protocol/operations/proposal.ipp>
#include <bitshares/impl/protocol/operations/samet_fund.ipp>
#include <bitshares/impl/protocol/operations/ticket.ipp>
#include <bitshares/impl/protocol/operations/transfer.ipp>
#include <bitshares/impl/protocol/operations/vesting.ipp>
#include <bitshares/impl/protocol/operations/withdraw_permission.ipp>
#include <bitshares/impl/protocol/operations/witness.ipp>
#include <bitshares/impl/protocol/operations/worker.ipp>
#include <bitshares/impl/protocol/price.ipp>
#include <bitshares/impl/protocol/price_feed.ipp>
#include <bitshares/impl/protocol/public_key.ipp>
#include <bitshares/impl/protocol/time_point.ipp>
#include <bitshares/impl/protocol/transaction.ipp>
#include <bitshares/impl/protocol/validation.ipp>
#include <bitshares/impl/protocol/vote_id.ipp>
#include <bitshares/impl/rpc/method.ipp>
#include <bitshares/impl/rpc/request.ipp>
#include <bitshares/impl/rpc/session.ipp>
#include <bitshares/impl/tx/authority_check.ipp>
#include <bitshares/impl/tx/fees.ipp>
#include <bitshares/impl/tx/restriction.ipp>
#include <bitshares/impl/wallet/cli_wallet.ipp>
#include <bitshares/impl/wallet/keyring.ipp>
#include <bitshares/impl/wallet/private_file.ipp>
