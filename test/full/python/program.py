"""What the client in Python does at a gateway; told by one argument, prints JSON."""

import base64
import hashlib
import hmac
import json
import sys
import time

from switchyard_api import Gateway, SwitchyardError, types, verify_webhook

order = json.loads(sys.argv[1])
url: str = order["url"]
operator = Gateway(url, key=order["operator"])
payer = Gateway(f"{url}/", key=order["key"])


def refusal(work: object) -> list[object]:
    try:
        work()  # type: ignore[operator]
    except SwitchyardError as error:
        return [error.code, error.status, error.outcome, error.operation, bool(error.idempotency_key)]
    return []


payee = operator.parties.create({"name": "Payee"}, idempotency_key=f"payee-{order['party']}")
again = operator.parties.create({"name": "Payee"}, idempotency_key=f"payee-{order['party']}")
seller = Gateway(url, key=payee["api_key"])

intents = [seller.intents.create({"amount": {"asset": "USD", "amount": a}, "payee": payee["id"]})["id"] for a in ("1", "2", "3")]
canceled = seller.intents.cancel(intents[0])["status"]

body: types.CreatePayoutBody = {
    "party": order["party"],
    "amount": order["amount"],
    "destinations": [{"kind": "party", "party": payee["id"]}],
}
payout = payer.payouts.create(body, idempotency_key=f"pays-{order['party']}")
repeat = payer.payouts.create(body, idempotency_key=f"pays-{order['party']}")
ended = payer.payouts.get(payout["id"], wait=20)

parties = [party["id"] for party in operator.parties.list(limit=1)]
first = operator.parties.list(limit=1).page()

event = seller.events.list(limit=1, type="payment_intent.created").page().data[0]
secret, text, stamp = f"whsec_{base64.b64encode(b'x' * 32).decode()}", json.dumps(event), str(int(time.time()))
mac = hmac.new(b"x" * 32, f"{event['id']}.{stamp}.{text}".encode(), hashlib.sha256).digest()
signed = {"Webhook-Id": event["id"], "Webhook-Timestamp": stamp, "Webhook-Signature": f"v1,{base64.b64encode(mac).decode()}"}
brought = verify_webhook(text, signed, secret)

print(
    json.dumps(
        {
            "key": payee["api_key"],
            "again": [again["id"] == payee["id"], again["api_key"]],
            "canceled": canceled,
            "payout": [repeat["id"] == payout["id"], ended["status"]],
            "parties": [len(parties) == len(set(parties)), payee["id"] in parties, len(first.data), first.next == first.data[0]["id"]],
            "event": [brought["type"], brought == event],
            "refused": [
                refusal(lambda: seller.intents.pay(intents[0], {"rail": "book"})),
                refusal(lambda: payer.parties.get("pa_" + "0" * 32)),
                refusal(lambda: Gateway(url).parties.list().page()),
                refusal(lambda: Gateway("http://127.0.0.1:1", timeout=3).payouts.create(body)),
                refusal(lambda: Gateway("http://127.0.0.1:1", timeout=3).rails.list()),
                refusal(lambda: verify_webhook(text + " ", signed, secret)),
            ],
        }
    )
)
