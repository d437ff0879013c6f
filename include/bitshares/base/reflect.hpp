#pragma once

#include <bitshares/base/bytes.hpp>
#include <bitshares/base/flat_set.hpp>
#include <bitshares/base/static_variant.hpp>
#include <bitshares/base/varint.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/** @file
    The description of types by which values are packed, unpacked, read from and written as JSON.

    Each type has one constant table, its @ref bitshares::detail::type_info; binary and JSON are four functions that walk
    these tables. So a type costs the compiler one table instead of four functions, and each rule (limits, order of sets,
    paths of errors) stands in one place.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The member of an alternative that has no data, as `void_result`; no bytes, in JSON `{}`.
struct void_type
{
    friend auto operator<=>(void_type const&, void_type const&) = default;
};

/** An alternative of a static variant that this version does not know, kept as the node printed it.

    Only lenient JSON reading makes one. It is written back unchanged; packing it is `errc::unknown_tag`.
*/
struct unknown_alternative
{
    std::uint64_t tag = 0;
    std::string raw_json; ///< The value behind the tag, verbatim.

    friend bool operator==(unknown_alternative const&, unknown_alternative const&) = default;
};

namespace detail {

enum class type_kind : std::uint8_t
{
    boolean,
    uint8,
    uint16,
    uint32,
    uint64,
    int8,
    int16,
    int32,
    int64,
    uint128,
    varuint,
    string,
    bytes,
    fixed_bytes, // parameter: size
    time,
    public_key,
    address,
    object_id, // parameter: space << 8 | type
    any_object_id,
    vote_id,
    raw_json,
    enumeration, // names: JSON only, as text
    optional,
    sequence, // vector, set, map
    pair,     // two fields; a JSON array of two
    structure,
    extension, // fields are optional; packed as (index, value) of those present
    variant,
    shaped // JSON only: a value whose form tells which alternative it is
};

struct type_info;

struct field_info
{
    std::string_view name;
    type_info const* type;
    std::size_t offset;
};

struct optional_access
{
    void const* (*get)(void const*); // null when absent
    void* (*emplace)(void*);
    void (*reset)(void*);
};

struct sequence_operations
{
    std::size_t (*size)(void const*);
    void const* (*data)(void const*);
    void (*reserve)(void*, std::size_t);
    void* (*append)(void*);
    void (*clear)(void*);
    void (*normalise)(void*); // null for vectors, which keep their order
};

struct variant_operations
{
    type_info const* const* alternatives;
    std::size_t count;
    std::size_t (*index)(void const*);
    void const* (*get)(void const*);
    void* (*emplace)(void*, std::size_t);
    unknown_alternative const* (*unknown)(void const*); // null functions where every tag must be known
    unknown_alternative* (*emplace_unknown)(void*);
    std::size_t (*choose)(std::string_view json) = nullptr; // of a shaped one; `count` where it is none of them
};

struct type_info
{
    type_kind kind;
    std::uint32_t size; // sizeof, the stride of sequences
    std::uint32_t parameter = 0;
    std::uint32_t minimum_packed = 1;   // bytes; bounds what a count can claim
    field_info const* fields = nullptr; // structure, extension, pair
    std::size_t field_count = 0;
    type_info const* element = nullptr; // optional, sequence
    optional_access const* optional = nullptr;
    sequence_operations const* sequence = nullptr;
    variant_operations const* variant = nullptr;
    std::string_view const* names = nullptr; // enumeration
};

/// Specialised for every type that the engines know: `static constexpr type_info info`.
template <class T>
struct describe;

template <class T>
inline constexpr type_info const& type_of = describe<T>::info;

/// A type with BITSHARES_FIELDS or BITSHARES_EXTENSION.
template <class T>
concept reflected = requires { T::bitshares_kind; };

// The fewest bytes that a value packs to. Apart from `info`, because types are recursive (a proposal holds operations) and a
// constant cannot read itself.
template <class T>
constexpr std::uint32_t minimum_packed_of()
{
    if constexpr (reflected<T>)
        return T::bitshares_kind == type_kind::extension ? 1 : T::template bitshares_minimum_packed<T>();
    else if constexpr (requires { describe<T>::minimum_packed(); })
        return describe<T>::minimum_packed();
    else if constexpr (requires { describe<T>::is_leaf; })
        return describe<T>::info.minimum_packed;
    else
        return 1; // a count, a tag or a presence byte
}

template <class T>
constexpr type_info leaf(type_kind kind, std::size_t packed = sizeof(T), std::size_t parameter = 0)
{
    return {.kind = kind,
            .size = static_cast<std::uint32_t>(sizeof(T)),
            .parameter = static_cast<std::uint32_t>(parameter),
            .minimum_packed = static_cast<std::uint32_t>(packed)};
}

// clang-format off
template <> struct describe<bool>          { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<bool>(type_kind::boolean); };
template <> struct describe<boolean>       { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<boolean>(type_kind::boolean); };
template <> struct describe<std::uint8_t>  { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::uint8_t>(type_kind::uint8); };
template <> struct describe<std::uint16_t> { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::uint16_t>(type_kind::uint16); };
template <> struct describe<std::uint32_t> { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::uint32_t>(type_kind::uint32); };
template <> struct describe<std::uint64_t> { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::uint64_t>(type_kind::uint64); };
template <> struct describe<std::int8_t>   { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::int8_t>(type_kind::int8); };
template <> struct describe<std::int16_t>  { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::int16_t>(type_kind::int16); };
template <> struct describe<std::int32_t>  { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::int32_t>(type_kind::int32); };
template <> struct describe<std::int64_t>  { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::int64_t>(type_kind::int64); };
template <> struct describe<varuint>       { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<varuint>(type_kind::varuint, 1); };
template <> struct describe<std::string>   { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<std::string>(type_kind::string, 1); };
template <> struct describe<bytes>         { static constexpr bool is_leaf = true; static constexpr type_info info = leaf<bytes>(type_kind::bytes, 1); };
// clang-format on

template <std::size_t Size, class Tag>
struct describe<fixed_bytes<Size, Tag>>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<fixed_bytes<Size, Tag>>(type_kind::fixed_bytes, Size, Size);
};

