#pragma once

#include <bitshares/base/reflect.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A call that is ready to be sent: API, method and parameters as text. A value: it can be kept, and sent again.

    What all @ref request types have in common, whatever their reply is.
*/
class any_request
{
public:
    /// @param params_json A JSON array: the positional parameters.
    BITSHARES_DECL any_request(std::string_view api, std::string_view method, std::string_view params_json);

    std::string_view api() const noexcept { return std::string_view(text_).substr(1, api_size_); }
    std::string_view method() const noexcept { return std::string_view(text_).substr(api_size_ + 4u, method_size_); }
    std::string_view params_json() const noexcept
    {
        return std::string_view(text_).substr(api_size_ + method_size_ + 6u);
    }

    /// `"api","method",[parameters]`.
    std::string const& text() const noexcept { return text_; }

    /// Its own time limit, in place of the client's.
    std::optional<std::chrono::milliseconds> const& deadline() const noexcept { return deadline_; }

    /** Whether it may be sent again, or to two nodes at once, by whom its answer does not reach: not where it changes something,
        as broadcasting and the node's administration do, unless it says otherwise. */
    bool repeatable() const noexcept
    {
        return repeatable_.value_or(api() != "network_broadcast" && api() != "network_node" && api() != "debug");
    }

    /// Of what some nodes may have less than others, such as the depth of histories; empty: nothing is known of that. See
    /// @ref request::elsewhere.
    std::string_view topic() const noexcept { return topic_; }

    /// How much is missing in an answer that another node may have. @param answer Of the type of the request's reply.
    std::uint64_t missing_in(void const* answer) const { return missing_ != nullptr ? missing_(answer, wanted_) : 0; }

    friend bool operator==(any_request const&, any_request const&) = default;

protected:
    std::optional<std::chrono::milliseconds> deadline_;
    std::optional<bool> repeatable_;
    std::string_view topic_;
    std::uint64_t (*missing_)(void const* answer, std::uint64_t wanted) = nullptr;
    std::uint64_t wanted_ = 0;

private:
    std::string text_;
    std::uint32_t api_size_;
    std::uint32_t method_size_;
};

/** A call whose reply is an `R`, as the descriptors in `rpc/api/` make it: `database::get_account_by_name("alice")`.

    @tparam R `void` where the node answers with null; @ref raw_json takes any reply as it comes.
*/
template <class R>
class request : public any_request
{
public:
    using result_type = R;
    using answer_type = std::conditional_t<std::is_void_v<R>, std::nullptr_t, R>; ///< Of what can be missing something.
    using any_request::any_request;
    using any_request::deadline;
    using any_request::repeatable;

    /// Sets a time limit for this call; the client's default is 10 s.
    request& deadline(std::chrono::milliseconds d)
    {
        deadline_ = d;
        return *this;
    }

    /// Says whether it may be sent twice, of an API of one's own, say.
    request& repeatable(bool is)
    {
        repeatable_ = is;
        return *this;
    }

    /** Says how an answer shows that another node may have more of it.

        A pool asks its other nodes, too, and remembers who had less; where nobody has more, the answer is the one in which least
        is missing. A client of one node takes what comes. Not for what may be sent once only.
        @tparam Missing How much is missing, in any measure; 0: nothing. It is told what was `wanted` here.
        @param topic What nodes have less of: a literal, or as long-lived. Requests with one topic are asked of the same nodes
        first.
    */
    template <std::uint64_t (*Missing)(answer_type const& answer, std::uint64_t wanted)>
    request& elsewhere(std::string_view topic, std::uint64_t wanted = 0)
    {
        topic_ = topic;
        missing_ = [](void const* answer, std::uint64_t w) {
            return Missing(*static_cast<answer_type const*>(answer), w);
        };
        wanted_ = wanted;
        return *this;
    }
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/rpc/request.ipp>
#endif
