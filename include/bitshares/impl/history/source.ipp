#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/es_client.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/history/source.hpp>
#include <bitshares/history/wrapper_client.hpp>
#include <bitshares/rpc/node_error.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <stdexcept>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL result<source_url> source_url::from_string(std::string_view text)
{
    source_url url;
    auto const scheme = detail::to_lower(text.substr(0, text.find(':')));
    if (scheme == "ws" || scheme == "wss")
    {
        url.kind_ = kind_type::node;
        auto node = node_url::from_string(text);
        if (!node)
            return node.error();
        url.node_ = std::move(*node);
        return url;
    }
    if (scheme == "file")
    {
        std::string_view path = text.substr(5);
        if (path.starts_with("//")) // file:///home/x
        {
            path.remove_prefix(2);
            if (!path.starts_with('/'))
                return error(errc::invalid_url, "a file is named file:path or file:///path");
        }
        if (path.empty())
            return error(errc::invalid_url, "the file has no name");
        url.path_ = path;
        return url;
    }
    for (auto const& [prefix, kind] : {std::pair(std::string_view("es+"), kind_type::elasticsearch),
                                       std::pair(std::string_view("wrapper+"), kind_type::wrapper)})
    {
        if (scheme != std::string(prefix) + "http" && scheme != std::string(prefix) + "https")
            continue;
        url.kind_ = kind;
        if (kind == kind_type::elasticsearch)
        {
            url.index_ = "bitshares-*";
            if (auto const query = text.find('?'); query != text.npos)
            {
                std::string_view const parameters = text.substr(query + 1);
                text = text.substr(0, query);
                constexpr std::string_view name = "index=";
                std::string_view const index =
                    parameters.starts_with(name) ? parameters.substr(name.size()) : std::string_view();
                auto const fits = [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*' ||
                           c == '.' || c == ',';
                };
                if (index.empty() || !std::all_of(index.begin(), index.end(), fits))
                    return error(errc::invalid_url, "behind ? only index=NAMES can stand, such as index=bitshares-*");
                url.index_ = index;
            }
        }
        while (true)
        {
            if (detail::to_lower(text.substr(0, prefix.size())) == prefix)
                text.remove_prefix(prefix.size());
            // A comma ends a server only where another one begins.
            std::size_t comma = text.find(',');
            auto const begins = [&](std::size_t at) {
                auto const rest = text.substr(at + 1, 16);
                return rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with(prefix);
            };
            while (comma != text.npos && !begins(comma))
                comma = text.find(',', comma + 1);
            auto server = http_url::from_string(text.substr(0, comma));
            if (!server)
                return server.error();
            url.servers_.push_back(std::move(*server));
            if (comma == text.npos)
                return url;
            text.remove_prefix(comma + 1);
        }
    }
    return error(errc::invalid_url,
                 "expected ws://, wss://, es+http://, es+https://, wrapper+http://, wrapper+https:// or "
                 "file: in front");
}

BITSHARES_DECL std::string source_url::to_string() const
{
    if (node_)
        return node_->to_string();
    if (servers_.empty())
        return "file:" + path_;
    std::string text = kind_ == kind_type::elasticsearch ? "es+" : "wrapper+";
    for (http_url const& server : servers_)
        text += (&server == servers_.data() ? "" : ",") + server.to_string();
    if (kind_ == kind_type::elasticsearch && index_ != "bitshares-*")
        text += "?index=" + index_;
    return text;
}

namespace detail {

template <class Dependent = void>
class node_source final : public history_source
{
public:
    node_source(std::shared_ptr<blocking_client> node, std::string name)
        : node_(std::move(node)), name_(std::move(name))
    {}

    std::string const& name() const override { return name_; }
    void close() override { node_->close(); }

    std::unique_ptr<history_reader> read(account_id account, source_range range) override
    {
        return std::make_unique<reader>(*node_, account, std::move(range));
    }

private:
    class reader final : public history_reader
    {
    public:
        reader(blocking_client& node, account_id account, source_range range)
            : filter_(std::move(range.filter)),
              history_(node, account, range.statistics.value_or(account_statistics_id(account.instance)),
                       options(range, filter_))
        {}

