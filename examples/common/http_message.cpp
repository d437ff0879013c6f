#include "http_message.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/json.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace program {

namespace http = boost::beast::http;
namespace asio = boost::asio;

namespace {

std::optional<std::string_view> first_of(std::vector<text_pair> const& pairs, std::string_view name)
{
    for (auto const& [key, value] : pairs)
        if (key == name)
            return value;
    return std::nullopt;
}

int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool decode(std::string_view text, bool plus_is_blank, std::string& out)
{
    out.clear();
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        char c = text[i];
        if (c == '+' && plus_is_blank)
            c = ' ';
        else if (c == '%')
        {
            int const high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return false;
        out += c;
    }
    return bitshares::find_invalid_utf8(out) == out.size();
}

bool is_lower_equal(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
           });
}

} // namespace

std::optional<std::string_view> http_request::parameter(std::string_view name) const
{
    return first_of(query, name);
}

std::optional<std::string_view> http_request::header(std::string_view name) const
{
    return first_of(headers, name);
}

std::optional<std::string_view> http_request::part(std::string_view name) const
{
    return first_of(parts, name);
}

std::string_view http_reason(unsigned status) noexcept
{
    auto const text = http::obsolete_reason(static_cast<http::status>(status));
    return {text.data(), text.size()};
}

http_response http_problem(unsigned status, std::string_view code, std::string_view detail)
{
    http_response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = R"({"type":"about:blank","title":)" + bitshares::json_quote(http_reason(status)) + R"(,"status":)" +
                    std::to_string(status) + R"(,"detail":)" +
                    bitshares::json_quote(bitshares::valid_utf8(detail, 1000)) + R"(,"code":)" +
                    bitshares::json_quote(code) + "}\n";
    return response;
}

bool read_http_target(std::string_view target, std::size_t max_parameters, std::string& path,
                      std::vector<text_pair>& query)
{
    path.clear();
    query.clear();
    for (std::string_view const scheme : {"http://", "https://"})
        if (target.size() > scheme.size() && is_lower_equal(target.substr(0, scheme.size()), scheme))
        {
            target.remove_prefix(scheme.size());
            target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
            if (target.empty())
                target = "/";
            break;
        }
    if (target == "*") // OPTIONS for the server as a whole
    {
        path = "*";
        return true;
    }
    target = target.substr(0, target.find('#'));
    if (!target.starts_with('/'))
        return false;
    std::size_t const mark = target.find('?');
    if (!decode(target.substr(0, mark), false, path))
        return false;
    for (std::string_view rest = mark == target.npos ? std::string_view() : target.substr(mark + 1); !rest.empty();)
    {
        std::string_view const one = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
        if (one.empty())
            continue;
        if (query.size() >= max_parameters)
            return false;
        std::size_t const equals = one.find('=');
        auto& [name, value] = query.emplace_back();
        if (!decode(one.substr(0, equals), true, name) ||
            (equals != one.npos && !decode(one.substr(equals + 1), true, value)))
            return false;
    }
    return true;
}

struct http_reader::parser : http::request_parser<http::string_body>
{};

http_reader::http_reader(http_limits limits) : limits_(limits)
{
    take(); // makes the parser
}

http_reader::~http_reader() = default;
http_reader::http_reader(http_reader&&) noexcept = default;
http_reader& http_reader::operator=(http_reader&&) noexcept = default;

http_request http_reader::take()
{
    parser_ = std::make_unique<parser>();
    parser_->eager(true);
    parser_->header_limit(limits_.header_bytes);
    parser_->body_limit(limits_.body_bytes);
    state_ = state::more;
    under_way_ = header_done_ = false;
    return std::exchange(request_, http_request());
}

http_reader::state http_reader::refuse(unsigned status, std::string_view code, std::string_view detail)
{
    problem_ = http_problem(status, code, detail);
    return state_ = state::refused;
}

http_reader::state http_reader::feed(std::string_view bytes, std::size_t& used)
{
    used = 0;
    if (state_ != state::more)
        return state_;
    while (!bytes.empty())
    {
        under_way_ = true;
        boost::beast::error_code ec;
        std::size_t const taken = parser_->put(asio::buffer(bytes), ec);
        used += taken;
        bytes.remove_prefix(taken);
        if (ec && ec != http::error::need_more)
        {
            if (ec == http::error::header_limit)
                return refuse(431, "header_too_large",
                              "the header has more than " + std::to_string(limits_.header_bytes) + " bytes");
            if (ec == http::error::body_limit)
                return refuse(413, "body_too_large",
                              "the body has more than " + std::to_string(limits_.body_bytes) + " bytes");
            if (ec == http::error::bad_version)
                return refuse(505, "bad_version", "this is a server of HTTP/1.1");
            return refuse(400, "bad_request", "this is no request of HTTP/1.1: " + ec.message());
        }
        if (parser_->is_header_done() && !header_done_)
        {
            header_done_ = true;
            if (auto const s = on_header(); s == state::refused)
                return s;
        }
        if (parser_->is_done())
            return on_whole();
        if (ec || taken == 0)
            break;
    }
    if (!header_done_ || used == 0)
        return state_;
    auto const expects = request_.header("expect");
    return expects && !request_.old && is_lower_equal(*expects, "100-continue") && parser_->get().body().empty()
               ? state::go_on
               : state::more;
}

http_reader::state http_reader::on_header()
{
    auto const& message = parser_->get();
    request_.old = message.version() < 11;
    request_.keep_alive = message.keep_alive();
    request_.method = std::string(message.method_string());
    request_.target = std::string(message.target());
    std::size_t hosts = 0;
    for (auto const& field : message)
    {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        hosts += name == "host";
        // Whoever stands before this server could see another end of the body than it does.
        if (name == "transfer-encoding" && !is_lower_equal(field.value(), "chunked"))
            return refuse(501, "bad_transfer_encoding", "only chunked is understood");
        request_.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    if (hosts != 1 && !request_.old)
        return refuse(400, "bad_host", "a request has one header Host");
    if (!read_http_target(request_.target, limits_.parameters, request_.path, request_.query))
        return refuse(400, "bad_target",
                      "the path or its query is wrong: percent signs, UTF-8, control characters, or more than " +
                          std::to_string(limits_.parameters) + " parameters");
    return state::more;
}

http_reader::state http_reader::on_whole()
{
    request_.body = std::move(parser_->get().body());
    return state_ = state::whole;
}

std::string http_head(http_response const& response, bool old, bool keep_alive, std::string_view more)
{
    std::string head;
    head.reserve(320);
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(http_reason(response.status)).append("\r\n");
    if (response.status != 204)
    {
        head.append("Content-Type: ").append(response.content_type).append("\r\n");
        head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    }
    if (!keep_alive)
        head.append("Connection: close\r\n");
    else if (old)
        head.append("Connection: keep-alive\r\n");
    for (auto const& [name, value] : response.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    return head.append(more).append("\r\n");
}

} // namespace program
