"""Builds, serialises and signs transfers with python-bitshares for two seconds; prints how many a second."""
import time

from bitsharesbase.operations import Transfer
from bitsharesbase.signedtransactions import Signed_Transaction
from graphenebase import ecdsa

assert ecdsa.SECP256K1_MODULE == "secp256k1", ecdsa.SECP256K1_MODULE  # the quick backend
WIF = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3"  # published everywhere, worthless


def sign(amount):
    transfer = Transfer(**{
        "fee": {"amount": 2000000, "asset_id": "1.3.0"}, "from": "1.2.17", "to": "1.2.18",
        "amount": {"amount": amount, "asset_id": "1.3.0"}, "extensions": []})
    tx = Signed_Transaction(ref_block_num=1, ref_block_prefix=2, expiration="2030-01-01T00:00:00", operations=[transfer])
    tx.sign([WIF], chain="BTS")
    return tx


assert len(sign(1).json()["signatures"]) == 1
count, start = 0, time.perf_counter()
while time.perf_counter() - start < 2:
    count += 1
    sign(count)
print(count / (time.perf_counter() - start))
