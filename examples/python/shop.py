"""A shop that asks for money, and reads what happened."""

import os

from switchyard_api import Gateway, SwitchyardError

url = os.environ.get("SWITCHYARD_URL", "http://127.0.0.1:8402")
operator = Gateway(url, key=os.environ["SWITCHYARD_KEY"])

# The key is told this once: keep it with your secrets. A repeat under the same name has None there.
shop = operator.parties.create({"name": "Blue Heron Press"})
seller = Gateway(url, key=shop["api_key"])

order = "order-4711"
intent = seller.intents.create(
    {"amount": {"asset": "USD", "amount": "4.20"}, "payee": shop["id"], "description": "Essay: On Tolls", "order_id": order},
    idempotency_key=f"{shop['id']}-{order}",
)
print(f"pay at {url}{intent['page']}")
for offer in intent["offers"]:
    print(f"  {offer['rail']}: {offer['amount']['amount']} {offer['amount']['asset']}")

try:
    seller.intents.cancel(intent["id"])
    seller.intents.pay(intent["id"], {"rail": "book"})
except SwitchyardError as error:
    print(f"refused: {error.code}, {error.hint}")

for event in seller.events.list(type="payment_intent.*"):
    if event["type"] == "payment_intent.canceled":
        print(f"{event['created_at']} canceled {event['data']['id']}")
