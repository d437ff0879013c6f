#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/restriction.hpp>

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

using list = std::vector<restriction>;

restriction rule(std::uint64_t member, restriction::function function, restriction_argument argument)
{
    restriction r;
    r.member_index = {member};
    r.restriction_type = {function};
    r.argument = std::move(argument);
    return r;
}

restriction attr(std::uint64_t member, list inner)
{
    return rule(member, restriction::attr, std::move(inner));
}

restriction any_of(std::vector<list> branches)
{
    return rule(0, restriction::logical_or, std::move(branches));
}

restriction alternative(std::uint64_t member, std::int64_t tag, list inner)
{
    return rule(member, restriction::variant_assert, std::pair(tag, std::move(inner)));
}

std::string said(result<void> const& r)
{
    if (r)
        return "";
    return name(static_cast<errc>(r.error().code().value())) + (r.error().path().empty() ? "" : " " + r.error().path());
}

std::string check(operation const& op, list const& rules)
{
    auto const form = validate_restrictions(rules, op.tag());
    auto const held = check_restrictions(rules, op);
    if (form && !held)
        CHECK(held.error().code() == errc::restriction_violated);
    return said(form ? held : form);
}

/// A type of an argument as a member, alone and in all that can hold it.
template <class T>
struct holder
{
    using element = std::conditional_t<std::is_same_v<T, bool>, detail::boolean, T>;

    T value{};
    std::optional<T> maybe;
    flat_set<T> set;
    std::vector<element> sequence;
    std::optional<flat_set<T>> maybe_set;

    BITSHARES_FIELDS((value), (maybe), (set), (sequence), (maybe_set))
};

// 'holds', 'no', 'unfit'
template <class T>
std::string on(T const& object, restriction const& r)
{
    auto const code = [&](void const* value) {
        auto const checked = detail::check_restrictions(list{r}, detail::type_of<T>, value);
        return checked ? error_code() : checked.error().code();
    };
    auto const form = code(nullptr), held = code(&object);
    if ((form == errc::invalid_restriction) != (held == errc::invalid_restriction))
        return "form and value disagree";
    return !held ? "holds" : held == errc::restriction_violated ? "no" : "unfit";
}

constexpr auto yes = "holds";
constexpr auto no = "no";
constexpr auto unfit = "unfit";

