#pragma once

#include <bitshares/testing/chain_store.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

inline std::uint16_t type_key(any_object_id id)
{
    return static_cast<std::uint16_t>(id.space() << 8 | id.type());
}

BITSHARES_DECL stored_object object_store::find_any(any_object_id id) const
{
    auto const at = objects_.find(id);
    return at == objects_.end() ? stored_object() : at->second;
}

BITSHARES_DECL any_object_id object_store::next_id(any_object_id type) const
{
    auto const at = next_.find(type_key(type));
    return {type.space(), type.type(), at == next_.end() ? 0 : at->second};
}

BITSHARES_DECL std::uint64_t object_store::take_id(any_object_id type)
{
    return next_[type_key(type)]++;
}

BITSHARES_DECL void object_store::begin()
{
    sessions_.push_back({{}, next_});
}

BITSHARES_DECL void object_store::merge()
{
    session last = std::move(sessions_.back());
    sessions_.pop_back();
    if (!sessions_.empty())
        sessions_.back().before.merge(last.before); // what the outer one has kept already is older
}

BITSHARES_DECL void object_store::undo()
{
    session last = std::move(sessions_.back());
    sessions_.pop_back();
    for (auto& [id, before] : last.before)
        replace(id, std::move(before));
    next_ = std::move(last.next);
}

BITSHARES_DECL void object_store::set(any_object_id id, stored_object value)
{
    if (!sessions_.empty())
        sessions_.back().before.try_emplace(id, find_any(id));
    auto& next = next_[type_key(id)];
    if (value.value && id.instance() >= next)
        next = id.instance() + 1;
    replace(id, std::move(value));
}

BITSHARES_DECL void object_store::replace(any_object_id id, stored_object value)
{
    stored_object const before = find_any(id);
    if (changed_)
        changed_(id, before, value);
    if (value.value)
        objects_[id] = std::move(value);
    else
        objects_.erase(id);
}

} // namespace detail
} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
