#include "support/folder.hpp"

#include <bitshares/wallet/wif_file.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <sys/stat.h>

namespace bts = bitshares;
using bts::errc;

namespace {

constexpr char const* wif = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3"; // everybody's
constexpr char const* key = "BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV";

struct wif_file
{
    support::folder folder;
    std::string path = folder.file("keys");

    bts::result<std::vector<bts::private_key>> read(std::string const& text) const
    {
        bts::write_private_file(path, {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()},
                                bts::existing_file::replace)
            .value();
        return bts::read_wif_file(path);
    }
};

} // namespace

TEST_CASE("wallet/wif_file: a key in each line, in their order; comments and blanks at the end are left out")
{
    wif_file const file;
    bts::private_key const other = bts::private_key::generate();
    auto const keys =
        file.read("# of the hot wallet\n\n" + std::string(wif) + " \t\r\n" + std::string(other.to_wif().view()));
    REQUIRE(keys.has_value());
    REQUIRE(keys->size() == 2);
    CHECK((*keys)[0].to_public().to_string("BTS") == key);
    CHECK((*keys)[1].to_public() == other.to_public());
}

TEST_CASE("wallet/wif_file: a line that is no key is named, and not repeated")
{
    wif_file const file;
    for (auto const& [line, code] : {std::pair{std::string(wif).replace(20, 1, "1"), errc::invalid_checksum},
                                     std::pair{"label " + std::string(wif), errc::invalid_base58},
                                     std::pair{std::string(wif) + " label", errc::invalid_base58}})
    {
        CAPTURE(line);
        auto const keys = file.read(std::string(wif) + "\n" + line + "\n");
        REQUIRE(!keys);
        CHECK(keys.error().code() == code);
        CHECK(keys.error().detail() == file.path + ": line 2");
    }
    CHECK(file.read("# nothing\n\n").error().code() == errc::not_a_wallet);
    CHECK(file.read("").error().code() == errc::not_a_wallet);
}

TEST_CASE("wallet/wif_file: a file that others can read, and one that is not there")
{
    wif_file const file;
    REQUIRE(file.read(wif).has_value());
    REQUIRE(::chmod(file.path.c_str(), 0644) == 0);
    CHECK(bts::read_wif_file(file.path).error().code() == errc::file_not_private);
    CHECK(bts::read_wif_file(file.path, bts::file_access::any).value().size() == 1);
    CHECK(bts::read_wif_file(file.folder.file("none")).error().code() == errc::file_error);
}
