#include "../../support/vectors.hpp"

#include <bitshares/net/endpoints.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

// Data of compile time.
static_assert(infrastructure_nodes().size() == 26);
static_assert(mainnet_nodes().size() == 14);
static_assert(testnet_nodes().size() == 7);
static_assert(infrastructure_nodes()[25].network == public_network::testnet);
static_assert(infrastructure_nodes()[0].rate() == request_rate{10, 20});
static_assert(infrastructure_nodes()[0].rate().limited());
static_assert(mainnet_nodes()[0].rate() == public_node_rate);
static_assert(endpoint{.url = "ws://localhost"}.rate() == unlimited_rate && !unlimited_rate.limited());
static_assert(find_endpoint("bitshares.nu") == &infrastructure_nodes()[0]);
static_assert(find_endpoint("canada6.daostreet.com") == &infrastructure_nodes()[19]);
static_assert(find_endpoint("bitsharestestnet.loclx.io") == &testnet_nodes()[6]);
static_assert(find_endpoint("nu") == nullptr && find_endpoint("") == nullptr);
static_assert(name(public_network::mainnet) == "mainnet" && name(public_network::testnet) == "testnet");

test::json_value const& facts()
{
    return vectors::file("endpoints.json");
}

chain_id_type fact_chain(std::string const& network)
{
    return vectors::fixed<chain_id_type>(facts()["chain_ids"][network].text());
}

// As an application may have to read them: the UI's own writing, with what it does to them.
constexpr std::string_view ui_list = R"([
 {"url": "wss://fake.automatic-selection.com", "location": {"translate": "settings.api_closest"}},
 {"url": "ws://127.0.0.1:8090", "location": "Locally hosted"},
 {"url": "wss://node.example.org/ws", "region": "Western Europe", "country": "Germany", "location": "Nuremberg",
  "operator": "Witness: one", "contact": "telegram:one"},
 {"url": "wss://api.example.org", "region": "Eastern Asia", "country": "Japan", "location": "", "operator": "two",
  "contact": "", "hidden": true},
 {"url": "wss://testnet.example.org/", "region": "TESTNET - Western Europe", "country": "France", "location": "Paris",
  "operator": "three", "contact": "email:three@example.org"}
])";

struct refusal
{
    std::string text;
    errc code;
    std::string path;
    std::string detail = {}; // a part of it
};

void check_refused(refusal const& r)
{
    CAPTURE(r.text);
    auto const list = node_list::from_json(r.text);
    REQUIRE(!list);
    CAPTURE(list.error().message());
    CHECK(list.error().code() == r.code);
    CHECK(list.error().path() == r.path);
    CHECK(list.error().detail().find(r.detail) != std::string::npos);
}

} // namespace

TEST_CASE("net/endpoints: the 26 infrastructure nodes are as they were announced, in their order")
{
    auto const& expected = facts()["infrastructure"].array();
    REQUIRE(expected.size() == 26);
    std::size_t mainnet_count = 0;
    for (std::size_t i = 0; i < 26; ++i)
    {
        CAPTURE(i);
        endpoint const& node = infrastructure_nodes()[i];
        CHECK(expected[i]["number"].as_uint() == i + 1);
        CHECK(node.url == expected[i]["url"].text());
        CHECK(node_url(node.url).host() == expected[i]["host"].text());
        CHECK(node_url(node.url).secure());
        CHECK(node.place == expected[i]["place"].text());
        CHECK(node.operated_by == expected[i]["operator"].text());
        CHECK(name(node.network) == expected[i]["network"].text());
        CHECK(node.terms == facts()["terms"]["infrastructure"].text());
        CHECK(node.provenance == facts()["provenance"]["infrastructure"].text());
        CHECK(node_url(node.url).has_path() == (i != 19));
        mainnet_count += node.network == public_network::mainnet ? 1 : 0;
    }
    CHECK(mainnet_count == 25);
}

TEST_CASE("net/endpoints: the recent lists are as they were announced, and each of one network")
{
    std::pair<public_network, std::span<endpoint const>> const lists[] = {{public_network::mainnet, mainnet_nodes()},
                                                                          {public_network::testnet, testnet_nodes()}};
    for (auto const& [network, nodes] : lists)
    {
        auto const& expected = facts()["recent"][name(network)].array();
        REQUIRE(nodes.size() == expected.size());
        for (std::size_t i = 0; i < nodes.size(); ++i)
        {
            CHECK(nodes[i].url == expected[i].text());
            CHECK(nodes[i].network == network);
            CHECK(nodes[i].place.empty());
            CHECK(nodes[i].operated_by.empty());
            CHECK(nodes[i].terms == facts()["terms"]["recent"].text());
            CHECK(nodes[i].provenance == facts()["provenance"]["recent"].text());
        }
        CHECK(node_list(nodes).chain_id().value() == chain_id_of(network));
    }
}

