#pragma once

#include <bitshares/tx/signer.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Signs with the keys of a keyring, which never leave it.

    @par Object lifetimes
    The keyring outlives the signer. It may change meanwhile.
*/
class keyring_signer final : public signer
{
public:
    explicit keyring_signer(keyring const& keys) noexcept : keyring_(&keys) {}
    explicit keyring_signer(keyring&&) = delete; // it would be gone

    std::vector<public_key> keys() const override
    {
        std::vector<public_key> all;
        for (keyring_entry const& entry : keyring_->entries())
            all.push_back(entry.key);
        return all;
    }

    result<signature> sign(signing_request const& request) override
    {
        return keyring_->sign(request.key, request.digest);
    }

private:
    keyring const* keyring_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
