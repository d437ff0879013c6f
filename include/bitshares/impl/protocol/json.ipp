#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/impl/protocol/public_key.ipp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline bool read_decimal(std::string_view text, uint128& value) noexcept
{
    value = {};
    if (text.empty() || text.size() > 39)
        return false;
    for (char c : text)
    {
        if (c < '0' || c > '9')
            return false;
        // value * 10 + digit, in 32-bit steps
        std::uint64_t carry = static_cast<std::uint64_t>(c - '0');
        for (std::uint64_t* half : {&value.low, &value.high})
        {
            std::uint64_t const low = (*half & 0xffffffff) * 10 + carry;
            std::uint64_t const high = (*half >> 32) * 10 + (low >> 32);
            *half = high << 32 | (low & 0xffffffff);
            carry = high >> 32;
        }
        if (carry != 0)
            return false;
    }
    return true;
}

inline std::string to_decimal(uint128 value)
{
    std::string text;
    do
    {
        std::uint64_t rest = 0;
        for (std::uint64_t* half : {&value.high, &value.low})
        {
            std::uint64_t const high = (rest << 32 | *half >> 32);
            std::uint64_t const low = (high % 10) << 32 | (*half & 0xffffffff);
            *half = (high / 10) << 32 | low / 10;
            rest = low % 10;
        }
        text.insert(text.begin(), static_cast<char>('0' + rest));
    } while (value != uint128{});
    return text;
}

// Most names have 2 to 16 characters, for which two loads from either end say all; a call of memcmp costs more.
inline bool same_name(std::string_view a, std::string_view b) noexcept
{
    std::size_t const size = a.size();
    if (size != b.size())
        return false;
    auto const same = [&]<class Word>(Word, std::size_t at) {
        Word x, y;
        std::memcpy(&x, a.data() + at, sizeof x);
        std::memcpy(&y, b.data() + at, sizeof y);
        return x == y;
    };
    if (size >= 8 && size <= 16)
        return same(std::uint64_t{}, 0) && same(std::uint64_t{}, size - 8);
    if (size >= 4 && size < 8)
        return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
    return a == b;
}

/* Takes the parser's events and fills a value through its type's table. One frame for each open array or object of the
   type; what is skipped or kept verbatim has no frames, only a depth. */
