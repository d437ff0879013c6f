#pragma once

#include <bitshares/tx/signer.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL memory_signer::memory_signer(private_key key)
{
    add(std::move(key));
}

BITSHARES_DECL memory_signer& memory_signer::add(private_key key)
{
    public_keys_.push_back(key.to_public());
    keys_.push_back(std::move(key));
    return *this;
}

BITSHARES_DECL result<signature> memory_signer::sign(signing_request const& request)
{
    auto const found = std::find(public_keys_.begin(), public_keys_.end(), request.key);
    if (found == public_keys_.end())
        return error(errc::unknown_key);
    return keys_[static_cast<std::size_t>(found - public_keys_.begin())].sign(request.digest);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
