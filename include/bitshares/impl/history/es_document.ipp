#pragma once

#include <bitshares/history/es_document.hpp>

#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// The members that count, as they are stored. Old documents lack the later ones.
struct es_account_part
{
    std::optional<account_history_id> id;
    std::optional<account_id> account;
    std::optional<operation_history_id> operation_id;
    std::uint64_t sequence = 0;
    account_history_id next;

    BITSHARES_FIELDS((id), (account), (operation_id), (sequence), (next))
};

template <class Operation> // `operation`; a template, so that header-only nothing of it is made before it is used
struct es_operation_part
{
    std::uint16_t trx_in_block = 0;
    std::uint16_t op_in_trx = 0;
    std::uint32_t virtual_op = 0;
    std::optional<bool> is_virtual;
    std::optional<account_id> fee_payer;
    std::optional<Operation> op;
    std::optional<bitshares::operation_result> operation_result;
    raw_json op_object; // whose type is told behind it

    BITSHARES_FIELDS((trx_in_block), (op_in_trx), (virtual_op), (is_virtual), (fee_payer), (op), (operation_result),
                     (op_object))
};

struct es_block_part
{
    std::uint32_t block_num = 0;
    time_point_sec block_time;
    std::optional<transaction_id> trx_id;

    BITSHARES_FIELDS((block_num), (block_time), (trx_id))
};

template <class Operation>
struct es_source
{
    es_account_part account_history;
    es_operation_part<Operation> operation_history;
    std::optional<std::uint64_t> operation_type;
    std::optional<std::uint64_t> operation_id_num;
    es_block_part block_data;

    BITSHARES_FIELDS((account_history), (operation_history), (operation_type), (operation_id_num), (block_data))
};

template <class Source>
struct es_hit
{
    Source source;
    raw_json sort;

    BITSHARES_FIELDS((source, "_source"), (sort))
};

struct es_total
{
    std::optional<std::uint64_t> value;
    std::string relation;

    BITSHARES_FIELDS((value), (relation))
};

template <class Source>
struct es_hits
{
    raw_json total; // a number before 7
    std::optional<std::vector<es_hit<Source>>> hits;

    BITSHARES_FIELDS((total), (hits))
};

struct es_shards
{
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> failed;

    BITSHARES_FIELDS((total), (failed))
};

template <class Source>
struct es_reply
{
    std::optional<bool> timed_out;
    std::optional<es_shards> shards;
    es_hits<Source> hits;

    BITSHARES_FIELDS((timed_out), (shards, "_shards"), (hits))
};

inline error es_missing(std::string path)
{
    return {errc::missing_member, {}, std::move(path)};
}

// All shards that there are have answered; and there are some, which a pattern of names does not make sure.
BITSHARES_LAZY_DECL inline result<void> check_es_shards(std::optional<es_shards> const& shards)
{
    if (!shards || !shards->failed)
        return es_missing("/_shards/failed");
    if (shards->total == 0)
        return error(errc::http_refused, "no index has such a name", "/_shards/total");
    if (*shards->failed != 0)
        return error(errc::partial_reply,
                     std::to_string(*shards->failed) +
                         (shards->total ? " of " + std::to_string(*shards->total) : std::string()) + " shards failed",
                     "/_shards/failed");
    return {};
}

// Of the answer to a search: it is whole.
template <class Source>
result<void> check_es_reply(es_reply<Source> const& reply)
{
    if (!reply.timed_out)
        return es_missing("/timed_out");
    if (*reply.timed_out)
        return error(errc::partial_reply, "the search timed out", "/timed_out");
    if (auto const whole = check_es_shards(reply.shards); !whole)
        return whole.error();
    if (!reply.hits.hits)
        return es_missing("/hits/hits");
    return {};
}

