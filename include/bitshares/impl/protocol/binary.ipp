#pragma once

#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/uint128.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "the chain's integers are little endian, and so must the machine be");

// A type's number of bytes on the wire where value and wire are the same; 0 where they are not.
constexpr std::size_t plain_size(type_info const& type) noexcept
{
    switch (type.kind)
    {
    case type_kind::uint8:
    case type_kind::int8: return 1;
    case type_kind::uint16:
    case type_kind::int16: return 2;
    case type_kind::uint32:
    case type_kind::int32:
    case type_kind::time:
    case type_kind::vote_id: return 4;
    case type_kind::uint64:
    case type_kind::int64:
    case type_kind::any_object_id: return 8;
    case type_kind::uint128: return 16;
    case type_kind::public_key:
    case type_kind::address:
    case type_kind::fixed_bytes: return type.size;
    default: return 0;
    }
}

inline void const* member(void const* object, field_info const& field) noexcept
{
    return static_cast<std::byte const*>(object) + field.offset;
}

inline void* member(void* object, field_info const& field) noexcept
{
    return static_cast<std::byte*>(object) + field.offset;
}

// The path is built only when an error travels back up.
inline error in_path(error const& inner, std::string_view step)
{
    return {inner.code(), inner.detail(), '/' + std::string(step) + inner.path()};
}

inline constexpr std::size_t usual_packed_size = 192; // an operation with a memo

class packer
{
public:
    explicit packer(bytes& out) : out_(out) {}

    bool pack(type_info const& type, void const* value, std::size_t depth)
    {
        if (depth > limits{}.max_depth)
            return fail(errc::depth_limit);
        switch (type.kind)
        {
        case type_kind::boolean: write_byte(*static_cast<bool const*>(value) ? 1 : 0); return true;
        case type_kind::varuint: write_count(static_cast<varuint const*>(value)->value); return true;
        case type_kind::object_id: write_count(read<std::uint64_t>(value)); return true;
        case type_kind::string:
        {
            auto const& text = *static_cast<std::string const*>(value);
            write_count(text.size());
            write(text.data(), text.size());
            return true;
        }
        case type_kind::bytes:
        {
            auto const& data = *static_cast<bytes const*>(value);
            write_count(data.size());
            write(data.data(), data.size());
            return true;
        }
        case type_kind::optional:
        {
            void const* const inner = type.optional->get(value);
            write_byte(inner ? 1 : 0);
            return !inner || pack(*type.element, inner, depth + 1);
        }
        case type_kind::sequence:
        {
            std::size_t const count = type.sequence->size(value);
            auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
            write_count(count);
            for (std::size_t i = 0; i < count; ++i, element += type.element->size)
                if (!pack(*type.element, element, depth + 1))
                    return step(std::to_string(i));
            return true;
        }
        case type_kind::pair:
        case type_kind::structure:
            for (std::size_t i = 0; i < type.field_count; ++i)
                if (!pack(*type.fields[i].type, member(value, type.fields[i]), depth + 1))
                    return step(type.fields[i].name);
            return true;
        case type_kind::extension: return pack_extension(type, value, depth);
        case type_kind::variant:
        {
            std::size_t const index = type.variant->index(value);
            if (index >= type.variant->count)
                return fail(errc::unknown_tag, "tag " + std::to_string(type.variant->unknown(value)->tag) +
                                                   " was read from a node and has no known binary form"),
                       step("0");
            write_count(index);
            return pack(*type.variant->alternatives[index], type.variant->get(value), depth + 1) || step("1");
        }
        case type_kind::raw_json:
        case type_kind::shaped:
        case type_kind::enumeration: return fail(errc::wrong_type, "a type that has no binary form");
        default: write(value, plain_size(type)); return true;
        }
    }

    bitshares::error take_error() { return std::move(*error_); }

private:
    template <class T>
    static T read(void const* value) noexcept
    {
        T t;
        std::memcpy(&t, value, sizeof t);
        return t;
    }

    void write(void const* data, std::size_t size)
    {
        auto const* const first = static_cast<std::uint8_t const*>(data);
        out_.insert(out_.end(), first, first + size);
    }
    void write_byte(std::uint8_t byte) { out_.push_back(byte); }
    void write_count(std::uint64_t count)
    {
        std::uint8_t buffer[max_varint_bytes];
        write(buffer, write_varint(count, buffer));
    }

