"""Pays each URL by x402 with requests; prints what was answered."""

import json
import sys

from eth_account import Account
from x402 import x402ClientSync
from x402.http.clients import x402_requests
from x402.mechanisms.evm.exact import ExactEvmScheme
from x402.mechanisms.evm.upto import UptoEvmClientScheme

order = json.loads(sys.argv[1])


def session(permit2):
    account = Account.from_key(order["key"])
    client = x402ClientSync()
    client.register("eip155:*", ExactEvmScheme(account))
    client.register("eip155:*", UptoEvmClientScheme(account))
    if permit2:
        client.register_policy(lambda _, offers: [o for o in offers if o.extra.get("assetTransferMethod") == "permit2"])
    return x402_requests(client)


answers = []
for path, permit2 in order["paths"]:
    answer = session(permit2).get(order["url"] + path)
    answers.append({"status": answer.status_code, "receipt": answer.headers.get("switchyard-receipt"), "said": answer.headers.get("payment-response")})
print(json.dumps(answers))
