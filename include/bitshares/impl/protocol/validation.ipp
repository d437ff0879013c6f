#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL bool validation::not_negative(asset const& amount, std::string_view member)
{
    below const here(*this, {member});
    return require(amount.amount >= 0, "amount", "must not be negative");
}

BITSHARES_DECL bool validation::positive(asset const& amount, std::string_view member)
{
    below const here(*this, {member});
    return require(amount.amount > 0, "amount", "must be above 0");
}

BITSHARES_DECL result<void> validation::outcome() const
{
    if (failure_)
        return *failure_;
    return {};
}

BITSHARES_DECL void validation::refuse(errc code, std::string_view member, std::string_view why)
{
    if (!failure_)
        failure_.emplace(code, std::string(why), path_of(member));
}

BITSHARES_DECL void validation::fail(std::string_view member, std::string_view rule)
{
    refuse(errc::invalid_form, member, rule);
}

BITSHARES_DECL std::string validation::path_of(std::string_view member) const
{
    std::string path;
    for (step const& s : path_)
        path.append("/").append(s.is_index ? std::to_string(s.index) : std::string(s.member));
    if (!member.empty())
        path.append("/").append(member);
    return path;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
