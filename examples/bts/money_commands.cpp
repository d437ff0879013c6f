#include "money_commands.hpp"

#include "explain.hpp"
#include "online_commands.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/authority_fetch.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/tx/builder.hpp>
#include <bitshares/wallet/keyring_signer.hpp>
#include <common/exit_code.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <sstream>
#include <unistd.h>

namespace bts_program {

using namespace bitshares;

namespace {

/// What the state of an outcome is to a person.
std::string in_words(tx_outcome const& o)
{
    std::string const block = "block " + std::to_string(o.block_num);
    switch (o.state)
    {
    case tx_state::prepared: return "not sent";
    case tx_state::sending: return "being sent";
    case tx_state::accepted: return "accepted, not in a block yet";
    case tx_state::included:
        return "included in " + block + " as its transaction " + std::to_string(o.trx_num) +
               ", which can still be undone";
    case tx_state::irreversible:
        return "in " + block + " as its transaction " + std::to_string(o.trx_num) + ", for good";
    case tx_state::refused: return "refused; nothing happened";
    case tx_state::expired:
        return "expired: it is in none of the blocks up to " + block + ", and can never be included";
    }
    return "unknown";
}

std::string outcome_json(tx_outcome const& o)
{
    std::string out = "{\"id\":\"" + to_hex(o.id.data) + "\",\"state\":\"" + std::string(name_of(o.state)) + '"';
    if (o.block_num != 0)
        out += ",\"block_num\":" + std::to_string(o.block_num);
    if (o.state == tx_state::included || o.state == tx_state::irreversible)
        out += ",\"trx_num\":" + std::to_string(o.trx_num) + ",\"block_id\":\"" + to_hex(o.block_id.data) + '"';
    if (o.refusal)
        out += ",\"refusal\":{\"code\":" + std::to_string(o.refusal->code()) +
               ",\"message\":" + program::printable_json(json_quote(o.refusal->message())) + '}';
    return out;
}

int exit_of(tx_outcome const& o)
{
    switch (o.state)
    {
    case tx_state::included:
    case tx_state::irreversible: return exit_code::ok;
    case tx_state::refused: return exit_code::bad_data;
    default: return exit_code::incomplete;
    }
}

/** Says how it ended, and what to do where that is not known.

    @param last What was known last; of one that expired it is the end. @param file Where the transaction is kept; may be
    empty.
*/
int report(reply<tx_outcome> const& answer, error_code ec, std::string const& why, tx_outcome const& last,
           std::string const& file, bool json, std::string const& more = {})
{
    tx_outcome o = last;
    transaction_id const& id = last.id;
    if (ec == errc::outcome_in_doubt)
    {
        std::cerr << "bts: " << program::printable(why) << "\n     It was sent, and what became of it is not known. "
                  << (file.empty() ? "bts outcome " + to_hex(id.data) + " looks for it"
                                   : "bts outcome " + file + " goes on")
                  << "; do not pay again before that.\n";
        if (json)
            put("{\"id\":\"" + to_hex(id.data) + "\",\"state\":\"in_doubt\"" + more + "}");
        return exit_code::incomplete;
    }
    if (ec && ec != errc::transaction_expired)
        throw exception(error(ec, why));
    if (ec)
        o.state = tx_state::expired;
    else if (answer)
        o = *answer;
    else
    {
        o.state = tx_state::refused;
        o.refusal = answer.error();
    }
    if (json)
        put(outcome_json(o) + more + "}");
    else
        put(in_words(o));
    if (o.refusal && !json)
        std::cerr << "bts: the node refuses: " << program::printable(program::shortened(o.refusal->message())) << '\n';
    return exit_of(o);
}

/// One money-moving command from its options to its end.
class payment
{
public:
    explicit payment(money_options const& o) : o_(o), node_(o.online, ctrl_c_), keys_(program::load_keys(o.keys))
    {
        if (o.json && !o.yes && !o.dry_run)
            throw program::usage_error("--json does not ask; give --yes or --dry-run, too");
        known_.set_chain(node_.learn_chain());
    }