        bool next(std::vector<history_record>& page) override
        {
            if (!history_.next(page))
                return false;
            // The rest of the filter the paging does itself.
            if (filter_.first_block || filter_.last_block || !filter_.assets.empty() || !filter_.counterparties.empty())
                std::erase_if(page, [this](history_record const& record) { return !filter_.matches(record); });
            return true;
        }
        history_count count() const override { return history_.count(); }
        std::optional<std::uint64_t> expected() const override { return history_.expected(); }
        std::uint64_t checked() const override { return history_.checked(); }
        std::uint64_t surveyed() const override { return history_.surveyed(); }
        bool uses_fallback() const override { return history_.uses_fallback(); }

    private:
        static history_options options(source_range const& range, history_filter const& filter)
        {
            history_options o;
            o.order = range.order;
            o.types = filter.types;
            o.from = filter.from;
            o.to = filter.to;
            o.first = filter.first;
            o.last = filter.last;
            o.page_size = range.page_size;
            o.requests_in_flight = range.requests_in_flight;
            return o;
        }

        history_filter filter_;
        node_history history_;
    };

    std::shared_ptr<blocking_client> node_;
    std::string name_;
};

// Of Elasticsearch and its wrappers.
template <class History>
class http_reader final : public history_reader
{
public:
    template <class Options>
    http_reader(http_sender& servers, Options options) : history_(servers, std::move(options))
    {}

    bool next(std::vector<history_record>& page) override { return history_.next(page); }
    history_count count() const override { return {history_.newest(), 0}; }
    std::optional<std::uint64_t> expected() const override { return history_.expected(); }
    std::uint64_t checked() const override { return history_.checked(); }

private:
    History history_;
};

template <class Dependent = void>
class http_source final : public history_source
{
public:
    http_source(source_url const& url, std::unique_ptr<http_sender> servers, std::string key_prefix)
        : wrapper_(url.kind() == source_url::kind_type::wrapper),
          index_(url.index()),
          name_(url.to_string()),
          key_prefix_(std::move(key_prefix)),
          servers_(std::move(servers))
    {}

    std::string const& name() const override { return name_; }
    void close() override { servers_->close(); }

    std::unique_ptr<history_reader> read(account_id account, source_range range) override
    {
        if (wrapper_)
        {
            if (range.order != history_order::oldest_first)
                throw std::invalid_argument("a wrapper is read oldest first");
            typename dependent<wrapper_options, Dependent>::type options;
            options.account = account;
            options.filter = std::move(range.filter);
            if (range.page_size != 0)
                options.page_size = range.page_size;
            options.json.key_prefix = key_prefix_;
            return std::make_unique<http_reader<wrapper_history>>(*servers_, std::move(options));
        }
        typename dependent<es_options, Dependent>::type options;
        options.selection.index = index_;
        options.selection.account = account;
        options.selection.filter = std::move(range.filter);
        options.order = range.order;
        if (range.page_size != 0)
            options.page_size = range.page_size;
        options.json.key_prefix = key_prefix_;
        return std::make_unique<http_reader<es_history>>(*servers_, std::move(options));
    }

private:
    bool wrapper_;
    std::string index_;
    std::string name_;
    std::string key_prefix_;
    std::unique_ptr<http_sender> servers_;
};

// A line of an export in the format jsonl. Whether it is virtual stands in a member that no member of C++ can be named as.
struct exported_line
{
    std::string time;
    std::uint32_t block = 0;
    std::uint16_t trx_in_block = 0;
    std::uint16_t op_in_trx = 0;
    std::uint32_t virtual_op = 0;
    operation_history_id operation_id;
    std::optional<std::uint64_t> sequence;
    std::optional<raw_json> op;
    std::optional<raw_json> result;

    BITSHARES_FIELDS((time), (block), (trx_in_block), (op_in_trx), (virtual_op), (operation_id), (sequence), (op), (result))
};

// What a line may be, beside that: a hit, the line before a document of a bulk.
struct dumped_line
{
    std::optional<raw_json> _source;
    std::optional<raw_json> index;
    std::optional<raw_json> create;
    std::optional<raw_json> account_history;

    BITSHARES_FIELDS((_source), (index), (create), (account_history))
};

struct report_beside
{
    std::optional<std::string> account_id;

