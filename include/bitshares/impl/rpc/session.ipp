#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/session.hpp>

#include <algorithm>
#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// The error member of a JSON-RPC reply. Nodes leave out `data` where JSON-RPC itself is violated.
struct error_data_json
{
    std::int64_t code = 0;
    std::string name;
    std::string message;
    raw_json stack;

    BITSHARES_FIELDS((code), (name), (message), (stack))
};

struct error_json
{
    std::int64_t code = 0;
    std::string message;
    std::optional<error_data_json> data;

    BITSHARES_FIELDS((code), (message), (data))
};

BITSHARES_DECL bool split_envelope(std::string_view text, envelope_json& envelope)
{
    std::size_t at = 0;
    auto const blank = [&] { at = std::min(text.find_first_not_of(" \t\r\n", at), text.size()); };
    auto const string = [&] {
        for (++at; text[at] != '"'; ++at)
            if (text[at] == '\\')
                ++at;
        ++at;
    };
    blank();
    if (at == text.size() || text[at] != '{')
        return false;
    ++at;
    for (blank(); text[at] != '}'; blank())
    {
        if (text[at] == ',')
        {
            ++at;
            blank();
        }
        std::size_t const key_start = at + 1;
        string();
        std::string_view const key = text.substr(key_start, at - 1 - key_start);
        blank();
        ++at; // the colon
        blank();
        std::size_t const start = at;
        std::size_t depth = 0;
        do
        {
            char const c = text[at];
            if (c == '"')
            {
                string();
                continue;
            }
            if (c == '{' || c == '[')
                ++depth;
            else if (c == '}' || c == ']')
                --depth;
            ++at;
        } while (depth != 0 || (text[at] != ',' && text[at] != '}'));
        std::string_view value = text.substr(start, at - start);
        value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
        std::string_view* const member = key == "id"       ? &envelope.id
                                         : key == "result" ? &envelope.result
                                         : key == "error"  ? &envelope.error
                                         : key == "method" ? &envelope.method
                                         : key == "params" ? &envelope.params
                                                           : nullptr;
        if (member != nullptr)
            *member = value;
    }
    return true;
}

// Nodes print ids beyond 32 bits as strings.
BITSHARES_DECL std::optional<std::uint64_t> read_id(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    std::uint64_t id = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), id);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    return id;
}

} // namespace detail

BITSHARES_LAZY session::call_id session::submit(any_request const& request, std::unique_ptr<pending_call> call,
                                                time_point deadline, bool urgent)
{
    call_id const id = ++last_id_;
    char digits[24];
    std::string_view const number(
        digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, id).ptr - digits));
    static constexpr std::string_view parts[] = {R"({"id":)", R"(,"method":"call","params":[)", "]}"};
    std::string frame;
    frame.reserve(parts[0].size() + number.size() + parts[1].size() + request.text().size() + parts[2].size());
    frame.append(parts[0]).append(number).append(parts[1]).append(request.text()).append(parts[2]);
    auto const place = queue_.insert(urgent ? queue_.begin() : queue_.end(), queued{id, std::move(frame), urgent});
    calls_.emplace(id, entry{std::move(call), deadline, place});
    if (deadline != no_deadline)
        deadlines_.emplace(deadline, id);
    return id;
}

BITSHARES_LAZY std::optional<std::string> session::next_frame()
{
    if (queue_.empty() || (held_ && !queue_.front().urgent))
        return std::nullopt;
    queued next = std::move(queue_.front());
    queue_.pop_front();
    calls_.find(next.id)->second.sent = true;
    return std::move(next.frame);
}

