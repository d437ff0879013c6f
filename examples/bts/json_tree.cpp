#include "json_tree.hpp"

#include <bitshares/protocol/json.hpp>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace bts_program {

namespace {

using bitshares::errc;

constexpr std::size_t max_depth = 200;
constexpr std::size_t max_values = 1'000'000;
constexpr std::size_t max_bytes = std::size_t{32} << 20;

// Takes the parser's events.
class builder
{
public:
    explicit builder(json_tree& root) : root_(root) {}

    errc failure() const noexcept { return failure_; }

    bool Null() { return leaf(json_tree::kind::null, {}); }
    bool Bool(bool b) { return leaf(json_tree::kind::boolean, b ? "true" : "false"); }
    bool RawNumber(char const* data, rapidjson::SizeType size, bool)
    {
        return leaf(json_tree::kind::number, {data, size});
    }
    bool String(char const* data, rapidjson::SizeType size, bool)
    {
        return leaf(json_tree::kind::string, {data, size});
    }
    bool Key(char const* data, rapidjson::SizeType size, bool)
    {
        key_.assign(data, size);
        return true;
    }
    bool StartObject() { return open(json_tree::kind::object); }
    bool StartArray() { return open(json_tree::kind::array); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }
    // Never called: numbers come raw.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

private:
    json_tree* place()
    {
        if (++values_ > max_values)
        {
            failure_ = errc::element_limit;
            return nullptr;
        }
        if (open_.empty())
            return &root_;
        json_tree& parent = *open_.back();
        if (parent.is_array())
            return &parent.elements.emplace_back();
        return &parent.members.emplace_back(std::move(key_), json_tree()).second;
    }

    bool leaf(json_tree::kind kind, std::string_view text)
    {
        json_tree* const at = place();
        if (at == nullptr)
            return false;
        at->type = kind;
        at->text = text;
        return true;
    }

    bool open(json_tree::kind kind)
    {
        json_tree* const at = place();
        if (at == nullptr)
            return false;
        if (open_.size() == max_depth)
        {
            failure_ = errc::depth_limit;
            return false;
        }
        at->type = kind;
        open_.push_back(at); // stays where it is: its parent grows only after it was closed
        return true;
    }

    bool close()
    {
        open_.pop_back();
        return true;
    }

    json_tree& root_;
    std::vector<json_tree*> open_;
    std::string key_;
    std::size_t values_ = 0;
    errc failure_ = errc::invalid_json;
};

void new_line(std::string& out, unsigned indent, std::size_t level)
{
    if (indent != 0)
        out.append(1, '\n').append(indent * level, ' ');
}

} // namespace

json_tree const* json_tree::find(std::string_view name) const
{
    for (auto const& [key, value] : members)
        if (key == name)
            return &value;
    return nullptr;
}

json_tree& json_tree::add(std::string name, json_tree value)
{
    return members.emplace_back(std::move(name), std::move(value)).second;
}

json_tree json_tree::array()
{
    json_tree t;
    t.type = kind::array;
    return t;
}

json_tree json_tree::object()
{
    json_tree t;
    t.type = kind::object;
    return t;
}

json_tree json_tree::number(std::uint64_t value)
{
    json_tree t(std::to_string(value));
    t.type = kind::number;
    return t;
}

json_tree json_tree::boolean(bool value)
{
    json_tree t(value ? "true" : "false");
    t.type = kind::boolean;
    return t;
}

bitshares::result<json_tree> json_tree::parse(std::string_view json)
{
    if (json.size() > max_bytes)
        return bitshares::error(errc::size_limit, "more than " + std::to_string(max_bytes) + " bytes");
    json_tree root;
    builder events(root);
    rapidjson::MemoryStream stream(json.data(), json.size());
    rapidjson::Reader reader;
    auto const parsed = reader.Parse < rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag |
                        rapidjson::kParseValidateEncodingFlag | rapidjson::kParseStopWhenDoneFlag > (stream, events);
    if (parsed.IsError() && parsed.Code() == rapidjson::kParseErrorTermination)
        return bitshares::error(events.failure(), events.failure() == errc::depth_limit
                                                      ? std::to_string(max_depth) + " levels"
                                                      : std::to_string(max_values) + " values");
    if (parsed.IsError())
        return bitshares::error(errc::invalid_json, "byte " + std::to_string(parsed.Offset()) + ": " +
                                                        rapidjson::GetParseError_En(parsed.Code()));
    if (std::size_t const rest = json.find_first_not_of(" \t\r\n", stream.Tell()); rest != json.npos)
        return bitshares::error(errc::invalid_json,
                                "byte " + std::to_string(rest) + ": something follows the whole value");
    return root;
}

void json_tree::write(std::string& out, unsigned indent, std::size_t level) const
{
    switch (type)
    {
    case kind::null: out += "null"; return;
    case kind::boolean:
    case kind::number: out += text; return;
    case kind::string: out += bitshares::json_quote(text); return;
    case kind::array:
        out += '[';
        for (std::size_t i = 0; i < elements.size(); ++i)
        {
            if (i != 0)
                out += ',';
            new_line(out, indent, level + 1);
            elements[i].write(out, indent, level + 1);
        }
        if (!elements.empty())
            new_line(out, indent, level);
        out += ']';
        return;
    case kind::object:
        out += '{';
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            if (i != 0)
                out += ',';
            new_line(out, indent, level + 1);
            out += bitshares::json_quote(members[i].first);
            out += indent != 0 ? ": " : ":";
            members[i].second.write(out, indent, level + 1);
        }
        if (!members.empty())
            new_line(out, indent, level);
        out += '}';
        return;
    }
}

std::string json_tree::to_json(unsigned indent) const
{
    std::string out;
    write(out, indent, 0);
    return out;
}

std::string format_json(std::string_view json, unsigned indent)
{
    std::string out;
    out.reserve(json.size());
    std::size_t level = 0;
    for (std::size_t i = 0; i < json.size(); ++i)
    {
        char const c = json[i];
        switch (c)
        {
        case ' ':
        case '\t':
        case '\r':
        case '\n': break;
        case '"':
        {
            std::size_t const begin = i++;
            while (i < json.size() && json[i] != '"')
                i += json[i] == '\\' ? std::size_t{2} : std::size_t{1};
            out += json.substr(begin, i + 1 - begin);
            break;
        }
        case '{':
        case '[':
        {
            out += c;
            std::size_t const next = json.find_first_not_of(" \t\r\n", i + 1);
            if (next != json.npos && (json[next] == '}' || json[next] == ']'))
            {
                out += json[next];
                i = next;
                break;
            }
            new_line(out, indent, ++level);
            break;
        }
        case '}':
        case ']':
            level -= level == 0 ? 0 : 1;
            new_line(out, indent, level);
            out += c;
            break;
        case ',':
            out += c;
            new_line(out, indent, level);
            break;
        case ':': out += indent != 0 ? ": " : ":"; break;
        default: out += c;
        }
    }
    return out;
}

} // namespace bts_program
