#include "json_lines.hpp"
#include "transaction_line.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/transaction.hpp>

namespace bts_program {

namespace {

struct hex_line
{
    std::string hex;
    BITSHARES_FIELDS((hex))
};

} // namespace

bitshares::result<void> encode_operation(settings const& s, std::string_view line, std::string& out)
{
    auto const operation = bitshares::from_json<bitshares::operation>(line, s.json());
    if (!operation)
        return operation.error();
    auto const packed = bitshares::pack(*operation);
    if (!packed)
        return packed.error();
    out.append("{\"hex\":\"").append(bitshares::to_hex(*packed)).append("\"}");
    return {};
}

bitshares::result<void> decode_operation(settings const& s, std::string_view line, std::string& out)
{
    auto const text = bitshares::from_json<hex_line>(line, s.json());
    if (!text)
        return text.error();
    auto const packed = bitshares::from_hex(text->hex);
    if (!packed)
        return bitshares::error(packed.error().code(), packed.error().detail(), "/hex");
    auto const operation = bitshares::unpack<bitshares::operation>(*packed);
    if (!operation)
        return operation.error();
    out.append("{\"op\":");
    bitshares::write_json(out, *operation, s.prefix);
    out.push_back('}');
    return {};
}

bitshares::result<void> encode_transaction(settings const& s, std::string_view line, std::string& out)
{
    auto read = bitshares::from_json<transaction_line>(line, s.json());
    if (!read)
        return read.error();
    bitshares::signed_transaction const tx = std::move(*read).take();
    auto const packed = bitshares::pack_unsigned(tx);
    if (!packed)
        return packed.error();
    auto const whole = bitshares::sha256(*packed);
    out.append("{\"hex\":\"").append(bitshares::to_hex(*packed));
    out.append("\",\"id\":\"").append(bitshares::to_hex(std::span(whole.data).first<20>()));
    if (s.chain_id)
        out.append("\",\"digest\":\"").append(bitshares::to_hex(bitshares::sha256(s.chain_id->data, *packed).data));
    out.append("\"}");
    return {};
}

} // namespace bts_program
