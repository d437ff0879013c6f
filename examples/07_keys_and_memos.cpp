// A key out of a phrase, its text forms, and a memo that only the two sides can read: 07_keys_and_memos

#include <bitshares/bitshares.hpp>

#include <iostream>

int main()
try
{
    using namespace bitshares;
    // A phrase for show: everybody has its keys. Yours comes out of a file or a keyring, never from the command line.
    private_key const alice = brain_key("QUORN PLIVET MASTERY UNBOLT FERNERY KEDGE ZOOID ARGOT BRINDLE TUSSOCK WAXLIKE "
                                        "OGIVE HALYARD SCRIMP NIELLO DOTAL",
                                        0, brain_key_form::cli_wallet)
                                  .value();
    std::cout << alice.to_public().to_string("BTS") << '\n';
    secure_string const wif = alice.to_wif(); // wiped at the end of its life; not printed
    std::cout << (private_key::from_wif(wif.view()).value().to_public() == alice.to_public() ? "read back\n"
                                                                                             : "lost\n");

    private_key const bob = private_key::generate();
    std::uint64_t const nonce = 17; // another one for each memo; tx_builder::memo draws it
    memo_data const memo = encrypt_memo(alice, bob.to_public(), "for lunch", nonce).value();
    std::cout << decrypt_memo(memo, bob).value() << '\n' << decrypt_memo(memo, alice).value() << '\n';
    private_key const eve = private_key::generate();
    std::cout << name(static_cast<errc>(decrypt_memo(memo, eve).error().code().value())) << '\n';
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
