#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/net/endpoints.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <>
struct describe<public_network>
{
    static constexpr bool is_leaf = true;
    static constexpr std::string_view names[] = {name(public_network::mainnet), name(public_network::testnet)};
    static constexpr type_info info{
        .kind = type_kind::enumeration, .size = sizeof(public_network), .parameter = 2, .names = names};
};

// A node's object in JSON; the reference UI's record and more. A template, because so many optional members cost a compiler much.
template <class>
struct node_record
{
    std::string url;
    std::optional<std::string> region;
    std::optional<std::string> country;
    std::optional<raw_json> location; // a text or {"translate": "..."}
    std::optional<std::string> operated_by;
    std::optional<std::string> contact;
    std::optional<std::string> terms;
    std::optional<std::string> provenance;
    std::optional<bool> hidden;
    std::optional<public_network> network;
    std::optional<chain_id_type> chain_id;

    BITSHARES_FIELDS((url), (region), (country), (location), (operated_by, "operator"), (contact), (terms), (provenance),
                     (hidden), (network), (chain_id))
};

struct translated_location
{
    std::string translate;

    BITSHARES_FIELDS((translate))
};

struct node_file
{
    std::vector<raw_json> nodes;

    BITSHARES_FIELDS((nodes))
};

// The reference UI's way to say that it chooses a node; whoever owns the domain is not to be talked to.
inline constexpr std::string_view placeholder_host = "fake.automatic-selection.com";

BITSHARES_LAZY_DECL error below(std::string const& path, error const& e)
{
    return {e.code(), e.detail(), path + e.path()};
}

BITSHARES_LAZY_DECL result<node_url> read_listed_url(std::string_view text, std::string const& path)
{
    auto url = node_url::from_string(text);
    if (url)
        return url;
    std::string detail = url.error().detail();
    if (text.find('@') == std::string_view::npos) // credentials are not to be repeated
        detail = '"' + valid_utf8(text, 100) + "\": " + detail;
    return error(url.error().code(), std::move(detail), path);
}

BITSHARES_LAZY_DECL std::string chain_name(chain_id_type const& chain_id)
{
    auto const network = public_network_of(chain_id);
    return network ? std::string(name(*network)) : "chain " + to_hex(chain_id.data);
}

BITSHARES_LAZY_DECL std::string said_of(node_entry const& entry)
{
    return entry.url.to_string() + " is of " + chain_name(*entry.chain_id);
}

// `url.to_string()`, with the path `/` where it was written.
BITSHARES_LAZY_DECL std::string url_text(node_url const& url)
{
    std::string text = url.to_string();
    if (url.has_path() && url.target() == "/")
        text += '/';
    return text;
}

BITSHARES_LAZY_DECL result<void> unique(std::map<std::string, std::string>& seen, node_url const& url, std::string path)
{
    auto const [at, fresh] = seen.try_emplace(url.to_string(), path);
    if (!fresh)
        return error(errc::duplicate_node, at->first + ", first at " + at->second, std::move(path));
    return {};
}

BITSHARES_LAZY_DECL void follow_testnet_marks(std::vector<node_entry>& entries)
{
    auto const marked = [](node_entry const& entry) {
        return !entry.chain_id && (entry.region.starts_with("TESTNET") || entry.place.starts_with("TESTNET"));
    };
    if (std::none_of(entries.begin(), entries.end(), marked))
        return;
    for (node_entry& entry : entries)
        if (!entry.chain_id)
            entry.chain_id = chain_id_of(marked(entry) ? public_network::testnet : public_network::mainnet);
}

} // namespace detail

BITSHARES_DECL chain_id_type chain_id_of(public_network network)
{
    return (network == public_network::mainnet ? mainnet() : testnet()).chain_id;
}

BITSHARES_DECL std::optional<public_network> public_network_of(chain_id_type const& chain_id)
{
    for (public_network const network : {public_network::mainnet, public_network::testnet})
        if (chain_id == chain_id_of(network))
            return network;
    return {};
}

BITSHARES_LAZY std::vector<node_url> candidate_urls(node_url const& url)
{
    if (url.has_path())
        return {url};
    std::vector<node_url> urls;
    for (char const* path : {"/ws", "/wss", "/"})
        urls.emplace_back(url.to_string() + path);
    return urls;
}