    bool pack_extension(type_info const& type, void const* value, std::size_t depth)
    {
        std::size_t present = 0;
        for (std::size_t i = 0; i < type.field_count; ++i)
            present += type.fields[i].type->optional->get(member(value, type.fields[i])) != nullptr;
        write_count(present);
        for (std::size_t i = 0; i < type.field_count; ++i)
        {
            field_info const& field = type.fields[i];
            if (void const* const inner = field.type->optional->get(member(value, field)))
            {
                write_count(i);
                if (!pack(*field.type->element, inner, depth + 1))
                    return step(field.name);
            }
        }
        return true;
    }

    bool fail(errc code, std::string detail = {})
    {
        error_.emplace(code, std::move(detail));
        return false;
    }
    bool step(std::string_view name)
    {
        *error_ = in_path(*error_, name);
        return false;
    }

    bytes& out_;
    std::optional<bitshares::error> error_;
};

// The fewest bytes that a value takes, with a look into static variants, which the constant tables cannot have: an
// operation holds operations.
inline std::size_t least_packed(type_info const& type)
{
    std::size_t least = 0;
    switch (type.kind)
    {
    case type_kind::pair:
    case type_kind::structure:
        for (std::size_t i = 0; i < type.field_count; ++i)
            least += least_packed(*type.fields[i].type);
        break;
    case type_kind::variant:
        least = least_packed(*type.variant->alternatives[0]);
        for (std::size_t i = 1; i < type.variant->count; ++i)
            least = std::min(least, least_packed(*type.variant->alternatives[i]));
        least += 1;
        break;
    default: least = type.minimum_packed;
    }
    return least;
}

class unpacker
{
public:
    unpacker(std::span<std::uint8_t const> data, limits const& limits)
        : at_(data.data()),
          end_(data.data() + data.size()),
          limits_(limits),
          memory_left_(memory_limit(limits, data.size(), 64 << 10))
    {}

    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    bool unpack(type_info const& type, void* value, std::size_t depth)
    {
        if (depth > limits_.max_depth)
            return fail(errc::depth_limit);
        switch (type.kind)
        {
        case type_kind::boolean:
        {
            std::uint8_t byte = 0;
            if (!read(&byte, 1))
                return false;
            if (byte > 1)
                return fail(errc::invalid_bool, std::to_string(byte));
            *static_cast<bool*>(value) = byte != 0;
            return true;
        }
        case type_kind::varuint: return read_varuint(static_cast<varuint*>(value)->value);
        case type_kind::object_id:
        {
            std::uint64_t instance = 0;
            if (!read_varuint(instance))
                return false;
            if (instance > max_instance)
                return fail(errc::value_out_of_range, "an object's instance of more than 48 bits");
            std::memcpy(value, &instance, sizeof instance);
            return true;
        }
        case type_kind::string:
        {
            std::size_t size = 0;
            if (!read_size(size))
                return false;
            static_cast<std::string*>(value)->assign(reinterpret_cast<char const*>(at_), size);
            at_ += size;
            return true;
        }
        case type_kind::bytes:
        {
            std::size_t size = 0;
            if (!read_size(size))
                return false;
            static_cast<bytes*>(value)->assign(at_, at_ + size);
            at_ += size;
            return true;
        }
        case type_kind::optional:
        {
            bool present = false;
            if (!unpack(type_of<bool>, &present, depth))
                return false;
            if (!present)
                return type.optional->reset(value), true;
            return unpack(*type.element, type.optional->emplace(value), depth + 1);
        }
        case type_kind::sequence: return unpack_sequence(type, value, depth);
        case type_kind::pair:
        case type_kind::structure:
            for (std::size_t i = 0; i < type.field_count; ++i)
                if (!unpack(*type.fields[i].type, member(value, type.fields[i]), depth + 1))
                    return step(type.fields[i].name);
            return true;
        case type_kind::extension: return unpack_extension(type, value, depth);
        case type_kind::variant:
        {
            std::uint64_t tag = 0;
            if (!read_varuint(tag))
                return step("0");
            if (tag >= type.variant->count)
                return fail(errc::unknown_tag, "tag " + std::to_string(tag) + ", known are 0 to " +
                                                   std::to_string(type.variant->count - 1)),
                       step("0");
            auto const index = static_cast<std::size_t>(tag);
            return unpack(*type.variant->alternatives[index], type.variant->emplace(value, index), depth + 1) ||
                   step("1");
        }
        case type_kind::raw_json:
        case type_kind::shaped:
        case type_kind::enumeration: return fail(errc::wrong_type, "a type that has no binary form");
        default: return read(value, plain_size(type));
        }
    }

    bitshares::error take_error() { return std::move(*error_); }

private:
    static constexpr std::uint64_t max_instance = (std::uint64_t{1} << 48) - 1;