template <class T>
struct describe<std::optional<T>>
{
    static constexpr optional_access access{
        [](void const* p) -> void const* {
            auto const& o = *static_cast<std::optional<T> const*>(p);
            return o ? &*o : nullptr;
        },
        [](void* p) -> void* { return &static_cast<std::optional<T>*>(p)->emplace(); },
        [](void* p) { static_cast<std::optional<T>*>(p)->reset(); }};

    static constexpr type_info info{.kind = type_kind::optional,
                                    .size = sizeof(std::optional<T>),
                                    .element = &describe<T>::info,
                                    .optional = &access};
};

struct sequence_access
{
    template <class T>
    static std::vector<T>& elements(std::vector<T>& v)
    {
        return v;
    }
    template <class T>
    static std::vector<T>& elements(sorted_vector<T>& s)
    {
        return s.elements_;
    }
    template <class T>
    static void normalise(sorted_vector<T>& s)
    {
        s.normalise();
    }
};

template <class Sequence>
struct describe_sequence
{
    using element = typename Sequence::value_type;
    static constexpr bool sorted = std::is_base_of_v<sorted_vector<element>, Sequence>;

    static constexpr sequence_operations operations{
        [](void const* p) { return static_cast<Sequence const*>(p)->size(); },
        [](void const* p) -> void const* { return std::to_address(static_cast<Sequence const*>(p)->begin()); },
        [](void* p, std::size_t count) { sequence_access::elements(*static_cast<Sequence*>(p)).reserve(count); },
        [](void* p) -> void* { return &sequence_access::elements(*static_cast<Sequence*>(p)).emplace_back(); },
        [](void* p) { static_cast<Sequence*>(p)->clear(); },
        [] {
            if constexpr (sorted)
                return +[](void* p) { sequence_access::normalise(*static_cast<Sequence*>(p)); };
            else
                return static_cast<void (*)(void*)>(nullptr);
        }()};

    static constexpr type_info info{.kind = type_kind::sequence,
                                    .size = sizeof(Sequence),
                                    .element = &describe<element>::info,
                                    .sequence = &operations};
};

template <class T>
struct describe<std::vector<T>> : describe_sequence<std::vector<T>>
{};
template <class T>
struct describe<flat_set<T>> : describe_sequence<flat_set<T>>
{};
template <class K, class V>
struct describe<flat_map<K, V>> : describe_sequence<flat_map<K, V>>
{};

// std::pair and reflected structs hold members whose offsets every compiler that we support can tell; the standard
// promises it for standard-layout types only, hence the warning that is silenced here.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif
template <class A, class B>
struct describe<std::pair<A, B>>
{
    using type = std::pair<A, B>;
    static constexpr std::array<field_info, 2> fields{
        {{"0", &describe<A>::info, offsetof(type, first)}, {"1", &describe<B>::info, offsetof(type, second)}}};