    account_object account(std::string const& text)
    {
        auto found = node_.ask(database::get_accounts({text}, false)).value();
        if (found.size() != 1 || !found[0])
            throw bad_input("account_not_found", "the node knows no account " + text);
        known_.put(found[0]->id, found[0]->name);
        return std::move(*found[0]);
    }

    asset_object asset_of(std::string const& text)
    {
        auto found = node_.ask(database::get_assets({text}, false)).value();
        if (found.size() != 1 || !found[0])
            throw bad_input("asset_not_found", "the node knows no asset " + text);
        asset_object const& asset = *found[0];
        known_.put(asset.id, asset.symbol, asset.precision);
        return asset;
    }

    asset amount(std::string const& number, std::string const& symbol)
    {
        asset_object const of = asset_of(symbol);
        auto const units = parse_amount(number, of.precision);
        if (!units)
            throw bad_input("invalid_amount", units.error().message());
        if (*units <= 0)
            throw bad_input("invalid_amount", number + " is not above 0");
        return {*units, of.id};
    }

    limit_order_object open_order(std::string const& text)
    {
        auto const id = limit_order_id::from_string(text);
        if (!id)
            throw program::usage_error("\"" + text + "\" is no id of a limit order; they look like 1.7.11");
        auto const found = node_.ask(database::get_objects({*id}, false)).value();
        if (found.size() != 1 || found[0].text.empty() || found[0].text == "null")
            throw bad_input("not_found", "there is no open order " + text);
        return from_json<limit_order_object>(found[0].text, json_options{}).value();
    }

    memo_data memo(account_object const& from, account_object const& to, std::string const& text)
    {
        private_key const* const key = keys_.find(from.options.memo_key);
        if (key == nullptr && !o_.dry_run)
            throw program::usage_error("the memo key of " + from.name + ", " +
                                       from.options.memo_key.to_string(node_.key_prefix()) +
                                       ", is not among the keys; it encrypts the memo");
        if (key == nullptr) // of the same size, so that the fee is right
            return tx_builder(network_of()).memo(private_key::generate(), to.options.memo_key, text);
        return tx_builder(network_of()).memo(*key, to.options.memo_key, text);
    }

    int submit(operation op)
    {
        tx_context_options what;
        std::optional<asset_id> fee_asset;
        if (!o_.fee_asset.empty())
        {
            fee_asset = asset_of(o_.fee_asset).id;
            if (*fee_asset != core_asset)
                what.fee_asset(*fee_asset);
        }
        std::optional<tx_context> context;
        // The time begins to run when it is built.
        auto const build = [&] {
            node_.lend([&](blocking_client& client) { context = fetch_tx_context(client, what); });
            tx_builder builder(context->network);
            builder.add(op).expires_in(std::chrono::seconds(o_.expires_in));
            if (fee_asset)
                builder.fee_asset(*fee_asset);
            auto made = builder.try_prepare(*context);
            if (!made)
                throw bad_input(name(static_cast<errc>(made.error().code().value())), made.error().message());
            return std::move(*made);
        };
        for (unsigned_transaction tx = build();;)
        {
            account_set accounts;
            authority_options rules;
            rules.now = context->time;
            rules.max_depth = context->parameters.max_authority_depth;
            node_.lend([&](blocking_client& client) { fetch_accounts(client, tx.body(), accounts, rules); });
            keyring_signer by(keys_);
            std::vector<public_key> const available = by.keys();
            auto const signing = minimal_signatures(tx.body(), available, {}, accounts, rules);
            auto const status = check_authority(tx.body(), available, accounts, rules);

            if (!o_.json)
                show(tx, signing ? *signing : flat_set<public_key>(), status, signing.has_value());
            if (o_.dry_run)
            {
                if (o_.json)
                    put("{\"id\":\"" + to_hex(tx.id().data) + "\",\"signable\":" + (signing ? "true" : "false") +
                        ",\"transaction\":" + to_json(tx.body(), node_.key_prefix()) + "}");
                return exit_code::ok;
            }
            if (!signing)
                throw bad_input(name(static_cast<errc>(signing.error().code().value())),
                                signing.error().message() + "; nothing was sent. bts tx sign makes a part of several "
                                                            "people's signatures");
            if (!o_.yes)
            {
                if (!confirmed(tx.chain_id()))
                {
                    std::cerr << "bts: nothing was sent\n";
                    return exit_code::interrupted;
                }
                // People take their time to answer: the yes is to what it does, not to when it expires.
                unsigned_transaction fresh = build();
                bool const same = fresh.body().operations == tx.body().operations;
                tx = std::move(fresh);
                if (!same)
                {
                    std::cerr << "bts: meanwhile the fee is another\n";
                    continue;
                }
            }
            std::vector<public_key> const chosen(signing->begin(), signing->end());
            signed_transaction const signed_tx = tx.sign(by, chosen).value();
            if (!o_.save.empty())
                save(o_.save, signed_tx, node_.key_prefix());
            return send(signed_tx);
        }
    }

private:
    network network_of()
    {
        return {.chain_id = node_.learn_chain(), .key_prefix = node_.key_prefix(), .core_symbol = {}};
    }

