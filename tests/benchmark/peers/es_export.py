"""Reads an account's documents with the official client, page after page, and does nothing with them; prints how many a second.

    es_export.py URL INDEX ACCOUNT PAGE_SIZE
"""
import sys
import time

from elasticsearch import Elasticsearch

url, index, account, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
client = Elasticsearch([url], timeout=60)
query = {"bool": {"filter": [{"term": {"account_history.account.keyword": account}}]}}
count, after, start = 0, None, time.perf_counter()
while True:
    more = {"search_after": after} if after else {}
    hits = client.search(index=index, size=size, query=query, sort=[{"operation_id_num": "asc"}], track_total_hits=False,
                         **more)["hits"]["hits"]
    count += len(hits)
    if len(hits) < size:
        break
    after = hits[-1]["sort"]
print(count / (time.perf_counter() - start))