BITSHARES_DECL std::optional<public_network> node_entry::network() const
{
    return chain_id ? public_network_of(*chain_id) : std::nullopt;
}

BITSHARES_DECL request_rate node_entry::rate() const
{
    return terms.empty() && find_endpoint(url.host()) == nullptr ? unlimited_rate : public_node_rate;
}

BITSHARES_LAZY node_list::node_list(std::span<endpoint const> nodes)
{
    std::vector<BITSHARES_DEPENDENT(node_entry)> entries;
    for (endpoint const& node : nodes)
        entries.push_back({.url = detail::read_listed_url(node.url, '/' + std::to_string(entries.size())).value(),
                           .place = std::string(node.place),
                           .operated_by = std::string(node.operated_by),
                           .terms = std::string(node.terms),
                           .provenance = std::string(node.provenance),
                           .chain_id = chain_id_of(node.network)});
    *this = from_entries(std::move(entries)).value();
}

BITSHARES_LAZY node_list::node_list(std::vector<node_url> const& urls)
{
    std::vector<BITSHARES_DEPENDENT(node_entry)> entries;
    for (node_url const& url : urls)
        entries.push_back({.url = url});
    *this = from_entries(std::move(entries)).value();
}

BITSHARES_LAZY node_list::node_list(node_url const& url) : node_list(std::vector<node_url>{url}) {}

BITSHARES_LAZY node_list::node_list(std::initializer_list<node_url> urls) : node_list(std::vector<node_url>(urls)) {}

BITSHARES_LAZY result<node_list> node_list::from_entries(std::vector<node_entry> entries)
{
    std::map<std::string, BITSHARES_DEPENDENT(std::string)> seen;
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (auto const r = detail::unique(seen, entries[i].url, '/' + std::to_string(i)); !r)
            return r.error();
    detail::follow_testnet_marks(entries);
    BITSHARES_DEPENDENT(node_list) list;
    list.entries_ = std::move(entries);
    return list;
}

BITSHARES_LAZY result<node_list> node_list::from_urls(std::span<std::string const> urls)
{
    std::vector<BITSHARES_DEPENDENT(node_entry)> entries;
    for (std::string const& text : urls)
    {
        auto const url = detail::read_listed_url(text, '/' + std::to_string(entries.size()));
        if (!url)
            return url.error();
        entries.push_back({.url = *url});
    }
    return from_entries(std::move(entries));
}

