#pragma once

#include "parameters.hpp"

#include <span>
#include <string>
#include <string_view>

/** @file
    What the service can be asked, told once: for people a page that needs nothing from elsewhere, for programs OpenAPI.
*/
namespace es_wrapper {

struct api_parameter
{
    std::string_view name;
    std::string_view type;    ///< `string` or `integer`
    std::string_view initial; ///< What it is where it is not given; empty: nothing.
    std::string_view example;
    std::string_view text;
};

struct api_path
{
    std::string_view path;
    std::string_view group;
    std::string_view summary;
    std::string_view text;
    std::span<api_parameter const> parameters;
};

/// All of them, those of the three families together.
std::span<api_path const> api_paths();

/// OpenAPI 3.0, as JSON.
std::string openapi_text(question_limits const& limits);

/// HTML: each question as a form, so that it can be asked at once; without a script.
std::string api_page_text(question_limits const& limits, std::string_view source);

} // namespace es_wrapper
