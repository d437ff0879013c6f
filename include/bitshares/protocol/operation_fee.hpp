#pragma once

#include <bitshares/protocol/asset.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What an operation costs; of a proposal also what each proposed operation costs once it is executed.

    JSON is the fee alone, or `[fee, [what the proposed operations cost]]`.
*/
struct operation_fee
{
    asset fee;
    /// Set for @ref proposal_create, and then one for each proposed operation.
    std::optional<std::vector<operation_fee>> proposed;

    friend bool operator==(operation_fee const&, operation_fee const&) = default;
};

namespace detail {

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif
// A template, so that it may name itself: it holds itself in a vector.
template <std::same_as<operation_fee> T>
struct describe<T>
{
    static constexpr std::array<field_info, 2> fields{
        {{"0", &describe<asset>::info, offsetof(T, fee)},
         {"1", &describe<std::optional<std::vector<T>>>::info, offsetof(T, proposed)}}};
    static constexpr type_info both{
        .kind = type_kind::pair, .size = sizeof(T), .fields = fields.data(), .field_count = fields.size()};
    static constexpr std::array<type_info const*, 2> alternatives{&describe<asset>::info, &both};

    static constexpr variant_operations operations{
        alternatives.data(),
        alternatives.size(),
        [](void const* p) -> std::size_t { return static_cast<T const*>(p)->proposed ? 1 : 0; },
        [](void const* p) -> void const* {
            auto const& f = *static_cast<T const*>(p);
            return f.proposed ? p : &f.fee;
        },
        [](void* p, std::size_t index) -> void* {
            auto& f = *static_cast<T*>(p);
            f = {};
            return index == 1 ? p : &f.fee;
        },
        nullptr,
        nullptr,
        [](std::string_view json) -> std::size_t {
            return json.starts_with('{') ? 0 : json.starts_with('[') ? 1 : alternatives.size();
        }};

    static constexpr type_info info{.kind = type_kind::shaped, .size = sizeof(T), .variant = &operations};
};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