/// All functions on members of type T, whose values stand in the order of `v`.
template <class T>
void check_type(std::array<T, 3> const& v, bool ordered)
{
    using r = restriction;
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
        {
            CAPTURE(i);
            CAPTURE(j);
            holder<T> present, absent;
            present.value = v[i];
            present.maybe = v[i];
            for (std::uint64_t const member : {0u, 1u})
            {
                CHECK(on(present, rule(member, r::eq, v[j])) == (i == j ? yes : no));
                CHECK(on(present, rule(member, r::ne, v[j])) == (i != j ? yes : no));
                CHECK(on(present, rule(member, r::lt, v[j])) == (!ordered ? unfit : i < j ? yes : no));
                CHECK(on(present, rule(member, r::le, v[j])) == (!ordered ? unfit : i <= j ? yes : no));
                CHECK(on(present, rule(member, r::gt, v[j])) == (!ordered ? unfit : i > j ? yes : no));
                CHECK(on(present, rule(member, r::ge, v[j])) == (!ordered ? unfit : i >= j ? yes : no));
                flat_set<T> const others{v[(j + 1) % 3], v[(j + 2) % 3]};
                CHECK(on(present, rule(member, r::in, others)) == (i != j ? yes : no));
                CHECK(on(present, rule(member, r::not_in, others)) == (i == j ? yes : no));
                CHECK(on(present, rule(member, r::in, flat_set<T>{})) == no);
                CHECK(on(present, rule(member, r::not_in, flat_set<T>{})) == yes);
                CHECK(on(present, rule(member, r::has_all, others)) == unfit);
                CHECK(on(present, rule(member, r::has_none, others)) == unfit);
            }
            CHECK(on(absent, rule(1, r::eq, v[j])) == no);
            CHECK(on(absent, rule(1, r::ne, v[j])) == yes);
            CHECK(on(absent, rule(1, r::lt, v[j])) == (ordered ? no : unfit));
            CHECK(on(absent, rule(1, r::gt, v[j])) == (ordered ? no : unfit));
            CHECK(on(absent, rule(1, r::le, v[j])) == (ordered ? yes : unfit)); // as the chain has it
            CHECK(on(absent, rule(1, r::ge, v[j])) == (ordered ? yes : unfit));
            CHECK(on(absent, rule(1, r::in, flat_set<T>{v[j]})) == no);
            CHECK(on(absent, rule(1, r::not_in, flat_set<T>{v[j]})) == yes);
        }
    holder<T> h;
    h.set = {v[0], v[1]};
    h.sequence = {v[1], v[0], v[1]};
    h.maybe_set = h.set;
    for (std::uint64_t const member : {2u, 3u, 4u})
    {
        CAPTURE(member);
        CHECK(on(h, rule(member, r::has_all, flat_set<T>{v[1]})) == yes);
        CHECK(on(h, rule(member, r::has_all, flat_set<T>{v[0], v[1]})) == yes);
        CHECK(on(h, rule(member, r::has_all, flat_set<T>{v[0], v[1], v[2]})) == no);
        CHECK(on(h, rule(member, r::has_all, flat_set<T>{})) == yes);
        CHECK(on(h, rule(member, r::has_none, flat_set<T>{v[2]})) == yes);
        CHECK(on(h, rule(member, r::has_none, flat_set<T>{v[0], v[2]})) == no);
        CHECK(on(h, rule(member, r::has_none, flat_set<T>{})) == yes);
        bool const optional =
            member == 4; // lists of which all are in or out are looked at only where they must be there
        CHECK(on(h, rule(member, r::in, flat_set<T>{v[0], v[1], v[2]})) == (optional ? unfit : yes));
        CHECK(on(h, rule(member, r::in, flat_set<T>{v[0], v[2]})) == (optional ? unfit : no));
        CHECK(on(h, rule(member, r::not_in, flat_set<T>{v[2]})) == (optional ? unfit : yes));
        CHECK(on(h, rule(member, r::not_in, flat_set<T>{v[2], v[1]})) == (optional ? unfit : no));
        CHECK(on(h, rule(member, r::eq, std::int64_t{member == 3 ? 3 : 2})) == (optional ? unfit : yes)); // its size
        CHECK(on(h, rule(member, r::ne, std::int64_t{7})) == (optional ? unfit : yes));
        CHECK(on(h, rule(member, r::eq, std::int64_t{-1})) == (optional ? unfit : no));
        CHECK(on(h, rule(member, r::lt, std::int64_t{7})) == unfit);
        CHECK(on(h, rule(member, r::eq, flat_set<T>{v[1], v[0]})) == (member == 3 ? unfit : yes));
        CHECK(on(h, rule(member, r::eq, flat_set<T>{v[1]})) == (member == 3 ? unfit : no));
        CHECK(on(h, rule(member, r::ne, flat_set<T>{v[1]})) == (member == 3 ? unfit : yes));
    }
    h.maybe_set.reset();
    CHECK(on(h, rule(4, r::has_all, flat_set<T>{})) == no);
    CHECK(on(h, rule(4, r::has_none, flat_set<T>{v[2]})) == no);
    CHECK(on(h, rule(4, r::eq, flat_set<T>{v[1]})) == no);
    // Nothing is equal to what is not there.
    CHECK(on(h, rule(1, r::eq, void_type{})) == yes);
    CHECK(on(h, rule(1, r::ne, void_type{})) == no);
    h.maybe = v[0];
    CHECK(on(h, rule(1, r::eq, void_type{})) == no);
    CHECK(on(h, rule(1, r::ne, void_type{})) == yes);
    CHECK(on(h, rule(0, r::eq, void_type{})) == unfit);
    CHECK(on(h, rule(1, r::lt, void_type{})) == unfit);
    // Lists of restrictions are for the other functions.
    CHECK(on(h, rule(0, r::eq, list{})) == unfit);
    CHECK(on(h, rule(0, r::in, list{})) == unfit);
    CHECK(on(h, rule(0, r::eq, std::vector<list>{})) == unfit);
    CHECK(on(h, rule(0, r::eq, std::pair(std::int64_t{0}, list{}))) == unfit);
    CHECK(on(h, attr(0, {rule(0, r::eq, v[0])})) == unfit);
    CHECK(on(h, alternative(0, 0, {})) == unfit);
}

