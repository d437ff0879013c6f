#pragma once

#include "feed.hpp"

#include <bitshares/history/es_writer.hpp>
#include <bitshares/net/http_client.hpp>
#include <common/online.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace feeder {

/// From where to where, as a command line says it.
struct job_options
{
    program::online_options online;
    feed_options feed;
    std::vector<std::string> servers; ///< Of a cluster.
    std::string store;                ///< Not empty: the embedded store instead.
    std::string prefix = "bitshares-";
    std::string form = "object";
    std::uint16_t depth = 20;
    unsigned follow = 0; ///< Seconds from one look for more to the next; 0: to the end, once.
    std::function<void(std::string const&)> say = {};  ///< Takes a line for people: what it does.
    std::function<void(std::string const&)> warn = {}; ///< Takes a line for people: what went wrong and is asked again.
    std::function<void(feed_state const&)> on_step = {}; ///< After each.
};

/** Feeds a target from a node: what `bts-es-feeder` does, and `bts-es-wrapper` beside its own work.

    Who follows, asks again where the node or the target is lost or has too much to do; all other failures end it. An interrupt
    ends it at once: what it was just reading is read again by the next one.
*/
class job
{
public:
    /// @throws program::usage_error
    job(job_options options, program::interrupt& ctrl_c);

    /// Up to the end, or an interrupt. Of all attempts: how far it is. @throws As @ref feed; @ref program::interrupted
    feed_state run();

private:
    void connect();
    void feed_from(bitshares::blocking_client& client);
    void again(bitshares::exception const& why);
    void wait();
    void add(feed_state const& s);

    job_options o_;
    program::interrupt& ctrl_c_;
    program::connection node_;
    bitshares::chain_id_type chain_;
    std::unique_ptr<bitshares::http_client> servers_;
    std::optional<program::on_interrupt> servers_closed_;
    std::unique_ptr<target> target_;
    feed_state all_; // of all attempts
};

/// What a job's failure is called, and a program's exit code for it.
struct job_failure
{
    int exit;
    std::string message;
};

/// Of the exception that is being handled.
job_failure explain_failure();

} // namespace feeder