    void show(unsigned_transaction const& tx, flat_set<public_key> const& signing, authority_status const& status,
              bool enough)
    {
        auto tree = json_tree::parse(to_json(tx.body(), node_.key_prefix())).value();
        explainer explain(known_, node_.key_prefix(), tx.chain_id());
        explain.need(tree);
        known_.fetch(node_);
        std::ostream& to = o_.dry_run ? std::cout : std::cerr;
        to << "on " << words_of(tx.chain_id()) << (o_.online.chain_id.empty() ? ", as the node says" : "") << '\n';
        to << explain.text(tree, true);
        for (public_key const& key : signing)
            to << "signed by " << key.to_string(node_.key_prefix()) << '\n';
        if (!enough)
        {
            to << "it cannot be signed with the keys that there are:\n";
            for (missing_authority const& missing : status.missing)
            {
                std::istringstream lines(missing.to_string(node_.key_prefix()));
                for (std::string line; std::getline(lines, line);)
                    to << "  " << program::printable(line) << '\n';
            }
        }
        to.flush();
    }

    bool confirmed(chain_id_type const& chain)
    {
        if (::isatty(STDIN_FILENO) != 1)
            throw program::usage_error("there is no terminal to ask on; --yes sends without asking. Nothing was sent");
        std::cerr << "Sign and send this on " << words_of(chain) << "? [y/N] " << std::flush;
        std::string answer;
        for (char c = 0; c != '\n';)
        {
            // Ctrl-C does not end a read: it comes to a thread of its own.
            ::pollfd input = {STDIN_FILENO, POLLIN, 0};
            bool const ready = ::poll(&input, 1, 50) > 0;
            if (!ready && !ctrl_c_.requested())
                continue;
            if (ctrl_c_.requested() || ::read(STDIN_FILENO, &c, 1) != 1) // or Ctrl-D, or there is no terminal any more
            {
                std::cerr << '\n';
                return false;
            }
            if (c != '\n')
                answer += c;
        }
        return answer == "y" || answer == "Y" || answer == "yes";
    }

    static std::string words_of(chain_id_type const& chain)
    {
        return chain == mainnet().chain_id   ? "mainnet"
               : chain == testnet().chain_id ? "testnet"
                                             : "the chain " + to_hex(chain.data);
    }

    static void save(std::string const& path, signed_transaction const& tx, std::string const& prefix)
    {
        program::output_file file(path);
        file.buffer() = to_json(tx, prefix) + '\n';
        file.commit();
    }

