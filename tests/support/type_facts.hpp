#pragma once

#include "json_value.hpp"

#include <bitshares/base/reflect.hpp>
#include <bitshares/protocol/extension.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/** Compares the library's tables of types with what protocol.json says of a type: kinds, members' names and order, and theirs
    in turn, down to the numbers. Nothing is listed by hand. */
class type_facts
{
public:
    type_facts()
        : protocol_(json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/protocol.json")),
          api_(json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/api.json"))
    {
        for (auto const& [name, facts] : protocol_["structs"].object())
            add(name, fields_of(facts["fields"]), facts["kind"].text() == "extension");
        for (json_value const& o : protocol_["operations"].array())
            add(o["struct"].text(), fields_of(o["fields"]), false);
        for (auto const& [name, facts] : api_["objects"].object())
            add(name, api_fields(name), false);
        std::vector<field> limits; // what a node's configuration says is optional: nodes differ
        for (json_value const& limit : api_["limits"].array())
            limits.emplace_back(limit[0].text(),
                                "optional<" + std::string(limit[0].text().starts_with("api_") ? "uint32" : "bool") +
                                    ">");
        add("application_options", limits, false);
        // What a node's source calls a variant, and prints in one of a few forms.
        for (field& f : layouts_.at("full_account").fields)
            if (f.first == "votes")
                f.second = "vector<optional<voted_object>>";
    }

    json_value const& api() const { return api_; }

    /// Empty where `type` is what `said` says; otherwise where they differ.
    std::string difference(bitshares::detail::type_info const& type, std::string_view said)
    {
        where_.clear();
        return compare(type, std::string(said)) ? std::string() : where_;
    }

    /// Structs that were compared so far.
    std::set<std::string> const& compared() const { return structs_; }

private:
    using type_info = bitshares::detail::type_info;
    using kind = bitshares::detail::type_kind;
    using field = std::pair<std::string, std::string>;

    struct layout
    {
        std::vector<field> fields;
        bool extension = false;
    };

    static std::vector<field> fields_of(json_value const& list)
    {
        std::vector<field> fields;
        for (json_value const& f : list.array())
            f.is_array() ? fields.emplace_back(f[0].text(), f[1].text())
                         : fields.emplace_back(f["name"].text(), f["type"].text());
        return fields;
    }

    std::vector<field> api_fields(std::string const& name)
    {
        json_value const& o = api_["objects"][name];
        std::vector<field> fields;
        for (json_value const& base : o["base"].array())
            if (base.text() == "object")
                fields.emplace_back("id", id_type(name));
            else if (api_["objects"].contains(base.text()))
                fields = api_fields(base.text());
            else
                fields = fields_of(protocol_["structs"][base.text()]["fields"]);
        for (field& f : fields_of(o["fields"]))
            fields.push_back(std::move(f));
        return fields;
    }

    // protocol.json gives all objects an any_object_id; the library knows which.
    std::string id_type(std::string const& object)
    {
        for (auto const& [number, name] : api_["object_types"].object())
            if (name.text() + "_object" == object)
                return "object_id<" + number + ">";
        return "any_object_id";
    }

    void add(std::string const& name, std::vector<field> fields, bool extension)
    {
        layouts_[name] = {fields, extension};
        if (auto const at = name.rfind("::"); at != std::string::npos && !name.ends_with("::ext"))
            layouts_.emplace(name.substr(at + 2), layout{std::move(fields), extension}); // as members name it
    }

    bool differ(std::string const& what)
    {
        where_ = what;
        return false;
    }

    bool within(std::string const& name, bool same)
    {
        if (!same)
            where_ = name + (where_.starts_with('.') ? "" : ": ") + where_;
        return same;
    }

    static std::vector<std::string> split(std::string_view list, char separator = ',')
    {
        std::vector<std::string> parts(1);
        int depth = 0;
        for (char const c : list)
        {
            depth += (c == '<' || c == '{') - (c == '>' || c == '}');
            if (c == separator && depth == 0)
                parts.emplace_back();
            else
                parts.back() += c;
        }
        return parts;
    }

    bool leaf(type_info const& type, std::string const& said, kind expected, std::uint32_t parameter = 0)
    {
        if (type.kind != expected || (parameter != 0 && type.parameter != parameter))
            return differ("not " + said);
        return true;
    }

    bool named(type_info const& type, json_value const& names)
    {
        if (type.kind != kind::enumeration || type.parameter != names.size())
            return differ("not an enumeration of " + names.dump());
        for (std::size_t i = 0; i < names.size(); ++i)
            if (type.names[i] != names[i].text())
                return differ("not " + names[i].text());
        return true;
    }

    bool fields(type_info const& type, std::vector<field> const& expected)
    {
        if (type.field_count != expected.size())
            return differ(std::to_string(type.field_count) + " members instead of " + std::to_string(expected.size()));
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            auto const& [name, said] = expected[i];
            if (type.fields[i].name != name)
                return differ("member " + std::string(type.fields[i].name) + " instead of " + name);
            type_info const* member = type.fields[i].type;
            if (type.kind == kind::extension) // whose members are optional, all of them
            {
                if (member->kind != kind::optional)
                    return differ(name + " is not optional");
                member = member->element;
            }
            if (!within("." + name, compare(*member, said)))
                return false;
        }
        return true;
    }

    bool alternatives(type_info const& type, std::vector<std::string> const& expected)
    {
        if (type.kind != kind::variant || type.variant->count != expected.size())
            return differ("not a static variant of " + std::to_string(expected.size()));
        for (std::size_t i = 0; i < expected.size(); ++i)
            if (!within("." + std::to_string(i), compare(*type.variant->alternatives[i], expected[i])))
                return false;
        return true;
    }

    bool compare(type_info const& type, std::string const& said)
    {
        if (!under_way_.insert({&type, said}).second)
            return true; // is being compared, or was
        if (compare_new(type, said))
            return true;
        under_way_.erase({&type, said});
        return false;
    }

    bool compare_new(type_info const& type, std::string const& said)
    {
        static std::map<std::string, std::pair<kind, std::uint32_t>, std::less<>> const leaves{
            {"bool", {kind::boolean, 0}},
            {"uint8", {kind::uint8, 0}},
            {"uint16", {kind::uint16, 0}},
            {"uint32", {kind::uint32, 0}},
            {"uint64", {kind::uint64, 0}},
            {"int8", {kind::int8, 0}},
            {"int16", {kind::int16, 0}},
            {"int32", {kind::int32, 0}},
            {"int64", {kind::int64, 0}},
            {"uint128", {kind::uint128, 0}},
            {"varuint", {kind::varuint, 0}},
            {"string", {kind::string, 0}},
            {"endpoint", {kind::string, 0}},
            {"string ip:port", {kind::string, 0}},
            {"enum string", {kind::string, 0}}, // names that protocol.json does not tell
            {"bytes", {kind::bytes, 0}},
            {"sha256", {kind::fixed_bytes, 32}},
            {"sha512", {kind::fixed_bytes, 64}},
            {"ripemd160", {kind::fixed_bytes, 20}},
            {"sha1", {kind::fixed_bytes, 20}},
            {"hash160", {kind::fixed_bytes, 20}},
            {"sha224", {kind::fixed_bytes, 28}},
            {"time_point_sec", {kind::time, 0}},
            {"public_key", {kind::public_key, 0}},
            {"address", {kind::address, 0}},
            {"any_object_id", {kind::any_object_id, 0}},
            {"vote_id", {kind::vote_id, 0}},
            {"variant", {kind::raw_json, 0}},
            {"variant_object", {kind::raw_json, 0}},
            {"fc exception object", {kind::raw_json, 0}},
            {"callback_id", {kind::uint64, 0}}};
        if (auto const at = leaves.find(said); at != leaves.end())
            return leaf(type, said, at->second.first, at->second.second);
        static std::map<std::string, std::string, std::less<>> const forms{
            {"voted_object", "one_of<witness_object,committee_member_object,worker_object>"},
            {"operation_fee", "one_of<asset,pair<asset,optional<vector<operation_fee>>>>"},
            {"login_answer", "one_of<bool,uint32>"}};
        if (auto const at = forms.find(said); at != forms.end())
            return compare(type, at->second);
        if (said == "variants")
            return compare(type, "vector<variant>");
        if (said == "precomputable_transaction")
            return compare(type, "signed_transaction");
        if (said.starts_with("api_id("))
            return leaf(type, said, kind::uint32);
        if (said.starts_with("enum string "))
            return named(type, api_["enums"][said.substr(12)]);
        if (said == "void")
            return (type.kind == kind::structure && type.field_count == 0) || differ("not void");
        if (said == "extensions_type")
            return &type == &bitshares::detail::type_of<bitshares::extensions_type> || differ("not extensions_type");
        if (protocol_["static_variants"].contains(said))
        {
            std::vector<std::string> names;
            for (json_value const& name : protocol_["static_variants"][said].array())
                names.push_back(name.text());
            return alternatives(type, names);
        }
        if (auto const at = layouts_.find(said); at != layouts_.end())
        {
            if (type.kind != (at->second.extension ? kind::extension : kind::structure))
                return differ("not the struct " + said);
            structs_.insert(said);
            return within(said, fields(type, at->second.fields));
        }
        auto const open = said.find('<');
        if (open == std::string::npos || said.back() != '>')
            return differ("protocol.json does not explain " + said);
        std::string const outer = said.substr(0, open);
        std::string const inner = said.substr(open + 1, said.size() - open - 2);
        if (outer == "object_id")
        {
            auto const dot = inner.find('.');
            return leaf(
                type, said, kind::object_id,
                static_cast<std::uint32_t>(std::stoul(inner.substr(0, dot)) << 8 | std::stoul(inner.substr(dot + 1))));
        }
        if (outer == "fixed_bytes")
            return leaf(type, said, kind::fixed_bytes, static_cast<std::uint32_t>(std::stoul(inner)));
        if (outer == "one_of")
        {
            auto const parts = split(inner);
            if (type.kind != kind::shaped || type.variant->count != parts.size())
                return differ("not one of " + inner);
            for (std::size_t i = 0; i < parts.size(); ++i)
                if (!compare(*type.variant->alternatives[i], parts[i]))
                    return false;
            return true;
        }
        if (outer == "optional")
            return type.kind == kind::optional ? compare(*type.element, inner) : differ("not optional");
        if (outer == "vector" || outer == "set")
        {
            if (type.kind != kind::sequence || (type.sequence->normalise != nullptr) != (outer == "set"))
                return differ("not a " + outer);
            return compare(*type.element, inner);
        }
        if (outer == "map" || outer == "pair")
        {
            type_info const* two = &type;
            if (outer == "map")
            {
                if (type.kind != kind::sequence || type.sequence->normalise == nullptr)
                    return differ("not a map");
                two = type.element;
            }
            auto const parts = split(inner);
            if (two->kind != kind::pair || parts.size() != 2)
                return differ("not a pair");
            return compare(*two->fields[0].type, parts[0]) && compare(*two->fields[1].type, parts[1]);
        }
        if (outer == "extension")
        {
            std::vector<field> members;
            for (std::string const& part : split(std::string_view(inner).substr(1, inner.size() - 2)))
                members.emplace_back(part.substr(0, part.find(':')), part.substr(part.find(':') + 1));
            return type.kind == kind::extension ? fields(type, members) : differ("not an extension");
        }
        return differ("protocol.json does not explain " + said);
    }

    json_value protocol_;
    json_value api_;
    std::map<std::string, layout> layouts_;
    std::set<std::pair<type_info const*, std::string>> under_way_;
    std::set<std::string> structs_;
    std::string where_;
};

} // namespace test
