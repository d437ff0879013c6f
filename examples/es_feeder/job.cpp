#include "job.hpp"

#include <common/exit_code.hpp>
#include <common/history_store.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace feeder {

using namespace bitshares;

namespace {

es_write_options write_options(job_options const& o, std::string const& key_prefix)
{
    return {.operation_object = o.form != "string",
            .operation_string = o.form != "object",
            .max_mapping_depth = o.depth,
            .key_prefix = key_prefix};
}

std::unique_ptr<http_client> open_servers(job_options const& o)
{
    std::vector<http_url> urls;
    for (auto const& text : o.servers)
    {
        auto url = http_url::from_string(text);
        if (!url)
            throw program::usage_error("--elasticsearch: " + url.error().message());
        urls.push_back(std::move(*url));
    }
    tls_options tls;
    if (!o.online.ca_file.empty())
        tls.add_ca_file(o.online.ca_file);
    return std::make_unique<http_client>(std::move(urls),
                                         http_options().tls(tls).attempt_timeout(std::chrono::seconds(120)));
}

// Of the node, the server or the way there, and not of what they hold.
bool may_pass(exception const& e)
{
    error_code const& ec = e.code();
    return dynamic_cast<target_busy const*>(&e) != nullptr || is_transient(ec) || ec == errc::handshake_refused ||
           ec == errc::name_not_found || ec == errc::resolver_busy || ec == errc::tls_failed;
}

} // namespace

job::job(job_options options, program::interrupt& ctrl_c)
    : o_(std::move(options)), ctrl_c_(ctrl_c), node_(o_.online, ctrl_c)
{
    if (o_.online.nodes.size() > 1)
        throw program::usage_error("one --node only: ids of entries are a node's own");
    if (!o_.store.empty())
        return;
    servers_ = open_servers(o_);
    servers_closed_.emplace(ctrl_c_, [this] { servers_->close(); });
}

void job::connect()
{
    chain_ = node_.learn_chain();
    es_write_options const writing = write_options(o_, node_.key_prefix());
    if (!o_.store.empty())
    {
        target_ = store_target(o_.store, writing);
        return;
    }
    std::string names;
    for (auto const& text : o_.servers)
        names += (names.empty() ? "" : ", ") + http_url(text).to_string();
    target_ = elasticsearch_target(*servers_, names, writing, o_.prefix, 5);
}

feed_state job::run()
{
    while (!target_)
        try
        {
            connect();
        }
        catch (exception const& e)
        {
            if (ctrl_c_.requested())
                throw program::interrupted();
            again(e);
        }
    node_.lend([this](blocking_client& client) { feed_from(client); });
    return all_;
}

void job::feed_from(blocking_client& client)
{
    std::optional<feed> from;
    while (!ctrl_c_.requested())
        try
        {
            if (!from)
            {
                from.emplace(client, *target_, chain_, o_.feed);
                if (o_.say)
                    o_.say(target_->name() + ": from " + account_history_id(from->state().next).to_string() + " on");
            }
            bool const more = from->step();
            if (o_.on_step)
                o_.on_step(from->state());
            if (!more && o_.follow == 0)
                break;
            if (!more)
                wait();
        }
        catch (exception const& e)
        {
            if (from)
                add(from->state());
            from.reset(); // it goes on behind what was written
            if (!ctrl_c_.requested())
                again(e);
        }
    if (from)
        add(from->state());
}

// Waits, where asking again may help.
void job::again(exception const& why)
{
    if (o_.follow == 0 || !may_pass(why))
        throw; // the one that is being handled
    if (o_.warn)
        o_.warn(std::string(why.what()) + "; once more in " + std::to_string(o_.follow) + " s");
    wait();
}

void job::wait()
{
    std::mutex mutex;
    std::condition_variable woken;
    program::on_interrupt const ended(ctrl_c_, [&] {
        std::lock_guard const lock(mutex);
        woken.notify_all();
    });
    std::unique_lock lock(mutex);
    woken.wait_for(lock, std::chrono::seconds(o_.follow), [this] { return ctrl_c_.requested(); });
}

void job::add(feed_state const& s)
{
    auto const read = all_.read + s.read;
    auto const written = all_.written + s.written;
    all_ = s;
    all_.read = read;
    all_.written = written;
}

job_failure explain_failure()
{
    try
    {
        throw;
    }
    catch (program::usage_error const& e)
    {
        return {exit_code::usage, e.what()};
    }
    catch (program::interrupted const&)
    {
        return {exit_code::interrupted, "interrupted; the next run goes on"};
    }
    catch (incomplete_node const& e)
    {
        return {exit_code::incomplete, e.what()};
    }
    catch (node_refused const& e)
    {
        return {exit_code::network, std::string("the node refuses: ") + e.what()};
    }
    catch (program::store_failure const& e)
    {
        return {exit_code::incomplete, e.what()};
    }
    catch (exception const& e)
    {
        bool const bad = e.code() == errc::invalid_reply || e.code() == errc::account_not_found ||
                         e.code() == errc::unknown_tag || !e.error().path().empty();
        return {bad ? exit_code::bad_data : exit_code::network, e.what()};
    }
    catch (std::exception const& e)
    {
        return {exit_code::bad_data, e.what()};
    }
}

} // namespace feeder
