#include "target.hpp"

#include <bitshares/protocol/json.hpp>
#include <common/history_store.hpp>

#include <array>
#include <chrono>
#include <thread>
#include <utility>

namespace feeder {

using namespace bitshares;

namespace {

struct position_text
{
    std::string text;

    BITSHARES_FIELDS((text))
};

struct position_document
{
    std::optional<position_text> source;

    BITSHARES_FIELDS((source, "_source"))
};

class elasticsearch final : public target
{
public:
    elasticsearch(http_sender& servers, std::string name, es_write_options const& options, std::string prefix,
                  unsigned attempts)
        : servers_(servers), name_(std::move(name)), options_(options), prefix_(std::move(prefix)), attempts_(attempts)
    {
        auto const root = send({.target = "/"});
        if (root.status != 200)
            refuse(root);
        version_ = read_es_version(root.body).value();
        std::string own = prefix_; // not under the prefix: searches would find it
        while (own.ends_with('-'))
            own.pop_back();
        position_ = "/feeder-" + own + "/_doc/position";
    }

    std::string name() const override { return version_.to_string() + " at " + name_; }

    std::optional<std::string> checkpoint() override
    {
        auto const reply = send({.target = position_});
        if (reply.status == 404)
            return std::nullopt;
        if (reply.status != 200)
            refuse(reply);
        auto const document = from_json<position_document>(reply.body);
        if (!document || !document->source)
            throw target_failure(position_ + " is not the feeder's own");
        return document->source->text;
    }

    void write(std::span<es_document const> documents, std::string const& checkpoint) override
    {
        for (std::size_t i = 0; i < documents.size();)
        {
            http_request request{
                .method = http_method::post, .target = "/_bulk", .body = {}, .content_type = "application/x-ndjson"};
            std::size_t const begin = i;
            while (i < documents.size() && request.body.size() < most_bytes)
                write_es_bulk(request.body, documents[i++], version_, options_, prefix_);
            send_bulk(request, i - begin);
        }
        auto const reply = send(
            {.method = http_method::put, .target = position_, .body = "{\"text\":" + json_quote(checkpoint) + "}"});
        if (reply.status != 200 && reply.status != 201)
            refuse(reply);
    }

private:
    static constexpr std::size_t most_bytes = std::size_t{4} << 20; // as the plugin

    [[noreturn]] static void refuse(http_reply const& reply)
    {
        error why = detail::http_failure(reply.status, reply.body);
        if (detail::is_passing(reply.status))
            throw target_busy(std::move(why));
        throw exception(std::move(why));
    }

    http_reply send(http_request const& request) { return servers_.send(request).value(); }

    // Again, where the cluster has too much to do: the client does that of a whole request, here it is of some documents.
    void send_bulk(http_request const& request, std::size_t documents)
    {
        for (unsigned attempt = 1;; ++attempt)
        {
            auto const reply = send(request);
            if (reply.status != 200)
                refuse(reply);
            auto const outcome = read_es_bulk_reply(reply.body, documents).value();
            if (outcome.refused == 0)
                return;
            error const why = outcome.first_refusal.value_or(error(errc::http_refused));
            if (!outcome.passing)
                throw exception(why);
            if (attempt >= attempts_)
                throw target_busy(why);
            std::this_thread::sleep_for(std::chrono::milliseconds(250) * attempt);
        }
    }

    http_sender& servers_;
    std::string name_;
    es_write_options options_;
    std::string prefix_;
    unsigned attempts_;
    es_version version_;
    std::string position_;
};

class store final : public target
{
public:
    store(std::string const& file, es_write_options const& options)
        : store_(file, program::history_store::mode::write), options_(options)
    {}

    std::string name() const override { return store_.path(); }

    std::optional<std::string> checkpoint() override { return store_.checkpoint(key); }

    void write(std::span<es_document const> documents, std::string const& checkpoint) override
    {
        std::vector<program::stored_document> rows;
        rows.reserve(documents.size());
        for (es_document const& document : documents)
        {
            history_record const& record = document.record;
            auto& row = rows.emplace_back(program::stored_document{.id = document.id,
                                                                   .account = document.account,
                                                                   .operation = record.id,
                                                                   .sequence = record.sequence,
                                                                   .operation_type = record.op.tag(),
                                                                   .block_num = record.block_num,
                                                                   .block_time = record.block_time,
                                                                   .trx_id = document.trx_id,
                                                                   .json = {}});
            write_es_document(row.json, document, options_);
        }
        std::array const checkpoints{std::pair<std::string, std::string>(key, checkpoint)};
        store_.add(rows, checkpoints);
    }

private:
    static constexpr char key[] = "feeder";

    program::history_store store_;
    es_write_options options_;
};

} // namespace

std::unique_ptr<target> elasticsearch_target(http_sender& servers, std::string name, es_write_options const& options,
                                             std::string prefix, unsigned attempts)
{
    return std::make_unique<elasticsearch>(servers, std::move(name), options, std::move(prefix), attempts);
}

std::unique_ptr<target> store_target(std::string const& file, es_write_options const& options)
{
    return std::make_unique<store>(file, options);
}

} // namespace feeder