    /// Where the transaction can be taken up again: the file that it is in, or one that is made now; empty: neither.
    static std::string kept_in(std::string const& file, signed_transaction const& tx, std::string const& prefix)
    {
        if (!file.empty())
            return file;
        std::string const made = "bts-" + to_hex(id_of(tx).value().data) + ".json";
        try
        {
            save(made, tx, prefix);
            return made;
        }
        catch (program::file_failure const& e)
        {
            std::cerr << "bts: " << program::printable(e.what()) << "; this is the transaction, for a file:\n"
                      << to_json(tx, prefix) << '\n';
            return {};
        }
    }

    int send(signed_transaction const& tx)
    {
        std::string const more = ",\"transaction\":" + to_json(tx, node_.key_prefix());
        bool sent = false;
        try
        {
            return follow(node_, tx, o_.irreversible, o_.save, o_.json, how::send, sent, more);
        }
        catch (std::exception const&)
        {
            // Who pays otherwise now must not find one that is signed, and can still be sent, in a file of this name.
            if (!sent && !o_.save.empty() && std::remove(o_.save.c_str()) == 0)
                std::cerr << "bts: nothing was sent; " << program::printable(o_.save) << " is removed\n";
            throw;
        }
    }

public:
    enum class how : std::uint8_t
    {
        send,  ///< For the first time.
        again, ///< It may have been sent.
        look   ///< Send nothing.
    };

    /** Sends and follows. After Ctrl-C the outcome is in doubt where it may have been sent, and that is said.

        @param sent Whether it may have been sent: also where this throws.
    */
    static int follow(program::connection& node, signed_transaction const& tx, bool irreversible,
                      std::string const& file, bool json, how what, bool& sent, std::string const& more = {})
    {
        broadcast_options options;
        options.irreversible(irreversible).chain_id(node.learn_chain());
        options.may_have_been_sent(what == how::again).look_only(what == how::look);
        tx_outcome last;
        last.id = id_of(tx).value();
        bool tried = what != how::send; // the node was to be asked to take it
        options.on_state([&](tx_outcome const& o) {
            tried = tried || o.state != tx_state::prepared;
            last = o;
            if (!json && o.state == tx_state::accepted)
                std::cerr << "accepted by the node\n";
        });
        std::cerr << "transaction " << to_hex(last.id.data)
                  << '\n'; // before it is sent: whatever happens, it can be found
        sent = what != how::send;
        std::optional<reply<tx_outcome>> answer;
        error_code ec;
        std::string why;
        try
        {
            node.lend([&](blocking_client& client) { answer.emplace(broadcast(client, tx, options)); });
            sent = true;
        }
        catch (exception const& e)
        {
            ec = e.code();
            why = e.error().detail().empty() ? e.what() : e.error().detail();
            sent = sent || ec == errc::outcome_in_doubt || ec == errc::transaction_expired;
        }
        catch (program::interrupted const&)
        {
            sent = tried;
            if (!tried)
                throw;
            report(tx_outcome(), errc::outcome_in_doubt, "interrupted", last, kept_in(file, tx, node.key_prefix()),
                   json, more);
            return exit_code::interrupted;
        }
        std::string const kept = ec == errc::outcome_in_doubt ? kept_in(file, tx, node.key_prefix()) : file;
        return report(answer ? *answer : reply<tx_outcome>(tx_outcome()), ec, why, last, kept, json, more);
    }

private:
    money_options const& o_;
    program::interrupt ctrl_c_;
    program::connection node_;
    keyring keys_;
    names known_;
};

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in)
        throw bad_input(name(errc::file_error), "cannot read " + path);
    return text;
}

