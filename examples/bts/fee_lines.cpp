#include "fee_lines.hpp"

#include <bitshares/tx/fees.hpp>

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace bts_program {

using namespace bitshares;

namespace {

// Read leniently, so that a later chain's members and operations do no harm, but not so that it may be anything.
struct schedule_file
{
    std::optional<flat_set<fee_parameters>> parameters;
    std::optional<std::uint32_t> scale;

    BITSHARES_FIELDS((parameters), (scale))
};

// As a node nests them.
void append(operation_fee const& fee, std::string& out)
{
    if (fee.proposed)
        out.push_back('[');
    write_json(out, fee.fee);
    if (!fee.proposed)
        return;
    out.append(",[");
    for (std::size_t i = 0; i < fee.proposed->size(); ++i)
    {
        if (i > 0)
            out.push_back(',');
        append((*fee.proposed)[i], out);
    }
    out.append("]]");
}

std::optional<std::int64_t> read_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size() || number <= 0)
        return std::nullopt;
    return number;
}

} // namespace

result<fee_schedule> read_schedule(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    if (!in)
        return error(errc::file_error, file.string());
    auto read = from_json<schedule_file>(text, {.mode = json_mode::lenient});
    if (!read)
        return read.error();
    if (!read->parameters || read->parameters->empty())
        return error(errc::missing_member, "a schedule has \"parameters\" and \"scale\"", "/parameters");
    if (!read->scale)
        return error(errc::missing_member, "a schedule has \"parameters\" and \"scale\"", "/scale");
    fee_schedule schedule;
    schedule.parameters = std::move(*read->parameters);
    schedule.scale = *read->scale;
    return schedule;
}

result<price> read_rate(std::string_view asset_text, std::string_view rate_text)
{
    std::optional<asset_id> wanted;
    if (!asset_text.empty())
    {
        auto const id = asset_id::from_string(asset_text);
        if (!id)
            return id.error();
        wanted = *id;
    }
    if (rate_text.empty())
    {
        if (wanted && *wanted != core_asset)
            return error(errc::invalid_price, "fees in " + wanted->to_string() + " need the asset's --rate");
        return core_fee_rate;
    }
    price rate;
    if (rate_text.starts_with('{'))
    {
        auto const read = from_json<price>(rate_text, {.mode = json_mode::strict});
        if (!read)
            return read.error();
        rate = *read;
    }
    else
    {
        std::size_t const slash = rate_text.find('/');
        auto const core = read_number(rate_text.substr(0, slash));
        auto const other = slash == rate_text.npos ? std::nullopt : read_number(rate_text.substr(slash + 1));
        if (!core || !other)
            return error(errc::invalid_price, "not the JSON of a price, nor two amounts as 7/3");
        if (!wanted)
            return error(errc::invalid_price, "two amounts need the --asset that the second is of");
        rate = {{*core, core_asset}, {*other, *wanted}};
    }
    bool const core_is_base = rate.base.asset_id == core_asset;
    asset const& other = core_is_base ? rate.quote : rate.base;
    asset const& core = core_is_base ? rate.base : rate.quote;
    if (core.asset_id != core_asset || core.amount <= 0 || other.amount <= 0)
        return error(errc::invalid_price, "one side of the rate is the core asset, and both are above 0");
    if (wanted && other.asset_id != *wanted)
        return error(errc::invalid_price,
                     "the rate is of " + other.asset_id.to_string() + ", not of " + wanted->to_string());
    return rate;
}

result<void> price_operation(settings const& s, fee_terms const& terms, std::string_view line, std::string& out)
{
    auto const op = from_json<operation>(line, s.json());
    if (!op)
        return op.error();
    auto const fees = required_fees(std::span(&*op, 1), terms.schedule, terms.rate);
    if (!fees)
    {
        // The path leads into the list of one operation; a line is that operation, `[tag,{...}]`.
        std::string path = fees.error().path();
        path.erase(0, path.find('/', 1));
        return error(fees.error().code(), fees.error().detail(), path.empty() ? path : "/1" + path);
    }
    out.append("{\"fee\":");
    append(fees->front(), out);
    out.push_back('}');
    return {};
}

} // namespace bts_program