template <class T>
T filled(std::uint8_t byte)
{
    T t{};
    t.data.back() = byte;
    t.data.front() = 2;
    return t;
}

// What a chain could have, with every kind of member.
struct inner
{
    std::int64_t number = 0;
    std::string text;

    BITSHARES_FIELDS((number), (text))
};

struct outer_extension
{
    std::optional<inner> first;
    std::optional<std::int64_t> second;

    BITSHARES_EXTENSION((first), (second))
};

struct empty
{
    BITSHARES_FIELDS()
};

struct outer
{
    inner whole;                                       // 0
    std::optional<inner> maybe;                        // 1
    outer_extension extensions;                        // 2
    std::variant<inner, std::int64_t, empty> either;   // 3
    std::optional<std::variant<inner, empty>> perhaps; // 4
    empty nothing;                                     // 5
    std::vector<inner> many;                           // 6
    std::uint8_t small = 0;                            // 7
    std::uint64_t large = 0;                           // 8
    std::int16_t negative = 0;                         // 9
    bytes data;                                        // 10
    varuint count;                                     // 11
    flat_map<account_id, std::uint16_t> weights;       // 12
    flat_set<std::uint16_t> numbers;                   // 13
    vote_id vote;                                      // 14

    BITSHARES_FIELDS((whole), (maybe), (extensions), (either), (perhaps), (nothing), (many), (small), (large),
                     (negative), (data), (count), (weights), (numbers), (vote))
};

} // namespace

