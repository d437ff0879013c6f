#include "signing.hpp"

#include "transaction_line.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/tx/partial.hpp>

#include <algorithm>

namespace bts_program {

using namespace bitshares;

namespace {

struct format_line
{
    std::optional<std::string> format;

    BITSHARES_FIELDS((format))
};

bool is_partial(std::string_view json)
{
    auto const read = from_json<format_line>(json);
    return read && read->format;
}

error inside(error const& e, std::string const& path)
{
    return error(e.code(), e.detail(), path + e.path());
}

result<signed_transaction> read_transaction(settings const& s, std::string_view json)
{
    auto read = from_json<transaction_line>(json, s.json());
    if (!read)
        return read.error();
    return std::move(*read).take();
}

// Whose each signature is.
result<std::vector<public_key>> signers_of(std::vector<signature> const& signatures, sha256_digest const& digest)
{
    std::vector<public_key> keys;
    for (std::size_t i = 0; i < signatures.size(); ++i)
    {
        auto const key = recover(digest, signatures[i]);
        if (!key)
            return inside(key.error(), "/signatures/" + std::to_string(i));
        keys.push_back(*key);
    }
    return keys;
}

result<void> sign_partial(settings const& s, signer& keys, std::string_view line, std::string& out)
{
    auto partial = partial_transaction::from_json(line, s.prefix);
    if (!partial)
        return partial.error();
    if (s.chain_id && *s.chain_id != partial->chain_id())
        return error(errc::wrong_chain, "it is for " + to_hex(partial->chain_id().data), "/chain_id");
    if (auto const signed_it = partial->sign(keys); !signed_it)
        return signed_it.error();
    out += partial->to_json(s.prefix);
    return {};
}

} // namespace

result<void> sign_line(settings const& s, signer& keys, std::string_view line, std::string& out)
{
    if (is_partial(line))
        return sign_partial(s, keys, line, out);
    auto read = read_transaction(s, line);
    if (!read)
        return read.error();
    auto const tx = unsigned_transaction::of(static_cast<transaction const&>(*read), *s.chain_id);
    if (!tx)
        return tx.error();
    auto const there = signers_of(read->signatures, tx->digest());
    if (!there)
        return there.error();
    for (public_key const& key : keys.keys())
    {
        if (std::find(there->begin(), there->end(), key) != there->end())
            continue; // nodes refuse a second signature of a key
        auto const made = tx->signature_of(keys, key);
        if (!made)
            return made.error();
        read->signatures.push_back(*made);
    }
    out += "{\"hex\":\"" + to_hex(tx->packed()) + "\",\"id\":\"" + to_hex(tx->id().data) + "\",\"digest\":\"" +
           to_hex(tx->digest().data) + "\",\"transaction\":";
    write_json(out, *read, s.prefix);
    out += '}';
    return {};
}

result<void> recover_line(settings const& s, std::string_view line, std::string& out)
{
    auto const read = read_transaction(s, line);
    if (!read)
        return read.error();
    auto const digest = signing_digest(*read, *s.chain_id);
    if (!digest)
        return digest.error();
    auto const keys = signers_of(read->signatures, *digest);
    if (!keys)
        return keys.error();
    out += "{\"public_keys\":[";
    for (std::size_t i = 0; i < keys->size(); ++i)
        out += (i == 0 ? "\"" : ",\"") + (*keys)[i].to_string(s.prefix) + '"';
    out += "]}";
    return {};
}

result<void> merge_line(settings const& s, std::string_view line, std::string& out)
{
    auto const copies = from_json<std::vector<raw_json>>(line);
    if (!copies)
        return copies.error();
    if (copies->empty())
        return error(errc::no_operations, "nothing to merge");
    if (is_partial(copies->front().text))
    {
        std::optional<partial_transaction> whole;
        for (std::size_t i = 0; i < copies->size(); ++i)
        {
            auto read = partial_transaction::from_json((*copies)[i].text, s.prefix);
            if (!read)
                return inside(read.error(), "/" + std::to_string(i));
            if (!whole)
                whole = std::move(*read);
            else if (auto const merged = whole->merge(*read); !merged)
                return inside(merged.error(), "/" + std::to_string(i));
        }
        out += whole->to_json(s.prefix);
        return {};
    }
    std::optional<signed_transaction> whole;
    std::vector<public_key> signers;
    for (std::size_t i = 0; i < copies->size(); ++i)
    {
        std::string const path = "/" + std::to_string(i);
        auto const read = read_transaction(s, (*copies)[i].text);
        if (!read)
            return inside(read.error(), path);
        if (!whole)
            static_cast<transaction&>(whole.emplace()) = *read;
        else if (static_cast<transaction const&>(*whole) != static_cast<transaction const&>(*read))
            return error(errc::different_transactions, {}, path);
        std::vector<public_key> keys;
        if (s.chain_id)
        {
            auto const digest = signing_digest(*read, *s.chain_id);
            if (!digest)
                return inside(digest.error(), path);
            auto const found = signers_of(read->signatures, *digest);
            if (!found)
                return inside(found.error(), path);
            keys = *found;
        }
        for (std::size_t n = 0; n < read->signatures.size(); ++n)
        {
            auto const& all = whole->signatures;
            if (s.chain_id ? std::find(signers.begin(), signers.end(), keys[n]) != signers.end()
                           : std::find(all.begin(), all.end(), read->signatures[n]) != all.end())
                continue;
            whole->signatures.push_back(read->signatures[n]);
            if (s.chain_id)
                signers.push_back(keys[n]);
        }
    }
    write_json(out, *whole, s.prefix);
    return {};
}

} // namespace bts_program