TEST_CASE("net/endpoints: no host stands in two of the lists, and each is found by its host")
{
    std::set<std::string> hosts;
    for (auto const nodes : {infrastructure_nodes(), mainnet_nodes(), testnet_nodes()})
        for (endpoint const& node : nodes)
        {
            node_url const url(node.url);
            CHECK(hosts.insert(url.host()).second);
            CHECK(find_endpoint(url.host()) == &node);
        }
    CHECK(hosts.size() == 26 + 14 + 7);
    CHECK(find_endpoint("daostreet.com") == nullptr);
}

TEST_CASE("net/endpoints: a public network has a chain id, and the id tells the network")
{
    CHECK(chain_id_of(public_network::mainnet) == fact_chain("mainnet"));
    CHECK(chain_id_of(public_network::testnet) == fact_chain("testnet"));
    CHECK(public_network_of(fact_chain("mainnet")) == public_network::mainnet);
    CHECK(public_network_of(fact_chain("testnet")) == public_network::testnet);
    CHECK_FALSE(public_network_of({}).has_value());
}

TEST_CASE("net/endpoints: where a URL has no path, three are tried in their order")
{
    auto const targets = [](char const* text) {
        std::vector<std::string> result;
        for (node_url const& url : candidate_urls(text))
        {
            CHECK(url.has_path());
            CHECK(url.authority() == node_url(text).authority());
            CHECK(url.secure() == node_url(text).secure());
            result.push_back(url.target());
        }
        return result;
    };
    std::vector<std::string> const three = {"/ws", "/wss", "/"};
    CHECK(targets("wss://canada6.daostreet.com") == three);
    CHECK(targets("ws://[::1]:8090") == three);
    CHECK(targets("wss://a/ws") == std::vector<std::string>{"/ws"});
    CHECK(targets("wss://a/") == std::vector<std::string>{"/"});
    CHECK(targets("wss://a/x?key=1") == std::vector<std::string>{"/x?key=1"});
    CHECK(targets("wss://a?key=1") == std::vector<std::string>{"/?key=1"});
    CHECK(candidate_urls("ws://a:81")[0].to_string() == "ws://a:81/ws");
    CHECK(candidate_urls(candidate_urls("ws://a")[2]).size() == 1); // what was remembered is not tried anew
}

TEST_CASE("net/endpoints: a list of endpoints has all that is known of them")
{
    node_list const list = infrastructure_nodes();
    REQUIRE(list.size() == 26);
    CHECK_FALSE(list.empty());
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        endpoint const& node = infrastructure_nodes()[i];
        CHECK(list[i].url == node_url(node.url));
        CHECK(list[i].url.has_path() == node_url(node.url).has_path());
        CHECK(list[i].place == node.place);
        CHECK(list[i].operated_by == node.operated_by);
        CHECK(list[i].terms == node.terms);
        CHECK(list[i].provenance == node.provenance);
        CHECK(list[i].network() == node.network);
        CHECK(list[i].rate() == public_node_rate);
        CHECK_FALSE(list[i].hidden);
    }
    CHECK(list.urls().size() == 26);
    CHECK(list.urls()[25].host() == "testnet.bitshares.apasia.tech");
    CHECK(static_cast<std::size_t>(list.end() - list.begin()) == list.entries().size());
}

