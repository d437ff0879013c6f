#pragma once

#include <bitshares/net/node_url.hpp>
#include <bitshares/protocol/network.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Nodes as data: the public ones that the library knows, and the lists that programs hand to a pool of nodes.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A network that anybody may use.
enum class public_network : std::uint8_t
{
    mainnet,
    testnet
};

/// `"mainnet"`, `"testnet"`.
constexpr std::string_view name(public_network network) noexcept
{
    return network == public_network::mainnet ? "mainnet" : "testnet";
}

BITSHARES_DECL chain_id_type chain_id_of(public_network network);

/// The public network of this chain id; empty for any other chain.
BITSHARES_DECL std::optional<public_network> public_network_of(chain_id_type const& chain_id);

/** How many requests a client sends to one node: the numbers of a token bucket, which holds `burst` tokens and gains
    `per_second` in each second. */
struct request_rate
{
    double per_second = 0;   ///< Requests per second, on average; 0: no limit.
    std::uint32_t burst = 0; ///< Requests at once after a rest; says nothing where there is no limit.

    constexpr bool limited() const noexcept { return per_second > 0; }
    friend constexpr bool operator==(request_rate const&, request_rate const&) = default;
};

/// For a node that nobody else pays for: one's own.
inline constexpr request_rate unlimited_rate{};

/** For a public node.

    @par Source
    None of the operators published a number. Ten a second carry a wallet or a bot, and nodes count nothing themselves, so
    that who asks for more takes it from others.
*/
inline constexpr request_rate public_node_rate{10, 20};

/// A public node, as it was announced.
struct endpoint
{
    std::string_view url;
    std::string_view place = {};       ///< City or region; empty where it is not known.
    std::string_view operated_by = {}; ///< Empty where it is not known.
    std::string_view terms = {}; ///< On what conditions it may be used, for people; never empty in the library's lists.
    std::string_view provenance = {}; ///< Who announced it, and when.
    public_network network = public_network::mainnet;

    /// What the terms allow: @ref public_node_rate, and no limit where there are no terms.
    constexpr request_rate rate() const noexcept { return terms.empty() ? unlimited_rate : public_node_rate; }

    friend constexpr bool operator==(endpoint const&, endpoint const&) = default;
};

