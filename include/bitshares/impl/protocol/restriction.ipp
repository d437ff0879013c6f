#pragma once

#include <bitshares/protocol/restriction.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/* Goes down restrictions and the value that they restrict side by side, by the tables of types: no operation has code of
   its own here. With null for the value only the form is looked at. `Argument` is `restriction_argument`: see BITSHARES_LAZY. */
template <class Argument>
class restriction_walk
{
public:
    enum class verdict : std::uint8_t
    {
        holds,
        violated,
        invalid
    };
    using list = std::vector<restriction>;

    verdict all(std::span<restriction const> restrictions, type_info const& type, void const* value, bool may_be_empty)
    {
        if (restrictions.empty() && !may_be_empty)
            return invalid("an empty list of restrictions");
        for (std::size_t i = 0; i < restrictions.size(); ++i)
            if (verdict const v = one(restrictions[i], type, value); v != verdict::holds)
                return in("/" + std::to_string(i), v);
        return verdict::holds;
    }

    verdict one(restriction const& r, type_info const& type, void const* value)
    {
        if (r.restriction_type.value == restriction::logical_or)
            return any(r, type, value);
        if ((type.kind != type_kind::structure && type.kind != type_kind::extension) || type.field_count == 0 ||
            is_fee_schedule(type))
            return invalid("the value has no members");
        if (r.member_index.value >= type.field_count)
            return invalid("member " + std::to_string(r.member_index.value) + " of " +
                           std::to_string(type.field_count));
        field_info const& field = type.fields[r.member_index.value];
        void const* const member = value ? static_cast<std::byte const*>(value) + field.offset : nullptr;
        field_ = field.name;
        return member_satisfies(r, *field.type, member);
    }

    error take_error() { return {code_, std::move(detail_), std::move(path_)}; }

private:
    // Of one alternative of the argument; a table of its own kind of knowledge: which functions take it.
    struct argument_view
    {
        std::size_t tag;
        type_info const* type;
        void const* value;

        bool nothing() const { return tag == 0; }
        bool ordered() const { return (tag >= 2 && tag <= 4) || (tag >= 7 && tag <= 19); }
        bool set() const { return tag >= 20 && tag <= 38; }
    };

    static argument_view view(Argument const& argument)
    {
        variant_operations const& alternatives = *type_of<Argument>.variant;
        std::size_t const tag = argument.index();
        return {tag, alternatives.alternatives[tag], alternatives.get(&argument)};
    }

    verdict any(restriction const& r, type_info const& type, void const* value)
    {
        auto const* const branches = std::get_if<std::vector<list>>(&r.argument);
        if (!branches)
            return invalid("the argument of logical_or is no list of lists of restrictions");
        if (branches->size() < 2)
            return invalid("logical_or with less than two branches");
        for (std::size_t i = 0; i < branches->size(); ++i)
        {
            verdict const v = all((*branches)[i], type, value, false);
            if (v == verdict::invalid)
                return in("/argument/1/" + std::to_string(i), v);
            if (value && v == verdict::holds)
                return v;
        }
        if (value) // none is to blame alone, so the path ends here
            return fail(errc::restriction_violated, "no branch of logical_or holds", verdict::violated);
        return verdict::holds;
    }

    verdict member_satisfies(restriction const& r, type_info const& type, void const* value)
    {
        argument_view const argument = view(r.argument);
        switch (r.restriction_type.value)
        {
        case restriction::eq: return equality(type, value, argument, true);
        case restriction::ne: return equality(type, value, argument, false);
        case restriction::lt:
        case restriction::le:
        case restriction::gt:
        case restriction::ge: return comparison(r.restriction_type.value, type, value, argument);
        case restriction::in:
        case restriction::not_in: return membership(r.restriction_type.value, type, value, argument);
        case restriction::has_all:
        case restriction::has_none: return containment(r.restriction_type.value, type, value, argument);
        case restriction::attr:
            if (auto const* const inner = std::get_if<list>(&r.argument))
            {
                bool const optional = type.kind == type_kind::optional;
                if (optional && value && !(value = type.optional->get(value)))
                    return violated("is absent");
                return in("/argument/1", all(*inner, optional ? *type.element : type, value, false));
            }
            return invalid("the argument of attr is no list of restrictions");
        case restriction::variant_assert:
            if (auto const* const inner = std::get_if<std::pair<std::int64_t, list>>(&r.argument))
                return alternative(*inner, type, value);
            return invalid("the argument of variant_assert is no pair of tag and restrictions");
        default: return invalid("function " + std::to_string(r.restriction_type.value) + " is not known");
        }
    }

