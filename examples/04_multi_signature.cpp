// Two of three people sign a payment, each on a machine of their own: 04_multi_signature

#include <bitshares/bitshares.hpp>

#include <iostream>

int main()
try
{
    using namespace bitshares;
    private_key const keys[] = {private_key::generate(), private_key::generate(), private_key::generate()};
    authority two_of_three; // as the chain has it: get_accounts(), or fetch_accounts() for all that is needed
    two_of_three.weight_threshold = 2;
    for (private_key const& key : keys)
        two_of_three.key_auths.insert({key.to_public(), 1});
    account_set accounts;
    accounts.add(account_id(17), "council", two_of_three, two_of_three);

    transfer op;
    op.from = account_id(17);
    op.to = account_id(18);
    op.amount = {500'000, core_asset};
    tx_context context;
    context.network = mainnet();
    context.time = {1'795'000'000};
    tx_builder tx(mainnet());
    tx.add(op).expires_in(std::chrono::hours(12)); // people need time

    // A file that travels.
    std::string const file = partial_transaction::create(tx.prepare(context), accounts).value().to_json();

    // Two of them, with copies of it; each looks at what it says, and signs.
    auto first = partial_transaction::from_json(file).value();
    memory_signer one(keys[0].clone());
    first.sign(one).value();
    std::cout << "one signature, complete: " << (first.complete() ? "yes" : "no") << '\n';
    auto second = partial_transaction::from_json(file).value();
    memory_signer three(keys[2].clone());
    second.sign(three).value();

    // Whoever sends it.
    first.merge(second).value();
    signed_transaction const ready = first.finish().value(); // with the signatures that it needs, no others
    std::cout << ready.signatures.size() << " signatures, complete: " << (first.complete() ? "yes" : "no") << '\n';
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