TEST_CASE("net/endpoints: lists are made of URLs, and refuse by name what stands twice or is none")
{
    node_list const two = {"wss://a", "ws://b:81/x"};
    CHECK(two.size() == 2);
    CHECK(two.urls() == std::vector<node_url>{"wss://a", "ws://b:81/x"});
    CHECK(node_list(std::vector<node_url>{"wss://a", "ws://b:81/x"}) == two);
    CHECK(node_list(node_url("wss://a")) == node_list{"wss://a"});
    CHECK(node_list().empty());
    CHECK_THROWS_AS((node_list{"wss://a", "wss://A:443/"}), exception);
    endpoint const bad[] = {{.url = "wss://a"}, {.url = "http://b"}};
    CHECK_THROWS_AS(node_list{std::span<endpoint const>(bad)}, exception);
    endpoint const twice[] = {{.url = "wss://a"}, {.url = "wss://a"}};
    CHECK_THROWS_AS(node_list{std::span<endpoint const>(twice)}, exception);

    std::vector<std::string> texts = {"wss://a", "ws://b:81/x"};
    CHECK(node_list::from_urls(texts).value() == two);
    texts.push_back("wss://A:443/");
    auto const duplicate = node_list::from_urls(texts);
    REQUIRE(!duplicate);
    CHECK(duplicate.error().code() == errc::duplicate_node);
    CHECK(duplicate.error().path() == "/2");
    CHECK(duplicate.error().detail() == "wss://a, first at /0");
    texts.back() = "node.example";
    auto const malformed = node_list::from_urls(texts);
    REQUIRE(!malformed);
    CHECK(malformed.error().code() == errc::invalid_url);
    CHECK(malformed.error().path() == "/2");
    CHECK(malformed.error().detail() == "\"node.example\": expected ws:// or wss:// in front");
    texts.back() = "wss://user:secret@node.example";
    auto const credentials = node_list::from_urls(texts);
    REQUIRE(!credentials);
    CHECK(credentials.error().message().find("secret") == std::string::npos);
    // The same host at another port, path or scheme is another node.
    texts = {"wss://a", "ws://a", "wss://a:8090", "wss://a/ws", "ws://a/ws"};
    CHECK(node_list::from_urls(texts).value().size() == 5);
}

TEST_CASE("net/endpoints: terms make a rate, and a URL alone does not free a known node of its terms")
{
    CHECK(node_entry{.url = "ws://127.0.0.1:8090"}.rate() == unlimited_rate);
    CHECK(node_entry{.url = "ws://127.0.0.1:8090", .terms = "be kind"}.rate() == public_node_rate);
    CHECK(node_entry{.url = "WSS://Bitshares.NU"}.rate() == public_node_rate);
    CHECK(node_list{"wss://dex.iobanker.com/ws"}[0].rate() == public_node_rate);
}

TEST_CASE("net/endpoints: networks are told apart, and one list for a pool has one chain")
{
    node_list const all = infrastructure_nodes();
    auto const mixed = all.chain_id();
    REQUIRE(!mixed);
    CHECK(mixed.error().code() == errc::mixed_networks);
    CHECK(mixed.error().detail() ==
          "wss://bitshares.nu/ws is of mainnet, wss://testnet.bitshares.apasia.tech/ws is of testnet");
    CHECK(all.of(public_network::mainnet).size() == 25);
    CHECK(all.of(public_network::mainnet).chain_id().value() == fact_chain("mainnet"));
    REQUIRE(all.of(public_network::testnet).size() == 1);
    CHECK(all.of(public_network::testnet)[0] == all[25]);
    CHECK(all.of(chain_id_type{}).empty());

    auto const refused = all.only(public_network::mainnet);
    REQUIRE(!refused);
    CHECK(refused.error().code() == errc::mixed_networks);
    CHECK(refused.error().detail() == "wss://testnet.bitshares.apasia.tech/ws is of testnet, not mainnet");
    CHECK(node_list(mainnet_nodes()).only(public_network::mainnet).value() == node_list(mainnet_nodes()));

    node_list const silent = {"wss://a", "wss://b"};
    CHECK_FALSE(silent.chain_id().value().has_value());
    CHECK_FALSE(silent[0].network().has_value());
    CHECK(silent.of(public_network::mainnet).empty());
    node_list const said = silent.only(public_network::testnet).value();
    CHECK(said.chain_id().value() == fact_chain("testnet"));
    CHECK(said.of(public_network::testnet) == said);
    CHECK_FALSE(node_list().chain_id().value().has_value());

    // A node that says nothing may be of any chain: connecting tells.
    auto const partly = node_list::from_entries({{.url = "wss://a"}, said[1]}).value();
    CHECK(partly.chain_id().value() == fact_chain("testnet"));
    chain_id_type own;
    own.data[0] = 0xab;
    auto const with_own = node_list::from_entries({{.url = "ws://c", .chain_id = own}, said[1]}).value().chain_id();
    REQUIRE(!with_own);
    CHECK(with_own.error().detail().find("ws://c is of chain ab00") == 0);
}

TEST_CASE("net/endpoints: every library list is written as JSON and reads back equal")
{
    for (auto const nodes : {infrastructure_nodes(), mainnet_nodes(), testnet_nodes()})
    {
        node_list const list = nodes;
        std::string const text = list.to_json();
        node_list const again = node_list::from_json(text).value();
        CHECK(again == list);
        CHECK(again.to_json() == text);
        for (std::size_t i = 0; i < list.size(); ++i)
            CHECK(again[i].url.has_path() == list[i].url.has_path());
    }
    CHECK(node_list::from_json(node_list().to_json()).value().empty());
}