    verdict alternative(std::pair<std::int64_t, list> const& expected, type_info const& type, void const* value)
    {
        bool const optional = type.kind == type_kind::optional;
        type_info const& variant = optional ? *type.element : type;
        if (variant.kind != type_kind::variant)
            return invalid("variant_assert on a member that is no variant");
        if (expected.first < 0 || static_cast<std::uint64_t>(expected.first) >= variant.variant->count)
            return invalid("alternative " + std::to_string(expected.first) + " of " +
                           std::to_string(variant.variant->count));
        auto const tag = static_cast<std::size_t>(expected.first);
        if (value)
        {
            if (optional && !(value = type.optional->get(value)))
                return violated("is absent");
            if (variant.variant->index(value) != tag)
                return violated("is another alternative than " + std::to_string(tag));
            value = variant.variant->get(value);
        }
        return in("/argument/1/1", all(expected.second, *variant.variant->alternatives[tag], value, true));
    }

    verdict equality(type_info const& type, void const* value, argument_view const& argument, bool wanted)
    {
        if (argument.tag > 38)
            return unfit();
        if (type.kind == type_kind::optional)
        {
            if (!argument.nothing() && !comparable(*type.element, *argument.type))
                return unfit();
            if (!value)
                return verdict::holds;
            void const* const inner = type.optional->get(value);
            bool const equal = argument.nothing() ? !inner : inner && same_value(*type.element, inner, argument);
            return outcome(equal == wanted, "equals or differs");
        }
        bool const sizes = is_container(type) && is_integer(*argument.type);
        if (argument.nothing() || !(comparable(type, *argument.type) || sizes))
            return unfit();
        if (!value)
            return verdict::holds;
        bool const equal = sizes ? compare(size_of(type, value), *static_cast<std::int64_t const*>(argument.value)) == 0
                                 : same_value(type, value, argument);
        return outcome(equal == wanted, "equals or differs");
    }

    verdict comparison(std::uint64_t function, type_info const& type, void const* value, argument_view const& argument)
    {
        bool const optional = type.kind == type_kind::optional;
        type_info const& inner = optional ? *type.element : type;
        if (!argument.ordered() || !comparable(inner, *argument.type))
            return unfit();
        if (!value)
            return verdict::holds;
        void const* const at = optional ? type.optional->get(value) : value;
        // An absent member compares as equal: a slip of the chain, which takes it for rejected and turns that into 0.
        int const order = at ? compare_values(inner, at, argument) : 0;
        switch (function)
        {
        case restriction::lt: return outcome(order < 0, "is less");
        case restriction::le: return outcome(order <= 0, "is less or equal");
        case restriction::gt: return outcome(order > 0, "is greater");
        default: return outcome(order >= 0, "is greater or equal");
        }
    }

    verdict membership(std::uint64_t function, type_info const& type, void const* value, argument_view const& argument)
    {
        if (!argument.set())
            return unfit();
        type_info const& element = *argument.type->element;
        bool const wanted = function == restriction::in;
        bool const optional = type.kind == type_kind::optional;
        if (type_info const& single = optional ? *type.element : type; comparable(single, element))
        {
            if (!value)
                return verdict::holds;
            void const* const at = optional ? type.optional->get(value) : value;
            return outcome((at && contains(argument, single, at)) == wanted, "is or is not in the list");
        }
        if (!has_comparable_elements(type, element))
            return unfit();
        if (!value)
            return verdict::holds;
        // Of a list: all of them in, or none of them in.
        return outcome(
            each_element(type, value,
                         [&](type_info const& t, void const* e) { return contains(argument, t, e) == wanted; }),
            "is or is not in the list");
    }

    verdict containment(std::uint64_t function, type_info const& type, void const* value, argument_view const& argument)
    {
        if (!argument.set())
            return unfit();
        bool const optional = type.kind == type_kind::optional;
        type_info const& container = optional ? *type.element : type;
        if (!has_comparable_elements(container, *argument.type->element))
            return unfit();
        if (!value)
            return verdict::holds;
        void const* const at = optional ? type.optional->get(value) : value;
        if (!at)
            return violated("is absent");
        std::size_t const wanted = argument.type->sequence->size(argument.value);
        auto const* expected =
            static_cast<std::byte const*>(wanted ? argument.type->sequence->data(argument.value) : nullptr);
        for (std::size_t i = 0; i < wanted; ++i, expected += argument.type->element->size)
        {
            bool const absent = each_element(container, at, [&](type_info const& t, void const* e) {
                return !same_element(t, e, *argument.type->element, expected);
            });
            if (absent == (function == restriction::has_all))
                return violated(absent ? "lacks an element" : "has an element that it may not have");
        }
        return verdict::holds;
    }

