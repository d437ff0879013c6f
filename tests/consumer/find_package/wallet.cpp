#include <bitshares/wallet/ui_backup.hpp>

#include <cstdio>

int main()
{
    auto const file = bitshares::write_ui_backup({}, "password").value();
    bool const reads = bitshares::read_ui_backup(file, "password").has_value();
    std::printf("bitshares::wallet: %s\n", reads ? "ok" : "does not read what it wrote");
    return reads ? 0 : 1;
}