    BITSHARES_FIELDS((account_id))
};

template <class Dependent = void>
class file_source final : public history_source
{
public:
    file_source(std::string path, std::string key_prefix)
        : path_(std::move(path)), name_("file:" + path_), key_prefix_(std::move(key_prefix))
    {}

    std::string const& name() const override { return name_; }
    void close() override { closed_ = true; }

    std::unique_ptr<history_reader> read(account_id account, source_range range) override
    {
        if (range.order != history_order::oldest_first)
            throw std::invalid_argument("a file is read oldest first");
        return std::make_unique<reader>(*this, account, std::move(range.filter));
    }

private:
    class reader final : public history_reader
    {
    public:
        reader(file_source const& source, account_id account, history_filter filter)
            : source_(source), account_(account), filter_(std::move(filter)), in_(source.path_, std::ios::binary)
        {
            if (!in_)
                throw exception(error(errc::file_error, source_.path_ + " cannot be read"));
            options_.key_prefix = source_.key_prefix_;
        }

        bool next(std::vector<history_record>& page) override
        {
            page.clear();
            while (page.size() < 1000 && take_line())
            {
                if (source_.closed_)
                    throw exception(error(errc::cancelled, "the source was closed"));
                history_record record;
                if (line_.empty() || !read_record(record))
                    continue;
                if (last_ && record.id <= *last_)
                    fail(error(errc::invalid_recording, "operation " + record.id.to_string() + " comes behind " +
                                                            last_->to_string() + ": it has to be oldest first"));
                last_ = record.id;
                ++checked_;
                newest_ = record.sequence;
                if (filter_.last && record.id > *filter_.last)
                {
                    in_.setstate(std::ios::eofbit); // none of the rest is wanted
                    break;
                }
                if (filter_.matches(record))
                    page.push_back(std::move(record));
            }
            if (in_.bad())
                throw exception(error(errc::file_error, source_.path_ + " cannot be read"));
            return !page.empty() || !in_.eof();
        }

        history_count count() const override { return {newest_, 0}; }
        std::optional<std::uint64_t> expected() const override { return std::nullopt; }
        std::uint64_t checked() const override { return checked_; }
        bool anonymous() const override { return anonymous_; }

    private:
        static constexpr std::size_t longest_line = std::size_t{16} << 20;

        [[noreturn]] void fail(error const& why) const
        {
            throw exception(error(errc::invalid_recording,
                                  source_.path_ + " line " + std::to_string(number_) + ": " + why.message()));
        }

        // A file may be anything: no line is longer than one can be.
        bool take_line()
        {
            line_.clear();
            if (in_.eof())
                return false;
            ++number_;
            for (int c = in_.rdbuf()->sbumpc(); c != std::char_traits<char>::eof(); c = in_.rdbuf()->sbumpc())
            {
                if (c == '\n')
                    break;
                if (line_.size() == longest_line)
                    fail(error(errc::size_limit, "the line is too long"));
                line_ += static_cast<char>(c);
            }
            if (in_.rdbuf()->sgetc() == std::char_traits<char>::eof())
                in_.setstate(std::ios::eofbit);
            if (line_.ends_with('\r'))
                line_.pop_back();
            return true;
        }

        // False: not the account's, or no operation.
        bool read_record(history_record& record)
        {
            auto const dumped = from_json<dumped_line>(line_, options_);
            if (!dumped)
                fail(dumped.error());
            if (dumped->_source || dumped->account_history)
            {
                auto document = read_es_document(dumped->_source ? dumped->_source->text : line_, options_);
                if (!document)
                    fail(document.error());
                record = std::move(document->record);
                return document->account == account_;
            }
            if (dumped->index || dumped->create)
                return false;
            auto line = from_json<exported_line>(line_, options_);
            if (!line || !line->op || !line->result || !line->sequence)
                fail(line ? error(errc::missing_member, "neither an operation of --format jsonl nor a document of the "
                                                        "plugin elasticsearch")
                          : line.error());
            check_report();
            auto op = from_json<typename dependent<operation, Dependent>::type>(line->op->text, options_);
            if (!op)
                fail(error(op.error().code(), op.error().detail(), "/op" + op.error().path()));
            auto value = from_json<typename dependent<operation_result, Dependent>::type>(line->result->text, options_);
            if (!value)
                fail(error(value.error().code(), value.error().detail(), "/result" + value.error().path()));
            if (line->time.ends_with('Z'))
                line->time.pop_back();
            auto const time = time_point_sec::from_string(line->time);
            if (!time)
                fail(time.error());
            record.id = line->operation_id;
            record.op = std::move(*op);
            record.result = std::move(*value);
            record.block_num = line->block;
            record.trx_in_block = line->trx_in_block;
            record.op_in_trx = line->op_in_trx;
            record.virtual_op = line->virtual_op;
            std::string_view const before_id = std::string_view(line_).substr(0, line_.find("\"operation_id\""));
            record.is_virtual = before_id.find("\"virtual\":true") != before_id.npos;
            record.block_time = *time;
            record.sequence = *line->sequence;
            return true;
        }