    // The chain keeps it behind a pointer, where its restrictions cannot look. Known by its members, because its own table
    // holds those of all operations' fees.
    static bool is_fee_schedule(type_info const& type)
    {
        return type.field_count == 2 && type.fields[0].name == "parameters" && type.fields[1].name == "scale";
    }

    static bool is_integer(type_info const& type)
    {
        switch (type.kind)
        {
        case type_kind::uint8:
        case type_kind::uint16:
        case type_kind::uint32:
        case type_kind::uint64:
        case type_kind::int8:
        case type_kind::int16:
        case type_kind::int32:
        case type_kind::int64: return true;
        default: return false;
        }
    }

    static bool comparable(type_info const& a, type_info const& b)
    {
        return &a == &b || (is_integer(a) && is_integer(b)) ||
               (a.kind == type_kind::boolean && b.kind == type_kind::boolean);
    }

    static bool is_container(type_info const& type)
    {
        return type.kind == type_kind::sequence || type.kind == type_kind::string || type.kind == type_kind::bytes;
    }

    static bool has_comparable_elements(type_info const& type, type_info const& element)
    {
        return type.kind == type_kind::sequence ? comparable(*type.element, element)
                                                : is_container(type) && is_integer(element);
    }

    static std::uint64_t size_of(type_info const& type, void const* value)
    {
        switch (type.kind)
        {
        case type_kind::string: return static_cast<std::string const*>(value)->size();
        case type_kind::bytes: return static_cast<bytes const*>(value)->size();
        default: return type.sequence->size(value);
        }
    }

    // True when `test` is so for all elements. Those of strings and bytes are signed characters, as on the chain.
    template <class Test>
    static bool each_element(type_info const& type, void const* value, Test test)
    {
        std::size_t const count = size_of(type, value);
        if (type.kind == type_kind::sequence)
        {
            auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
            for (std::size_t i = 0; i < count; ++i, element += type.element->size)
                if (!test(*type.element, element))
                    return false;
            return true;
        }
        void const* const data = type.kind == type_kind::string
                                     ? static_cast<void const*>(static_cast<std::string const*>(value)->data())
                                     : static_cast<bytes const*>(value)->data();
        for (std::size_t i = 0; i < count; ++i)
            if (!test(type_of<std::int8_t>, static_cast<std::byte const*>(data) + i))
                return false;
        return true;
    }

    template <class T>
    static T read(void const* value)
    {
        T t;
        std::memcpy(&t, value, sizeof t);
        return t;
    }

    static int compare(std::uint64_t a, std::int64_t b)
    {
        if (b < 0)
            return 1;
        auto const c = static_cast<std::uint64_t>(b);
        return a < c ? -1 : a > c;
    }
    static int compare(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b; }

    static int compare_integer(type_info const& type, void const* value, std::int64_t with)
    {
        switch (type.kind)
        {
        case type_kind::uint8: return compare(std::uint64_t{read<std::uint8_t>(value)}, with);
        case type_kind::uint16: return compare(std::uint64_t{read<std::uint16_t>(value)}, with);
        case type_kind::uint32: return compare(std::uint64_t{read<std::uint32_t>(value)}, with);
        case type_kind::uint64: return compare(read<std::uint64_t>(value), with);
        case type_kind::int8: return compare(std::int64_t{read<std::int8_t>(value)}, with);
        case type_kind::int16: return compare(std::int64_t{read<std::int16_t>(value)}, with);
        case type_kind::int32: return compare(std::int64_t{read<std::int32_t>(value)}, with);
        default: return compare(read<std::int64_t>(value), with);
        }
    }

    // Of comparable types; `b` is the argument's, whose integers are all of 64 bits with a sign.
    static bool same_element(type_info const& type, void const* a, type_info const& argument, void const* b)
    {
        if (is_integer(type))
            return compare_integer(type, a, read<std::int64_t>(b)) == 0;
        switch (type.kind)
        {
        case type_kind::boolean: return *static_cast<bool const*>(a) == *static_cast<bool const*>(b);
        case type_kind::string: return *static_cast<std::string const*>(a) == *static_cast<std::string const*>(b);
        case type_kind::sequence:
        {
            std::size_t const count = type.sequence->size(a);
            if (count != argument.sequence->size(b))
                return false;
            auto const* x = static_cast<std::byte const*>(count ? type.sequence->data(a) : nullptr);
            auto const* y = static_cast<std::byte const*>(count ? argument.sequence->data(b) : nullptr);
            for (std::size_t i = 0; i < count; ++i, x += type.element->size, y += argument.element->size)
                if (!same_element(*type.element, x, *argument.element, y))
                    return false;
            return true;
        }
        default: return std::memcmp(a, b, type.size) == 0; // ids, keys, hashes, times: nothing but their bytes
        }
    }

