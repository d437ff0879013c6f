#pragma once

#include <bitshares/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct asset;

/** What `void validate(validation&) const` of operations and their members reports to.

    These functions check the chain's rules of form: what a node refuses whatever the state of its chain. What depends on
    the state (balances, permissions, times, limits that the committee sets) is not their affair. A broken rule keeps none
    behind it from being checked, but only the first is kept; rules stand in the order of bitshares-core's own.

    @par Source
    bitshares-core, libraries/protocol, the `validate()` of each type.
    @par Example
    @code
    void my_operation::validate(validation& v) const
    {
        v.not_negative(fee, "fee");
        v.require(from != to, "to", "must not be `from` itself");
        v.check("options", options);
    }
    @endcode
*/
class validation
{
public:
    validation() = default;
    validation(validation const&) = delete;
    validation& operator=(validation const&) = delete;

    /** Keeps the rule as broken unless it holds. @param member Below the value in hand, as `"amount/amount"`; empty: the value
        itself. @param rule What must hold, for a person: `"must be above 0"`. @return `holds`. */
    bool require(bool holds, std::string_view member, std::string_view rule)
    {
        if (!holds && !failure_)
            fail(member, rule);
        return holds;
    }

    /// `amount.amount >= 0`. @return Whether it holds.
    BITSHARES_DECL bool not_negative(asset const& amount, std::string_view member);
    /// `amount.amount > 0`. @return Whether it holds.
    BITSHARES_DECL bool positive(asset const& amount, std::string_view member);

    /// The rules of the value in `member`: of its `validate`, of each element, of what an optional or a variant holds.
    template <class T>
    void check(std::string_view member, T const& value)
    {
        below const here(*this, {member});
        check_value(value);
    }

    /// As @ref check for what has no `validate` of its own: calls `rules()` with `member` in hand.
    template <class Rules>
    void within(std::string_view member, Rules&& rules)
    {
        below const here(*this, {member});
        rules();
    }

    /// As @ref check for elements that have no `validate` of their own: calls `rules(element)` with each element of `values` in hand.
    template <class Values, class Rules>
    void each(std::string_view member, Values const& values, Rules&& rules)
    {
        below const list(*this, {member});
        std::size_t i = 0;
        for (auto const& value : values)
        {
            below const here(*this, {{}, i++, true});
            rules(value);
        }
    }

    /// False once a rule was broken.
    bool ok() const noexcept { return !failure_; }

    /** Success, or the first broken rule.

        @par Errors
        @li `errc::invalid_form`, or what was given to @ref refuse; the path leads to the member.
    */
    BITSHARES_DECL result<void> outcome() const;

    /// Keeps another error than a broken rule, as for an operation that this version does not know.
    BITSHARES_DECL void refuse(errc code, std::string_view member, std::string_view why);

private:
    struct step
    {
        std::string_view member;
        std::size_t index = 0;
        bool is_index = false;
    };

    class below
    {
    public:
        below(validation& v, step s) : path_(v.path_) { path_.push_back(s); }
        ~below() { path_.pop_back(); }
        below(below const&) = delete;
        below& operator=(below const&) = delete;

    private:
        std::vector<step>& path_;
    };

    template <class T>
    void check_value(T const& value)
    {
        value.validate(*this);
    }
    template <class T>
    void check_value(std::optional<T> const& value)
    {
        if (value)
            check_value(*value);
    }
    template <class... Ts>
    void check_value(std::variant<Ts...> const& value)
    {
        std::visit( // paths name members: an alternative is no step of its own
            [this]<class T>(T const& alternative) {
                if constexpr (requires { alternative.validate(*this); })
                    alternative.validate(*this);
            },
            value);
    }
    template <class T>
    void check_value(std::vector<T> const& values)
    {
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            below const here(*this, {{}, i, true});
            check_value(values[i]);
        }
    }

    BITSHARES_DECL void fail(std::string_view member, std::string_view rule);
    BITSHARES_DECL std::string path_of(std::string_view member) const;

    std::vector<step> path_; // to the value in hand
    std::optional<error> failure_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/validation.ipp>
#endif
