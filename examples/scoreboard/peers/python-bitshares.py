"""Does what bts-scoreboard says with python-bitshares, and prints what came of it.

Calls go through BitSharesNodeRPC, blocks come through BitSharesWebsocket. The task is JSON, the first argument:
urls, chain_id, warm, calls, every, watch, follow, give_up (examples/scoreboard/player.hpp).
"""
import json
import logging
import os
import sys
import threading
import time

from bitsharesapi.bitsharesnoderpc import BitSharesNodeRPC
from bitsharesapi.websocket import BitSharesWebsocket
from bitsharesbase.chains import known_chains

logging.disable(logging.CRITICAL)
task = json.loads(sys.argv[1])
known_chains["SCOREBOARD"] = {"chain_id": task["chain_id"], "core_symbol": "BTS", "prefix": "BTS"}
result = {"warmed": False, "answered": 0, "failed": 0, "hanging": 0, "gaps": 0, "last": 0.0, "error": ""}
lock = threading.Lock()
client = None
start = time.monotonic()


def since():
    return (time.monotonic() - start) * 1000


def connect():
    global client
    with lock:
        if client is None:
            client = BitSharesNodeRPC(task["urls"])
    return client


def one():
    with count:
        result["hanging"] += 1
    try:
        account = connect().get_account_by_name("alice")
        if account["name"] != "alice":
            raise ValueError("another account")
        end, why = "answered", ""
    except Exception as e:  # of many kinds, some of which are only Exception
        end, why = "failed", str(e) or type(e).__name__
    with count:
        result["hanging"] -= 1
        result[end] += 1
        result["error"] = result["error"] or why
        result["last"] = since()


def threads(number):
    made = [threading.Thread(target=one, daemon=True) for _ in range(number)]
    for thread in made:
        thread.start()
    return made


def join(made):
    end = time.monotonic() + task["give_up"] / 1000
    for thread in made:
        thread.join(max(0.0, end - time.monotonic()))


def block(identifier):
    global before, told
    with heard:
        number = int(identifier[:8], 16)
        if before and number != before + 1:
            result["gaps"] += 1
        before = number
        told += 1
        if told == 1:
            result["last"] = since()
        heard.notify_all()


def blocks(number):
    with heard:
        return heard.wait_for(lambda: told >= number, task["give_up"] / 1000)


def finish():
    with count:
        print(json.dumps(result), flush=True)
    os._exit(0)  # threads may hang


count = threading.Lock()
heard = threading.Condition()
before = told = 0
if task["warm"]:
    join(threads(1))
    result["warmed"] = result["answered"] == 1
    result["answered"] = 0
    if not result["warmed"]:
        finish()
if task["follow"]:  # by another class than calls, with a connection of its own
    threading.Thread(target=BitSharesWebsocket(task["urls"], on_block=block).run_forever, daemon=True).start()
    result["warmed"] = blocks(2)
    if not result["warmed"]:
        finish()
print("ready", flush=True)
if not sys.stdin.readline():
    sys.exit(1)
start = time.monotonic()
if task["follow"]:
    with heard:
        told = result["gaps"] = 0
        result["last"] = 0.0
    blocks(task["follow"])
    with heard:
        result["answered"] = told
        result["hanging"] = max(0, task["follow"] - told)
        finish()
made = []
if task["every"]:
    while since() < task["watch"]:
        made += threads(1)
        time.sleep(task["every"] / 1000)
else:
    made = threads(task["calls"])
join(made)
if result["hanging"]:
    result["last"] = since()
finish()
