#include <bitshares/testing/recording.hpp>

#include <cstdio>

int main()
{
    auto const operation = bitshares::testing::read_recorded_operation("no operation");
    std::printf("bitshares::testing: %s\n", operation ? "accepts nonsense" : "ok");
    return operation ? 1 : 0;
}
