#pragma once

#include <bitshares/rpc/request.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL any_request::any_request(std::string_view api, std::string_view method, std::string_view params_json)
    : api_size_(static_cast<std::uint32_t>(api.size())), method_size_(static_cast<std::uint32_t>(method.size()))
{
    text_.reserve(api.size() + method.size() + params_json.size() + 6);
    text_.append(1, '"').append(api).append("\",\"").append(method).append("\",").append(params_json);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