        // Whose export it is, only its report tells.
        void check_report()
        {
            if (std::exchange(report_checked_, true))
                return;
            std::ifstream report(source_.path_ + ".report.json", std::ios::binary);
            std::string const text{std::istreambuf_iterator<char>(report), {}};
            auto const said = from_json<report_beside>(text);
            anonymous_ = !said || !said->account_id;
            if (!anonymous_ && *said->account_id != account_.to_string())
                throw exception(error(errc::file_error, source_.path_ + " is the history of " +
                                                            valid_utf8(*said->account_id, 40) + ", not of " +
                                                            account_.to_string()));
        }

        file_source const& source_;
        account_id account_;
        history_filter filter_;
        std::ifstream in_;
        json_options options_;
        std::string line_;
        std::uint64_t number_ = 0;
        std::uint64_t checked_ = 0;
        std::uint64_t newest_ = 0;
        std::optional<operation_history_id> last_;
        bool report_checked_ = false;
        bool anonymous_ = false;
    };

    std::string path_;
    std::string name_;
    std::string key_prefix_;
    std::atomic<bool> closed_ = false;
};

} // namespace detail

template <class Dependent>
class joined_reader final : public joined_history::reader_with_parts
{
public:
    joined_reader(std::vector<history_source*> sources, account_id account, source_range range)
        : sources_(std::move(sources)), account_(account), range_(std::move(range))
    {
        if (range_.order != history_order::oldest_first && sources_.size() > 1)
            throw std::invalid_argument("several sources are read oldest first");
        for (history_source const* source : sources_)
            parts.push_back({source->name(), 0, 0, 0, {}});
        history_filter const& f = range_.filter;
        whole_ = f.types.empty() && f.assets.empty() && f.counterparties.empty();
        from_first_ = !f.first && !f.first_block;
    }

    bool next(std::vector<history_record>& page) override
    {
        page.clear();
        for (;;)
        {
            if (fill_)
            {
                if (take_of_fill(page))
                    return true;
                continue;
            }
            if (at_ < held_.size())
            {
                history_record const& r = held_[at_];
                if (!tried_ && is_hole(r) && begin_fill())
                    continue;
                do
                    note(page.emplace_back(std::move(held_[at_++])), main_);
                while (at_ < held_.size() && !is_hole(held_[at_]));
                tried_ = false;
                return true;
            }
            if (main_ == sources_.size())
                return false;
            if (read_main())
                return true; // with an empty page: something goes on
        }
    }

    history_count count() const override
    {
        history_count c = count_;
        if (reader_)
            merge(c, *reader_);
        if (last_)
            c.total = std::max(c.total, last_->sequence);
        // What a later source had is forgotten by none.
        if (sources_.size() > 1)
            c.removed = first_ ? std::min(c.removed, *first_ - 1) : 0;
        return c;
    }
    std::optional<std::uint64_t> expected() const override
    {
        if (auto const told = reader_ ? reader_->expected() : expected_; told && sources_.size() == 1)
            return told;
        return first_ ? std::optional(last_->sequence - *first_ + 1) : std::nullopt;
    }
    std::uint64_t checked() const override
    {
        return sources_.size() == 1 ? reader_ ? reader_->checked() : checked_ : checked_;
    }
    std::uint64_t surveyed() const override { return reader_ ? reader_->surveyed() : 0; }
    bool uses_fallback() const override { return fallback_ || (reader_ && reader_->uses_fallback()); }
    bool anonymous() const override { return anonymous_; }

private:
    struct place
    {
        std::uint64_t sequence;
        time_point_sec time;
    };

