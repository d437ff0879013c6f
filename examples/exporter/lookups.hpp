#pragma once

#include <bitshares/history/labels.hpp>
#include <bitshares/net/blocking_client.hpp>

#include <string>

namespace exporter {

/// The account that is exported.
struct account
{
    bitshares::account_id id;
    std::string name;
    bitshares::account_statistics_id statistics;
};

/// By name or id. @throws As `blocking_client::call`; `errc::account_not_found`; `errc::invalid_reply`: it is another's.
account find_account(bitshares::blocking_client& node, std::string const& text);

/// By symbol or id. @throws As `blocking_client::call`; failed_export: there is none.
bitshares::asset_id find_asset(bitshares::blocking_client& node, std::string const& text);

/// Asks for what the labels miss. @throws As `blocking_client::call`; failed_export: the node does not know an asset.
void fetch_labels(bitshares::blocking_client& node, bitshares::history_labels& labels);

} // namespace exporter