BITSHARES_LAZY result<node_list> node_list::from_json(std::string_view text)
{
    using detail::below;
    using node_record = detail::node_record<BITSHARES_DEPENDENT(void)>;
    json_options const options{
        .mode = json_mode::strict,
        .limits = {.max_depth = 8, .max_elements = 10'000, .max_string_bytes = 4096, .max_total_bytes = 4 << 20}};
    bool const array = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with('[');
    std::vector<raw_json> nodes;
    if (array)
    {
        auto read = bitshares::from_json<std::vector<raw_json>>(text, options);
        if (!read)
            return read.error();
        nodes = std::move(*read);
    }
    else
    {
        auto read = bitshares::from_json<BITSHARES_DEPENDENT(detail::node_file)>(text, options);
        if (!read)
            return read.error();
        nodes = std::move(read->nodes);
    }

    std::map<std::string, BITSHARES_DEPENDENT(std::string)> seen;
    std::vector<BITSHARES_DEPENDENT(node_entry)> entries;
    for (std::size_t i = 0; i < nodes.size(); ++i)
    {
        std::string const& node = nodes[i].text;
        std::string const path = (array ? "/" : "/nodes/") + std::to_string(i);
        bool const bare = node.starts_with('"');
        node_record record;
        if (bare)
        {
            auto read = bitshares::from_json<std::string>(node, options);
            if (!read)
                return below(path, read.error());
            record.url = std::move(*read);
        }
        else
        {
            if (!node.starts_with('{'))
                return error(errc::wrong_type, "neither a URL nor an object", path);
            auto read = bitshares::from_json<node_record>(node, options);
            if (!read)
                return below(path, read.error());
            record = std::move(*read);
        }

        std::string const url_path = bare ? path : path + "/url";
        auto url = detail::read_listed_url(record.url, url_path);
        if (!url)
            return url.error();
        std::string place;
        if (record.location && record.location->text.starts_with('{'))
        {
            auto const read =
                bitshares::from_json<BITSHARES_DEPENDENT(detail::translated_location)>(record.location->text, options);
            if (!read)
                return below(path + "/location", read.error());
        }
        else if (record.location)
        {
            auto read = bitshares::from_json<std::string>(record.location->text, options);
            if (!read)
                return below(path + "/location", read.error());
            place = std::move(*read);
        }
        if (record.network)
        {
            chain_id_type const named = chain_id_of(*record.network);
            if (record.chain_id && *record.chain_id != named)
                return error(errc::mixed_networks, "not the chain of " + std::string(name(*record.network)),
                             path + "/chain_id");
            record.chain_id = named;
        }
        if (url->host() == detail::placeholder_host)
            continue;
        if (auto const r = detail::unique(seen, *url, url_path); !r)
            return r.error();
        auto const take = [](std::optional<std::string>& member) { return std::move(member).value_or(std::string()); };
        entries.push_back({.url = std::move(*url),
                           .region = take(record.region),
                           .country = take(record.country),
                           .place = std::move(place),
                           .operated_by = take(record.operated_by),
                           .contact = take(record.contact),
                           .terms = take(record.terms),
                           .provenance = take(record.provenance),
                           .hidden = record.hidden.value_or(false),
                           .chain_id = record.chain_id});
    }
    return from_entries(std::move(entries));
}

BITSHARES_LAZY std::string node_list::to_json() const
{
    using node_record = detail::node_record<BITSHARES_DEPENDENT(void)>;
    std::string out = R"({"nodes":[)";
    char const* between = "\n";
    for (node_entry const& entry : entries_)
    {
        auto const said = [](std::string const& text) {
            return text.empty() ? std::optional<std::string>() : std::optional<std::string>(text);
        };
        node_record record;
        record.url = detail::url_text(entry.url);
        record.region = said(entry.region);
        record.country = said(entry.country);
        if (!entry.place.empty())
            record.location = raw_json{json_quote(entry.place)};
        record.operated_by = said(entry.operated_by);
        record.contact = said(entry.contact);
        record.terms = said(entry.terms);
        record.provenance = said(entry.provenance);
        if (entry.hidden)
            record.hidden = true;
        record.network = entry.network();
        if (!record.network)
            record.chain_id = entry.chain_id;
        out += std::exchange(between, ",\n");
        write_json(out, record);
    }
    return out += "\n]}\n";
}

BITSHARES_LAZY std::vector<node_url> node_list::urls() const
{
    std::vector<node_url> urls;
    for (node_entry const& entry : entries_)
        urls.push_back(entry.url);
    return urls;
}

BITSHARES_LAZY node_list node_list::of(chain_id_type const& chain_id) const
{
    BITSHARES_DEPENDENT(node_list) list;
    for (node_entry const& entry : entries_)
        if (entry.chain_id == chain_id)
            list.entries_.push_back(entry);
    return list;
}

BITSHARES_LAZY node_list node_list::of(public_network network) const
{
    return of(chain_id_of(network));
}

BITSHARES_LAZY result<node_list> node_list::only(chain_id_type const& chain_id) const
{
    BITSHARES_DEPENDENT(node_list) list = *this;
    for (node_entry& entry : list.entries_)
    {
        if (entry.chain_id && *entry.chain_id != chain_id)
            return error(errc::mixed_networks, detail::said_of(entry) + ", not " + detail::chain_name(chain_id));
        entry.chain_id = chain_id;
    }
    return list;
}

BITSHARES_LAZY result<node_list> node_list::only(public_network network) const
{
    return only(chain_id_of(network));
}

BITSHARES_LAZY result<std::optional<chain_id_type>> node_list::chain_id() const
{
    node_entry const* first = nullptr;
    for (node_entry const& entry : entries_)
    {
        if (!entry.chain_id)
            continue;
        if (first == nullptr)
            first = &entry;
        else if (*entry.chain_id != *first->chain_id)
            return error(errc::mixed_networks, detail::said_of(*first) + ", " + detail::said_of(entry));
    }
    return first == nullptr ? std::optional<chain_id_type>() : first->chain_id;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