    static void merge(history_count& c, history_reader const& reader)
    {
        history_count const said = reader.count();
        c.total = std::max(c.total, said.total);
        c.removed = std::max(c.removed, said.removed);
    }

    bool is_hole(history_record const& r) const
    {
        if (!whole_ || sources_.size() == 1 || main_ + 1 >= sources_.size())
            return false;
        return last_ ? r.sequence > last_->sequence + 1 : from_first_ && r.sequence > 1;
    }

    void note(history_record const& r, std::size_t from)
    {
        pass(r);
        count(r, from);
    }

    void pass(history_record const& r)
    {
        last_ = place{r.sequence, r.block_time};
        if (!first_)
            first_ = r.sequence;
        if (sources_.size() > 1)
            ++checked_;
    }

    void count(history_record const& r, std::size_t from)
    {
        history_part& part = parts[from];
        if (part.operations++ == 0)
            part.first = r.sequence;
        part.first = std::min(part.first, r.sequence);
        part.last = std::max(part.last, r.sequence);
        if (whole_reader_)
            whole_reader_->count(r, from + offset_);
    }

    // From behind the last operation on.
    source_range rest() const
    {
        source_range range = range_;
        if (last_ && (!range.filter.from || *range.filter.from < last_->time))
            range.filter.from = last_->time;
        return range;
    }

    template <class Work>
    bool attempt(std::size_t source, Work const& work)
    {
        auto const failed = [&](error_code ec, std::string why) {
            parts[source].error = std::move(why);
            why_ = ec;
            return false;
        };
        try
        {
            work();
            return true;
        }
        catch (exception const& e)
        {
            if (e.code() == errc::cancelled || sources_.size() == 1)
                throw;
            return failed(e.code(), e.error().message());
        }
        catch (node_refused const& e)
        {
            if (sources_.size() == 1)
                throw;
            return failed(errc::history_incomplete, "the node refuses: " + e.error().message());
        }
    }

    // What lies before the held operation, of the sources behind the main one, which fill each other's gaps likewise.
    bool begin_fill()
    {
        tried_ = true;
        std::vector<history_source*> behind;
        for (std::size_t i = main_ + 1; i < sources_.size(); ++i)
            behind.push_back(sources_[i]);
        if (behind.empty())
            return false;
        source_range range = rest();
        if (time_point_sec const end{held_[at_].block_time.seconds + 1}; !range.filter.to || end < *range.filter.to)
            range.filter.to = end;
        fill_ = std::make_unique<joined_reader>(std::move(behind), account_, range);
        fill_->whole_reader_ = this;
        fill_->offset_ = main_ + 1;
        fill_->last_ = last_;
        fill_->from_first_ = from_first_;
        fill_->end_ = held_[at_].sequence;
        for (std::size_t i = 0; i < fill_->parts.size(); ++i)
            fill_->parts[i].error = parts[fill_->offset_ + i].error;
        while (fill_->main_ < fill_->parts.size() && !fill_->parts[fill_->main_].error.empty())
            ++fill_->main_;
        return true;
    }

    bool take_of_fill(std::vector<history_record>& page)
    {
        bool more = false;
        std::size_t const asked = fill_->main_;
        auto const failed = [&](error_code const& ec, std::string why) {
            if (ec == errc::cancelled)
                throw;
            if (fill_->sources_.size() == 1)
                fill_->parts[asked].error = std::move(why);
        };
        try
        {
            more = fill_->next(page);
        }
        catch (exception const& e)
        {
            failed(e.code(), e.error().message());
        }
        catch (node_refused const& e)
        {
            failed(errc::history_incomplete, "the node refuses: " + e.error().message());
        }
        for (std::size_t i = 0; i < fill_->parts.size(); ++i)
            parts[fill_->offset_ + i].error = fill_->parts[i].error;
        anonymous_ = anonymous_ || fill_->anonymous_;
        for (history_record const& r : page)
            pass(r);
        if (!more)
            fill_.reset();
        return !page.empty();
    }