namespace detail {

inline constexpr std::string_view infrastructure_terms = "non-commercial use, rate-limited";
inline constexpr std::string_view infrastructure_provenance =
    "one of the 26 public nodes of the infrastructure proposal of August 2018; not in the reference UI's list since "
    "2019-03-25";
inline constexpr std::string_view recent_terms = "public node; its operator's terms are not known";
inline constexpr std::string_view recent_provenance = "the reference UI's list of 2025-07-28";

consteval endpoint infrastructure_node(std::string_view url, std::string_view place, std::string_view operated_by,
                                       public_network network = public_network::mainnet)
{
    return {url, place, operated_by, infrastructure_terms, infrastructure_provenance, network};
}

consteval endpoint recent_node(std::string_view url, public_network network = public_network::mainnet)
{
    return {url, {}, {}, recent_terms, recent_provenance, network};
}

inline constexpr endpoint infrastructure[] = {
    infrastructure_node("wss://bitshares.nu/ws", "Stockholm SE", "Flash"),
    infrastructure_node("wss://singapore.bitshares.apasia.tech/ws", "Singapore", "Flash/APAsia"),
    infrastructure_node("wss://japan.bitshares.apasia.tech/ws", "Tokyo", "Flash/APAsia"),
    infrastructure_node("wss://new-york.bitshares.apasia.tech/ws", "New York", "Flash/APAsia"),
    infrastructure_node("wss://us-la.bitshares.apasia.tech/ws", "Los Angeles", "Flash/APAsia"),
    infrastructure_node("wss://seattle.bitshares.apasia.tech/ws", "Seattle", "Flash/APAsia"),
    infrastructure_node("wss://chicago.bitshares.apasia.tech/ws", "Chicago", "Flash/APAsia"),
    infrastructure_node("wss://dallas.bitshares.apasia.tech/ws", "Dallas", "Flash/APAsia"),
    infrastructure_node("wss://valley.bitshares.apasia.tech/ws", "Silicon Valley", "Flash/APAsia"),
    infrastructure_node("wss://miami.bitshares.apasia.tech/ws", "Miami", "Flash/APAsia"),
    infrastructure_node("wss://atlanta.bitshares.apasia.tech/ws", "Atlanta", "Flash/APAsia"),
    infrastructure_node("wss://slovenia.bitshares.apasia.tech/ws", "Ljubljana", "APAsia + Move Institute"),
    infrastructure_node("wss://australia.bitshares.apasia.tech/ws", "Sydney", "Flash/APAsia"),
    infrastructure_node("wss://england.bitshares.apasia.tech/ws", "London", "Flash/APAsia"),
    infrastructure_node("wss://france.bitshares.apasia.tech/ws", "Paris", "Flash/APAsia"),
    infrastructure_node("wss://scali10.daostreet.com/ws", "Los Angeles", "DAOStreet"),
    infrastructure_node("wss://seoul9.daostreet.com/ws", "Seoul", "DAOStreet"),
    infrastructure_node("wss://frankfurt8.daostreet.com/ws", "Frankfurt", "DAOStreet"),
    infrastructure_node("wss://paris7.daostreet.com/ws", "Paris", "DAOStreet"),
    // Two lists of 2018 differ in its place and in whether its URL ends in /ws: without a path, both are tried.
    infrastructure_node("wss://canada6.daostreet.com", "Toronto or Montreal", "Flash worker"),
    infrastructure_node("wss://ncali5.daostreet.com/ws", "San Francisco", "DAOStreet"),
    infrastructure_node("wss://ohio4.daostreet.com/ws", "Ohio", "DAOStreet"),
    infrastructure_node("wss://virginia3.daostreet.com/ws", "Virginia", "DAOStreet"),
    infrastructure_node("wss://oregon2.daostreet.com/ws", "Oregon", "DAOStreet"),
    infrastructure_node("wss://status200.bitshares.apasia.tech/ws", "New Jersey", "Flash/APAsia"),
    infrastructure_node("wss://testnet.bitshares.apasia.tech/ws", "Dallas", "Flash/APAsia", public_network::testnet),
};

inline constexpr endpoint recent_mainnet[] = {
    recent_node("wss://dex.iobanker.com/ws"), recent_node("wss://mainnet-node.btspp.io"),
    recent_node("wss://api.bts.mobi/ws"),     recent_node("wss://btsws.roelandp.nl/ws"),
    recent_node("wss://api.61bts.com"),       recent_node("wss://api-us.61bts.com"),
    recent_node("wss://api.dex.trading/"),    recent_node("wss://eu.nodes.bitshares.ws"),
    recent_node("wss://public.xbts.io/ws"),   recent_node("wss://cloud.xbts.io/ws"),
    recent_node("wss://node.xbts.io/ws"),     recent_node("wss://bts.mypi.win"),
    recent_node("wss://api.btslebin.com/ws"), recent_node("wss://bitsharesapi.loclx.io"),
};

inline constexpr endpoint recent_testnet[] = {
    recent_node("wss://eu.nodes.testnet.bitshares.ws", public_network::testnet),
    recent_node("wss://testnet.dex.trading/", public_network::testnet),
    recent_node("wss://testnet.xbts.io/ws", public_network::testnet),
    recent_node("wss://api-testnet.61bts.com/ws", public_network::testnet),
    recent_node("wss://api-us-testnet.61bts.com/ws", public_network::testnet),
    recent_node("wss://btstestnet.cybertron.ninja/ws", public_network::testnet),
    recent_node("wss://bitsharestestnet.loclx.io", public_network::testnet),
};

} // namespace detail

