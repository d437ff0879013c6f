#include "feed.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/operation_result.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/patient.hpp>

#include <algorithm>
#include <exporter/parallel.hpp>

namespace feeder {

using namespace bitshares;

namespace {

struct stored_position
{
    std::string chain_id;
    std::uint64_t next = 0;
    std::vector<account_id> accounts;

    BITSHARES_FIELDS((chain_id), (next), (accounts))
};

constexpr char remedy[] = "A node that keeps all has track-account and partial-operations unset, max-ops-per-account "
                          "of 4294967295 or so, and "
                          "was replayed with them.";

bool is_real(operation_history_object const& o)
{
    return !o.is_virtual && o.virtual_op == 0 && !o.op.is_virtual();
}

} // namespace

feed::feed(blocking_client& node, target& to, chain_id_type const& chain, feed_options options)
    : node_(node), to_(to), chain_(chain), options_(std::move(options))
{
    choose_accounts();
    take_checkpoint();
    from_begin_ = state_.next == 0;
    safe_ = state_.next;
}

void feed::look_up(std::string const& name_or_id)
{
    auto const found =
        program::patiently([&] { return node_.try_call(database::get_accounts({name_or_id}, false)); }).value();
    if (found.size() != 1 || !found[0])
        throw exception(error(errc::account_not_found, "the node knows no account " + name_or_id));
    accounts_.insert(found[0]->id);
    auto const answer = objects({found[0]->statistics});
    auto const statistics = from_json<account_statistics_object>(answer.at(0).text);
    if (!statistics || answer[0].text == "null")
        throw exception(error(errc::invalid_reply, "the node has no statistics of " + name_or_id));
    if (statistics->total_ops == 0) // its creation is one
        throw incomplete_node("the node keeps no history of " + found[0]->name + ": a partial node. " + remedy);
    if (statistics->removed_ops != 0)
        throw incomplete_node("the node has dropped " + std::to_string(statistics->removed_ops) + " of the " +
                              std::to_string(statistics->total_ops) + " operations of " + found[0]->name +
                              ": a pruned node. " + remedy);
}

void feed::choose_accounts()
{
    for (auto const& text : options_.accounts)
        look_up(text);
}

void feed::take_checkpoint()
{
    auto const text = to_.checkpoint();
    if (!text)
        return;
    auto const position = from_json<stored_position>(*text);
    if (!position || position->chain_id.empty())
        throw wrong_target("what " + to_.name() +
                           " keeps of an earlier run is damaged; bts-es-feeder --from-start does without it");
    if (position->chain_id != to_hex(chain_.data))
        throw wrong_target(to_.name() + " was fed from another chain, " + position->chain_id);
    if (!std::equal(position->accounts.begin(), position->accounts.end(), accounts_.begin(), accounts_.end()) &&
        !options_.from_start)
        throw wrong_target(to_.name() + " was fed with " +
                           (position->accounts.empty() ? std::string("all accounts")
                                                       : std::to_string(position->accounts.size()) + " accounts") +
                           ", and now others are wanted: bts-es-feeder --from-start adds them");
    if (!options_.from_start)
        state_.next = position->next;
}

std::string feed::checkpoint() const
{
    return to_json(stored_position{to_hex(chain_.data), safe_, {accounts_.begin(), accounts_.end()}});
}

std::vector<raw_json> feed::objects(std::vector<any_object_id> const& ids)
{
    auto answer = program::patiently([&] { return node_.try_call(database::get_objects(ids, false)); }).value();
    if (answer.size() != ids.size())
        throw exception(error(errc::invalid_reply, "the node gives " + std::to_string(answer.size()) + " of " +
                                                       std::to_string(ids.size()) + " objects"));
    return answer;
}

/* There is nothing where the next entry should be. Either it is the end, or the node has dropped it. */
void feed::look_beyond(std::uint64_t missing)
{
    std::vector<any_object_id> ids;
    for (unsigned i = 0; i < 40; ++i)
        ids.push_back(account_history_id(missing + (std::uint64_t{1} << i)));
    auto const is_there = [](raw_json const& o) { return o.text != "null"; };
    auto const found = objects(ids);
    bool beyond = std::any_of(found.begin(), found.end(), is_there);
    if (!beyond && !looked_at_statistics_)
    {
        // What is left may lie between these: accounts know the newest entry of theirs. Some of the first thousand are at work.
        looked_at_statistics_ = true;
        ids.clear();
        for (std::uint64_t i = 0; i < 1'000; ++i)
            ids.push_back(account_statistics_id(i));
        for (account_id const account : accounts_)
            ids.push_back(account_statistics_id(account.instance));
        for (raw_json const& o : objects(ids))
            if (auto const statistics = from_json<account_statistics_object>(o.text); is_there(o) && statistics)
                beyond = beyond || (statistics->total_ops != 0 && statistics->most_recent_op.instance > missing);
    }
    if (!beyond || is_there(objects({account_history_id(missing)})[0])) // or it came meanwhile
        return;
    throw incomplete_node("the node has no " + account_history_id(missing).to_string() +
                          ", but later entries of histories: a pruned node. " + remedy);
}

std::vector<account_history_object> feed::read_entries()
{
    std::vector<any_object_id> ids;
    for (std::uint64_t i = 0; i < options_.batch; ++i)
        ids.push_back(account_history_id(state_.next + i));
    auto const found = objects(ids);
    std::vector<account_history_object> entries;
    for (std::size_t i = 0; i < found.size(); ++i)
    {
        if (found[i].text == "null")
        {
            look_beyond(state_.next + i);
            break;
        }
        auto entry = from_json<account_history_object>(found[i].text);
        if (!entry)
            throw exception(entry.error());
        if (any_object_id(entry->id) != ids[i])
            throw exception(
                error(errc::invalid_reply, "the node gives " + entry->id.to_string() + " for " + ids[i].to_string()));
        entries.push_back(*entry);
    }
    return entries;
}

std::vector<feed::link> feed::read_operations(std::vector<account_history_object> entries)
{
    std::vector<any_object_id> ids;
    for (auto const& entry : entries)
        if (ids.empty() || ids.back() != any_object_id(entry.operation_id))
            ids.push_back(entry.operation_id);
    auto const found = ids.empty() ? std::vector<raw_json>() : objects(ids);
    json_options options;
    options.key_prefix = key_prefix_of(chain_);
    std::vector<link> links;
    std::size_t at = 0;
    operation_history_object operation;
    for (auto& entry : entries)
    {
        if (links.empty() || operation.id != entry.operation_id)
        {
            if (!links.empty())
                ++at;
            if (found[at].text == "null")
                throw incomplete_node("the node has no " + entry.operation_id.to_string() +
                                      ", which is in the history of " + entry.account.to_string() +
                                      ": a pruned node. " + remedy);
            auto read = from_json<operation_history_object>(found[at].text, options);
            if (!read)
                throw exception(read.error());
            operation = std::move(*read);
            if (operation.id != entry.operation_id)
                throw exception(error(errc::invalid_reply, "the node gives " + operation.id.to_string() + " for " +
                                                               entry.operation_id.to_string()));
        }
        links.push_back({entry, operation});
    }
    return links;
}

void feed::read_blocks(std::vector<link> const& links)
{
    std::vector<std::uint32_t> missing;
    for (link const& l : links)
        if (!blocks_.contains(l.operation.block_num) &&
            (missing.empty() || missing.back() != l.operation.block_num)) // they ascend
            missing.push_back(l.operation.block_num);
    std::vector<block_part> parts(missing.size());
    exporter::in_parallel(missing.size(), [&](std::size_t i) {
        auto block = program::patiently([&] { return node_.try_call(database::get_block(missing[i])); }).value();
        if (!block)
            throw incomplete_node("the node has no block " + std::to_string(missing[i]));
        parts[i].time = block->timestamp;
        for (auto& tx : block->transactions)
        {
            auto const id = id_of(tx);
            if (!id)
                throw exception(error(id.error().code(), "block " + std::to_string(missing[i]) +
                                                             " has an operation that this program does not know: " +
                                                             id.error().message()));
            parts[i].ids.push_back(*id);
            parts[i].operations.emplace_back(std::move(tx.operations));
        }
    });
    for (std::size_t i = 0; i < missing.size(); ++i)
        blocks_.emplace(missing[i], std::move(parts[i]));
}

// The entries of an account are a chain, without a link left out.
void feed::check_entry(account_history_object const& entry)
{
    if (!accounts_.empty() && !accounts_.contains(entry.account))
        return;
    auto const last = last_.find(entry.account);
    bool const known = last != last_.end();
    std::uint64_t const before = known ? last->second.sequence : 0;
    account_history_id const id = known ? last->second.id : account_history_id(0);
    if ((known || from_begin_) && (entry.sequence != before + 1 || entry.next != id))
        throw incomplete_node("operation " + std::to_string(entry.sequence) + " of " + entry.account.to_string() +
                              ", " + entry.id.to_string() + ", follows number " + std::to_string(before) +
                              ": the node has dropped what is between. " + remedy);
    last_.insert_or_assign(entry.account, entry);
}

void feed::check_payer()
{
    if (current_ && current_whole_ && accounts_.empty() && payer_ && !payer_seen_)
        throw incomplete_node("operation " + current_->to_string() + " is not in the history of " +
                              payer_->to_string() +
                              ", who paid for it: a partial node, which tracks some accounts only. " + remedy);
}

void feed::check_block()
{
    if (block_ == 0 || !block_whole_ || !accounts_.empty())
        return;
    std::size_t all = 0;
    for (auto const& operations : blocks_.at(block_).operations)
        all += operations.size();
    if (of_block_.size() != all)
        throw incomplete_node("block " + std::to_string(block_) + " has " + std::to_string(all) +
                              " operations, and the node keeps " + std::to_string(of_block_.size()) +
                              " of them: a partial node, which tracks some accounts only. " + remedy);
}

// All operations of a block are kept, each as the block has it, and each is in the history of who paid for it.
void feed::check_operation(link const& l)
{
    operation_history_object const& o = l.operation;
    bool const first = !current_;
    if (current_ != o.id)
    {
        if (current_ && o.id < *current_)
            throw exception(
                error(errc::invalid_reply, "the node gives " + o.id.to_string() + " behind " + current_->to_string()));
        check_payer();
        if (block_ != o.block_num)
        {
            check_block();
            block_whole_ = !first || from_begin_; // a run before may have written its beginning
            block_ = o.block_num;
            of_block_.clear();
        }
        current_ = o.id;
        current_whole_ = !first || from_begin_;
        payer_ = o.op.fee_payer();
        payer_seen_ = false;
        if (is_real(o))
        {
            auto const& part = blocks_.at(o.block_num);
            if (o.trx_in_block >= part.operations.size() || o.op_in_trx >= part.operations[o.trx_in_block].size() ||
                part.operations[o.trx_in_block][o.op_in_trx] != o.op)
                throw exception(error(errc::invalid_reply, "block " + std::to_string(o.block_num) + " has not " +
                                                               o.id.to_string() + " where it should be"));
            of_block_.emplace(o.trx_in_block, o.op_in_trx);
        }
    }
    payer_seen_ = payer_seen_ || l.entry.account == payer_;
}

es_document feed::document(link const& l) const
{
    block_part const& block = blocks_.at(l.operation.block_num);
    es_document d;
    static_cast<operation_history_object&>(d.record) = l.operation;
    d.record.block_time = block.time;
    d.record.sequence = l.entry.sequence;
    d.account = l.entry.account;
    d.id = l.entry.id;
    d.next = l.entry.next;
    if (l.operation.trx_in_block < block.ids.size())
        d.trx_id = block.ids[l.operation.trx_in_block];
    return d;
}

bool feed::step()
{
    auto const head =
        program::patiently([&] { return node_.try_call(database::get_dynamic_global_properties()); }).value();
    state_.up_to = options_.reversible ? head.head_block_number : head.last_irreversible_block_num;
    auto links = read_operations(read_entries());
    std::size_t const all = links.size();
    auto const not_yet = [&](std::uint32_t up_to) {
        return std::find_if(links.begin(), links.end(), [&](link const& l) { return l.operation.block_num > up_to; });
    };
    auto const undoable = static_cast<std::size_t>(not_yet(head.last_irreversible_block_num) - links.begin());
    links.erase(not_yet(state_.up_to), links.end());
    state_.at_end = links.size() < options_.batch;

    read_blocks(links);
    std::vector<es_document> documents;
    for (link const& l : links)
    {
        check_entry(l.entry);
        check_operation(l);
        if (accounts_.empty() || accounts_.contains(l.entry.account))
            documents.push_back(document(l));
    }
    // Where it ends, the last operation is whole, and its block unless more of it is to come.
    if (state_.at_end && links.size() == all)
        check_payer();
    if (links.empty())
        return false;

    if (safe_ == state_.next)
        safe_ += std::min(undoable, links.size());
    to_.write(documents, checkpoint());
    state_.next += links.size();
    state_.read += links.size();
    state_.written += documents.size();
    state_.block = links.back().operation.block_num;
    blocks_.erase(blocks_.begin(), blocks_.lower_bound(state_.block)); // the last one's operations may go on
    if (state_.at_end && safe_ != state_.next)                         // what can be undone is read again
    {
        state_.next = safe_;
        from_begin_ = from_begin_ && safe_ == 0;
        last_.clear();
        blocks_.clear();
        current_.reset();
        block_ = 0;
    }
    return !state_.at_end;
}

} // namespace feeder
