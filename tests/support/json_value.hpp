#pragma once

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/** JSON of a test's own files: small, owning, and apart from the library that is tested.

    Numbers keep their text, so that "1" and 1 stay two things. Access to what is not there throws.
*/
class json_value
{
public:
    enum class kind : std::uint8_t
    {
        null,
        boolean,
        number,
        string,
        array,
        object
    };
    using member = std::pair<std::string, json_value>;

    json_value() = default;

    static json_value parse(std::string_view text)
    {
        json_value root;
        builder b{&root, {}, {}};
        rapidjson::MemoryStream stream(text.data(), text.size());
        rapidjson::Reader reader;
        auto const parsed =
            reader.Parse < rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag > (stream, b);
        if (parsed.IsError())
            throw std::runtime_error("json_value: byte " + std::to_string(parsed.Offset()) + ": " +
                                     rapidjson::GetParseError_En(parsed.Code()));
        return root;
    }

    static std::string read_file(std::string const& path)
    {
        std::ifstream file(path, std::ios::binary);
        if (!file)
            throw std::runtime_error("cannot read " + path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static json_value parse_file(std::string const& path) { return parse(read_file(path)); }

    kind type() const { return kind_; }
    bool is_null() const { return kind_ == kind::null; }
    bool is_string() const { return kind_ == kind::string; }
    bool is_number() const { return kind_ == kind::number; }
    bool is_array() const { return kind_ == kind::array; }
    bool is_object() const { return kind_ == kind::object; }

    /// Text of a string or number; "true", "false" of a boolean.
    std::string const& text() const { return text_; }
    std::int64_t as_int() const { return std::stoll(text_); }
    std::uint64_t as_uint() const { return std::stoull(text_); }
    bool as_bool() const { return text_ == "true"; }

    std::vector<json_value> const& array() const&
    {
        expect(kind::array);
        return elements_;
    }
    std::vector<member> const& object() const& // in the text's order
    {
        expect(kind::object);
        return members_;
    }
    std::vector<json_value>& array() & { return elements_; }
    std::vector<member>& object() & { return members_; }
    // Of a value that is about to go, for a loop over it.
    std::vector<json_value> array() &&
    {
        expect(kind::array);
        return std::move(elements_);
    }
    std::vector<member> object() &&
    {
        expect(kind::object);
        return std::move(members_);
    }
    std::size_t size() const { return is_object() ? members_.size() : elements_.size(); }

    json_value const* find(std::string_view name) const
    {
        for (auto const& [key, value] : members_)
            if (key == name)
                return &value;
        return nullptr;
    }
    bool contains(std::string_view name) const { return find(name) != nullptr; }
    json_value const& operator[](std::string_view name) const
    {
        if (auto const* value = find(name))
            return *value;
        throw std::runtime_error("json_value: no member " + std::string(name));
    }
    json_value const& operator[](char const* name) const { return (*this)[std::string_view(name)]; }
    json_value const& operator[](std::size_t index) const { return elements_.at(index); }
    json_value const& operator[](int index) const { return elements_.at(static_cast<std::size_t>(index)); }

    /// The value as it was written, without blanks: members in the text's order.
    std::string dump() const { return print(false); }

    /// The same text for equal values: members sorted by name; numbers and strings stay what they are.
    std::string canonical() const { return print(true); }

    friend bool operator==(json_value const& a, json_value const& b) { return a.canonical() == b.canonical(); }

private:
    void expect(kind k) const
    {
        if (kind_ != k)
            throw std::runtime_error("json_value: another kind of value: " + dump().substr(0, 200));
    }

    static void quote(std::string& out, std::string_view text)
    {
        static constexpr char digits[] = "0123456789abcdef";
        out += '"';
        for (char const c : text)
            if (c == '"' || c == '\\')
                (out += '\\') += c;
            else if (static_cast<unsigned char>(c) < 0x20)
                ((out += "\\u00") += digits[c >> 4]) += digits[c & 15];
            else
                out += c;
        out += '"';
    }

    std::string print(bool sorted) const
    {
        std::string out;
        print(out, sorted);
        return out;
    }

    void print(std::string& out, bool sorted) const
    {
        switch (kind_)
        {
        case kind::null: out += "null"; break;
        case kind::boolean:
        case kind::number: out += text_; break;
        case kind::string: quote(out, text_); break;
        case kind::array:
            out += '[';
            for (auto const& element : elements_)
            {
                if (&element != elements_.data())
                    out += ',';
                element.print(out, sorted);
            }
            out += ']';
            break;
        case kind::object:
        {
            std::vector<member const*> order;
            for (auto const& m : members_)
                order.push_back(&m);
            if (sorted)
                std::sort(order.begin(), order.end(),
                          [](member const* a, member const* b) { return a->first < b->first; });
            out += '{';
            for (std::size_t i = 0; i < order.size(); ++i)
            {
                if (i != 0)
                    out += ',';
                quote(out, order[i]->first);
                out += ':';
                order[i]->second.print(out, sorted);
            }
            out += '}';
            break;
        }
        }
    }

    struct builder
    {
        json_value* root;
        std::vector<json_value*> open;
        std::string key;

        json_value& add(kind k, std::string text = {})
        {
            json_value* at = root;
            if (!open.empty())
            {
                json_value& parent = *open.back();
                if (parent.kind_ == kind::array)
                    at = &parent.elements_.emplace_back();
                else
                    at = &parent.members_.emplace_back(std::move(key), json_value()).second;
            }
            at->kind_ = k;
            at->text_ = std::move(text);
            return *at;
        }

        bool Null() { return add(kind::null), true; }
        bool Bool(bool b) { return add(kind::boolean, b ? "true" : "false"), true; }
        // With kParseNumbersAsStringsFlag every number comes as its text.
        bool Int(int) { return false; }
        bool Uint(unsigned) { return false; }
        bool Int64(std::int64_t) { return false; }
        bool Uint64(std::uint64_t) { return false; }
        bool Double(double) { return false; }
        bool RawNumber(char const* data, rapidjson::SizeType size, bool)
        {
            return add(kind::number, std::string(data, size)), true;
        }
        bool String(char const* data, rapidjson::SizeType size, bool)
        {
            return add(kind::string, std::string(data, size)), true;
        }
        bool Key(char const* data, rapidjson::SizeType size, bool)
        {
            key.assign(data, size);
            return true;
        }
        bool StartObject() { return open.push_back(&add(kind::object)), true; }
        bool StartArray() { return open.push_back(&add(kind::array)), true; }
        bool EndObject(rapidjson::SizeType) { return open.pop_back(), true; }
        bool EndArray(rapidjson::SizeType) { return open.pop_back(), true; }
    };

    kind kind_ = kind::null;
    std::string text_;
    std::vector<json_value> elements_;
    std::vector<member> members_;
};

} // namespace test