    static bool same_value(type_info const& type, void const* value, argument_view const& argument)
    {
        return same_element(type, value, *argument.type, argument.value);
    }

    static int compare_values(type_info const& type, void const* value, argument_view const& argument)
    {
        if (is_integer(type))
            return compare_integer(type, value, read<std::int64_t>(argument.value));
        switch (type.kind)
        {
        case type_kind::string:
            return static_cast<std::string const*>(value)->compare(*static_cast<std::string const*>(argument.value));
        case type_kind::time:
        {
            auto const a = read<std::uint32_t>(value), b = read<std::uint32_t>(argument.value);
            return a < b ? -1 : a > b;
        }
        default: // object ids
        {
            auto const a = read<std::uint64_t>(value), b = read<std::uint64_t>(argument.value);
            return a < b ? -1 : a > b;
        }
        }
    }

    static bool contains(argument_view const& set, type_info const& type, void const* value)
    {
        std::size_t const count = set.type->sequence->size(set.value);
        auto const* element = static_cast<std::byte const*>(count ? set.type->sequence->data(set.value) : nullptr);
        // The chain looks an unsigned number up as a signed one.
        std::int64_t const wrapped = type.kind == type_kind::uint64 ? read<std::int64_t>(value) : 0;
        for (std::size_t i = 0; i < count; ++i, element += set.type->element->size)
            if (type.kind == type_kind::uint64 ? wrapped == read<std::int64_t>(element)
                                               : same_element(type, value, *set.type->element, element))
                return true;
        return false;
    }

    verdict invalid(std::string why) { return fail(errc::invalid_restriction, std::move(why), verdict::invalid); }
    verdict unfit() { return invalid("'" + std::string(field_) + "' cannot be compared with such an argument"); }
    verdict violated(std::string_view why)
    {
        return fail(errc::restriction_violated, "'" + std::string(field_) + "' " + std::string(why), verdict::violated);
    }
    verdict outcome(bool holds, std::string_view rule)
    {
        return holds ? verdict::holds
                     : fail(errc::restriction_violated, "not so: '" + std::string(field_) + "' " + std::string(rule),
                            verdict::violated);
    }
    verdict fail(errc code, std::string why, verdict v)
    {
        code_ = code;
        detail_ = std::move(why);
        path_.clear();
        return v;
    }
    verdict in(std::string_view step, verdict v)
    {
        if (v != verdict::holds)
            path_.insert(0, step);
        return v;
    }

    errc code_ = errc::restriction_violated;
    std::string detail_;
    std::string path_;
    std::string_view field_;
};

BITSHARES_LAZY result<void> check_restrictions(std::span<restriction const> restrictions, type_info const& type,
                                               void const* value)
{
    restriction_walk<BITSHARES_DEPENDENT(restriction_argument)> walk;
    if (walk.all(restrictions, type, value, true) == decltype(walk)::verdict::holds)
        return {};
    return walk.take_error();
}

} // namespace detail

BITSHARES_LAZY result<void> validate_restrictions(std::span<restriction const> restrictions,
                                                  std::uint64_t operation_type)
{
    detail::variant_operations const& operations = *detail::type_of<BITSHARES_DEPENDENT(operation)>.variant;
    if (operation_type >= operations.count)
        return error(errc::invalid_restriction, "no operation has the number " + std::to_string(operation_type));
    auto const tag = static_cast<std::size_t>(operation_type);
    if (operation_traits(tag).is_virtual)
        return error(errc::invalid_restriction,
                     std::string(operation_traits(tag).name) + " is an operation that only the chain makes");
    return detail::check_restrictions(restrictions, *operations.alternatives[tag], nullptr);
}

BITSHARES_LAZY result<void> check_restrictions(std::span<restriction const> restrictions, operation const& op)
{
    if (!op.known())
        return error(errc::unknown_tag, "operation " + std::to_string(op.tag()));
    detail::variant_operations const& operations = *detail::type_of<BITSHARES_DEPENDENT(operation)>.variant;
    return detail::check_restrictions(restrictions, *operations.alternatives[op.tag()], operations.get(&op.value));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
