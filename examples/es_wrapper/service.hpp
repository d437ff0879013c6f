#pragma once

#include "backend.hpp"

#include <common/http_server.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace es_wrapper {

struct service_settings
{
    question_limits limits = {};
    bool empty_is_404 = false;      ///< Explorer-api since 2019: nothing found is a 404, and not an empty list.
    std::chrono::seconds alive{30}; ///< How old the newest block may be.
    std::function<std::chrono::system_clock::time_point()> clock = &std::chrono::system_clock::now;
    std::function<void(std::string const&)> log = {}; ///< What the back end says when it fails.
};

/** Adds what the wrappers answer, `/apidocs/`, `/openapi.json`, `/metrics` and a forward from `/`.

    @param from Outlives the server, as the server its handlers.
*/
void add_routes(program::http_server& server, backend& from, service_settings settings);

} // namespace es_wrapper
