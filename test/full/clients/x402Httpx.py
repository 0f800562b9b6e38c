"""Pays each URL by x402 with httpx; prints what was answered."""

import asyncio
import json
import sys

from eth_account import Account
from x402 import x402Client
from x402.http.clients import x402HttpxClient
from x402.mechanisms.evm.exact import ExactEvmScheme
from x402.mechanisms.evm.upto import UptoEvmClientScheme

order = json.loads(sys.argv[1])


def client(permit2):
    account = Account.from_key(order["key"])
    made = x402Client()
    made.register("eip155:*", ExactEvmScheme(account))
    made.register("eip155:*", UptoEvmClientScheme(account))
    if permit2:
        made.register_policy(lambda _, offers: [o for o in offers if o.extra.get("assetTransferMethod") == "permit2"])
    return x402HttpxClient(made, base_url=order["url"])


async def main():
    answers = []
    for path, permit2 in order["paths"]:
        async with client(permit2) as paying:
            answer = await paying.get(path)
        answers.append({"status": answer.status_code, "receipt": answer.headers.get("switchyard-receipt"), "said": answer.headers.get("payment-response")})
    print(json.dumps(answers))


asyncio.run(main())
