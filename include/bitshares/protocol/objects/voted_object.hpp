#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/object.hpp>
#include <bitshares/protocol/objects/witness.hpp>
#include <bitshares/protocol/objects/worker.hpp>

#include <cstddef>
#include <string_view>
#include <variant>

/** @file
    What an account votes for.

    @par Source
    bitshares-core, `database_api_impl::lookup_vote_ids`.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a vote is for: nodes print the object itself, which its id tells.
struct voted_object
{
    std::variant<witness_object, committee_member_object, worker_object> value;

    any_object_id id() const
    {
        return std::visit([](auto const& object) { return any_object_id(object.id); }, value);
    }

    static std::size_t choose(std::string_view json)
    {
        object head;
        if (!detail::read_json(json, detail::type_of<object>, &head, {}))
            return std::variant_size_v<decltype(value)>;
        auto const is = [&head](auto id) { return head.id.space() == id.space() && head.id.type() == id.type(); };
        return is(witness_id()) ? 0 : is(committee_member_id()) ? 1 : is(worker_id()) ? 2 : 3;
    }

    friend bool operator==(voted_object const&, voted_object const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
