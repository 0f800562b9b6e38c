"""Buys each path by L402 with l402-requests, out of a Lightning node of the test's world; prints what was answered."""

import json
import sys

import httpx
from l402_requests import L402Client, WalletBase

order = json.loads(sys.argv[1])
paid = []


class Node(WalletBase):
    async def pay_invoice(self, bolt11):
        paid.append(bolt11)
        async with httpx.AsyncClient(timeout=60) as node:
            answer = await node.post(order["control"] + "/pay", json={"invoice": bolt11})
        return answer.raise_for_status().json()["preimage"]


client = L402Client(wallet=Node())
answers = []
for path in order["paths"]:
    answer = client.get(order["url"] + path)
    answers.append({"status": answer.status_code, "body": answer.json(), "receipt": answer.headers.get("switchyard-receipt"), "paid": len(paid)})
print(json.dumps(answers))
