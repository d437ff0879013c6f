#pragma once

#include <bitshares/wallet/wif_file.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL result<std::vector<private_key>> read_wif_file(std::string const& path, file_access access)
{
    auto const file = read_private_file(path, std::size_t{1} << 20, access);
    if (!file)
        return file.error();
    std::string_view text(reinterpret_cast<char const*>(file->data()), file->size());
    std::vector<private_key> keys;
    for (std::size_t number = 1; !text.empty(); ++number)
    {
        std::size_t const end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        if (line.empty() || line[0] == '#')
            continue;
        auto key = private_key::from_wif(line);
        if (!key)
            return error(static_cast<errc>(key.error().code().value()), path + ": line " + std::to_string(number));
        keys.push_back(std::move(*key));
    }
    if (keys.empty())
        return error(errc::not_a_wallet, path + ": no line has a private key");
    return keys;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
