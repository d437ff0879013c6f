#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/protocol/object_id.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

/// An object of a chain in memory; never changed, only replaced.
struct stored_object
{
    bitshares::detail::type_info const* type = nullptr;
    std::shared_ptr<void const> value; ///< Null: there is none.
};

/// Thrown by @ref object_store::get.
class object_not_found : public std::runtime_error
{
public:
    explicit object_not_found(any_object_id id) : std::runtime_error("Unable to find Object " + id.to_string()), id_(id)
    {}
    any_object_id id() const noexcept { return id_; }

private:
    any_object_id id_;
};

/** The objects of a chain by their ids, with undo: sessions within sessions.

    A reference to an object is good until that object is changed. Not thread-safe.
*/
class object_store
{
public:
    /// Told of every change, undoing included; either side may be null. The map of changes of a session.
    using listener = std::function<void(any_object_id id, stored_object const& before, stored_object const& after)>;
    using changes = std::map<any_object_id, stored_object>; ///< What was there before.

    explicit object_store(listener changed = {}) : changed_(std::move(changed)) {}

    template <class T>
    T const* find(decltype(T::id) id) const
    {
        return static_cast<T const*>(find_any(id).value.get());
    }

    /// @throws object_not_found
    template <class T>
    T const& get(decltype(T::id) id) const
    {
        T const* const found = find<T>(id);
        if (found == nullptr)
            throw object_not_found(id);
        return *found;
    }

    /// Keeps the object under its id, in place of another that may be there.
    template <class T>
    T const& put(T value)
    {
        any_object_id const id = value.id;
        auto stored = std::make_shared<T>(std::move(value));
        T const& result = *stored;
        set(id, {&bitshares::detail::type_of<T>, std::move(stored)});
        return result;
    }

    /// Keeps the object under the next free id.
    template <class T>
    T const& create(T value)
    {
        value.id = decltype(T::id)(take_id(decltype(T::id)(0)));
        return put(std::move(value));
    }

    /// @throws object_not_found
    template <class T, class Change>
    T const& modify(decltype(T::id) id, Change&& change)
    {
        T value = get<T>(id);
        change(value);
        return put(std::move(value));
    }

    void remove(any_object_id id) { set(id, {}); }

    /// All objects of a type, in the order of their ids. @param visit Must not change the store.
    template <class T, class Visit>
    void each(Visit&& visit) const
    {
        any_object_id const first = decltype(T::id)(0);
        any_object_id const last = decltype(T::id)(max_object_instance);
        for (auto at = objects_.lower_bound(first); at != objects_.end() && at->first <= last; ++at)
            visit(*static_cast<T const*>(at->second.value.get()));
    }

    template <class T>
    std::uint64_t count() const
    {
        std::uint64_t n = 0;
        each<T>([&](T const&) { ++n; });
        return n;
    }

    /// Its value is null where there is none.
    BITSHARES_DECL stored_object find_any(any_object_id id) const;

    /// What @ref create will give next to an object of this type.
    BITSHARES_DECL any_object_id next_id(any_object_id type) const;

    BITSHARES_DECL void begin();                           ///< A session within the ones there are.
    BITSHARES_DECL void merge();                           ///< Its changes become those of the session around it.
    BITSHARES_DECL void undo();                            ///< All is as at its beginning.
    std::size_t depth() const { return sessions_.size(); } ///< Sessions that have begun and not ended.

    /// What the innermost session changed: ids, and what was there before. @pre `depth() > 0`
    changes const& changed() const { return sessions_.back().before; }

    /// Forgets how the oldest session can be undone. @pre `depth() > 0`
    void forget_oldest() { sessions_.pop_front(); }

private:
    struct session
    {
        changes before;
        std::map<std::uint16_t, std::uint64_t> next;
    };

    BITSHARES_DECL std::uint64_t take_id(any_object_id type);
    BITSHARES_DECL void set(any_object_id id, stored_object value);
    BITSHARES_DECL void replace(any_object_id id, stored_object value);

    listener changed_;
    std::map<any_object_id, stored_object> objects_;
    std::map<std::uint16_t, std::uint64_t> next_; // by space and type
    std::deque<session> sessions_;
};

} // namespace detail
} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/chain_store.ipp>
#endif