TEST_CASE("net/endpoints: our form has every member of an entry")
{
    chain_id_type own;
    own.data.fill(0x5a);
    auto const list = node_list::from_entries({{.url = "wss://a/",
                                                .region = "r",
                                                .country = "c",
                                                .place = "\"p\" ä\n",
                                                .operated_by = "o",
                                                .contact = "k",
                                                .terms = "t",
                                                .provenance = "v",
                                                .hidden = true,
                                                .chain_id = own},
                                               {.url = "wss://b", .chain_id = fact_chain("testnet")},
                                               {.url = "ws://[::1]:8090"}})
                          .value();
    std::string const text = list.to_json();
    CHECK(text == "{\"nodes\":[\n"
                  R"({"url":"wss://a/","region":"r","country":"c","location":"\"p\" ä\n","operator":"o","contact":"k",)"
                  R"("terms":"t","provenance":"v","hidden":true,"chain_id":")" +
                      to_hex(own.data) +
                      "\"},\n"
                      R"({"url":"wss://b","network":"testnet"},)"
                      "\n"
                      R"({"url":"ws://[::1]:8090"})"
                      "\n]}\n");
    auto const again = node_list::from_json(text).value();
    CHECK(again == list);
    CHECK(again[0].url.has_path());
    CHECK_FALSE(again[1].url.has_path());
    // A public network's chain id says the same as its name.
    auto const by_id = node_list::from_json(R"(["wss://x",{"url":"wss://b","chain_id":")" +
                                            to_hex(fact_chain("testnet").data) + "\"}]");
    CHECK(by_id.value()[1] == list[1]);
}