    static constexpr std::uint32_t minimum_packed() { return minimum_packed_of<A>() + minimum_packed_of<B>(); }

    static constexpr type_info info{.kind = type_kind::pair,
                                    .size = sizeof(type),
                                    .minimum_packed = minimum_packed(),
                                    .fields = fields.data(),
                                    .field_count = 2};
};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

template <class Variant, class... Ts>
struct describe_variant
{
    using type = Variant;
    static constexpr bool open = (std::is_same_v<Ts, unknown_alternative> || ...);
    static constexpr std::size_t count = sizeof...(Ts) - (open ? 1 : 0);

    template <class T>
    static constexpr type_info const* alternative()
    {
        if constexpr (std::is_same_v<T, unknown_alternative>)
            return nullptr;
        else
            return &describe<T>::info;
    }
    // No deduced types here: the class must be usable before its members' initialisers are.
    static constexpr std::array<type_info const*, sizeof...(Ts)> alternatives{alternative<Ts>()...};

    // Templates: a static_variant is not to be held against a std::variant of as many types, which costs what it is there to save.
    template <class... Us>
    static void const* data(std::variant<Us...> const& variant)
    {
        return std::visit([](auto const& x) -> void const* { return &x; }, variant);
    }
    template <class... Us>
    static void* emplace(std::variant<Us...>& variant, std::size_t index)
    {
        using emplace_at = void* (*)(std::variant<Us...>&);
        static constexpr auto table = []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<emplace_at, sizeof...(I)>{
                [](std::variant<Us...>& v) -> void* { return &v.template emplace<I>(); }...};
        }(std::index_sequence_for<Us...>());
        return table[index](variant);
    }
    static void const* data(static_variant<Ts...> const& variant) { return variant.data(); }
    static void* emplace(static_variant<Ts...>& variant, std::size_t index) { return variant.emplace(index); }

    static constexpr variant_operations operations = [] {
        variant_operations o{alternatives.data(),
                             count,
                             [](void const* p) { return static_cast<type const*>(p)->index(); },
                             [](void const* p) { return data(*static_cast<type const*>(p)); },
                             [](void* p, std::size_t i) { return emplace(*static_cast<type*>(p), i); },
                             nullptr,
                             nullptr};
        if constexpr (open)
        {
            o.unknown = [](void const* p) {
                auto const& variant = *static_cast<type const*>(p);
                return variant.index() == count ? static_cast<unknown_alternative const*>(data(variant)) : nullptr;
            };
            o.emplace_unknown = [](void* p) {
                return static_cast<unknown_alternative*>(emplace(*static_cast<type*>(p), count));
            };
        }
        return o;
    }();

    static constexpr type_info info{.kind = type_kind::variant, .size = sizeof(type), .variant = &operations};
};

template <class... Ts>
struct describe<std::variant<Ts...>> : describe_variant<std::variant<Ts...>, Ts...>
{};
template <class... Ts>
struct describe<static_variant<Ts...>> : describe_variant<static_variant<Ts...>, Ts...>
{};

/* A type that nodes print as one of several, without a tag: it has one member, `std::variant<...> value`, and tells from the JSON
   by `static std::size_t choose(std::string_view)` which alternative it is, or their count for none. */
template <class T>
concept shaped_value = requires(T const& t, std::string_view json) {
    t.value.index();
    { T::choose(json) } -> std::same_as<std::size_t>;
};

template <shaped_value T>
struct describe<T>
{
    using value_type = decltype(T::value);
    static_assert(sizeof(T) == sizeof(value_type), "nothing beside the value");
    static constexpr variant_operations operations = [] {
        variant_operations o = describe<value_type>::operations;
        o.choose = &T::choose;
        return o;
    }();

    static constexpr type_info info{.kind = type_kind::shaped, .size = sizeof(T), .variant = &operations};
};

// Of one type: readers mark those that they have seen in so many bits.
inline constexpr std::size_t max_fields = 128;

consteval std::size_t at_most_max_fields(std::size_t count)
{
    return count <= max_fields ? count : throw "more than max_fields";
}

template <std::size_t N>
using field_array = std::array<field_info, N>;

// Outside of `describe`, so that a type may hold itself in a vector: its table needs only the addresses of the others.
template <reflected T>
inline constexpr auto fields_of = T::template bitshares_fields<T>();

template <reflected T>
struct describe<T>
{
    static constexpr type_info info{.kind = T::bitshares_kind,
                                    .size = sizeof(T),
                                    .minimum_packed = minimum_packed_of<T>(),
                                    .fields = fields_of<T>.data(),
                                    .field_count = at_most_max_fields(fields_of<T>.size())};
};