TEST_CASE("protocol/restriction: every function on every type of argument")
{
    SUBCASE("int64")
    {
        check_type<std::int64_t>({std::numeric_limits<std::int64_t>::min(), -1, 5}, true);
    }
    SUBCASE("string")
    {
        check_type<std::string>({"", "ab", "b"}, true);
    }
    SUBCASE("time")
    {
        check_type<time_point_sec>({{{0}, {5}, {0xffffffff}}}, true);
    }
    SUBCASE("account")
    {
        check_type<account_id>({account_id{0}, account_id{300}, account_id{70'000}}, true);
    }
    SUBCASE("asset")
    {
        check_type<asset_id>({asset_id{0}, asset_id{300}, asset_id{70'000}}, true);
    }
    SUBCASE("force settlement")
    {
        check_type<force_settlement_id>({force_settlement_id{0}, force_settlement_id{300}, force_settlement_id{70'000}},
                                        true);
    }
    SUBCASE("committee member")
    {
        check_type<committee_member_id>({committee_member_id{0}, committee_member_id{300}, committee_member_id{70'000}},
                                        true);
    }
    SUBCASE("witness")
    {
        check_type<witness_id>({witness_id{0}, witness_id{300}, witness_id{70'000}}, true);
    }
    SUBCASE("limit order")
    {
        check_type<limit_order_id>({limit_order_id{0}, limit_order_id{300}, limit_order_id{70'000}}, true);
    }
    SUBCASE("call order")
    {
        check_type<call_order_id>({call_order_id{0}, call_order_id{300}, call_order_id{70'000}}, true);
    }
    SUBCASE("custom")
    {
        check_type<custom_id>({custom_id{0}, custom_id{300}, custom_id{70'000}}, true);
    }
    SUBCASE("proposal")
    {
        check_type<proposal_id>({proposal_id{0}, proposal_id{300}, proposal_id{70'000}}, true);
    }
    SUBCASE("withdraw permission")
    {
        check_type<withdraw_permission_id>(
            {withdraw_permission_id{0}, withdraw_permission_id{300}, withdraw_permission_id{70'000}}, true);
    }
    SUBCASE("vesting balance")
    {
        check_type<vesting_balance_id>({vesting_balance_id{0}, vesting_balance_id{300}, vesting_balance_id{70'000}},
                                       true);
    }
    SUBCASE("worker")
    {
        check_type<worker_id>({worker_id{0}, worker_id{300}, worker_id{70'000}}, true);
    }
    SUBCASE("balance")
    {
        check_type<balance_id>({balance_id{0}, balance_id{300}, balance_id{70'000}}, true);
    }
    SUBCASE("public key")
    {
        check_type<public_key>({filled<public_key>(1), filled<public_key>(2), filled<public_key>(3)}, false);
    }
    SUBCASE("sha256")
    {
        check_type<sha256_digest>({filled<sha256_digest>(1), filled<sha256_digest>(2), filled<sha256_digest>(3)},
                                  false);
    }
}

TEST_CASE("protocol/restriction: booleans are compared with booleans only")
{
    holder<bool> h;
    h.value = true;
    h.sequence = {true, true};
    h.set = flat_set<bool>(std::vector<detail::boolean>{true});
    using r = restriction;
    CHECK(on(h, rule(0, r::eq, true)) == yes);
    CHECK(on(h, rule(0, r::eq, false)) == no);
    CHECK(on(h, rule(0, r::ne, false)) == yes);
    CHECK(on(h, rule(1, r::eq, false)) == no);
    h.maybe = false;
    CHECK(on(h, rule(1, r::eq, false)) == yes);
    flat_set<bool> const trues(std::vector<detail::boolean>{true}), falses(std::vector<detail::boolean>{false});
    CHECK(on(h, rule(0, r::in, trues)) == yes);
    CHECK(on(h, rule(0, r::not_in, trues)) == no);
    CHECK(on(h, rule(0, r::in, falses)) == no);
    CHECK(on(h, rule(1, r::in, falses)) == yes);
    CHECK(on(h, rule(2, r::has_all, trues)) == yes);
    CHECK(on(h, rule(3, r::has_none, falses)) == yes);
    CHECK(on(h, rule(2, r::eq, trues)) == yes);
    CHECK(on(h, rule(0, r::eq, std::int64_t{1})) == unfit);
    CHECK(on(h, rule(0, r::lt, true)) == unfit);
    CHECK(on(holder<std::int64_t>{}, rule(0, r::eq, false)) == unfit);
    CHECK(on(holder<std::int64_t>{}, rule(0, r::in, falses)) == unfit);
}

TEST_CASE("protocol/restriction: types of arguments do not mix, but all integers are compared by their value")
{
    using r = restriction;
    holder<account_id> const account{};
    CHECK(on(account, rule(0, r::eq, asset_id{0})) == unfit);
    CHECK(on(account, rule(0, r::lt, asset_id{0})) == unfit);
    CHECK(on(account, rule(0, r::in, flat_set<asset_id>{})) == unfit);
    CHECK(on(account, rule(2, r::has_all, flat_set<asset_id>{})) == unfit);
    CHECK(on(account, rule(0, r::eq, std::int64_t{0})) == unfit);
    CHECK(on(account, rule(0, r::eq, std::string{})) == unfit);

    outer o;
    o.small = 200;
    o.large = std::numeric_limits<std::uint64_t>::max();
    o.negative = -7;
    CHECK(on(o, rule(7, r::eq, std::int64_t{200})) == yes);
    CHECK(on(o, rule(7, r::lt, std::int64_t{-1})) == no);
    CHECK(on(o, rule(7, r::gt, std::int64_t{-1})) == yes);
    CHECK(on(o, rule(8, r::eq, std::int64_t{-1})) == no);
    CHECK(on(o, rule(8, r::gt, std::numeric_limits<std::int64_t>::max())) == yes);
    CHECK(on(o, rule(8, r::in, flat_set<std::int64_t>{-1})) == yes); // as the chain looks it up
    CHECK(on(o, rule(9, r::lt, std::int64_t{-6})) == yes);
    CHECK(on(o, rule(9, r::in, flat_set<std::int64_t>{-7, 3})) == yes);
    o.numbers = {1, 2};
    CHECK(on(o, rule(13, r::has_all, flat_set<std::int64_t>{2})) == yes);
    CHECK(on(o, rule(13, r::has_all, flat_set<std::int64_t>{-2})) == no);
    CHECK(on(o, rule(13, r::eq, flat_set<std::int64_t>{1, 2})) == unfit); // sets of the same type only
    CHECK(on(o, rule(13, r::eq, std::int64_t{2})) == yes);

    // Lists have a size, also of what cannot be compared; numbers with a length of their own and votes cannot be.
    o.weights = {{account_id{1}, std::uint16_t{5}}};
    o.many.resize(4);
    CHECK(on(o, rule(12, r::eq, std::int64_t{1})) == yes);
    CHECK(on(o, rule(12, r::has_all, flat_set<account_id>{})) == unfit);
    CHECK(on(o, rule(6, r::eq, std::int64_t{4})) == yes);
    CHECK(on(o, attr(6, {rule(0, r::eq, std::int64_t{0})})) == unfit);
    CHECK(on(o, rule(11, r::eq, std::int64_t{0})) == unfit);
    CHECK(on(o, rule(14, r::eq, std::int64_t{0})) == unfit);

    // Strings and bytes are lists of signed characters.
    o.whole.text = "aab";
    CHECK(on(o, attr(0, {rule(1, r::eq, std::int64_t{3})})) == yes);
    CHECK(on(o, attr(0, {rule(1, r::in, flat_set<std::int64_t>{'a', 'b'})})) == yes);
    CHECK(on(o, attr(0, {rule(1, r::in, flat_set<std::int64_t>{'a'})})) == no);
    CHECK(on(o, attr(0, {rule(1, r::not_in, flat_set<std::int64_t>{'c'})})) == yes);
    CHECK(on(o, attr(0, {rule(1, r::has_all, flat_set<std::int64_t>{'b'})})) == yes);
    CHECK(on(o, attr(0, {rule(1, r::has_none, flat_set<std::int64_t>{'b'})})) == no);
    CHECK(on(o, attr(0, {rule(1, r::in, flat_set<std::string>{"aab"})})) == yes);
    CHECK(on(o, attr(0, {rule(1, r::has_all, flat_set<std::string>{"a"})})) == unfit);
    o.data = {0xff, 1};
    CHECK(on(o, rule(10, r::eq, std::int64_t{2})) == yes);
    CHECK(on(o, rule(10, r::has_all, flat_set<std::int64_t>{-1})) == yes);
    CHECK(on(o, rule(10, r::has_all, flat_set<std::int64_t>{255})) == no);
}

TEST_CASE("protocol/restriction: members of members, of what may be absent, of extensions")
{
    using r = restriction;
    outer o;
    o.whole = {5, "five"};
    list const five{rule(0, r::eq, std::int64_t{5})};
    CHECK(on(o, attr(0, five)) == yes);
    CHECK(on(o, attr(0, {rule(0, r::eq, std::int64_t{5}), rule(1, r::eq, std::string("six"))})) == no);
    CHECK(on(o, attr(0, {rule(2, r::eq, std::int64_t{5})})) == unfit); // no such member
    CHECK(on(o, attr(0, {})) == unfit);
    CHECK(on(o, rule(0, r::attr, std::int64_t{5})) == unfit);
    CHECK(on(o, attr(1, five)) == no);
    o.maybe = {5, ""};
    CHECK(on(o, attr(1, five)) == yes);
    CHECK(on(o, rule(1, r::eq, void_type{})) == no);
    CHECK(on(o, attr(2, {rule(1, r::eq, void_type{})})) == yes);
    CHECK(on(o, attr(2, {rule(1, r::eq, std::int64_t{7})})) == no);
    o.extensions.second = 7;
    CHECK(on(o, attr(2, {rule(1, r::eq, std::int64_t{7})})) == yes);
    CHECK(on(o, attr(2, {attr(0, five)})) == no);
    o.extensions.first = {5, ""};
    CHECK(on(o, attr(2, {attr(0, five)})) == yes);
    CHECK(on(o, attr(2, {rule(2, r::eq, void_type{})})) == unfit);
    CHECK(on(o, attr(5, five)) == unfit); // no members at all
    CHECK(on(o, attr(7, five)) == unfit);
    CHECK(on(o, rule(15, r::eq, std::int64_t{5})) == unfit);
    CHECK(on(o, rule(std::numeric_limits<std::uint64_t>::max(), r::eq, std::int64_t{5})) == unfit);
    CHECK(on(o, rule(0, static_cast<r::function>(13), std::int64_t{5})) == unfit);
    restriction huge = rule(0, r::eq, std::int64_t{5});
    huge.restriction_type = {1'000'000'000'000};
    CHECK(on(o, huge) == unfit);
}

TEST_CASE("protocol/restriction: one of several lists holds")
{
    using r = restriction;
    outer o;
    o.small = 3;
    list const three{rule(7, r::eq, std::int64_t{3})}, four{rule(7, r::eq, std::int64_t{4})};
    CHECK(on(o, any_of({three, four})) == yes);
    CHECK(on(o, any_of({four, three})) == yes);
    CHECK(on(o, any_of({four, four})) == no);
    CHECK(on(o, any_of({four, {any_of({four, three})}})) == yes);
    CHECK(on(o, any_of({three})) == unfit);
    // The second is not looked at where the first holds, but its form was when the authority was made.
    list const half{any_of({three, {}})};
    CHECK(detail::check_restrictions(half, detail::type_of<outer>, &o).has_value());
    CHECK(said(detail::check_restrictions(half, detail::type_of<outer>, nullptr)) ==
          "invalid_restriction /0/argument/1/1");
    CHECK(on(o, any_of({{}, three})) == unfit);
    CHECK(on(o, rule(0, r::logical_or, list{})) == unfit);
    restriction elsewhere = any_of({three, four}); // whatever the index says
    elsewhere.member_index = {99};
    CHECK(on(o, elsewhere) == yes);
}

TEST_CASE("protocol/restriction: a variant is one of its alternatives")
{
    using r = restriction;
    outer o;
    o.either = inner{5, ""};
    list const five{rule(0, r::eq, std::int64_t{5})}, six{rule(0, r::eq, std::int64_t{6})};
    CHECK(on(o, alternative(3, 0, {})) == yes);
    CHECK(on(o, alternative(3, 0, five)) == yes);
    CHECK(on(o, alternative(3, 0, six)) == no);
    CHECK(on(o, alternative(3, 2, {})) == no);
    CHECK(on(o, alternative(3, 1, {})) == no);
    list const in_number{alternative(3, 1, five)};
    CHECK(said(detail::check_restrictions(in_number, detail::type_of<outer>, nullptr)) ==
          "invalid_restriction /0/argument/1/1/0");
    CHECK(on(o, alternative(3, 3, {})) == unfit);
    CHECK(on(o, alternative(3, -1, {})) == unfit);
    CHECK(on(o, attr(3, five)) == unfit);
    CHECK(on(o, alternative(0, 0, {})) == unfit);
    CHECK(on(o, rule(3, r::variant_assert, list{})) == unfit);
    CHECK(on(o, rule(3, r::eq, std::int64_t{0})) == unfit);
    CHECK(on(o, alternative(4, 0, five)) == no);
    o.perhaps = inner{5, ""};
    CHECK(on(o, alternative(4, 0, five)) == yes);
    CHECK(on(o, alternative(4, 1, {})) == no);
}

TEST_CASE("protocol/restriction: the form is that of the operation's members, counted as the chain counts them")
{
    using r = restriction;
    transfer op;
    op.from = account_id{17};
    op.to = account_id{18};
    op.amount = {1'000, asset_id{5}};
    CHECK(check(op, {}) == ""); // no restrictions are fine, but for whole operations only
    list const to_18{rule(2, r::eq, account_id{18})};
    CHECK(check(op, to_18) == "");
    op.to = account_id{19};
    CHECK(check(op, to_18) == "restriction_violated /0");
    op.to = account_id{18};
    CHECK(check(op, {rule(3, r::eq, account_id{18})}) == "invalid_restriction /0");
    CHECK(check(op, {to_18[0], attr(3, {rule(0, r::le, std::int64_t{1'000}), rule(1, r::eq, asset_id{5})})}) == "");
    CHECK(check(op, {to_18[0], attr(3, {rule(0, r::le, std::int64_t{999}), rule(1, r::eq, asset_id{5})})}) ==
          "restriction_violated /1/argument/1/0");
    CHECK(check(op, {to_18[0], attr(3, {rule(0, r::le, std::int64_t{1'000}), rule(1, r::lt, std::int64_t{5})})}) ==
          "invalid_restriction /1/argument/1/1");
    CHECK(check(op, {rule(4, r::eq, void_type{})}) == "");
    CHECK(check(op, {attr(4, {rule(2, r::gt, std::int64_t{0})})}) == "restriction_violated /0");
    op.memo = memo_data{};
    CHECK(check(op, {rule(4, r::eq, void_type{})}) == "restriction_violated /0");
    CHECK(check(op, {attr(4, {rule(2, r::ge, std::int64_t{0})})}) == "");
    CHECK(check(op, {rule(5, r::eq, std::int64_t{0})}) == ""); // extensions: an empty set
    CHECK(check(op, {rule(6, r::eq, std::int64_t{0})}) == "invalid_restriction /0");
    CHECK(check(op, {any_of({to_18, to_18, {rule(3, r::eq, void_type{})}})}) ==
          "invalid_restriction /0/argument/1/2/0");

    limit_order_create order;
    order.min_to_receive = {7, asset_id{1}};
    CHECK(check(order, {attr(3, {rule(0, r::eq, std::int64_t{7})})}) == "");

    htlc_create htlc;
    CHECK(check(htlc, {alternative(4, static_cast<std::int64_t>(htlc.preimage_hash.index()), {})}) == "");
    CHECK(check(htlc, {alternative(4, static_cast<std::int64_t>(htlc.preimage_hash.index() + 1), {})}) ==
          "restriction_violated /0");
    CHECK(check(htlc, {alternative(4, 9, {})}) == "invalid_restriction /0");

    account_update update;
    CHECK(check(update, {rule(2, r::eq, void_type{}), rule(3, r::eq, void_type{})}) == "");
    update.new_options = account_options{};
    update.new_options->memo_key = filled<public_key>(9);
    CHECK(check(update, {attr(4, {rule(0, r::eq, filled<public_key>(9))})}) == "");
    CHECK(check(update, {attr(4, {rule(0, r::eq, filled<public_key>(8))})}) == "restriction_violated /0/argument/1/0");
    CHECK(check(update, {attr(5, {rule(1, r::eq, void_type{})})}) == "");
    update.extensions.owner_special_authority = no_special_authority{};
    CHECK(check(update, {attr(5, {rule(1, r::eq, void_type{})})}) == "restriction_violated /0/argument/1/0");
    CHECK(check(update, {attr(5, {alternative(1, 0, {})})}) == "");
    CHECK(check(update, {attr(5, {alternative(1, 1, {rule(1, r::gt, std::int64_t{0})})})}) ==
          "restriction_violated /0/argument/1/0");

    // The chain keeps the fee schedule where restrictions do not look.
    committee_member_update_global_parameters parameters;
    CHECK(check(parameters, {attr(1, {rule(1, r::ge, std::int64_t{0})})}) == "");
    CHECK(check(parameters, {attr(1, {attr(0, {rule(1, r::eq, std::int64_t{10'000})})})}) ==
          "invalid_restriction /0/argument/1/0/argument/1/0");
}

TEST_CASE("protocol/restriction: all operations that a transaction can hold may be restricted")
{
    std::size_t some = 0;
    for (std::size_t tag = 0; tag < operation_count; ++tag)
    {
        INFO(operation_traits(tag).name);
        auto const fee = validate_restrictions(list{attr(0, {rule(0, restriction::le, std::int64_t{5})})}, tag);
        CHECK(fee.has_value() != operation_traits(tag).is_virtual); // `fee` is the first member of each
        some += fee.has_value();
    }
    CHECK(some == 71);
    CHECK(said(validate_restrictions({}, operation_count)) == "invalid_restriction");
    CHECK(said(validate_restrictions({}, std::numeric_limits<std::uint64_t>::max())) == "invalid_restriction");
    unknown_operation const unknown{.tag = 200, .raw_json = "{}"};
    CHECK(said(check_restrictions({}, unknown)) == "unknown_tag");
}

TEST_CASE("protocol/restriction: nests as deep as input can be")
{
    list rules{rule(2, restriction::eq, account_id{18})};
    for (int i = 0; i < 90; ++i)
        rules = list{any_of({rules, {rule(2, restriction::eq, account_id{19})}})};
    transfer op;
    op.to = account_id{18};
    CHECK(check(op, rules) == "");
    op.to = account_id{20};
    CHECK(check(op, rules) == "restriction_violated /0");
}
