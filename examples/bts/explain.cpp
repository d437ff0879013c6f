#include "explain.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <charconv>

namespace bts_program {

using namespace bitshares;
using program::printable;

namespace {

// A transaction strictly read: what is missing would count as 0 and give another id.
struct whole_transaction
{
    std::uint16_t ref_block_num = 0;
    std::uint32_t ref_block_prefix = 0;
    time_point_sec expiration;
    std::vector<operation> operations;
    extensions_type extensions;
    std::optional<std::vector<signature>> signatures;
    std::optional<raw_json> operation_results;

    BITSHARES_FIELDS((ref_block_num), (ref_block_prefix), (expiration), (operations), (extensions), (signatures),
                     (operation_results))
};

// Plain numbers that are amounts, and where their asset stands. A rule holds where both members are there, and the third.
struct amount_rule
{
    std::string_view member;
    std::string_view asset;   // path from the same object; empty: the core asset
    std::string_view sibling; // another member, that tells apart what has the same names; empty: none
};

constexpr amount_rule amount_rules[] = {{"amount", "asset_id", "to"},   // of an HTLC
                                        {"amount", "", "from_account"}, // into a fee pool
                                        {"for_sale", "sell_price/base/asset_id", ""},
                                        {"collateral", "call_price/base/asset_id", ""},
                                        {"debt", "call_price/quote/asset_id", ""},
                                        {"balance", "asset_type", ""},
                                        {"unpaid_amount", "asset_type", ""},
                                        {"total_balance", "asset_type", ""},
                                        {"current_balance", "asset_type", ""},
                                        {"min_deal_amount", "asset_type", ""},
                                        {"debt_amount", "debt_asset", ""},
                                        {"total_debt_amount", "debt_asset", ""},
                                        {"collateral_amount", "collateral_asset", ""},
                                        {"balance_a", "asset_a", ""},
                                        {"balance_b", "asset_b", ""},
                                        {"settlement_fund", "options/short_backing_asset", ""},
                                        {"individual_settlement_fund", "options/short_backing_asset", ""},
                                        {"individual_settlement_debt", "asset_id", "settlement_fund"},
                                        {"force_settled_volume", "asset_id", "settlement_fund"},
                                        {"fee_pool", "", "current_supply"},
                                        {"deferred_fee", "", "sell_price"},
                                        {"daily_pay", "", "work_begin_date"},
                                        {"total_core_in_orders", "", "owner"},
                                        {"total_core_inactive", "", "owner"},
                                        {"total_core_pob", "", "owner"},
                                        {"total_core_pol", "", "owner"},
                                        {"core_in_balance", "", "owner"},
                                        {"lifetime_fees_paid", "", "owner"},
                                        {"pending_fees", "", "owner"},
                                        {"pending_vested_fees", "", "owner"}};

std::optional<std::int64_t> integer(json_tree const& value)
{
    if (!value.is_number() && !value.is_string())
        return {};
    std::int64_t number = 0;
    char const* const end = value.text.data() + value.text.size();
    auto const [last, ec] = std::from_chars(value.text.data(), end, number);
    return ec == std::errc() && last == end && !value.text.empty() ? std::optional(number) : std::nullopt;
}

std::optional<asset_id> read_asset_id(json_tree const& value)
{
    auto const id = value.is_string() ? asset_id::from_string(value.text) : result<asset_id>(errc::wrong_type);
    return id ? std::optional(*id) : std::nullopt;
}

json_tree const* at_path(json_tree const& from, std::string_view path)
{
    json_tree const* at = &from;
    while (at != nullptr && !path.empty())
    {
        std::size_t const slash = path.find('/');
        at = at->find(path.substr(0, slash));
        path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    }
    return at;
}

std::optional<asset> read_amount(json_tree const& value)
{
    if (!value.is_object() || value.members.size() != 2)
        return {};
    auto const* const amount = value.find("amount");
    auto const* const id = value.find("asset_id");
    if (amount == nullptr || id == nullptr)
        return {};
    auto const number = integer(*amount);
    auto const of = read_asset_id(*id);
    return number && of ? std::optional(asset{*number, *of}) : std::nullopt;
}

bool is_operation(json_tree const& value)
{
    return value.is_array() && value.elements.size() == 2 && value.elements[0].is_number() &&
           value.elements[1].is_object();
}

bool is_transaction(json_tree const& value)
{
    auto const* const operations = value.find("operations");
    return operations != nullptr && operations->is_array() &&
           std::all_of(operations->elements.begin(), operations->elements.end(), is_operation) &&
           (value.find("ref_block_num") != nullptr || value.find("expiration") != nullptr ||
            value.find("ref_block_prefix") != nullptr || value.members.size() == 1);
}

bool is_block(json_tree const& value)
{
    return value.find("previous") != nullptr && value.find("timestamp") != nullptr &&
           value.find("witness") != nullptr && value.find("transaction_merkle_root") != nullptr;
}

bool has_operation(json_tree const& value) // an entry of a history, a proposed operation
{
    auto const* const op = value.find("op");
    return op != nullptr && is_operation(*op);
}

std::string words(std::string_view name)
{
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string time_text(std::string_view text) // as nodes print it
{
    if (time_point_sec::from_string(text).value() == time_point_sec::maximum())
        return "never";
    std::string t(text);
    t[10] = ' ';
    return t + " UTC";
}

bool is_time(json_tree const& value)
{
    return value.is_string() && value.text.size() == 19 && value.text[10] == 'T' &&
           time_point_sec::from_string(value.text).has_value();
}

std::string plural(std::size_t n, std::string_view what)
{
    return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

void line(std::string& out, std::size_t level, std::string_view text)
{
    out.append(2 * level, ' ').append(text).push_back('\n');
}

std::string plain_text(json_tree const& value)
{
    switch (value.type)
    {
    case json_tree::kind::null: return "none";
    case json_tree::kind::boolean: return value.text == "true" ? "yes" : "no";
    default: return value.text.empty() ? "\"\"" : printable(value.text);
    }
}

std::string text_of(json_tree const* value)
{
    return value != nullptr && value->is_leaf() ? printable(value->text) : std::string();
}

} // namespace

void explainer::need(json_tree const& tree)
{
    if (tree.is_string())
        if (auto const id = read_id(tree.text))
            names_.need(*id);
    for (json_tree const& element : tree.elements)
        need(element);
    for (auto const& member : tree.members)
        need(member.second);
}

// --- what an operation and a transaction say ------------------------------------------------------------------------------

explainer::operation_facts explainer::read_operation(json_tree const& tree)
{
    operation_facts facts;
    facts.tag = static_cast<std::uint64_t>(integer(tree.elements[0]).value_or(-1));
    if (facts.tag < operation_count)
        facts.name = operation_traits(static_cast<std::size_t>(facts.tag)).name;
    else
        return facts;
    std::string const text = tree.to_json();
    json_options options{.mode = json_mode::strict, .key_prefix = key_prefix_};
    auto op = from_json<operation>(text, options);
    for (std::string const& other : {mainnet().key_prefix, testnet().key_prefix})
        if (!op && op.error().code() == errc::wrong_key_prefix)
        {
            options.key_prefix = other;
            op = from_json<operation>(text, options);
        }
    if (!op)
    {
        facts.problem = printable(op.error().message());
        auto const code = op.error().code();
        options.mode = json_mode::lenient;
        if (code == errc::unknown_member || code == errc::duplicate_member || code == errc::control_character)
            op = from_json<operation>(text, options); // all that the chain would read is there
        facts.bad = !op;
    }
    if (op)
        facts.op = std::move(*op);
    if (facts.bad)
        problems_.push_back(facts.name + ": " + facts.problem);
    return facts;
}

explainer::transaction_facts explainer::read_transaction(json_tree const& tree)
{
    transaction_facts facts;
    std::string const text = tree.to_json();
    json_options options{.mode = json_mode::strict, .key_prefix = key_prefix_};
    auto read = from_json<whole_transaction>(text, options);
    for (std::string const& other : {mainnet().key_prefix, testnet().key_prefix})
        if (!read && read.error().code() == errc::wrong_key_prefix)
        {
            options.key_prefix = other;
            read = from_json<whole_transaction>(text, options);
        }
    if (!read)
    {
        facts.problem = printable(read.error().message());
        return facts;
    }
    transaction tx;
    tx.ref_block_num = read->ref_block_num;
    tx.ref_block_prefix = read->ref_block_prefix;
    tx.expiration = read->expiration;
    tx.operations = std::move(read->operations);
    tx.extensions = std::move(read->extensions);
    auto const packed = pack_unsigned(tx);
    if (!packed)
    {
        facts.problem = printable(packed.error().message());
        return facts;
    }
    facts.id = to_hex(id_of_transaction(*packed).data);
    if (chain_)
        facts.digest = to_hex(sha256(chain_->data, *packed).data);
    return facts;
}

std::vector<explainer::move> explainer::moves(operation const& op)
{
    struct collector
    {
        std::vector<move>& all;

        void sent(account_id who, asset const& what) { add(who, what, what.amount >= 0); }
        void received(account_id who, asset const& what) { add(who, what, what.amount < 0); }

        void add(account_id who, asset const& what, bool gives)
        {
            if (what.amount == 0)
                return;
            auto found = std::find_if(all.begin(), all.end(), [&](move const& m) { return m.account == who; });
            if (found == all.end())
                found = all.insert(all.end(), move{who, {}, {}});
            (gives ? found->gives : found->gets).push_back(what.amount < 0 ? bitshares::detail::negated(what) : what);
        }
    };
    std::vector<move> all;
    collector collect{all};
    op.balance_moves(collect);
    return all;
}

std::string explainer::give_and_get(operation const& op) const
{
    std::string text;
    auto const list = [&](std::string_view verb, std::vector<asset> const& amounts) {
        for (std::size_t i = 0; i < amounts.size(); ++i)
            text.append(i == 0 ? verb : i + 1 == amounts.size() ? " and " : ", ").append(names_.amount(amounts[i]));
    };
    for (move const& m : moves(op))
    {
        text.append(text.empty() ? "" : "; ").append(names_.account(m.account));
        list(" gives ", m.gives);
        list(m.gives.empty() ? " gets " : " and gets ", m.gets);
    }
    return text;
}

std::string explainer::sentence(operation const& op) const
{
    if (!op.known())
        return "operation " + std::to_string(op.tag()) + ", which this version does not know";
    std::string text = words(op.name()) + " (operation " + std::to_string(op.tag()) + ")";
    text += op.is_virtual() ? ", done by the chain: " : ": ";
    auto const payer = op.fee_payer();
    asset const fee = op.fee();
    auto const* const fill = op.get_if<fill_order>();
    if (fill && fee.amount != 0 && fill->order_id.type() == call_order_id::type())
        text += "a margin call, whose fee of " + names_.amount(fee) + " is inside what is given";
    else if (fill && fee.amount != 0)
        text += "the market fee is " + names_.amount(fee);
    else if ((op.get_if<blind_transfer>() || op.get_if<transfer_from_blind>()) && fee.amount != 0)
        text += "the fee of " + names_.amount(fee) + " comes out of the inputs";
    else if (payer && fee.amount != 0)
        text += names_.account(*payer) + " pays the fee of " + names_.amount(fee);
    else if (payer && !op.is_virtual())
        text += names_.account(*payer) + " pays no fee";
    else
        text += "no fee";
    if (std::string const moved = give_and_get(op); !moved.empty())
        text += "; " + moved;
    return text;
}

// --- values that are said in one line -------------------------------------------------------------------------------------

explainer::phrase explainer::say_amount(asset const& a) const
{
    phrase p{names_.amount(a), json_tree::object()};
    if (auto const number = names_.decimal(a))
    {
        p.json.add("amount", *number);
        p.json.add("symbol", names_.symbol(a.asset_id));
    }
    p.json.add("units", std::to_string(a.amount));
    p.json.add("asset_id", a.asset_id.to_string());
    return p;
}

std::optional<explainer::phrase> explainer::say_price(json_tree const& value) const
{
    auto const* const base = value.find("base");
    auto const* const quote = value.find("quote");
    if (base == nullptr || quote == nullptr || value.members.size() != 2)
        return {};
    auto const b = read_amount(*base);
    auto const q = read_amount(*quote);
    if (!b || !q)
        return {};
    phrase p{{}, json_tree::object()};
    std::string const pair = names_.amount(*b) + " for " + names_.amount(*q);
    std::string const unit = names_.symbol(b->asset_id) + " per " + names_.symbol(q->asset_id);
    if (auto const number = names_.price({*b, *q}))
    {
        p.text = (number->exact ? "" : "about ") + number->number + " " + unit + " (" + pair + ")";
        p.json.add("price", number->number);
        json_tree exact;
        exact.type = json_tree::kind::boolean;
        exact.text = number->exact ? "true" : "false";
        p.json.add("exact", std::move(exact));
        p.json.add("unit", unit);
    }
    else
        p.text = pair;
    p.json.add("base", say_amount(*b).json);
    p.json.add("quote", say_amount(*q).json);
    return p;
}

std::optional<explainer::phrase> explainer::say_memo(json_tree const& value) const
{
    if (value.members.size() != 4 || value.find("nonce") == nullptr)
        return {};
    auto const* const from = value.find("from");
    auto const* const to = value.find("to");
    auto const* const message = value.find("message");
    if (from == nullptr || to == nullptr || message == nullptr || !from->is_string() || !to->is_string() ||
        !message->is_string())
        return {};
    auto const content = from_hex(message->text);
    if (!content)
        return {};
    phrase p{{}, json_tree::object()};
    auto const is_none = [&](json_tree const& key) {
        return key.text.size() > 36 && key.text.ends_with("1111111111111111111111111111111114T1Anm");
    };
    if (is_none(*from) && is_none(*to)) // four bytes that would be the checksum, then the text
    {
        std::string text(content->begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, content->size())),
                         content->end());
        text = printable(text);
        p.text = "memo in clear: \"" + text + "\"";
        p.json.add("kind", "memo in clear");
        p.json.add("text", std::move(text));
        return p;
    }
    p.text = "encrypted memo of " + plural(content->size(), "byte") + ", from " + printable(from->text) + " to " +
             printable(to->text);
    p.json.add("kind", "encrypted memo");
    p.json.add("from", from->text);
    p.json.add("to", to->text);
    p.json.add("bytes", json_tree::number(content->size()));
    return p;
}

std::optional<explainer::phrase> explainer::say(std::string_view name, json_tree const& value,
                                                json_tree const* parent) const
{
    if (parent != nullptr && parent->is_object() && !value.is_array() && !value.is_object())
        for (amount_rule const& rule : amount_rules)
            if (rule.member == name && (rule.sibling.empty() || parent->find(rule.sibling) != nullptr))
            {
                auto const* const id = rule.asset.empty() ? nullptr : at_path(*parent, rule.asset);
                auto const of = rule.asset.empty() ? std::optional(core_asset)
                                : id != nullptr    ? read_asset_id(*id)
                                                   : std::nullopt;
                auto const number = integer(value);
                if (of && number)
                    return say_amount({*number, *of});
            }
    if (value.is_string())
    {
        if (auto const id = read_id(value.text))
        {
            if (id->space() == 1 && id->type() == 2)
            {
                account_id const account(id->instance());
                phrase p{names_.account_and_id(account), json_tree::object()};
                p.json.add("id", value.text);
                if (auto const* const known = names_.find(account))
                    p.json.add("name", *known);
                return p;
            }
            if (id->space() == 1 && id->type() == 3)
            {
                asset_id const asset(id->instance());
                std::string const symbol = names_.symbol(asset);
                phrase p{symbol == value.text ? symbol : symbol + " (" + value.text + ")", json_tree::object()};
                p.json.add("id", value.text);
                if (symbol != value.text)
                    p.json.add("symbol", symbol);
                return p;
            }
            std::string_view const type = object_type_name(*id);
            return phrase{type.empty() ? value.text : value.text + " (" + std::string(type) + ")",
                          json_tree(value.text)};
        }
        if (is_time(value))
            return phrase{time_text(value.text), json_tree(value.text + "Z")};
        return {};
    }
    if (value.is_object())
    {
        if (auto const amount = read_amount(value))
            return say_amount(*amount);
        if (auto price = say_price(value))
            return price;
        if (auto memo = say_memo(value))
            return memo;
        auto const* const threshold = value.find("weight_threshold");
        auto const* const accounts = value.find("account_auths");
        auto const* const keys = value.find("key_auths");
        if (threshold != nullptr && accounts != nullptr && keys != nullptr && threshold->is_leaf())
        {
            phrase p{"weight " + plain_text(*threshold) + " of", value};
            std::size_t count = 0;
            for (char const* list : {"account_auths", "key_auths", "address_auths"})
                if (auto const* const entries = value.find(list))
                    for (json_tree const& entry : entries->elements)
                    {
                        if (entry.elements.size() != 2 || !entry.elements[0].is_leaf() || !entry.elements[1].is_leaf())
                            return {};
                        auto const who = say({}, entry.elements[0], nullptr);
                        p.text += (count++ == 0 ? " " : ", ") + (who ? who->text : plain_text(entry.elements[0])) +
                                  ": " + plain_text(entry.elements[1]);
                    }
            if (count == 0)
                p.text += " nobody";
            return p;
        }
    }
    if (name == "result" && is_operation(value) && value.elements[1].empty())
        return phrase{"nothing", value};
    if (name == "result" && value.is_array() && value.elements.size() == 2 && value.elements[0].is_number())
        if (auto inner = say({}, value.elements[1], nullptr))
            return phrase{inner->text, value};
    return {};
}

// --- text -----------------------------------------------------------------------------------------------------------------

void explainer::print_members(std::string& out, std::size_t level, json_tree const& value)
{
    for (auto const& [name, member] : value.members)
        print(out, level, name, member, &value);
}

void explainer::print(std::string& out, std::size_t level, std::string_view name, json_tree const& value,
                      json_tree const* parent)
{
    std::string const label = name.empty() ? "- " : printable(name) + ": ";
    if (auto const said = say(name, value, parent))
        return line(out, level, label + said->text);
    if (value.is_leaf())
        return line(out, level, label + plain_text(value));
    if (value.empty())
        return line(out, level, label + "none");
    if (name == "op" && is_operation(value))
        return print_operation(out, level, "op: ", value, true);
    std::string const head = name.empty() ? "-" : printable(name) + ":";
    if (value.is_object())
    {
        if (has_operation(value) && value.members.size() == 1) // of a proposal
            return print_operation(out, level, label, value.members[0].second, true);
        line(out, level, head);
        return print_members(out, level + 1, value);
    }
    if (name == "operations" && std::all_of(value.elements.begin(), value.elements.end(), is_operation))
    {
        line(out, level, head);
        for (json_tree const& op : value.elements)
            print_operation(out, level + 1, "- ", op, true);
        return;
    }
    if (is_operation(value) && name == "result")
    {
        line(out, level, head);
        return print_members(out, level + 1, value.elements[1]);
    }
    if (is_operation(value)) // some static variant
    {
        line(out, level,
             head.substr(0, head.size() - (name.empty() ? 0 : 1)) + " type " + plain_text(value.elements[0]) +
                 (value.elements[1].empty() ? "" : ":"));
        return print_members(out, level + 1, value.elements[1]);
    }
    // Leaves in one line where they fit, pairs as name and value.
    std::string joined;
    bool short_list = true;
    for (json_tree const& element : value.elements)
    {
        auto const said = say({}, element, nullptr);
        short_list = short_list && (said || element.is_leaf()) && joined.size() < 100;
        if (short_list)
            joined += (joined.empty() ? "" : ", ") + (said ? said->text : plain_text(element));
    }
    if (short_list)
        return line(out, level, label + joined);
    line(out, level, head);
    for (json_tree const& element : value.elements)
    {
        if (element.is_array() && element.elements.size() == 2 && element.elements[0].is_leaf())
        {
            auto const key = say({}, element.elements[0], nullptr);
            auto const inner = say({}, element.elements[1], nullptr);
            if (inner || element.elements[1].is_leaf())
            {
                line(out, level + 1,
                     "- " + (key ? key->text : plain_text(element.elements[0])) + ": " +
                         (inner ? inner->text : plain_text(element.elements[1])));
                continue;
            }
        }
        print(out, level + 1, {}, element, nullptr);
    }
}

void explainer::print_operation(std::string& out, std::size_t level, std::string_view label, json_tree const& tree,
                                bool full)
{
    operation_facts const facts = read_operation(tree);
    std::string head(label);
    if (facts.op)
        head += sentence(*facts.op);
    else if (facts.name.empty())
        head += "operation " + plain_text(tree.elements[0]) +
                ", which this version does not know: " + program::printable_json(tree.elements[1].to_json());
    else
        head += words(facts.name) + " (operation " + std::to_string(facts.tag) + "), damaged";
    line(out, level, head);
    if (!facts.problem.empty())
        line(out, level + 1, "! " + facts.problem);
    if (full && !facts.name.empty())
        print_members(out, level + 1, tree.elements[1]);
}

void explainer::print_transaction(std::string& out, std::size_t level, std::string_view label, json_tree const& tree,
                                  bool full)
{
    transaction_facts const facts = read_transaction(tree);
    std::vector<json_tree> const& operations = tree.find("operations")->elements;
    line(out, level, std::string(label) + (facts.id.empty() ? "without id" : facts.id));
    if (!facts.problem.empty())
        line(out, level + 1, "! no id can be told: " + facts.problem);
    if (!facts.digest.empty())
        line(out, level + 1, "digest that is signed: " + facts.digest);
    std::string about;
    if (auto const* const expiration = tree.find("expiration"); expiration != nullptr && is_time(*expiration))
        about = "expires " + time_text(expiration->text) + "; ";
    about += plural(operations.size(), "operation");
    if (auto const* const signatures = tree.find("signatures"))
        about += ", " + plural(signatures->elements.size(), "signature");
    if (auto const* const block = tree.find("ref_block_num"))
        about += "; refers to block " + text_of(block) + " (modulo 65536)";
    line(out, level + 1, about);
    auto const* const results = tree.find("operation_results");
    for (std::size_t i = 0; i < operations.size(); ++i)
    {
        print_operation(out, level + 1, std::to_string(i + 1) + ". ", operations[i], full);
        if (full && results != nullptr && i < results->elements.size())
            print(out, level + 2, "result", results->elements[i], nullptr);
    }
}

namespace {

struct block_facts
{
    std::string number, id;
};

block_facts read_block(json_tree const& tree)
{
    block_facts facts;
    if (auto const header = from_json<signed_block_header>(tree.to_json()))
    {
        facts.number = std::to_string(block_num_of(*header));
        if (tree.find("witness_signature") != nullptr)
            facts.id = to_hex(id_of(*header).data);
    }
    return facts;
}

} // namespace

void explainer::print_block(std::string& out, json_tree const& tree, bool full)
{
    block_facts const facts = read_block(tree);
    line(out, 0,
         "block " + (facts.number.empty() ? "of unknown number" : facts.number) +
             (facts.id.empty() ? "" : ", id " + facts.id));
    auto const* const time = tree.find("timestamp");
    line(out, 1,
         (is_time(*time) ? time_text(time->text) : plain_text(*time)) + ", by witness " +
             plain_text(*tree.find("witness")));
    line(out, 1, "previous block: " + plain_text(*tree.find("previous")));
    auto const* const transactions = tree.find("transactions");
    if (transactions == nullptr)
        return line(out, 1, "header only");
    line(out, 1, plural(transactions->elements.size(), "transaction"));
    for (std::size_t i = 0; i < transactions->elements.size(); ++i)
        if (json_tree const& tx = transactions->elements[i]; is_transaction(tx))
            print_transaction(out, 0, "transaction " + std::to_string(i) + ": ", tx, full);
        else
            print(out, 0, "transaction " + std::to_string(i), tx, nullptr);
}

std::string explainer::text(json_tree const& tree, bool full)
{
    std::string out;
    auto const* const id = tree.find("id");
    auto const* const reply = tree.find("result");
    auto const object = id != nullptr && id->is_string() ? read_id(id->text) : std::nullopt;
    if (is_operation(tree))
        print_operation(out, 0, {}, tree, true);
    else if (is_transaction(tree))
        print_transaction(out, 0, "transaction ", tree, true);
    else if (is_block(tree))
        print_block(out, tree, full);
    else if (has_operation(tree) && tree.members.size() == 1)
        print_operation(out, 0, {}, tree.members[0].second, true);
    else if (reply != nullptr && !object && !has_operation(tree)) // a node's whole reply
        return text(*reply, full);
    else if (auto const said = say({}, tree, nullptr))
        line(out, 0, said->text);
    else if (tree.is_object())
    {
        if (object)
        {
            std::string_view const type = object_type_name(*object);
            line(out, 0, (type.empty() ? "object" : std::string(type)) + " " + id->text);
        }
        print_members(out, object ? 1 : 0, tree);
    }
    else if (tree.is_array())
        for (json_tree const& element : tree.elements)
        {
            out += out.empty() ? "" : "\n";
            if (element.is_leaf())
            {
                auto const one = say({}, element, nullptr);
                line(out, 0, one ? one->text : plain_text(element));
            }
            else
                out += text(element, full);
        }
    else
        line(out, 0, plain_text(tree));
    return out;
}

// --- JSON -----------------------------------------------------------------------------------------------------------------

json_tree explainer::explain(std::string_view name, json_tree const& value, json_tree const* parent)
{
    if (auto said = say(name, value, parent);
        said && value.type != json_tree::kind::array && value.find("weight_threshold") == nullptr)
        return std::move(said->json);
    if (value.is_leaf())
        return value;
    if (name == "op" && is_operation(value))
        return operation_json(value);
    json_tree out;
    out.type = value.type;
    for (auto const& [key, member] : value.members)
        out.add(key, explain(key, member, &value));
    bool const operations =
        name == "operations" && std::all_of(value.elements.begin(), value.elements.end(), is_operation);
    for (json_tree const& element : value.elements)
        out.elements.push_back(operations ? operation_json(element) : explain({}, element, nullptr));
    return out;
}

json_tree explainer::operation_json(json_tree const& tree)
{
    operation_facts const facts = read_operation(tree);
    json_tree out = json_tree::object();
    out.add("kind", "operation");
    out.add("tag", tree.elements[0]);
    if (!facts.name.empty())
        out.add("name", facts.name);
    if (facts.op)
    {
        out.add("summary", sentence(*facts.op));
        if (auto const payer = facts.op->fee_payer())
            out.add("fee_payer", say({}, json_tree(payer->to_string()), nullptr)->json);
        out.add("fee", say_amount(facts.op->fee()).json);
        json_tree& list = out.add("moves", json_tree::array());
        for (move const& m : moves(*facts.op))
        {
            json_tree one = json_tree::object();
            one.add("account", say({}, json_tree(m.account.to_string()), nullptr)->json);
            for (auto const& [key, amounts] : {std::pair("gives", &m.gives), std::pair("gets", &m.gets)})
            {
                json_tree& all = one.add(key, json_tree::array());
                for (asset const& a : *amounts)
                    all.elements.push_back(say_amount(a).json);
            }
            list.elements.push_back(std::move(one));
        }
    }
    if (!facts.problem.empty())
        out.add("problem", facts.problem);
    out.add("members", facts.name.empty() ? tree.elements[1] : explain({}, tree.elements[1], nullptr));
    return out;
}

json_tree explainer::transaction_json(json_tree const& tree)
{
    transaction_facts const facts = read_transaction(tree);
    json_tree out = json_tree::object();
    out.add("kind", "transaction");
    if (!facts.id.empty())
        out.add("id", facts.id);
    if (!facts.digest.empty())
        out.add("digest", facts.digest);
    if (!facts.problem.empty())
        out.add("problem", facts.problem);
    for (auto const& [key, member] : tree.members)
        out.add(key, explain(key, member, &tree));
    return out;
}

json_tree explainer::block_json(json_tree const& tree)
{
    block_facts const facts = read_block(tree);
    json_tree out = json_tree::object();
    out.add("kind", "block");
    if (!facts.id.empty())
        out.add("id", facts.id);
    if (!facts.number.empty())
    {
        json_tree& number = out.add("number", facts.number);
        number.type = json_tree::kind::number;
    }
    for (auto const& [key, member] : tree.members)
        if (key == "transactions" && member.is_array())
        {
            json_tree& list = out.add(key, json_tree::array());
            for (json_tree const& tx : member.elements)
                list.elements.push_back(is_transaction(tx) ? transaction_json(tx) : explain({}, tx, nullptr));
        }
        else
            out.add(key, explain(key, member, &tree));
    return out;
}

json_tree explainer::json(json_tree const& tree)
{
    auto const* const id = tree.find("id");
    auto const* const reply = tree.find("result");
    auto const object = id != nullptr && id->is_string() ? read_id(id->text) : std::nullopt;
    if (is_operation(tree))
        return operation_json(tree);
    if (is_transaction(tree))
        return transaction_json(tree);
    if (is_block(tree))
        return block_json(tree);
    if (has_operation(tree) && tree.members.size() == 1)
        return operation_json(tree.members[0].second);
    if (reply != nullptr && !object && !has_operation(tree))
        return json(*reply);
    json_tree out = json_tree::object();
    if (tree.is_object() && !say({}, tree, nullptr))
    {
        std::string_view const type = object ? object_type_name(*object) : std::string_view();
        out.add("kind", object ? (type.empty() ? "object" : std::string(type)) : "value");
        if (object)
            out.add("id", id->text);
        for (auto const& [key, member] : tree.members)
            if (!object || key != "id")
                out.add(key, explain(key, member, &tree));
        return out;
    }
    if (tree.is_array())
    {
        out.add("kind", "list");
        json_tree& list = out.add("items", json_tree::array());
        for (json_tree const& element : tree.elements)
            list.elements.push_back(element.is_leaf() ? explain({}, element, nullptr) : json(element));
        return out;
    }
    out.add("kind", "value");
    out.add("value", explain({}, tree, nullptr));
    return out;
}

// --- bytes ----------------------------------------------------------------------------------------------------------------

result<std::string> json_of_bytes(bytes const& packed, std::string_view key_prefix)
{
    auto const tx = unpack<signed_transaction>(packed);
    if (tx && !tx->operations.empty())
        return to_json(*tx, key_prefix);
    auto const bare = unpack<transaction>(packed);
    if (bare && !bare->operations.empty())
        return to_json(*bare, key_prefix);
    auto const op = unpack<operation>(packed);
    if (op)
        return to_json(*op, key_prefix);
    if (tx)
        return to_json(*tx, key_prefix);
    if (bare)
        return to_json(*bare, key_prefix);
    if (auto const block = unpack<signed_block>(packed))
        return to_json(*block, key_prefix);
    return bitshares::error(op.error().code(), "neither a transaction, an operation nor a block; as an operation: " +
                                                   op.error().message());
}

} // namespace bts_program