// `{"value":5,"relation":"eq"}`, or the number alone; nothing where there is a lower bound only, or -1 for none.
BITSHARES_LAZY_DECL inline std::optional<std::uint64_t> read_es_total(raw_json const& total)
{
    if (total.text.starts_with('{'))
    {
        auto const read = from_json<es_total>(total.text);
        return read && read->relation == "eq" ? read->value : std::nullopt;
    }
    auto const read = from_json<std::uint64_t>(total.text);
    return read && !total.text.empty() ? std::optional(*read) : std::nullopt;
}

inline json_options es_json_options(json_options options)
{
    options.mode = json_mode::elasticsearch;
    return options;
}

// `op_object`: the operation without its type.
template <class Operation>
result<void> read_es_op_object(std::string_view json, std::uint64_t tag, es_document& document,
                               json_options const& options)
{
    variant_operations const& variant = *type_of<Operation>.variant;
    if (tag >= variant.count)
    {
        unknown_alternative& unknown = *variant.emplace_unknown(&document.record.op);
        unknown.tag = tag;
        unknown.raw_json = std::string(json);
        document.exact = false;
        return {};
    }
    auto const index = static_cast<std::size_t>(tag);
    // The plugin of 2018 to 2021 left the schedule of fees out.
    if (tag == committee_member_update_global_parameters::traits.tag && json.find("\"current_fees\"") == json.npos)
        document.exact = false;
    return read_json(json, *variant.alternatives[index], variant.emplace(&document.record.op, index), options);
}

// Moves what was read where it belongs, and looks whether it is all there.
template <class Source>
result<void> take_es_source(Source& source, es_document& document, json_options const& options)
{
    auto& account = source.account_history;
    auto& operation = source.operation_history;
    auto const& block = source.block_data;
    if (!account.id)
        return es_missing("/account_history/id");
    if (!account.account)
        return es_missing("/account_history/account");
    if (!account.operation_id)
        return es_missing("/account_history/operation_id");
    if (account.sequence == 0)
        return es_missing("/account_history/sequence");
    if (block.block_num == 0)
        return es_missing("/block_data/block_num");
    if (block.block_time == time_point_sec())
        return es_missing("/block_data/block_time");
    if (source.operation_id_num && *source.operation_id_num != account.operation_id->instance)
        return error(errc::invalid_reply, "it is of " + account.operation_id->to_string(), "/operation_id_num");

    history_record& record = document.record;
    document.exact = true;
    if (operation.op)
        record.op = std::move(*operation.op);
    else if (!operation.op_object.text.starts_with('{'))
        return es_missing("/operation_history/op");
    else if (!source.operation_type)
        return es_missing("/operation_type");
    else if (auto const read = read_es_op_object<std::remove_cvref_t<decltype(*operation.op)>>(
                 operation.op_object.text, *source.operation_type, document, options);
             !read)
        return error(read.error().code(), read.error().detail(), "/operation_history/op_object" + read.error().path());
    if (source.operation_type && *source.operation_type != record.op.tag())
        return error(errc::invalid_reply, "the operation is of type " + std::to_string(record.op.tag()),
                     "/operation_type");

    record.id = *account.operation_id;
    if (operation.operation_result)
        record.result = std::move(*operation.operation_result);
    else
        record.result = void_result{};
    record.block_num = block.block_num;
    record.trx_in_block = operation.trx_in_block;
    record.op_in_trx = operation.op_in_trx;
    record.virtual_op = operation.virtual_op;
    record.is_virtual = operation.is_virtual.value_or(record.op.is_virtual() || !block.trx_id);
    record.block_time = block.block_time;
    record.sequence = account.sequence;
    document.account = *account.account;
    document.id = *account.id;
    document.next = account.next;
    document.fee_payer = operation.fee_payer;
    document.trx_id = block.trx_id;
    return {};
}

inline error es_error_below(error const& e, std::string path)
{
    return {e.code(), e.detail(), std::move(path) + e.path()};
}

} // namespace detail

BITSHARES_LAZY result<es_document> read_es_document(std::string_view json, json_options const& options)
{
    using source_type = detail::es_source<BITSHARES_DEPENDENT(operation)>;
    json_options const stored = detail::es_json_options(options);
    auto source = from_json<source_type>(json, stored);
    if (!source)
        return source.error();
    es_document document;
    if (auto const taken = detail::take_es_source(*source, document, stored); !taken)
        return taken.error();
    return document;
}