TEST_CASE("net/endpoints: an array and an object, of URLs and of objects, are one list")
{
    node_list const expected = {"wss://a", "wss://b/ws"};
    for (char const* text :
         {R"(["wss://a","wss://b/ws"])", R"(  [ {"url":"wss://a"}, "wss:\/\/b\/ws" ] )",
          R"({"nodes":["wss://a",{"url":"wss://b/ws"}]})", "\r\n\t{ \"nodes\" : [ \"WSS://A\", \"wss://b/ws\" ] }\n",
          R"([{"url":"wss://a","region":null,"location":null,"hidden":false},"wss://b/ws"])"})
    {
        CAPTURE(text);
        CHECK(node_list::from_json(text).value() == expected);
    }
    CHECK(node_list::from_json("[]").value().empty());
    CHECK(node_list::from_json(R"({"nodes":[]})").value().empty());
}

TEST_CASE("net/endpoints: the reference UI's list is read, with its networks and without its placeholder")
{
    auto const list = node_list::from_json(ui_list).value();
    REQUIRE(list.size() == 4);
    CHECK(list[0].url == node_url("ws://127.0.0.1:8090"));
    CHECK(list[0].place == "Locally hosted");
    CHECK(list[1] == node_entry{.url = "wss://node.example.org/ws",
                                .region = "Western Europe",
                                .country = "Germany",
                                .place = "Nuremberg",
                                .operated_by = "Witness: one",
                                .contact = "telegram:one",
                                .chain_id = fact_chain("mainnet")});
    CHECK(list[2].hidden);
    CHECK(list[2].place.empty());
    CHECK_FALSE(list[2].url.has_path());
    CHECK(list[3].url.has_path());
    REQUIRE(list.of(public_network::testnet).size() == 1);
    CHECK(list.of(public_network::testnet)[0].place == "Paris");
    CHECK(list.of(public_network::mainnet).size() == 3);
    CHECK(list.chain_id().error().code() == errc::mixed_networks);
    CHECK(node_list::from_json(list.to_json()).value() == list);

    // Its older lists say it in the place. Where nothing is marked, nothing is known.
    auto const older = node_list::from_json(R"([{"url":"wss://a","location":"TESTNET - Frankfurt"},"wss://b"])");
    CHECK(older.value()[0].network() == public_network::testnet);
    CHECK(older.value()[1].network() == public_network::mainnet);
    auto const unmarked = node_list::from_json(R"([{"url":"wss://a","region":"Western Europe"}])");
    CHECK_FALSE(unmarked.value()[0].chain_id.has_value());
    // A mark never goes against what is said.
    auto const said = node_list::from_json(R"([{"url":"wss://a","region":"TESTNET","network":"mainnet"},"wss://b"])");
    CHECK(said.value()[0].network() == public_network::mainnet);
    CHECK_FALSE(said.value()[1].chain_id.has_value());
}

TEST_CASE("net/endpoints: a list is read strictly, and what is wrong is said with its path")
{
    // As in the UI's list of September 2018: two places with one URL.
    check_refused(
        {R"([{"url":"wss://france.example/ws","location":"Paris"},{"url":"wss://france.example/ws","location":"Amsterdam"}])",
         errc::duplicate_node, "/1/url", "wss://france.example/ws, first at /0/url"});
    check_refused({R"({"nodes":["wss://a","wss://b",{"url":"WSS://A:443/"}]})", errc::duplicate_node, "/nodes/2/url",
                   "wss://a, first at /nodes/0"});
    // The placeholder that is left out counts for the path, and an earlier element's path is what it was.
    check_refused(
        {R"(["wss://fake.automatic-selection.com","wss://a","wss://a"])", errc::duplicate_node, "/2", "first at /1"});

    check_refused({R"(["http://a"])", errc::invalid_url, "/0", "\"http://a\": expected ws:// or wss://"});
    check_refused({R"({"nodes":[{"url":"wss://a b"}]})", errc::invalid_url, "/nodes/0/url", "\"wss://a b\""});
    check_refused({R"([{"url":""}])", errc::invalid_url, "/0/url"});
    auto const credentials = node_list::from_json(R"(["wss://user:secret@a"])");
    REQUIRE(!credentials);
    CHECK(credentials.error().message().find("secret") == std::string::npos);

    check_refused({R"([{"url":"wss://a","colour":"red"}])", errc::unknown_member, "/0/colour"});
    check_refused({R"([{"url":"wss://a","operated_by":"x"}])", errc::unknown_member, "/0/operated_by"});
    check_refused({R"({"nodes":["wss://a"],"version/2":1})", errc::unknown_member, "/version~12"});
    check_refused({R"([{"url":"wss://a","location":{"translate":"x","y":1}}])", errc::unknown_member, "/0/location/y"});
    check_refused({R"([{"url":"wss://a","location":{}}])", errc::missing_member, "/0/location/translate"});
    check_refused({R"([{"url":"wss://a","location":5}])", errc::wrong_type, "/0/location"});
    check_refused({R"([{"location":"x"}])", errc::missing_member, "/0/url"});
    check_refused({"{}", errc::missing_member, "/nodes"});
    check_refused({R"([{"url":"wss://a","url":"wss://b"}])", errc::duplicate_member, "/0/url"});
    check_refused({R"(["wss://a",7])", errc::wrong_type, "/1", "neither a URL nor an object"});
    check_refused({R"([["wss://a"]])", errc::wrong_type, "/0"});
    check_refused({R"([null])", errc::wrong_type, "/0"});
    check_refused({R"({"nodes":"wss://a"})", errc::wrong_type, "/nodes"});
    check_refused({R"("wss://a")", errc::wrong_type, ""});
    check_refused({"7", errc::wrong_type, ""});
    check_refused({R"([{"url":"wss://a","hidden":"maybe"}])", errc::wrong_type, "/0/hidden"});
    check_refused({R"([{"url":"wss://a","network":"Mainnet"}])", errc::wrong_type, "/0/network", "Mainnet"});
    check_refused({R"([{"url":"wss://a","chain_id":"40"}])", errc::invalid_hex, "/0/chain_id"});
    check_refused({R"([{"url":"wss://a","operator":"\u001b[2J"}])", errc::control_character, "/0/operator"});
    check_refused(
        {R"([{"url":"wss://a","network":"mainnet","chain_id":")" + to_hex(fact_chain("testnet").data) + "\"}]",
         errc::mixed_networks, "/0/chain_id"});
    for (std::string const text : {"", " ", "[", "[]x", "[,]", "nodes", "\xff", R"(["wss://a)"})
        check_refused({text, errc::invalid_json, ""});
}

TEST_CASE("net/endpoints: what a list's text may hold is bounded")
{
    std::string const long_text(4097, 'x');
    check_refused({R"([{"url":"wss://a","contact":")" + long_text + "\"}]", errc::string_limit, "/0/contact"});
    check_refused({R"(["wss://)" + long_text + "\"]", errc::string_limit, "/0"});
    check_refused({std::string((4 << 20) + 1, ' '), errc::size_limit, ""});
    std::string many = "[";
    for (int i = 0; i < 10'000; ++i)
        many += R"("ws://a:)" + std::to_string(i + 1) + "\",";
    CHECK(node_list::from_json(many.substr(0, many.size() - 1) + "]").value().size() == 10'000);
    check_refused({many + R"("ws://b"])", errc::element_limit, "/10000"});
    std::string deep = R"([{"url":"wss://a","location":)";
    for (int i = 0; i < 9; ++i)
        deep += R"({"translate":)";
    check_refused({deep, errc::depth_limit, "/0"});
}
