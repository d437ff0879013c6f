#pragma once

/** @file
    Objects of the chain's database as nodes print them. They are only read, and leniently: what an older or newer node
    does not have stays at its default, what it has beyond is skipped.

    One file a family, as the operations'; each can be included alone.
*/

#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/objects/asset.hpp>
#include <bitshares/protocol/objects/balance.hpp>
#include <bitshares/protocol/objects/credit_offer.hpp>
#include <bitshares/protocol/objects/custom_authority.hpp>
#include <bitshares/protocol/objects/full_account.hpp>
#include <bitshares/protocol/objects/global.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/protocol/objects/htlc.hpp>
#include <bitshares/protocol/objects/liquidity_pool.hpp>
#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/protocol/objects/object.hpp>
#include <bitshares/protocol/objects/proposal.hpp>
#include <bitshares/protocol/objects/samet_fund.hpp>
#include <bitshares/protocol/objects/ticket.hpp>
#include <bitshares/protocol/objects/vesting.hpp>
#include <bitshares/protocol/objects/voted_object.hpp>
#include <bitshares/protocol/objects/withdraw_permission.hpp>
#include <bitshares/protocol/objects/witness.hpp>
#include <bitshares/protocol/objects/worker.hpp>
