"""Each line is wrong, and mypy says so."""

from switchyard_api import Gateway

gateway = Gateway("http://127.0.0.1:8402")
gateway.intents.create({"amount": {"asset": "USD", "amount": 4.2}, "payee": "pa_1"})
gateway.intents.create({"amount": {"asset": "USD", "amount": "4.2"}, "payee": "pa_1", "order": "1"})
gateway.intents.cancel("pi_1")["state"]
gateway.intents.cancel("pi_1")["status"] == "done"
gateway.payouts.get("po_1", wait="long")
gateway.parties.list(idempotency_key="order-4711")
gateway.webhook_endpoints.create({})