    // True: a page without operations is to be told, so that who reads can do something else between.
    bool read_main()
    {
        bool more = false;
        at_ = 0;
        held_.clear();
        if (end_ && last_ && last_->sequence + 1 == *end_) // nothing is missing before it
        {
            ended_ = true;
            main_ = sources_.size();
            reader_.reset();
            return false;
        }
        bool const good = attempt(main_, [&] {
            if (!reader_)
                reader_ = sources_[main_]->read(account_, rest());
            more = reader_->next(held_);
            anonymous_ = anonymous_ || reader_->anonymous();
        });
        if (good && more)
        {
            if (sources_.size() > 1 || whole_reader_)
                std::erase_if(held_, [this](history_record const& r) {
                    return (last_ && r.sequence <= last_->sequence) || (end_ && r.sequence >= *end_);
                });
            return held_.empty();
        }
        if (good)
        {
            ended_ = true;
            merge(count_, *reader_);
            expected_ = reader_->expected();
            fallback_ = fallback_ || reader_->uses_fallback();
            if (sources_.size() == 1)
                checked_ = reader_->checked();
        }
        held_.clear();
        reader_.reset();
        while (++main_ < sources_.size() && !parts[main_].error.empty())
            continue; // lost before
        if (main_ == sources_.size() && !ended_)
        {
            std::string detail;
            for (history_part const& part : parts)
                if (!part.error.empty())
                    detail += (detail.empty() ? "" : "; ") + part.source + ": " + part.error;
            throw exception(error(why_, detail));
        }
        return false;
    }

    std::vector<history_source*> sources_;
    account_id account_;
    source_range range_;
    bool whole_ = true;      // the filter leaves none out of the middle
    bool from_first_ = true; // nor, but by their times, at the beginning
    std::size_t main_ = 0;
    std::unique_ptr<history_reader> reader_; // of it
    std::vector<history_record> held_;       // what it gave
    std::size_t at_ = 0;                     // the next of them
    bool tried_ = false;                     // to fill the hole before that
    std::unique_ptr<joined_reader> fill_;    // of what is missing before it
    joined_reader* whole_reader_ = nullptr;  // whose gap this fills
    std::size_t offset_ = 0;                 // of its sources, this one's first
    std::optional<std::uint64_t> end_;       // number of the operation behind the gap
    std::optional<place> last_;
    std::optional<std::uint64_t> first_;
    history_count count_;
    std::optional<std::uint64_t> expected_;
    std::uint64_t checked_ = 0;
    bool fallback_ = false;
    bool anonymous_ = false;
    bool ended_ = false; // one of them was read to its end
    error_code why_;
};

BITSHARES_LAZY std::unique_ptr<joined_history::reader_with_parts>
joined_history::make(std::vector<history_source*> sources, account_id account, source_range range)
{
    return std::make_unique<BITSHARES_DEPENDENT(joined_reader<void>)>(std::move(sources), account, std::move(range));
}

BITSHARES_LAZY std::unique_ptr<history_source> make_node_source(std::shared_ptr<blocking_client> node, std::string name)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::node_source<>)>(std::move(node), std::move(name));
}

BITSHARES_LAZY std::unique_ptr<history_source> make_file_source(std::string path, std::string key_prefix)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::file_source<>)>(std::move(path), std::move(key_prefix));
}

BITSHARES_LAZY std::unique_ptr<history_source> open_source(source_url const& url, source_means const& means)
{
    switch (url.kind())
    {
    case source_url::kind_type::node:
    {
        if (!means.transports)
            throw std::invalid_argument("a node needs transports");
        client_options options = means.client;
        options.key_prefix(means.key_prefix);
        return make_node_source(std::make_shared<blocking_client>(*url.node(), means.transports, options),
                                url.to_string());
    }
    case source_url::kind_type::elasticsearch:
    case source_url::kind_type::wrapper:
        if (!means.http)
            throw std::invalid_argument("Elasticsearch and wrappers need an http_factory");
        return std::make_unique<BITSHARES_DEPENDENT(detail::http_source<>)>(url, means.http(url.servers()),
                                                                            means.key_prefix);
    case source_url::kind_type::file: break;
    }
    return make_file_source(url.path(), means.key_prefix);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
