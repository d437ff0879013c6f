#pragma once

#include <bitshares/impl/protocol/restriction.ipp>
#include <bitshares/tx/restriction.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY result<void> check_custom_authority(custom_authority_object const& custom, operation const& op,
                                                   time_point_sec now)
{
    if (!op.known())
        return error(errc::unknown_tag, "operation " + std::to_string(op.tag()));
    if (custom.operation_type.value != op.tag())
        return error(errc::restriction_violated,
                     "for operations of type " + std::to_string(custom.operation_type.value) + " only",
                     "/operation_type");
    if (!custom.enabled)
        return error(errc::custom_authority_not_valid, "disabled", "/enabled");
    if (now < custom.valid_from)
        return error(errc::custom_authority_not_valid, "from " + custom.valid_from.to_string(), "/valid_from");
    if (now >= custom.valid_to)
        return error(errc::custom_authority_not_valid, "until " + custom.valid_to.to_string(), "/valid_to");
    detail::variant_operations const& operations = *detail::type_of<BITSHARES_DEPENDENT(operation)>.variant;
    detail::restriction_walk<BITSHARES_DEPENDENT(restriction_argument)> walk;
    std::size_t index = 0;
    BITSHARES_DEPENDENT(custom_authority_object) const& its = custom;
    for (auto const& [number, r] : its.restrictions)
    {
        if (walk.one(r, *operations.alternatives[op.tag()], operations.get(&op.value)) !=
            decltype(walk)::verdict::holds)
        {
            error const inner = walk.take_error();
            return error(inner.code(), inner.detail(), "/restrictions/" + std::to_string(index) + "/1" + inner.path());
        }
        ++index;
    }
    return {};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
