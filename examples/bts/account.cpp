#include "explain.hpp"
#include "online_commands.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/listing.hpp>
#include <common/exit_code.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace bts_program {

using namespace bitshares;

namespace {

constexpr std::uint32_t history_lines = 5;

std::string utc(time_point_sec time)
{
    std::string text = time.to_string();
    text[10] = ' ';
    return text + " UTC";
}

std::string words(std::string_view name)
{
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string percent(std::uint32_t millionths)
{
    return format_amount(millionths, 4) + " %";
}

/// What is shown: headings with entries, each a line for a person and JSON for a program.
class statement
{
public:
    statement(explainer& explain, std::string prefix) : explain_(explain), prefix_(std::move(prefix)) {}

    /// @param say Called when all names are known.
    template <class T>
    void list(std::string title, std::string key, std::vector<T> const& values,
              std::function<std::string(T const&)> say)
    {
        section s{std::move(title), std::move(key), {}};
        for (T const& value : values)
        {
            auto tree = json_tree::parse(to_json(value, prefix_)).value();
            explain_.need(tree);
            s.entries.push_back({std::move(tree), [say, value] { return say(value); }});
        }
        sections_.push_back(std::move(s));
    }

    void incomplete(std::string what) { gaps_.push_back(std::move(what)); }
    std::vector<std::string> const& gaps() const noexcept { return gaps_; }

    std::string text() const
    {
        std::string out;
        for (section const& s : sections_)
        {
            if (s.entries.empty() && s.key != "balances" && s.key != "history")
                continue;
            out += "\n\n" + s.title + (s.entries.empty() ? ": none" : "");
            for (entry const& e : s.entries)
                out += "\n  " + e.say();
        }
        if (!gaps_.empty())
            out += "\n\nNot told by the node";
        for (std::string const& gap : gaps_)
            out += "\n  " + gap;
        return out;
    }

    void write(json_tree& out)
    {
        for (section const& s : sections_)
        {
            json_tree& list = out.add(s.key, json_tree::array());
            for (entry const& e : s.entries)
                list.elements.push_back(explain_.json_of_value(e.tree));
        }
        json_tree& list = out.add("incomplete", json_tree::array());
        for (std::string const& gap : gaps_)
            list.elements.emplace_back(gap);
    }

private:
    struct entry
    {
        json_tree tree;
        std::function<std::string()> say;
    };
    struct section
    {
        std::string title, key;
        std::vector<entry> entries;
    };

    explainer& explain_;
    std::string prefix_;
    std::vector<section> sections_;
    std::vector<std::string> gaps_;
};

/// Reads the statement of one account.
class reader
{
public:
    reader(account_options const& o, program::interrupt& ctrl_c) : options_(o), node_(o.online, ctrl_c) {}

    int run()
    {
        auto const& chain = node_.learn_chain();
        names_.set_chain(chain);
        explain_.emplace(names_, node_.key_prefix(), chain);
        out_.emplace(*explain_, node_.key_prefix());
        if (auto const config = node_.ask(login::get_config())) // older nodes do not tell
            limits_ = *config;

        auto const before = node_.ask(database::get_dynamic_global_properties()).value();
        full_account a = find();
        names_.put(a.account.id, a.account.name);
        name_ = a.account.name;
        complete_lists(a);
        read_lists(a);
        read_history();
        auto const after = node_.ask(database::get_dynamic_global_properties()).value();
        for (std::string const& symbol : options_.bid_assets)
            read_bids(symbol, a.account.id);
        names_.fetch(node_);
        return options_.json ? write_json(a, before, after) : write_text(a, before, after);
    }

private:
    using full_accounts = flat_map<std::string, full_account>;

    full_account find()
    {
        auto answer = node_.ask(database::get_full_accounts({options_.account}, false));
        if (!answer && read_id(options_.account))
            throw bad_input("refused", "\"" + options_.account + "\" is not the id of an account");
        auto const& found = answer.value();
        if (found.size() != 1)
            throw bad_input(name(errc::account_not_found), "there is no account \"" + options_.account + "\"");
        full_account const& a = found.begin()->second;
        // Lenient reading takes what is absent for 1.2.0: then it is another account's statement.
        if (a.account.name != options_.account && a.account.id.to_string() != options_.account)
            throw exception(error(errc::invalid_reply, "the node answered with another account"));
        return a;
    }

    /// All of a list that the node gives in pages; what it refuses is a gap, and then `known` is what there is.
    template <class R, class Start>
    std::vector<typename R::value_type> whole(char const* what, listing<R, Start> list,
                                              std::vector<typename R::value_type> known = {})
    {
        listing_pager<R, Start> pager(std::move(list), limits_);
        std::vector<typename R::value_type> all;
        while (!pager.done())
        {
            auto page = node_.ask(pager.next());
            if (!page)
            {
                out_->incomplete(std::string(what) + ": the node refuses: " +
                                 program::printable(program::shortened(page.error().message())));
                return all.size() > known.size() ? all : known;
            }
            auto items = pager.take(std::move(*page)).value();
            all.insert(all.end(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
        }
        return all;
    }

    /// What the node cut in the account's own list is read in pages.
    template <class T, class Start>
    void complete(bool cut, char const* what, std::vector<T>& list, listing<std::vector<T>, Start> const& pages)
    {
        if (cut)
            list = whole(what, pages, std::move(list));
    }

    void complete_lists(full_account& a)
    {
        auto const& cut = a.more_data_available;
        complete(cut.limit_orders, "open orders", a.limit_orders, listings::orders_by_account(name_));
        complete(cut.call_orders, "call positions", a.call_orders, listings::positions_by_account(name_));
        complete(cut.settle_orders, "settlements", a.settle_orders, listings::settlements_by_account(name_));
        complete(cut.htlcs_from, "HTLCs to others", a.htlcs_from, listings::htlcs_by_from(name_));
        complete(cut.htlcs_to, "HTLCs from others", a.htlcs_to, listings::htlcs_by_to(name_));
        if (cut.vesting_balances)
        {
            if (auto const all = node_.ask(database::get_vesting_balances(name_)))
                a.vesting_balances = *all;
            else
                out_->incomplete("vesting balances: the node has more than it tells");
        }
        if (cut.balances)
        {
            auto const all = node_.ask(database::get_account_balances(name_, {})).value();
            a.balances.clear();
            for (asset const& b : all)
            {
                account_balance_object one;
                one.asset_type = b.asset_id;
                one.balance = b.amount;
                a.balances.push_back(one);
            }
        }
    }

    void read_lists(full_account const& a)
    {
        account_id const me = a.account.id;
        names const& n = names_;

        std::vector<asset> balances;
        for (account_balance_object const& b : a.balances)
            if (b.balance != 0)
                balances.push_back({b.balance, b.asset_type});
        std::sort(balances.begin(), balances.end(),
                  [](asset const& x, asset const& y) { return x.asset_id < y.asset_id; });
        out_->list<asset>("Balances", "balances", balances, [&n](asset const& b) { return n.amount(b); });

        out_->list<limit_order_object>("Open orders", "limit_orders", a.limit_orders,
                                       [&n](limit_order_object const& o) {
                                           asset const sold{o.for_sale, o.sell_price.base.asset_id};
                                           auto const wanted = convert(sold, o.sell_price, rounding::up);
                                           auto const price = n.price({o.sell_price.quote, o.sell_price.base});
                                           std::string text = o.id.to_string() + "  sells " + n.amount(sold);
                                           if (wanted)
                                               text += " for " + n.amount(*wanted);
                                           if (price)
                                               text += " (" + std::string(price->exact ? "" : "about ") +
                                                       price->number + " " + n.symbol(o.sell_price.quote.asset_id) +
                                                       " per " + n.symbol(o.sell_price.base.asset_id) + ")";
                                           return text + ", until " + utc(o.expiration);
                                       });
        out_->list<call_order_object>("Call positions", "call_orders", a.call_orders, [&n](call_order_object const& c) {
            asset const collateral{c.collateral, c.call_price.base.asset_id};
            asset const debt{c.debt, c.call_price.quote.asset_id};
            auto const price = n.price({collateral, debt});
            std::string text = c.id.to_string() + "  owes " + n.amount(debt) + ", collateral " + n.amount(collateral);
            if (price)
                text += " (" + std::string(price->exact ? "" : "about ") + price->number + " " +
                        n.symbol(collateral.asset_id) + " per " + n.symbol(debt.asset_id) + ")";
            if (c.target_collateral_ratio)
                text += ", target ratio " + format_amount(*c.target_collateral_ratio, 3);
            return text;
        });

        auto vesting = a.vesting_balances;
        if (a.cashback_balance &&
            std::none_of(vesting.begin(), vesting.end(), [&](auto const& v) { return v.id == a.cashback_balance->id; }))
            vesting.push_back(*a.cashback_balance);
        out_->list<vesting_balance_object>(
            "Locked: vesting balances", "vesting_balances", vesting, [&n](vesting_balance_object const& v) {
                return v.id.to_string() + "  " + n.amount(v.balance) + ", " +
                       words(bitshares::detail::describe<vesting_balance_type>::names[static_cast<std::size_t>(
                           v.balance_type)]) +
                       (v.policy.index() == 2 ? ", can be taken at once" : "");
            });
        auto const htlc = [&n](htlc_object const& h) {
            return h.id.to_string() + "  " + n.amount({h.transfer.amount, h.transfer.asset_id}) + " from " +
                   n.account(h.transfer.from) + " to " + n.account(h.transfer.to) + ", until " +
                   utc(h.conditions.time_lock.expiration);
        };
        out_->list<htlc_object>("Locked: HTLCs to others", "htlcs_from", a.htlcs_from, htlc);
        out_->list<htlc_object>("HTLCs from others", "htlcs_to", a.htlcs_to, htlc);
        out_->list<ticket_object>("Locked: tickets", "tickets", whole("tickets", listings::tickets_by_account(name_)),
                                  [&n](ticket_object const& t) {
                                      auto const& types = bitshares::detail::describe<ticket_type>::names;
                                      auto const& states = bitshares::detail::describe<ticket_status>::names;
                                      std::string text = t.id.to_string() + "  " + n.amount(t.amount) + ", " +
                                                         words(types[static_cast<std::size_t>(t.current_type)]);
                                      if (t.target_type != t.current_type)
                                          text +=
                                              " on the way to " + words(types[static_cast<std::size_t>(t.target_type)]);
                                      text += ", " + std::string(states[static_cast<std::size_t>(t.status)]);
                                      if (t.next_auto_update_time < time_point_sec::maximum())
                                          text += ", next change " + utc(t.next_auto_update_time);
                                      return text;
                                  });
        out_->list<force_settlement_object>(
            "Locked: settlements", "settle_orders", a.settle_orders, [&n](force_settlement_object const& s) {
                return s.id.to_string() + "  " + n.amount(s.balance) + ", not before " + utc(s.settlement_date);
            });
        out_->list<samet_fund_object>(
            "Locked: SameT funds", "samet_funds", whole("SameT funds", listings::samet_funds_by_owner(name_)),
            [&n](samet_fund_object const& f) {
                return f.id.to_string() + "  " + n.amount({f.balance, f.asset_type}) + ", fee " + percent(f.fee_rate);
            });
        out_->list<credit_offer_object>("Locked: credit offers", "credit_offers",
                                        whole("credit offers", listings::credit_offers_by_owner(name_)),
                                        [&n](credit_offer_object const& c) {
                                            return c.id.to_string() + "  " +
                                                   n.amount({c.current_balance, c.asset_type}) + " of " +
                                                   n.amount({c.total_balance, c.asset_type}) + " not lent, fee " +
                                                   percent(c.fee_rate) + (c.enabled ? "" : ", disabled");
                                        });
        auto const deal = [&n, me](credit_deal_object const& d) {
            return d.id.to_string() + "  " + (d.borrower == me ? "owes " : n.account(d.borrower) + " owes ") +
                   n.amount({d.debt_amount, d.debt_asset}) +
                   (d.borrower == me ? " to " + n.account(d.offer_owner) : std::string()) + ", collateral " +
                   n.amount({d.collateral_amount, d.collateral_asset}) + ", fee " + percent(d.fee_rate) + ", due " +
                   utc(d.latest_repay_time);
        };
        out_->list<credit_deal_object>("Locked: credit deals as borrower", "credit_deals_as_borrower",
                                       whole("credit deals as borrower", listings::credit_deals_by_borrower(name_)),
                                       deal);
        out_->list<credit_deal_object>("Credit deals as lender", "credit_deals_as_lender",
                                       whole("credit deals as lender", listings::credit_deals_by_offer_owner(name_)),
                                       deal);
    }

    void read_bids(std::string const& symbol, account_id me)
    {
        std::vector<collateral_bid_object> mine;
        listing_pager<std::vector<collateral_bid_object>, std::uint32_t> pager(listings::collateral_bids(symbol),
                                                                               limits_);
        while (!pager.done())
        {
            auto part = node_.ask(pager.next());
            if (!part)
                throw bad_input("refused", "bids for \"" + program::printable(symbol) +
                                               "\": the node refuses: " + part.error().message());
            for (collateral_bid_object const& bid : pager.take(std::move(*part)).value())
                if (bid.bidder == me)
                    mine.push_back(bid);
        }
        names const& n = names_;
        out_->list<collateral_bid_object>("Locked: bids for " + program::printable(symbol), "collateral_bids_" + symbol,
                                          mine, [&n](collateral_bid_object const& b) {
                                              return b.id.to_string() + "  " + n.amount(b.inv_swan_price.base) +
                                                     " of collateral for a debt of " + n.amount(b.inv_swan_price.quote);
                                          });
    }

    void read_history()
    {
        // The one method that nodes with and without the elasticsearch plugin answer with all operations.
        auto const newest = node_.ask(
            history::get_account_history(name_, operation_history_id(0), history_lines, operation_history_id(0)));
        std::vector<operation_history_object> list;
        if (newest)
            list = *newest;
        else
            out_->incomplete("history: the node refuses: " +
                             program::printable(program::shortened(newest.error().message())));
        out_->list<operation_history_object>(
            "Newest operations", "history", list, [this](operation_history_object const& o) {
                std::string text =
                    o.block_time.seconds != 0 ? utc(o.block_time) : "block " + std::to_string(o.block_num);
                return text + "  " + explain_->sentence(o.op);
            });
    }

    int write_text(full_account const& a, dynamic_global_property_object const& before,
                   dynamic_global_property_object const& after)
    {
        std::string out = program::printable(a.account.name) + " (" + a.account.id.to_string() + ")";
        if (a.account.membership_expiration_date == time_point_sec::maximum())
            out += ", lifetime member";
        out += "\nblock " + std::to_string(after.head_block_number);
        if (before.head_block_number != after.head_block_number)
            out += " (read from block " + std::to_string(before.head_block_number) + " on)";
        out += ", " + utc(after.time) + ", " + node_.node();
        out += out_->text();
        out += "\n\n" + std::to_string(a.statistics.total_ops) + " operations in all";
        if (a.statistics.removed_ops != 0)
            out += ", of which the node has forgotten the oldest " + std::to_string(a.statistics.removed_ops);
        if (options_.bid_assets.empty())
            out += "\nBids for collateral are not listed: nodes tell them by asset only (--bids SYMBOL)";
        return end(put(out));
    }

    int write_json(full_account const& a, dynamic_global_property_object const& before,
                   dynamic_global_property_object const& after)
    {
        json_tree out = json_tree::object();
        out.add("kind", "account statement");
        out.add("id", a.account.id.to_string());
        out.add("name", a.account.name);
        out.add("node", node_.node());
        out.add("first_block", json_tree::number(before.head_block_number));
        out.add("block", json_tree::number(after.head_block_number));
        out.add("time", after.time.to_string() + "Z");
        out.add("total_ops", json_tree::number(a.statistics.total_ops));
        out.add("removed_ops", json_tree::number(a.statistics.removed_ops));
        out_->write(out);
        return end(put(program::printable_json(out.to_json())));
    }

    int end(int written) const
    {
        if (!out_->gaps().empty())
            std::cerr << "bts: not everything could be read\n";
        return written != exit_code::ok || out_->gaps().empty() ? written : exit_code::incomplete;
    }

    account_options const& options_;
    program::connection node_;
    names names_;
    std::optional<explainer> explain_;
    std::optional<statement> out_;
    application_options limits_;
    std::string name_;
};

} // namespace

int account(account_options const& o)
{
    return guarded(o.json, [&o] {
        program::interrupt ctrl_c;
        return reader(o, ctrl_c).run();
    });
}

} // namespace bts_program