    bool read(void* out, std::size_t size)
    {
        if (left() < size)
            return fail(errc::unexpected_end);
        std::memcpy(out, at_, size);
        at_ += size;
        return true;
    }

    bool read_varuint(std::uint64_t& value)
    {
        switch (read_varint(at_, end_, value))
        {
        case varint_status::ok: return true;
        case varint_status::truncated: return fail(errc::unexpected_end);
        case varint_status::overflow: break;
        }
        return fail(errc::varint_overflow);
    }

    bool read_size(std::size_t& size)
    {
        std::uint64_t claimed = 0;
        if (!read_varuint(claimed))
            return false;
        if (claimed > limits_.max_string_bytes)
            return fail(errc::string_limit, std::to_string(claimed) + " bytes");
        if (claimed > left())
            return fail(errc::unexpected_end);
        size = static_cast<std::size_t>(claimed);
        return true;
    }

    bool unpack_sequence(type_info const& type, void* value, std::size_t depth)
    {
        std::uint64_t count = 0;
        if (!read_varuint(count))
            return false;
        if (count > limits_.max_elements)
            return fail(errc::element_limit, std::to_string(count) + " elements");
        // A count is believed only as far as the bytes behind it can hold that many.
        std::size_t const least = std::max<std::size_t>(1, type.element->minimum_packed);
        if (count > left() / least)
            return fail(errc::unexpected_end,
                        std::to_string(count) + " elements in " + std::to_string(left()) + " bytes");
        // Sorting a set takes as much again, and an index for each element.
        std::size_t const taken =
            type.element->size * (type.sequence->normalise ? 2 : 1) + (type.sequence->normalise ? 8 : 0);
        if (count > memory_left_ / taken && count > left() / std::max<std::size_t>(1, least_packed(*type.element)))
            return fail(errc::unexpected_end,
                        std::to_string(count) + " elements in " + std::to_string(left()) + " bytes");
        if (count > memory_left_ / taken)
            return fail(errc::memory_limit, memory_limit_detail(limits_));
        memory_left_ -= static_cast<std::size_t>(count) * taken;
        type.sequence->clear(value);
        type.sequence->reserve(value, static_cast<std::size_t>(count));
        for (std::uint64_t i = 0; i < count; ++i)
            if (!unpack(*type.element, type.sequence->append(value), depth + 1))
                return step(std::to_string(i));
        if (type.sequence->normalise)
            type.sequence->normalise(value);
        return true;
    }

    bool unpack_extension(type_info const& type, void* value, std::size_t depth)
    {
        std::uint64_t count = 0;
        if (!read_varuint(count))
            return false;
        for (std::size_t i = 0; i < type.field_count; ++i)
            type.fields[i].type->optional->reset(member(value, type.fields[i]));
        std::uint64_t next = 0; // the least index that may follow
        for (; count != 0; --count)
        {
            std::uint64_t index = 0;
            if (!read_varuint(index))
                return false;
            if (index >= type.field_count)
                return fail(errc::unknown_tag, "extension member " + std::to_string(index));
            if (index < next)
                return fail(errc::unordered_tag, "extension member " + std::to_string(index));
            next = index + 1;
            field_info const& field = type.fields[index];
            if (!unpack(*field.type->element, field.type->optional->emplace(member(value, field)), depth + 1))
                return step(field.name);
        }
        return true;
    }

    bool fail(errc code, std::string detail = {})
    {
        error_.emplace(code, std::move(detail));
        return false;
    }
    bool step(std::string_view name)
    {
        *error_ = in_path(*error_, name);
        return false;
    }

    std::uint8_t const* at_;
    std::uint8_t const* end_;
    limits const& limits_;
    std::size_t memory_left_;
    std::optional<bitshares::error> error_;
};

BITSHARES_DECL result<void> pack_value(type_info const& type, void const* value, bytes& out)
{
    std::size_t const before = out.size();
    if (out.capacity() - before <
        usual_packed_size) // one allocation instead of one for each doubling from a single byte
        out.reserve(std::max(before + usual_packed_size, 2 * out.capacity()));
    packer p(out);
    if (p.pack(type, value, 0))
        return {};
    out.resize(before);
    return p.take_error();
}

BITSHARES_DECL result<void> unpack_value(type_info const& type, void* value, std::span<std::uint8_t const> data,
                                         limits const& limits)
{
    if (data.size() > limits.max_total_bytes)
        return error(errc::size_limit, std::to_string(data.size()) + " bytes");
    unpacker u(data, limits);
    if (!u.unpack(type, value, 0))
        return u.take_error();
    if (u.left() != 0)
        return error(errc::trailing_bytes, std::to_string(u.left()) + " bytes");
    return {};
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
