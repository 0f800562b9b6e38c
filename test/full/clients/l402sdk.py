"""Buys each path by L402 with l402sdk, out of a node that speaks as Core Lightning does; prints what was answered."""

import json
import sys

from l402 import Budget, L402Client

order = json.loads(sys.argv[1])
client = L402Client.with_cln_rest(order["node"], "rune", budget=Budget(per_request_max=1_000))
answers = []
for path in order["paths"]:
    answer = client.get(order["url"] + path)
    answers.append({"status": answer.status, "body": answer.json(), "paid": answer.paid, "cached": answer.cached_token, "spent": client.total_spent()})
print(json.dumps(answers))
