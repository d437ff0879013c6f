#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/price.hpp>
#include <common/online.hpp>

#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace bts_program {

/** What accounts and assets are called, as far as it is known; all texts are fit for a terminal.

    Without a name, the id stands for it; without its number of digits, an amount is shown in smallest units, and says so.
    The core asset has 5 digits on every chain.
*/
class names
{
public:
    names();

    /// The core asset's symbol on a known chain.
    void set_chain(bitshares::chain_id_type const& chain);

    void put(bitshares::account_id id, std::string_view name);
    void put(bitshares::asset_id id, std::string_view symbol, unsigned precision);

    /// Notes an account or asset, to be asked for. Others are ignored, as are those beyond a limit.
    void need(bitshares::any_object_id id);

    /// Asks a node for what was noted.
    void fetch(program::connection& node);

    std::string const* find(bitshares::account_id id) const;
    std::string account(bitshares::account_id id) const;        ///< `alice`, or `1.2.17`.
    std::string account_and_id(bitshares::account_id id) const; ///< `alice (1.2.17)`.
    std::string symbol(bitshares::asset_id id) const;           ///< `BTS`, or `1.3.0`.
    std::optional<unsigned> precision(bitshares::asset_id id) const;

    /// `1.00000 BTS`; `100000 smallest units of 1.3.7`.
    std::string amount(bitshares::asset const& a) const;

    /// As @ref amount without the asset; empty where the digits are not known.
    std::optional<std::string> decimal(bitshares::asset const& a) const;

    /// A price in units of its base for one of its quote, and how exact the text is.
    struct price_text
    {
        std::string number;
        bool exact = false; ///< Otherwise it was cut (rounding down).
    };

    /// Empty where digits are not known, or a side is not positive.
    std::optional<price_text> price(bitshares::price const& p) const;

private:
    struct asset_name
    {
        std::string symbol;
        unsigned precision = 0;
    };

    std::unordered_map<std::uint64_t, std::string> accounts_;
    std::unordered_map<std::uint64_t, asset_name> assets_;
    std::set<bitshares::any_object_id> missing_;
    std::set<bitshares::any_object_id> asked_;
};

/// How many digits behind the point show `significant` digits of the price. @pre Both precisions are valid.
unsigned price_digits(bitshares::price const& p, unsigned base_precision, unsigned quote_precision,
                      unsigned significant);

/// `limit order` for 1.7.x; empty for a type that is not known.
std::string_view object_type_name(bitshares::any_object_id id);

/// Whether the text looks like an id, and which.
std::optional<bitshares::any_object_id> read_id(std::string_view text);

} // namespace bts_program