bool is_id(std::string_view text)
{
    return text.size() == 40 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// Newest block first.
int search(program::connection& node, program::interrupt& ctrl_c, outcome_options const& o)
{
    transaction_id wanted;
    auto const digits = from_hex(o.what).value();
    std::copy(digits.begin(), digits.end(), wanted.data.begin());
    auto const head = node.ask(database::get_dynamic_global_properties()).value();
    std::uint32_t const newest = head.head_block_number;
    std::uint32_t const oldest = newest > o.blocks ? newest - o.blocks + 1 : 1;
    std::uint32_t holes = 0;
    for (std::uint32_t number = newest; number >= oldest; --number)
    {
        if (ctrl_c.requested())
            throw program::interrupted();
        auto const block = node.ask(database::get_block(number)).value();
        if (!block)
        {
            ++holes;
            continue;
        }
        for (std::size_t i = 0; i < block->transactions.size(); ++i)
        {
            auto const id = id_of(block->transactions[i]);
            if (!id || *id != wanted)
                continue;
            tx_outcome found;
            found.id = wanted;
            found.state = number <= head.last_irreversible_block_num ? tx_state::irreversible : tx_state::included;
            found.block_num = number;
            found.trx_num = static_cast<std::uint32_t>(i);
            found.block_id = id_of(static_cast<signed_block_header const&>(*block));
            if (o.json)
                put(outcome_json(found) + "}");
            else
                put(in_words(found));
            return exit_code::ok;
        }
    }
    std::cerr
        << "bts: not in the blocks " << oldest << " to " << newest
        << ", which proves nothing of others; --blocks searches more, a file with the transaction is followed to a "
           "proven end\n";
    if (o.json)
        put("{\"id\":\"" + to_hex(wanted.data) +
            "\",\"state\":\"not_found\",\"first_block\":" + std::to_string(oldest) +
            ",\"last_block\":" + std::to_string(newest) + ",\"missing_blocks\":" + std::to_string(holes) + "}");
    return exit_code::incomplete;
}

} // namespace

int transfer(transfer_options const& o)
{
    return guarded(o.money.json, [&o] {
        payment p(o.money);
        account_object const from = p.account(o.from), to = p.account(o.to);
        bitshares::transfer op;
        op.from = from.id;
        op.to = to.id;
        op.amount = p.amount(o.amount, o.symbol);
        if (!o.memo.empty())
            op.memo = p.memo(from, to, o.memo);
        return p.submit(std::move(op));
    });
}

int order(order_options const& o)
{
    return guarded(o.money.json, [&o] {
        payment p(o.money);
        limit_order_create op;
        op.seller = p.account(o.seller).id;
        op.amount_to_sell = p.amount(o.sell, o.sell_symbol);
        op.min_to_receive = p.amount(o.want, o.want_symbol);
        op.fill_or_kill = o.fill_or_kill;
        if (!o.expires.empty())
        {
            auto const time = time_point_sec::from_string(o.expires);
            if (!time)
                throw program::usage_error("--expires: write 2026-12-31T10:20:30 (UTC)");
            op.expiration = *time;
        }
        return p.submit(std::move(op));
    });
}

int cancel(cancel_options const& o)
{
    return guarded(o.money.json, [&o] {
        payment p(o.money);
        limit_order_object const open = p.open_order(o.id);
        limit_order_cancel op;
        op.fee_paying_account = open.seller;
        op.order = open.id;
        return p.submit(std::move(op));
    });
}

int upgrade(upgrade_options const& o)
{
    return guarded(o.money.json, [&o] {
        payment p(o.money);
        account_upgrade op;
        op.account_to_upgrade = p.account(o.account).id;
        op.upgrade_to_lifetime_member = true;
        return p.submit(std::move(op));
    });
}

int outcome(outcome_options const& o)
{
    return guarded(o.json, [&o] {
        program::interrupt ctrl_c;
        program::connection node(o.online, ctrl_c);
        node.learn_chain();
        if (is_id(o.what))
            return search(node, ctrl_c, o);
        json_options strict;
        strict.key_prefix = node.key_prefix();
        strict.mode = json_mode::strict;
        auto const tx = from_json<signed_transaction>(read_file(o.what), strict);
        if (!tx)
            throw bad_input(name(static_cast<errc>(tx.error().code().value())), tx.error().message());
        if (tx->signatures.empty())
            throw bad_input("not_signed",
                            "the transaction of " + o.what + " has no signature; it cannot have been sent");
        bool sent = true;
        return payment::follow(node, *tx, o.irreversible, o.what, o.json,
                               o.resend ? payment::how::again : payment::how::look, sent);
    });
}

} // namespace bts_program