template <>
struct describe<void_type>
{
    static constexpr std::uint32_t minimum_packed() { return 0; }
    static constexpr type_info info{.kind = type_kind::structure, .size = sizeof(void_type), .minimum_packed = 0};
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

// A macro for each member: F((a), (b)) -> X(a) X(b). Each EXPAND rescans, so that the chain of __VA_OPT__ can go on.
#define BITSHARES_DETAIL_EXPAND(...)                                                                                   \
    BITSHARES_DETAIL_EXPAND3(BITSHARES_DETAIL_EXPAND3(BITSHARES_DETAIL_EXPAND3(__VA_ARGS__)))
#define BITSHARES_DETAIL_EXPAND3(...)                                                                                  \
    BITSHARES_DETAIL_EXPAND2(BITSHARES_DETAIL_EXPAND2(BITSHARES_DETAIL_EXPAND2(__VA_ARGS__)))
#define BITSHARES_DETAIL_EXPAND2(...)                                                                                  \
    BITSHARES_DETAIL_EXPAND1(BITSHARES_DETAIL_EXPAND1(BITSHARES_DETAIL_EXPAND1(__VA_ARGS__)))
#define BITSHARES_DETAIL_EXPAND1(...) __VA_ARGS__
#define BITSHARES_DETAIL_PARENS ()
#define BITSHARES_DETAIL_EACH(macro, ...) __VA_OPT__(BITSHARES_DETAIL_EXPAND(BITSHARES_DETAIL_NEXT(macro, __VA_ARGS__)))
#define BITSHARES_DETAIL_NEXT(macro, item, ...)                                                                        \
    macro item __VA_OPT__(BITSHARES_DETAIL_AGAIN BITSHARES_DETAIL_PARENS(macro, __VA_ARGS__))
#define BITSHARES_DETAIL_AGAIN() BITSHARES_DETAIL_NEXT

// An item is (member) or (member, "name in JSON").
#define BITSHARES_DETAIL_COUNT(...) +1
#define BITSHARES_DETAIL_FIRST(first, ...) first
#define BITSHARES_DETAIL_FIELD(member, ...)                                                                            \
    {BITSHARES_DETAIL_FIRST(__VA_ARGS__ __VA_OPT__(, ) #member),                                                       \
     &::bitshares::detail::describe<decltype(Self::member)>::info, offsetof(Self, member)},
#define BITSHARES_DETAIL_MINIMUM(member, ...) +::bitshares::detail::minimum_packed_of<decltype(Self::member)>()

#define BITSHARES_DETAIL_REFLECT(kind, ...)                                                                            \
    static constexpr ::bitshares::detail::type_kind bitshares_kind = ::bitshares::detail::type_kind::kind;             \
    template <class Self>                                                                                              \
    static constexpr auto bitshares_fields()                                                                           \
    {                                                                                                                  \
        _Pragma("GCC diagnostic push")                                                                                 \
            _Pragma("GCC diagnostic ignored \"-Winvalid-offsetof\"") return ::bitshares::detail::field_array<          \
                0 BITSHARES_DETAIL_EACH(BITSHARES_DETAIL_COUNT, __VA_ARGS__)>{                                         \
                __VA_OPT__({BITSHARES_DETAIL_EACH(BITSHARES_DETAIL_FIELD, __VA_ARGS__)})};                             \
        _Pragma("GCC diagnostic pop")                                                                                  \
    }                                                                                                                  \
    template <class Self>                                                                                              \
    static constexpr std::uint32_t bitshares_minimum_packed()                                                          \
    {                                                                                                                  \
        return 0 BITSHARES_DETAIL_EACH(BITSHARES_DETAIL_MINIMUM, __VA_ARGS__);                                         \
    }

/** Makes a struct known to binary and JSON: `BITSHARES_FIELDS((first), (second))`, members in the chain's order.

    A member that JSON calls otherwise, because C++ cannot, has that name behind it: `(operated_by, "operator")`.

    Optional members are one byte 0 or 1 in front of the value when packed, and left out of JSON when absent.
    Stands in the public part of the struct, after the members.
*/
#define BITSHARES_FIELDS(...) BITSHARES_DETAIL_REFLECT(structure, __VA_ARGS__)

/** Makes a struct of optional members a graphene extension: packed as the count of members present and, for each,
    its index and value; in JSON an object of those present. */
#define BITSHARES_EXTENSION(...) BITSHARES_DETAIL_REFLECT(extension, __VA_ARGS__)