/** The 26 public nodes of the infrastructure proposal of 2018, in its order: 25 of the main network, the last one of the
    test network.

    A historic catalogue. They left the public lists in 2019, and their domains may belong to others by now, so nothing uses
    them unless it names them; a node with the right chain id may still be anybody's. To fail over between them, choose a
    network: `node_list(infrastructure_nodes()).of(public_network::mainnet)`.

    @par Source
    The infrastructure proposal of August 2018; URLs as in the reference UI's list of 2018-12-19 and, for nine, in another
    wallet's list of 2018-04-10.
*/
constexpr std::span<endpoint const> infrastructure_nodes() noexcept
{
    return detail::infrastructure;
}

/** Public nodes of the main network, recently announced: the list to begin with.

    @par Source
    The reference UI's list of 2025-07-28, in its order.
*/
constexpr std::span<endpoint const> mainnet_nodes() noexcept
{
    return detail::recent_mainnet;
}

/** Public nodes of the test network, recently announced.

    @par Source
    The reference UI's list of 2025-07-28, in its order.
*/
constexpr std::span<endpoint const> testnet_nodes() noexcept
{
    return detail::recent_testnet;
}

/** The endpoint of the three lists that is at this host; null when there is none.

    @param host Name in lower case, as @ref node_url::host has it.
*/
constexpr endpoint const* find_endpoint(std::string_view host) noexcept
{
    for (auto const nodes : {infrastructure_nodes(), mainnet_nodes(), testnet_nodes()})
        for (endpoint const& node : nodes)
        {
            std::string_view const rest = node.url.substr(node.url.find("//") + 2);
            if (rest.substr(0, rest.find_first_of(":/")) == host)
                return &node;
        }
    return nullptr;
}

/** The URLs by which a node may be reached, in the order in which they are to be tried: a URL that has a path is the only one;
    behind a host alone nodes listen at `/ws`, at `/wss` or at `/`.

    Each has a path. Which one answered is to be remembered, and the others are not tried again.
*/
BITSHARES_LAZY_DECL std::vector<node_url> candidate_urls(node_url const& url);

/** A node of a @ref node_list, with what is said about it. Texts are for people and by whoever wrote the list: UTF-8, without
    control characters but tab and line ends; empty where nothing is said. */
struct node_entry
{
    node_url url;
    std::string region = {};      ///< Part of the world, as the reference UI groups its nodes.
    std::string country = {};     ///< As the list's author wrote it.
    std::string place = {};       ///< City.
    std::string operated_by = {}; ///< Who runs it.
    std::string contact = {};     ///< How to reach the operator.
    std::string terms = {};       ///< On what conditions it may be used.
    std::string provenance = {};  ///< Where the entry is from.
    bool hidden = false;          ///< Not shown to users who choose a node; used as any other.
    std::optional<chain_id_type> chain_id =
        {}; ///< Which chain it serves; where it is not said, only the node can tell.

    /// The public network that it is said to be of.
    BITSHARES_DECL std::optional<public_network> network() const;

    /** How many requests it is sent, by default: @ref public_node_rate where it has terms, said here or known of its host from
        the library's lists (@ref find_endpoint); no limit for other nodes. */
    BITSHARES_DECL request_rate rate() const;

    friend bool operator==(node_entry const&, node_entry const&) = default;
};

/** The nodes that a program hands to a pool: what is known about each, in the order of preference, and no URL twice.

    Nodes of several networks may stand in one list, but not in one pool, because failover never crosses networks:
    @ref of chooses, @ref chain_id refuses.

    @par Example
    @code
    auto nodes = node_list::from_json(text).value().of(public_network::mainnet);
    @endcode
*/
class node_list
{
public:
    node_list() = default;

