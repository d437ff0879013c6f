#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN // with the header precompiled, the second does not bring the first
#include <doctest/doctest.h>
