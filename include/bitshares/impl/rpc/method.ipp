#pragma once

#include <bitshares/rpc/method.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL std::string write_arguments(std::span<argument const> arguments, std::string_view key_prefix)
{
    auto const absent = [](argument const& a) {
        return a.type != nullptr && a.type->kind == type_kind::optional && a.type->optional->get(a.value) == nullptr;
    };
    while (!arguments.empty() && absent(arguments.back()))
        arguments = arguments.first(arguments.size() - 1);
    std::string out(1, '[');
    for (argument const& a : arguments)
    {
        if (out.size() > 1)
            out += ',';
        if (a.type == nullptr)
            out += json_quote(*static_cast<std::string_view const*>(a.value));
        else
            write_json(out, *a.type, a.value, key_prefix);
    }
    out += ']';
    return out;
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
