#include "backend.hpp"

#include <mutex>
#include <type_traits>
#include <utility>

namespace es_wrapper {

using program::history_store;

namespace {

class store_backend : public backend
{
public:
    store_backend(std::string path, std::chrono::milliseconds time_limit)
        : path_(std::move(path)), time_limit_(time_limit)
    {
        free_.push_back(open());
    }

    std::size_t documents(program::document_search const& what, std::string& out) override
    {
        return use([&](history_store& store) {
            std::size_t count = 0;
            store.search(what, [&](std::string_view json) { out.append(count++ == 0 ? "" : ",").append(json); });
            return count;
        });
    }

    std::size_t transaction(transaction_question const& what, std::string& out) override
    {
        return use([&](history_store& store) {
            std::size_t count = 0;
            store.transaction(what.id, what.from, what.size,
                              [&](std::string_view json) { out.append(count++ == 0 ? "" : ",").append(json); });
            return count;
        });
    }

    std::string operation(bitshares::operation_history_id id) override
    {
        return use([&](history_store& store) { return store.operation(id).value_or(std::string()); });
    }

    std::vector<program::document_bucket> count(history_question const& what) override
    {
        return use(
            [&](history_store& store) { return store.count(what.search.filter, *what.count_by, what.search.size); });
    }

    std::optional<program::store_head> head() override
    {
        return use([](history_store& store) { return store.head(); });
    }

    std::string name() const override { return path_; }
    std::string_view kind() const override { return "an embedded store"; }

private:
    std::unique_ptr<history_store> open() const
    {
        auto store = std::make_unique<history_store>(path_, history_store::mode::read);
        store->set_time_limit(time_limit_);
        return store;
    }

    // Lends a reader of the file: as many are made as threads ask at once.
    template <class Work>
    std::invoke_result_t<Work, history_store&> use(Work&& work)
    {
        try
        {
            std::unique_ptr<history_store> store;
            {
                std::lock_guard const lock(mutex_);
                if (!free_.empty())
                {
                    store = std::move(free_.back());
                    free_.pop_back();
                }
            }
            if (!store)
                store = open();
            auto answer = work(*store);
            std::lock_guard const lock(mutex_);
            free_.push_back(std::move(store));
            return answer;
        }
        catch (program::store_timeout const& e)
        {
            throw backend_timeout(e.what());
        }
        catch (program::store_failure const& e)
        {
            throw backend_failure(e.what()); // and the reader is opened anew
        }
    }

    std::string path_;
    std::chrono::milliseconds time_limit_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<history_store>> free_;
};

} // namespace

std::unique_ptr<backend> open_store(std::string const& path, std::chrono::milliseconds time_limit)
{
    return std::make_unique<store_backend>(path, time_limit);
}

} // namespace es_wrapper
