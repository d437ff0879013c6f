#pragma once

#include "json_lines.hpp"

#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/price.hpp>

#include <filesystem>

namespace bts_program {

/// What the fees of a run are priced by.
struct fee_terms
{
    bitshares::fee_schedule schedule;
    bitshares::price rate; ///< At which they are paid; 1/1 of the core asset where they are paid in it.
};

/// Reads what a node gives as `parameters.current_fees`; all of it must be there.
bitshares::result<bitshares::fee_schedule> read_schedule(std::filesystem::path const& file);

/** The rate at which fees are paid in `asset`.

    @param asset `1.3.7`; empty: what `rate` tells, or the core asset.
    @param rate JSON of a price, one side of which is the core asset; or `7/3`: 7 of the core asset for 3 of `asset`; empty for the
        core asset.
*/
bitshares::result<bitshares::price> read_rate(std::string_view asset, std::string_view rate);

/// `[tag,{...}]` -> `{"fee":{"amount","asset_id"}}`, of a proposal `{"fee":[fee,[...]]}`.
bitshares::result<void> price_operation(settings const& s, fee_terms const& terms, std::string_view line,
                                        std::string& out);

} // namespace bts_program