class json_filler
{
public:
    json_filler(type_info const& type, void* value, json_options const& options, rapidjson::MemoryStream& stream)
        : options_(options),
          stream_(stream),
          strict_(options.mode == json_mode::strict),
          adapted_(options.mode == json_mode::elasticsearch),
          max_depth_(std::min<std::size_t>(options.limits.max_depth, 1'000)),
          memory_left_(memory_limit(options.limits, stream.size_, 4 << 20)),
          next_{&type, value}
    {
        frames_.reserve(16);
    }

    // `filler` takes what `stream`, which is of `text`, holds.
    static result<void> parse(std::string_view text, rapidjson::MemoryStream& stream, json_filler& filler)
    {
        rapidjson::Reader reader;
        rapidjson::ParseResult const parsed = reader.Parse<rapidjson::kParseDefaultFlags>(stream, filler);
        if (filler.failed_)
            return error(filler.code_, std::move(filler.detail_), filler.path());
        if (parsed.IsError())
            return error(errc::invalid_json,
                         "byte " + std::to_string(parsed.Offset()) + ": " + rapidjson::GetParseError_En(parsed.Code()));
        if (stream.Tell() != text.size()) // the parser takes a NUL for the end of the input
            return error(errc::invalid_json, "byte " + std::to_string(stream.Tell()) + ": a NUL in the text");
        return {};
    }

    // Events of rapidjson::Reader
    bool Null()
    {
        if (passive_)
            return end_passive();
        target t;
        if (!next_target(t))
            return false;
        if (t.type->kind == type_kind::optional)
        {
            t.type->optional->reset(t.object);
            return done();
        }
        if (is_captured(t))
            return capture_scalar(t);
        if (t.type->kind == type_kind::extension)
            return done(); // nodes take null for an empty one
        return fail(errc::wrong_type, "null");
    }
    bool Bool(bool value)
    {
        if (passive_)
            return end_passive();
        target t;
        if (!inner_target(t))
            return false;
        if (t.type->kind == type_kind::boolean)
        {
            *static_cast<bool*>(t.object) = value;
            return done();
        }
        if (is_captured(t))
            return capture_scalar(t);
        return fail(errc::wrong_type, "a boolean");
    }
    bool Int(int value) { return integer(value < 0, static_cast<std::uint64_t>(std::int64_t{value})); }
    bool Uint(unsigned value) { return integer(false, value); }
    bool Int64(std::int64_t value) { return integer(value < 0, static_cast<std::uint64_t>(value)); }
    bool Uint64(std::uint64_t value) { return integer(false, value); }
    bool Double(double)
    {
        if (passive_)
            return end_passive();
        target t;
        if (!inner_target(t))
            return false;
        if (is_captured(t))
            return capture_scalar(t);
        return fail(errc::wrong_type, "a number that is not a 64-bit integer");
    }
    bool RawNumber(char const*, rapidjson::SizeType, bool) { return fail(errc::wrong_type); }
    bool String(char const* data, rapidjson::SizeType size, bool)
    {
        if (passive_)
            return end_passive();
        target t;
        if (!next_target(t))
            return false;
        if (adapted_ && size == 0 && t.type->kind == type_kind::optional && never_empty(t.type->element->kind))
        {
            t.type->optional->reset(t.object);
            return done();
        }
        unwrap(t);
        return fill_string(t, std::string_view(data, size)) && done();
    }
    bool StartObject()
    {
        if (!deeper())
            return false;
        if (passive_)
            return skip_begun();
        target t;
        if (!inner_target(t))
            return false;
        switch (t.type->kind)
        {
        case type_kind::structure:
        case type_kind::extension: frames_.push_back({t.type, t.object}); return mark();
        case type_kind::raw_json:
        case type_kind::shaped: return capture_start(t);
        default: return fail(errc::wrong_type, "an object");
        }
    }
    bool Key(char const* data, rapidjson::SizeType size, bool)
    {
        if (passive_)
            return true;
        frame& top = frames_.back();
        std::string_view const name(data, size);
        std::size_t index = find_member(top, name);
        if (index == none && adapted_ && name.ends_with('_'))
            index = find_member(top, name.substr(0, name.size() - 1));
        if (index == none)
            return unknown_member(name);
        std::uint64_t& seen = top.seen[index / 64];
        std::uint64_t const bit = std::uint64_t{1} << index % 64;
        top.current = index;
        top.index = index + 1;
        if (strict_ && (seen & bit) != 0)
            return fail(errc::duplicate_member);
        seen |= bit;
        field_info const& field = top.type->fields[index];
        next_ = {field.type, static_cast<std::byte*>(top.object) + field.offset};
        return mark();
    }
    bool EndObject(rapidjson::SizeType)
    {
        --depth_;
        if (passive_)
            return depth_ != passive_depth_ || end_passive();
        frame const& top = frames_.back();
        if (strict_ && top.type->kind == type_kind::structure)
            for (std::size_t i = 0; i < top.type->field_count; ++i)
                if ((top.seen[i / 64] & std::uint64_t{1} << i % 64) == 0 &&
                    top.type->fields[i].type->kind != type_kind::optional)
                {
                    frames_.back().current = i;
                    return fail(errc::missing_member);
                }
        frames_.pop_back();
        return done();
    }
    bool StartArray()
    {
        if (!deeper())
            return false;
        if (passive_)
            return skip_begun();
        target t;
        if (!inner_target(t))
            return false;
        switch (t.type->kind)
        {
        case type_kind::sequence: t.type->sequence->clear(t.object); [[fallthrough]];
        case type_kind::pair:
        case type_kind::variant:
        case type_kind::extension: // nodes take [] for an empty one
            frames_.push_back({t.type, t.object});
            frames_.back().array = true;
            return mark();
        case type_kind::raw_json:
        case type_kind::shaped: return capture_start(t);
        default: return fail(errc::wrong_type, "an array");
        }
    }
    bool EndArray(rapidjson::SizeType)
    {
        --depth_;
        if (passive_)
            return depth_ != passive_depth_ || end_passive();
        frame const& top = frames_.back();
        if ((top.type->kind == type_kind::pair || top.type->kind == type_kind::variant) && top.index != 2)
        {
            frames_.back().current = none;
            return fail(errc::wrong_type, "an array of " + std::to_string(top.index) + " where two are expected");
        }
        if (top.type->kind == type_kind::sequence && top.type->sequence->normalise)
            top.type->sequence->normalise(top.object);
        frames_.pop_back();
        return done();
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    struct target
    {
        type_info const* type = nullptr;
        void* object = nullptr;
    };

    struct frame
    {
        type_info const* type;
        void* object;
        std::size_t index = 0;      // elements so far, or where the next member is expected
        std::size_t current = none; // element or member being read, for the path
        std::uint64_t seen[max_fields / 64] = {};
        target alternative = {}; // of a variant whose tag was read
        bool array = false;
    };

    // Nodes print members in the type's order, so the next one is usually the one after the last.
    static std::size_t find_member(frame const& top, std::string_view name)
    {
        std::size_t const count = top.type->field_count;
        std::size_t index = top.index;
        for (std::size_t tried = 0; tried != count; ++tried, ++index)
        {
            if (index >= count)
                index = 0;
            if (same_name(top.type->fields[index].name, name))
                return index;
        }
        return none;
    }

    bool mark()
    {
        token_end_ = stream_.Tell();
        return true;
    }

    bool done() { return mark(); }

    bool deeper()
    {
        if (++depth_ > max_depth_)
            return fail(errc::depth_limit, std::to_string(max_depth_) + " levels");
        return true;
    }

    // Where the value that comes now belongs.
    bool next_target(target& t)
    {
        if (frames_.empty())
        {
            t = next_;
            return true;
        }
        frame& top = frames_.back();
        if (!top.array)
        {
            t = next_;
            return true;
        }
        top.current = top.index++;
        switch (top.type->kind)
        {
        case type_kind::sequence:
            if (top.index > options_.limits.max_elements)
                return fail(errc::element_limit, std::to_string(options_.limits.max_elements) + " elements");
            if (std::size_t const taken = 2 * top.type->element->size;
                taken <= memory_left_) // with the room that lists grow into
                memory_left_ -= taken;
            else
                return fail(errc::memory_limit, memory_limit_detail(options_.limits));
            t = {top.type->element, top.type->sequence->append(top.object)};
            return true;
        case type_kind::pair:
            if (top.current > 1)
                return fail(errc::wrong_type, "an array of more than two");
            t = {top.type->fields[top.current].type,
                 static_cast<std::byte*>(top.object) + top.type->fields[top.current].offset};
            return true;
        case type_kind::variant:
            if (top.current > 1)
                return fail(errc::wrong_type, "an array of more than two");
            t = top.current == 0 ? target{&tag_type, &tag_} : top.alternative;
            return true;
        default: return fail(errc::wrong_type, "an element in an extension");
        }
    }

    bool inner_target(target& t)
    {
        if (!next_target(t))
            return false;
        unwrap(t);
        return true;
    }

    static void unwrap(target& t)
    {
        while (t.type->kind == type_kind::optional)
            t = {t.type->element, t.type->optional->emplace(t.object)};
    }

    // Of what no empty text can be a value.
    static bool never_empty(type_kind kind)
    {
        return kind != type_kind::string && kind != type_kind::bytes && kind != type_kind::raw_json;
    }

    bool unknown_member(std::string_view name)
    {
        // What an extension holds changes an operation's bytes: the node refuses an unknown one, and so do we.
        if (strict_ || (frames_.back().type->kind == type_kind::extension &&
                        !(adapted_ && name.ends_with("_object") &&
                          find_member(frames_.back(), name.substr(0, name.size() - 7)) != none)))
        {
            frames_.back().current = none;
            unknown_name_ = valid_utf8(name, 200);
            return fail(errc::unknown_member);
        }
        passive_ = true;
        passive_depth_ = depth_;
        captured_ = nullptr;
        return true;
    }

    bool end_passive()
    {
        if (depth_ != passive_depth_)
            return true;
        passive_ = false;
        mark();
        if (captured_)
            captured_->assign(text_at(capture_start_), token_end_ - capture_start_);
        else if (target const t = std::exchange(shaped_, {}); t.type)
            return fill_shaped(t, {text_at(capture_start_), token_end_ - capture_start_});
        return true;
    }

    static bool is_captured(target const& t)
    {
        return t.type->kind == type_kind::raw_json || t.type->kind == type_kind::shaped;
    }

    char const* text_at(std::size_t offset) const noexcept { return stream_.begin_ + offset; }

    bool capture_start(target const& t)
    {
        bool const shaped = t.type->kind == type_kind::shaped;
        captured_ = shaped ? nullptr : static_cast<std::string*>(t.object);
        shaped_ = shaped ? t : target();
        capture_start_ = stream_.Tell() - 1;
        passive_depth_ = depth_ - 1;
        passive_ = true;
        return skip_begun();
    }

    /* Half of a plugin's document only repeats the other half: of what is skipped or kept verbatim, the parser sees the
       brackets only. What is kept is read later, if at all, and then as strictly as the rest. */
    bool skip_begun()
    {
        if (!adapted_ || depth_ != passive_depth_ + 1)
            return true;
        std::size_t open = 1;
        for (char const* at = stream_.src_; at != stream_.end_; ++at)
            switch (*at)
            {
            case '"':
                for (++at; at != stream_.end_ && *at != '"'; ++at)
                    if (*at == '\\' && ++at == stream_.end_)
                        break;
                if (at == stream_.end_)
                    return true; // the parser says so
                break;
            case '{':
            case '[': ++open; break;
            case '}':
            case ']':
                if (--open == 0)
                {
                    stream_.src_ = at;
                    return true;
                }
                break;
            default: break;
            }
        return true;
    }

    bool capture_scalar(target const& t)
    {
        std::size_t start = token_end_;
        while (std::strchr(" \t\r\n:,", *text_at(start)) != nullptr)
            ++start;
        mark();
        std::string_view const text(text_at(start), token_end_ - start);
        if (t.type->kind == type_kind::shaped)
            return fill_shaped(t, text);
        static_cast<std::string*>(t.object)->assign(text);
        return true;
    }

    bool integer(bool negative, std::uint64_t value)
    {
        if (passive_)
            return end_passive();
        target t;
        if (!inner_target(t))
            return false;
        if (is_captured(t))
            return capture_scalar(t);
        if (t.type->kind == type_kind::boolean && !negative && value <= 1)
        {
            *static_cast<bool*>(t.object) = value != 0;
            return done();
        }
        return fill_integer(t, negative, value) && done();
    }

    // `value` in two's complement where it is negative
    bool fill_integer(target const& t, bool negative, std::uint64_t value)
    {
        switch (t.type->kind)
        {
        case type_kind::uint8: return fill_unsigned<std::uint8_t>(t, negative, value);
        case type_kind::uint16: return fill_unsigned<std::uint16_t>(t, negative, value);
        case type_kind::uint32: return fill_unsigned<std::uint32_t>(t, negative, value);
        case type_kind::uint64:
        case type_kind::varuint: return fill_unsigned<std::uint64_t>(t, negative, value) && tag_read(t);
        case type_kind::int8: return fill_signed<std::int8_t>(t, negative, value);
        case type_kind::int16: return fill_signed<std::int16_t>(t, negative, value);
        case type_kind::int32: return fill_signed<std::int32_t>(t, negative, value);
        case type_kind::int64: return fill_signed<std::int64_t>(t, negative, value);
        case type_kind::uint128:
            if (negative)
                return fail(errc::value_out_of_range);
            *static_cast<uint128*>(t.object) = {0, value};
            return true;
        default: return fail(errc::wrong_type, "a number");
        }
    }

    template <class T>
    bool fill_unsigned(target const& t, bool negative, std::uint64_t value)
    {
        if (negative || value > std::numeric_limits<T>::max())
            return out_of_range(negative, value);
        auto const narrow = static_cast<T>(value);
        std::memcpy(t.object, &narrow, sizeof narrow);
        return true;
    }

    template <class T>
    bool fill_signed(target const& t, bool negative, std::uint64_t value)
    {
        auto const number = static_cast<std::int64_t>(value);
        if ((number < 0) != negative || number < std::numeric_limits<T>::min() ||
            number > std::numeric_limits<T>::max())
            return out_of_range(negative, value);
        *static_cast<T*>(t.object) = static_cast<T>(number);
        return true;
    }

    bool out_of_range(bool negative, std::uint64_t value)
    {
        return fail(errc::value_out_of_range,
                    negative ? std::to_string(static_cast<std::int64_t>(value)) : std::to_string(value));
    }

    bool tag_read(target const& t)
    {
        if (t.object != &tag_)
            return true;
        frame& top = frames_.back();
        variant_operations const& variant = *top.type->variant;
        if (tag_ < variant.count)
        {
            auto const index = static_cast<std::size_t>(tag_);
            top.alternative = {variant.alternatives[index], variant.emplace(top.object, index)};
            return true;
        }
        if (strict_ || !variant.emplace_unknown)
            return fail(errc::unknown_tag,
                        "tag " + std::to_string(tag_) + ", known are 0 to " + std::to_string(variant.count - 1));
        unknown_alternative& unknown = *variant.emplace_unknown(top.object);
        unknown.tag = tag_;
        top.alternative = {&type_of<raw_json>, &unknown.raw_json};
        return true;
    }

    bool fill_string(target const& t, std::string_view text)
    {
        switch (t.type->kind)
        {
        case type_kind::string:
            if (text.size() > options_.limits.max_string_bytes)
                return fail(errc::string_limit, std::to_string(text.size()) + " bytes");
            if (find_invalid_utf8(text) != text.size()) // an escape of half a surrogate pair
                return fail(errc::invalid_json, "an escape that is no character");
            if (strict_ && !options_.any_character)
                for (char c : text)
                    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')
                        return fail(errc::control_character, "character " + std::to_string(int{c}));
            static_cast<std::string*>(t.object)->assign(text);
            return true;
        case type_kind::bytes:
        {
            if (text.size() / 2 > options_.limits.max_string_bytes)
                return fail(errc::string_limit, std::to_string(text.size() / 2) + " bytes");
            auto& data = *static_cast<bytes*>(t.object);
            data.resize(text.size() / 2);
            if (text.size() % 2 != 0 || !read_hex(text, data.data()))
                return fail(errc::invalid_hex, valid_utf8(text, 64));
            return true;
        }
        case type_kind::fixed_bytes:
            if (text.size() != std::size_t{2} * t.type->parameter)
                return fail(errc::invalid_hex, "expected " + std::to_string(2 * t.type->parameter) + " digits, not " +
                                                   std::to_string(text.size()));
            if (!read_hex(text, static_cast<std::uint8_t*>(t.object)))
                return fail(errc::invalid_hex, valid_utf8(text, 64));
            return true;
        case type_kind::object_id:
        {
            any_object_id id;
            if (!read_object_id(text, id) || (id.space() << 8 | id.type()) != static_cast<int>(t.type->parameter))
                return fail(errc::invalid_object_id, '"' + valid_utf8(text, 64) + "\", expected " +
                                                         std::to_string(t.type->parameter >> 8) + '.' +
                                                         std::to_string(t.type->parameter & 0xff) + ".n");
            std::uint64_t const instance = id.instance();
            std::memcpy(t.object, &instance, sizeof instance);
            return true;
        }
        case type_kind::any_object_id:
            return read_object_id(text, *static_cast<any_object_id*>(t.object)) ||
                   fail(errc::invalid_object_id, valid_utf8(text, 64));
        case type_kind::time: return fill<time_point_sec>(t, time_point_sec::from_string(text));
        case type_kind::vote_id: return fill<vote_id>(t, vote_id::from_string(text));
        case type_kind::public_key: return fill_key(static_cast<public_key*>(t.object)->data, text);
        case type_kind::address: return fill_key(static_cast<address*>(t.object)->data, text);
        case type_kind::uint128:
            return read_decimal(text, *static_cast<uint128*>(t.object)) ||
                   fail(errc::value_out_of_range, valid_utf8(text, 64));
        case type_kind::enumeration:
            for (std::uint8_t i = 0; i < t.type->parameter; ++i)
                if (t.type->names[i] == text)
                {
                    std::memcpy(t.object, &i, sizeof i);
                    return true;
                }
            return fail(errc::wrong_type, "unknown name " + valid_utf8(text, 64));
        case type_kind::raw_json:
        case type_kind::shaped: return capture_scalar(t);
        case type_kind::boolean:
            if (text != "true" && text != "false")
                return fail(errc::wrong_type, "a string where a boolean is expected");
            *static_cast<bool*>(t.object) = text == "true";
            return true;
        case type_kind::optional:
        case type_kind::sequence:
        case type_kind::pair:
        case type_kind::structure:
        case type_kind::extension:
        case type_kind::variant: return adapted_ ? fill_nested(t, text) : fail(errc::wrong_type, "a string");
        default: return fill_integer_text(t, text);
        }
    }

    // The text of a value, as the node printed it.
    bool fill_nested(target const& t, std::string_view text)
    {
        if (find_invalid_utf8(text) != text.size())
            return fail(errc::invalid_json, "an escape that is no character");
        json_options options = options_;
        options.mode = json_mode::lenient;
        return fill_from(t, text, options);
    }

    // Read once more, now that it is known what it is.
    bool fill_shaped(target const& t, std::string_view text)
    {
        variant_operations const& variant = *t.type->variant;
        std::size_t const index = variant.choose(text);
        if (index >= variant.count)
            return fail(errc::wrong_type, "none of the forms that it can have");
        return fill_from({variant.alternatives[index], variant.emplace(t.object, index)}, text, options_);
    }

    bool fill_from(target const& t, std::string_view text, json_options const& options)
    {
        rapidjson::MemoryStream stream(text.data(), text.size());
        json_filler inner(*t.type, t.object, options, stream);
        inner.max_depth_ = max_depth_ - depth_;
        inner.memory_left_ = memory_left_;
        result<void> const read = parse(text, stream, inner);
        memory_left_ = inner.memory_left_;
        if (read)
            return true;
        code_ = read.error().code();
        detail_ = read.error().detail();
        nested_path_ = read.error().path();
        failed_ = true;
        return false;
    }

    bool fill_integer_text(target const& t, std::string_view text)
    {
        bool const negative = !text.empty() && text.front() == '-';
        char const* const end = text.data() + text.size();
        std::uint64_t value = 0;
        std::from_chars_result parsed;
        if (negative)
        {
            std::int64_t number = 0;
            parsed = std::from_chars(text.data(), end, number);
            value = static_cast<std::uint64_t>(number);
        }
        else
            parsed = std::from_chars(text.data(), end, value);
        if (parsed.ec == std::errc::result_out_of_range)
            return fail(errc::value_out_of_range, valid_utf8(text, 64));
        if (parsed.ec != std::errc() || parsed.ptr != end)
            return fail(errc::wrong_type, '"' + valid_utf8(text, 64) + "\" where a number is expected");
        return fill_integer(t, negative && value != 0, value);
    }

    template <class T>
    bool fill(target const& t, result<T> const& read)
    {
        if (!read)
        {
            code_ = read.error().code();
            detail_ = read.error().detail();
            failed_ = true;
            return false;
        }
        *static_cast<T*>(t.object) = *read;
        return true;
    }

    template <std::size_t Size>
    bool fill_key(std::array<std::uint8_t, Size>& data, std::string_view text)
    {
        errc const code = decode_key(text, options_.key_prefix, data);
        if (code == errc{})
            return true;
        return fail(code, code == errc::wrong_key_prefix
                              ? "expected a key that begins with " + std::string(options_.key_prefix)
                              : valid_utf8(text, 64));
    }

    bool fail(errc code, std::string detail = {})
    {
        code_ = code;
        detail_ = std::move(detail);
        failed_ = true;
        return false;
    }

    std::string path() const
    {
        std::string text;
        for (frame const& f : frames_)
            if (f.current != none)
                text.append("/").append(f.array ? std::to_string(f.current)
                                                : std::string(f.type->fields[f.current].name));
        if (!nested_path_.empty())
            return text + nested_path_;
        if (code_ == errc::unknown_member)
        {
            text += '/';
            for (char c : unknown_name_) // RFC 6901, section 3
                c == '~' ? text += "~0" : c == '/' ? text += "~1" : text += c;
        }
        return text;
    }

    static constexpr type_info tag_type = leaf<std::uint64_t>(type_kind::uint64);

    json_options const& options_;
    rapidjson::MemoryStream& stream_;
    bool const strict_;
    bool const adapted_; // by a plugin that stores in Elasticsearch
    std::size_t max_depth_;
    std::size_t memory_left_;
    target next_; // where the value after a key, or the whole value, belongs
    std::vector<frame> frames_;
    std::size_t depth_ = 0;
    std::size_t token_end_ = 0; // offset behind the last event's token
    std::uint64_t tag_ = 0;

    bool passive_ = false; // inside a value that is skipped or kept verbatim
    std::size_t passive_depth_ = 0;
    std::string* captured_ = nullptr;
    target shaped_; // instead of it
    std::size_t capture_start_ = 0;

    bool failed_ = false;
    std::string unknown_name_;
    std::string nested_path_; // inside a text that holds JSON
    error_code code_;
    std::string detail_;
};

BITSHARES_DECL result<void> read_json(std::string_view text, type_info const& type, void* value,
                                      json_options const& options)
{
    if (text.size() > options.limits.max_total_bytes)
        return error(errc::size_limit, std::to_string(text.size()) + " bytes");
    // RapidJSON can validate too, a byte at a time, which takes longer than all the rest of reading.
    if (std::size_t const at = find_invalid_utf8(text); at != text.size())
        return error(errc::invalid_json, "byte " + std::to_string(at) + ": not UTF-8");
    rapidjson::MemoryStream stream(text.data(), text.size());
    json_filler filler(type, value, options, stream);
    return json_filler::parse(text, stream, filler);
}

// The characters that JSON escapes: what stands behind the backslash, `u` for those without a letter of their own.
inline constexpr auto json_escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c)
        table[c] = 'u';
    table['\b'] = 'b';
    table['\t'] = 't';
    table['\n'] = 'n';
    table['\f'] = 'f';
    table['\r'] = 'r';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

/* Appends to a string whose size is kept ahead of what is written, so that most tokens are a few stores. */
class json_printer
{
public:
    json_printer(std::string& out, std::string_view key_prefix, char integer_quote = '"')
        : out_(out), used_(out.size()), key_prefix_(key_prefix), integer_quote_(integer_quote)
    {}
    json_printer(json_printer const&) = delete;
    json_printer& operator=(json_printer const&) = delete;
    ~json_printer() { out_.resize(used_); }

    void print(type_info const& type, void const* value)
    {
        switch (type.kind)
        {
        case type_kind::boolean: print_raw(*static_cast<bool const*>(value) ? "true" : "false"); break;
        case type_kind::uint8: print_number(*static_cast<std::uint8_t const*>(value)); break;
        case type_kind::uint16: print_number(*static_cast<std::uint16_t const*>(value)); break;
        case type_kind::uint32: print_number(*static_cast<std::uint32_t const*>(value)); break;
        case type_kind::uint64: print_unsigned(*static_cast<std::uint64_t const*>(value)); break;
        case type_kind::varuint: print_unsigned(static_cast<varuint const*>(value)->value); break;
        case type_kind::int8: print_number(*static_cast<std::int8_t const*>(value)); break;
        case type_kind::int16: print_number(*static_cast<std::int16_t const*>(value)); break;
        case type_kind::int32: print_number(*static_cast<std::int32_t const*>(value)); break;
        case type_kind::int64: print_signed(*static_cast<std::int64_t const*>(value)); break;
        case type_kind::uint128: print_plain(to_decimal(*static_cast<uint128 const*>(value))); break;
        case type_kind::string: print_text(*static_cast<std::string const*>(value)); break;
        case type_kind::bytes: print_hex(*static_cast<bytes const*>(value)); break;
        case type_kind::fixed_bytes: print_hex({static_cast<std::uint8_t const*>(value), type.parameter}); break;
        case type_kind::time:
        {
            char text[time_text_size];
            write_time(*static_cast<time_point_sec const*>(value), text);
            print_plain({text, sizeof text});
            break;
        }
        case type_kind::public_key:
            print_plain(key_prefix_, encode_key(static_cast<public_key const*>(value)->data));
            break;
        case type_kind::address: print_plain(key_prefix_, encode_key(static_cast<address const*>(value)->data)); break;
        case type_kind::object_id:
        {
            std::uint64_t instance = 0;
            std::memcpy(&instance, value, sizeof instance);
            print_id(
                {static_cast<std::uint8_t>(type.parameter >> 8), static_cast<std::uint8_t>(type.parameter), instance});
            break;
        }
        case type_kind::any_object_id: print_id(*static_cast<any_object_id const*>(value)); break;
        case type_kind::vote_id: print_plain(static_cast<vote_id const*>(value)->to_string()); break;
        case type_kind::raw_json: print_verbatim(static_cast<raw_json const*>(value)->text); break;
        case type_kind::enumeration: print_plain(type.names[*static_cast<std::uint8_t const*>(value)]); break;
        case type_kind::optional:
            if (void const* const inner = type.optional->get(value))
                print(*type.element, inner);
            else
                print_raw("null");
            break;
        case type_kind::sequence:
        {
            std::size_t const count = type.sequence->size(value);
            auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
            put('[');
            for (std::size_t i = 0; i < count; ++i, element += type.element->size)
            {
                if (i != 0)
                    put(',');
                print(*type.element, element);
            }
            put(']');
            break;
        }
        case type_kind::pair:
            put('[');
            print(*type.fields[0].type, at(value, type.fields[0]));
            put(',');
            print(*type.fields[1].type, at(value, type.fields[1]));
            put(']');
            break;
        case type_kind::structure:
        case type_kind::extension: print_members(type, value); break;
        case type_kind::variant: print_variant(type, value); break;
        case type_kind::shaped:
            print(*type.variant->alternatives[type.variant->index(value)], type.variant->get(value));
            break;
        }
    }

    void print_text(std::string_view text)
    {
        static constexpr char digits[] = "0123456789abcdef";
        put('"');
        for (std::size_t begin = 0;;)
        {
            std::size_t end = begin;
            while (end != text.size() && json_escapes[static_cast<unsigned char>(text[end])] == 0)
                ++end;
            print_raw(text.substr(begin, end - begin));
            if (end == text.size())
                break;
            auto const c = static_cast<unsigned char>(text[end]);
            put('\\');
            put(json_escapes[c]);
            if (json_escapes[c] == 'u')
            {
                char const code[] = {'0', '0', digits[c >> 4], digits[c & 15]};
                print_raw({code, sizeof code});
            }
            begin = end + 1;
        }
        put('"');
    }

private:
    static void const* at(void const* object, field_info const& field)
    {
        return static_cast<std::byte const*>(object) + field.offset;
    }

    // Room for `size` characters, to be counted in `used_` when they are written.
    char* room(std::size_t size)
    {
        if (out_.size() - used_ < size)
            out_.resize(std::max(used_ + size + 256, 2 * out_.size()));
        return out_.data() + used_;
    }
    void put(char c)
    {
        *room(1) = c;
        ++used_;
    }
    void print_raw(std::string_view text) { used_ += text.copy(room(text.size()), text.size()); }

    void print_members(type_info const& type, void const* value)
    {
        char separator = '{';
        for (std::size_t i = 0; i < type.field_count; ++i)
        {
            field_info const& field = type.fields[i];
            void const* const inner = at(value, field);
            if (field.type->kind == type_kind::optional && !field.type->optional->get(inner))
                continue;
            std::size_t const size = field.name.size(); // of a C++ name, which needs no escapes
            char* const p = room(size + 4);
            p[0] = separator;
            p[1] = '"';
            std::memcpy(p + 2, field.name.data(), size);
            p[size + 2] = '"';
            p[size + 3] = ':';
            used_ += size + 4;
            separator = ',';
            print(*field.type, inner);
        }
        if (separator == '{')
            put('{');
        put('}');
    }

    void print_variant(type_info const& type, void const* value)
    {
        variant_operations const& variant = *type.variant;
        std::size_t const index = variant.index(value);
        put('[');
        if (index >= variant.count)
        {
            unknown_alternative const& unknown = *variant.unknown(value);
            print_unsigned(unknown.tag);
            put(',');
            print_verbatim(unknown.raw_json);
        }
        else
        {
            print_number(index);
            put(',');
            type_info const& alternative = *variant.alternatives[index];
            void const* const inner = variant.get(value);
            if (alternative.kind == type_kind::boolean) // the one place where nodes print booleans as numbers
                put(*static_cast<bool const*>(inner) ? '1' : '0');
            else
                print(alternative, inner);
        }
        put(']');
    }

    template <class T>
    void print_number(T value)
    {
        char* const p = room(24);
        used_ += static_cast<std::size_t>(std::to_chars(p, p + 24, value).ptr - p);
    }
    void print_signed(std::int64_t value)
    {
        bool const quoted = value < INT32_MIN || value > INT32_MAX;
        print_integer(value, quoted);
    }
    void print_unsigned(std::uint64_t value) { print_integer(value, value > UINT32_MAX); }
    template <class T>
    void print_integer(T value, bool quoted)
    {
        if (quoted)
            put(integer_quote_);
        print_number(value);
        if (quoted)
            put(integer_quote_);
    }
    void print_id(any_object_id id)
    {
        char* const p = room(max_object_id_text + 2);
        char* const end = write_object_id(id, p + 1);
        *p = *end = '"';
        used_ += static_cast<std::size_t>(end + 1 - p);
    }

    // Text that needs no escapes.
    void print_plain(std::string_view text) { print_plain({}, text); }
    void print_plain(std::string_view first, std::string_view second)
    {
        put('"');
        print_raw(first);
        print_raw(second);
        put('"');
    }
    void print_hex(std::span<std::uint8_t const> data)
    {
        std::size_t const size = 2 * data.size() + 2;
        char* const p = room(size);
        p[0] = p[size - 1] = '"';
        write_hex(data, p + 1);
        used_ += size;
    }
    void print_verbatim(std::string_view json) { print_raw(json.empty() ? std::string_view("null") : json); }

    std::string& out_;
    std::size_t used_; // the rest of `out_` is room
    std::string_view key_prefix_;
    char integer_quote_;
};

BITSHARES_DECL void write_json(std::string& out, type_info const& type, void const* value, std::string_view key_prefix,
                               char integer_quote)
{
    json_printer(out, key_prefix, integer_quote).print(type, value);
}

} // namespace detail

BITSHARES_DECL std::string json_quote(std::string_view text)
{
    std::string out;
    detail::json_printer(out, {}).print_text(text);
    return out;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