BITSHARES_LAZY bool session::received(std::string_view frame)
{
    // What nodes nearly always send: {"id":7,"result":...}. The result is read where it stands, in one pass; if it is a
    // whole JSON value, so is the frame. Everything else, also a result that is not what it should be, takes the long way.
    static constexpr std::string_view head = R"({"id":)";
    static constexpr std::string_view middle = R"(,"result":)";
    if (frame.starts_with(head))
    {
        call_id id = 0;
        char const* const end = frame.data() + frame.size();
        auto const parsed = std::from_chars(frame.data() + head.size(), end, id);
        auto const rest = std::string_view(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
        if (parsed.ec == std::errc() && rest.starts_with(middle) && rest.back() == '}')
        {
            auto const at = calls_.find(id);
            if (at != calls_.end() && at->second.sent &&
                at->second.call->decode(rest.substr(middle.size(), rest.size() - middle.size() - 1)))
            {
                events_.on_end(take(at), {});
                return true;
            }
        }
    }
    return received_general(frame);
}

// Around a value, and in the log messages of an error, nodes nest deeper than they let values be. A result has to keep to
// the limits all the same: where it does not, its call ends, not the connection.
BITSHARES_LAZY json_options session::envelope_options() const
{
    json_options options;
    options.limits = limits_;
    options.limits.max_depth = std::max<std::size_t>(limits_.max_depth, 1000);
    return options;
}

BITSHARES_LAZY bool session::received_general(std::string_view frame)
{
    raw_json checked;
    json_options const options = envelope_options();
    detail::envelope_json envelope;
    if (!detail::read_json(frame, detail::type_of<raw_json>, &checked, options) ||
        !detail::split_envelope(frame, envelope))
        return false;

    if (envelope.method == R"("notice")")
    {
        auto const params = from_json<std::pair<std::uint64_t, raw_json>>(envelope.params, options);
        if (!params)
            return false;
        events_.on_notice(params->first, params->second.text);
        return true;
    }
    bool const refused = !envelope.error.empty() && envelope.error != "null";
    if (refused)
        return received_error(envelope.id, envelope.error, frame);
    if (envelope.id.empty())
        return false;
    auto const id = detail::read_id(envelope.id);
    auto const at = id ? calls_.find(*id) : calls_.end();
    if (at == calls_.end() || !at->second.sent)
        return stray(frame);
    if (envelope.result.empty())
        end(at, {errc::invalid_reply, std::nullopt, "neither a result nor an error"});
    else if (auto const decoded = at->second.call->decode(envelope.result); !decoded)
        end(at, {errc::invalid_reply, std::nullopt, decoded.error().message()});
    else
        end(at, {});
    return true;
}

BITSHARES_LAZY bool session::received_error(std::string_view id_text, std::string_view error_json,
                                            std::string_view frame)
{
    auto const id = detail::read_id(id_text);
    auto at = id ? calls_.find(*id) : calls_.end();
    if (!id)
    {
        // Without an id the node has not understood who asked. Where only one call waits for an answer it must be meant;
        // otherwise the call ends by its deadline.
        auto const sent = [](call_map::value_type const& c) { return c.second.sent; };
        if (std::count_if(calls_.begin(), calls_.end(), sent) == 1)
            at = std::find_if(calls_.begin(), calls_.end(), sent);
    }
    if (at == calls_.end() || !at->second.sent)
        return stray(frame);
    if (auto const e = from_json<detail::error_json>(error_json, envelope_options()))
        end(at, {{},
                 node_error(e->code, e->message, e->data ? e->data->name : "", e->data ? e->data->stack.text : ""),
                 {}});
    else
        end(at, {{}, node_error(0, std::string(error_json)), {}}); // not of the form that nodes use: its own words
    return true;
}

BITSHARES_LAZY bool session::stray(std::string_view frame)
{
    ++strays_;
    events_.on_stray(frame);
    return true;
}

BITSHARES_LAZY std::unique_ptr<pending_call> session::take(call_map::iterator at)
{
    std::unique_ptr<pending_call> call = std::move(at->second.call);
    if (at->second.deadline != no_deadline)
        deadlines_.erase({at->second.deadline, at->first});
    if (!at->second.sent)
        queue_.erase(at->second.place);
    calls_.erase(at);
    return call;
}

BITSHARES_LAZY void session::end(call_map::iterator at, call_end end)
{
    events_.on_end(take(at), std::move(end)); // last: the event may do anything to this session
}

template <class Choose>
void session::end_if(Choose choose, error_code ec, std::string const& detail)
{
    std::vector<call_id> ids;
    for (auto const& c : calls_)
        if (choose(c.second))
            ids.push_back(c.first);
    std::sort(ids.begin(), ids.end()); // in the order in which they were made
    std::vector<std::unique_ptr<pending_call>> ended;
    for (call_id id : ids)
        ended.push_back(take(calls_.find(id)));
    events& to = events_;
    for (auto& call : ended)
        to.on_end(std::move(call), {ec, std::nullopt, detail});
}

BITSHARES_LAZY void session::expire(time_point now, std::string const& before)
{
    std::vector<std::pair<std::unique_ptr<pending_call>, bool>> ended;
    while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    {
        auto const at = calls_.find(deadlines_.begin()->second);
        bool const sent = at->second.sent;
        ended.emplace_back(take(at), sent);
    }
    events& to = events_;
    for (auto& [call, sent] : ended)
        to.on_end(std::move(call), {errc::timed_out, std::nullopt, sent ? "waiting for the reply" : before});
}

BITSHARES_LAZY std::optional<session::time_point> session::next_deadline() const
{
    return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->first);
}

BITSHARES_LAZY bool session::cancel(call_id id)
{
    auto const at = calls_.find(id);
    if (at == calls_.end())
        return false;
    end(at, {errc::cancelled, std::nullopt, {}});
    return true;
}

BITSHARES_LAZY void session::lost(error_code ec, std::string const& detail)
{
    end_if([](entry const& e) { return e.sent; }, ec, detail);
}

BITSHARES_LAZY void session::end_all(error_code ec, std::string const& detail)
{
    end_if([](entry const&) { return true; }, ec, detail);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