BITSHARES_LAZY result<void> read_es_page(std::string_view json, es_page& page, json_options const& options)
{
    using source_type = detail::es_source<BITSHARES_DEPENDENT(operation)>;
    json_options const stored = detail::es_json_options(options);
    page.documents.clear();
    page.total.reset();
    page.last_sort.clear();
    detail::es_reply<source_type> reply;
    if (auto const read = detail::read_json(json, detail::type_of<decltype(reply)>, &reply, stored); !read)
        return read.error();
    if (auto const whole = detail::check_es_reply(reply); !whole)
        return whole.error();
    page.documents.resize(reply.hits.hits->size());
    for (std::size_t i = 0; i < page.documents.size(); ++i)
    {
        auto& hit = (*reply.hits.hits)[i];
        auto taken = detail::take_es_source(hit.source, page.documents[i], stored);
        std::string_view const below = taken ? "" : "/_source";
        if (taken && !hit.sort.text.starts_with('['))
            taken = detail::es_missing("/sort");
        if (!taken)
        {
            page.documents.clear();
            return detail::es_error_below(taken.error(), "/hits/hits/" + std::to_string(i) + std::string(below));
        }
    }
    page.total = detail::read_es_total(reply.hits.total);
    if (!page.documents.empty())
        page.last_sort = std::move(reply.hits.hits->back().sort.text);
    return {};
}

BITSHARES_LAZY result<void> read_es_documents(std::string_view json, std::vector<es_document>& documents,
                                              json_options const& options)
{
    using source_type = detail::es_source<BITSHARES_DEPENDENT(operation)>;
    json_options const stored = detail::es_json_options(options);
    documents.clear();
    std::size_t const begin = json.find_first_not_of(" \t\r\n");
    if (begin != json.npos && json[begin] == '{')
    {
        auto one = read_es_document(json, options);
        if (!one)
            return one.error();
        documents.push_back(std::move(*one));
        return {};
    }
    auto sources = from_json<std::vector<source_type>>(json, stored);
    if (!sources)
        return sources.error();
    documents.resize(sources->size());
    for (std::size_t i = 0; i < documents.size(); ++i)
        if (auto const taken = detail::take_es_source((*sources)[i], documents[i], stored); !taken)
        {
            documents.clear();
            return detail::es_error_below(taken.error(), "/" + std::to_string(i));
        }
    return {};
}

namespace detail {

struct es_object_part
{
    std::optional<any_object_id> object_id;
    time_point_sec block_time;
    std::uint32_t block_number = 0;

    BITSHARES_FIELDS((object_id), (block_time), (block_number))
};

BITSHARES_LAZY result<std::vector<es_raw_object>> read_es_raw_objects(std::string_view json,
                                                                      std::optional<std::uint64_t>& total,
                                                                      std::string& last_sort,
                                                                      json_options const& options)
{
    auto reply = from_json<es_reply<raw_json>>(json, options);
    if (!reply)
        return reply.error();
    if (auto const whole = check_es_reply(*reply); !whole)
        return whole.error();
    std::vector<es_raw_object> objects;
    objects.reserve(reply->hits.hits->size());
    for (auto& hit : *reply->hits.hits)
    {
        auto const path = [&] { return "/hits/hits/" + std::to_string(objects.size()); };
        auto const part = from_json<es_object_part>(hit.source.text, options);
        if (!part)
            return es_error_below(part.error(), path() + "/_source");
        if (!part->object_id)
            return es_missing(path() + "/_source/object_id");
        if (!hit.sort.text.starts_with('['))
            return es_missing(path() + "/sort");
        objects.push_back({std::move(hit.source), part->block_time, part->block_number});
        last_sort = std::move(hit.sort.text);
    }
    total = read_es_total(reply->hits.total);
    return objects;
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