    /// @throws exception `errc::duplicate_node`, `errc::invalid_url`; never for one of the library's own lists.
    BITSHARES_LAZY_DECL
    node_list(std::span<endpoint const> nodes); // NOLINT(google-explicit-constructor): as mainnet_nodes()
    /// @throws exception `errc::duplicate_node`.
    BITSHARES_LAZY_DECL node_list(std::vector<node_url> const& urls); // NOLINT(google-explicit-constructor)
    BITSHARES_LAZY_DECL
    node_list(std::initializer_list<node_url> urls);    ///< @copydoc node_list(std::vector<node_url> const&)
    BITSHARES_LAZY_DECL node_list(node_url const& url); // NOLINT(google-explicit-constructor)

    /** Makes a list of entries that are put together elsewhere.

        Where an entry of no chain says `TESTNET` at the beginning of its region or place, as the reference UI's list does, it is
        of the test network, and those that say nothing are of the main network, as they are in that list.

        @par Errors
        @li `errc::duplicate_node`: a URL stands twice, written in one way or in two; the detail names it, the path is the
            second one's (`/3`).
    */
    BITSHARES_LAZY_DECL static result<node_list> from_entries(std::vector<node_entry> entries);

    /** Reads URLs, as of a command line.

        @par Errors
        @li `errc::invalid_url`: the path says which (`/3`), the detail names it (unless it may hold credentials) and what is
            wrong.
        @li `errc::duplicate_node`: as @ref from_entries.
    */
    BITSHARES_LAZY_DECL static result<node_list> from_urls(std::span<std::string const> urls);

    /** Reads a list: an array, or an object whose member `nodes` is one, of URLs and of objects.

        An object has a `url` and may have `region`, `country`, `location`, `operator`, `contact`, `hidden`, as in the reference
        UI's list, and `terms`, `provenance`, `network` (`"mainnet"` or `"testnet"`) and `chain_id` (64 hexadecimal digits).
        A `location` may be `{"translate": "..."}` there, which is read as none, and the UI's entry
        `wss://fake.automatic-selection.com`, which means that it chooses itself, is left out.

        Reading is strict. @ref from_entries says which networks the UI's entries are of.

        @par Errors
        Each with the path (JSON Pointer) to the value:
        @li `errc::invalid_url`, `errc::duplicate_node`: as @ref from_urls.
        @li `errc::mixed_networks`: a node's `network` and `chain_id` are two networks.
        @li `errc::unknown_member`, `errc::missing_member` and the others of @ref from_json, also for more than 10,000 nodes,
            strings of more than 4096 bytes, and texts of more than 4 MiB.
    */
    BITSHARES_LAZY_DECL static result<node_list> from_json(std::string_view text);

    /// JSON, a node a line, that @ref from_json reads as an equal list.
    BITSHARES_LAZY_DECL std::string to_json() const;

    std::vector<node_entry> const& entries() const noexcept { return entries_; }
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }
    node_entry const& operator[](std::size_t index) const { return entries_[index]; }
    auto begin() const noexcept { return entries_.begin(); }
    auto end() const noexcept { return entries_.end(); }

    BITSHARES_LAZY_DECL std::vector<node_url> urls() const;

    /// The nodes that are said to be of this chain; those of which no chain is said are not.
    BITSHARES_LAZY_DECL node_list of(chain_id_type const& chain_id) const;
    BITSHARES_LAZY_DECL node_list of(public_network network) const;

    /** The same nodes as a list of one chain: those of which no chain is said are taken to be of it, which they have to prove
        when they are connected.

        @par Errors
        @li `errc::mixed_networks`: a node is said to be of another chain; the detail names it.
    */
    BITSHARES_LAZY_DECL result<node_list> only(chain_id_type const& chain_id) const;
    BITSHARES_LAZY_DECL result<node_list> only(public_network network) const;

    /** The chain that the nodes are said to be of, not counting those of which none is said; empty where it is said of none.
        What makes a pool of a list asks this first.

        @par Errors
        @li `errc::mixed_networks`: nodes are said to be of two chains; the detail names one of each.
    */
    BITSHARES_LAZY_DECL result<std::optional<chain_id_type>> chain_id() const;

    friend bool operator==(node_list const&, node_list const&) = default;

private:
    std::vector<node_entry> entries_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/endpoints.ipp>
#endif
