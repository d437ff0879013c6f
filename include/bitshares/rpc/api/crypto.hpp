#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/operations/confidential.hpp>
#include <bitshares/rpc/method.hpp>

#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Whether a range proof holds, and between what the amount lies.
struct verify_range_result
{
    bool success = false;
    std::uint64_t min_val = 0;
    std::uint64_t max_val = 0;

    friend bool operator==(verify_range_result const&, verify_range_result const&) = default;

    BITSHARES_FIELDS((success), (min_val), (max_val))
};

/// A range proof as its author can read it.
struct verify_range_proof_rewind_result
{
    bool success = false;
    std::uint64_t min_val = 0;
    std::uint64_t max_val = 0;
    std::uint64_t value_out = 0; ///< The amount.
    sha256_digest blind_out;
    std::string message_out;

    friend bool operator==(verify_range_proof_rewind_result const&, verify_range_proof_rewind_result const&) = default;

    BITSHARES_FIELDS((success), (min_val), (max_val), (value_out), (blind_out), (message_out))
};

/// What a range proof tells to everybody. Nodes fill only the low 32 bits of `exp` and `mantissa`.
struct range_proof_info
{
    std::int64_t exp = 0;
    std::int64_t mantissa = 0;
    std::uint64_t min_value = 0;
    std::uint64_t max_value = 0;

    friend bool operator==(range_proof_info const&, range_proof_info const&) = default;

    BITSHARES_FIELDS((exp), (mantissa), (min_value), (max_value))
};

/// Pedersen commitments and range proofs, for confidential transfers. Blinding factors are secrets: for your own node
/// alone.
namespace crypto {

/// The commitment to an amount.
inline constexpr method<commitment(sha256_digest blind, std::uint64_t value)> blind{"crypto", "blind"};

/// The sum of blinding factors: the first `non_neg` are added, the rest is taken off.
inline constexpr method<sha256_digest(std::vector<sha256_digest> blinds_in, std::uint32_t non_neg)> blind_sum{
    "crypto", "blind_sum"};

/// True where the commitments are equal on both sides, `excess` on the negative one.
inline constexpr method<bool(std::vector<commitment> commits_in, std::vector<commitment> neg_commits_in,
                             std::int64_t excess)>
    verify_sum{"crypto", "verify_sum"};

/// Whether a proof shows that the amount of a commitment is within a range.
inline constexpr method<verify_range_result(commitment commit, bytes proof)> verify_range{"crypto", "verify_range"};

/// Proves that the amount of a commitment is not below `min_value`, without telling it.
inline constexpr method<bytes(std::uint64_t min_value, commitment commit, sha256_digest commit_blind,
                              sha256_digest nonce, std::int8_t base10_exp, std::uint8_t min_bits,
                              std::uint64_t actual_value)>
    range_proof_sign{"crypto", "range_proof_sign"};

/// As @ref verify_range, with the amount, by the nonce that the proof was made with; refused where it is not this one.
inline constexpr method<verify_range_proof_rewind_result(sha256_digest nonce, commitment commit, bytes proof)>
    verify_range_proof_rewind{"crypto", "verify_range_proof_rewind"};

/// The range that a proof is about.
inline constexpr method<range_proof_info(bytes proof)> range_get_info{"crypto", "range_get_info"};

} // namespace crypto

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
