#pragma once

#include <bitshares/history/filter.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Whether `value` names an object of this space and type whose instance is in `instances`.
class id_finder
{
public:
    template <class Id> // of any type: an id holds its instance alone
    id_finder(std::vector<Id> const& ids, std::string_view without)
        : kind_(Id::space() << 8 | Id::type()), ids_(ids.data()), count_(ids.size()), without_(without)
    {
        static_assert(sizeof(Id) == sizeof(std::uint64_t));
    }

    bool in(type_info const& type, void const* value) const
    {
        switch (type.kind)
        {
        case type_kind::object_id: return type.parameter == kind_ && is(read<std::uint64_t>(value));
        case type_kind::any_object_id:
        {
            auto const& id = *static_cast<any_object_id const*>(value);
            return static_cast<std::uint32_t>(id.space() << 8 | id.type()) == kind_ && is(id.instance());
        }
        case type_kind::optional:
        {
            void const* const inner = type.optional->get(value);
            return inner && in(*type.element, inner);
        }
        case type_kind::sequence:
        {
            std::size_t const count = type.sequence->size(value);
            auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
            for (std::size_t i = 0; i < count; ++i, element += type.element->size)
                if (in(*type.element, element))
                    return true;
            return false;
        }
        case type_kind::pair:
        case type_kind::structure:
        case type_kind::extension:
            for (std::size_t i = 0; i < (type.kind == type_kind::pair ? 2 : type.field_count); ++i)
                if (field_info const& field = type.fields[i];
                    (without_.empty() || field.name != without_) &&
                    in(*field.type, static_cast<std::byte const*>(value) + field.offset))
                    return true;
            return false;
        case type_kind::variant:
        {
            variant_operations const& variant = *type.variant;
            if (std::size_t const index = variant.index(value); index < variant.count)
                return in(*variant.alternatives[index], variant.get(value));
            unknown_alternative const* const unknown = variant.unknown ? variant.unknown(value) : nullptr;
            return unknown && in_text(unknown->raw_json);
        }
        default: return false;
        }
    }

private:
    template <class T>
    static T read(void const* from)
    {
        T value;
        std::memcpy(&value, from, sizeof value);
        return value;
    }

    // Of what this version does not know: which member is the fee is not known either.
    bool in_text(std::string_view json) const
    {
        auto const* const ids = static_cast<std::byte const*>(ids_);
        for (std::size_t i = 0; i < count_; ++i)
            if (auto const instance = read<std::uint64_t>(ids + i * sizeof(std::uint64_t));
                json.find('"' + std::to_string(kind_ >> 8) + '.' + std::to_string(kind_ & 0xff) + '.' +
                          std::to_string(instance) + '"') != json.npos)
                return true;
        return false;
    }

    bool is(std::uint64_t instance) const
    {
        auto const* const ids = static_cast<std::byte const*>(ids_);
        for (std::size_t i = 0; i < count_; ++i)
            if (read<std::uint64_t>(ids + i * sizeof instance) == instance)
                return true;
        return false;
    }

    std::uint32_t kind_;
    void const* ids_;
    std::size_t count_;
    std::string_view without_; // a member that does not count
};

} // namespace detail

BITSHARES_LAZY bool history_filter::in_range(operation_history_object const& row) const
{
    return (!from || row.block_time >= *from) && (!to || row.block_time < *to) &&
           (!first_block || row.block_num >= *first_block) && (!last_block || row.block_num <= *last_block) &&
           (!first || row.id >= *first) && (!last || row.id <= *last) &&
           (types.empty() || std::find(types.begin(), types.end(), row.op.tag()) != types.end());
}

BITSHARES_LAZY bool history_filter::names(operation_history_object const& row) const
{
    auto const found = [&row](detail::id_finder const& finder) {
        return finder.in(detail::type_of<BITSHARES_DEPENDENT(bitshares::operation)>, &row.op) ||
               finder.in(detail::type_of<BITSHARES_DEPENDENT(operation_result)>, &row.result);
    };
    return (assets.empty() || found({assets, "fee"})) && (counterparties.empty() || found({counterparties, {}}));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
