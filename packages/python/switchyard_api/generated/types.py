# Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.
from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

AcceptDisputeAnswer: TypeAlias = "Dispute | Approval"


Act = TypedDict(
    "Act",
    {
        "id": "str",
        "object": "Literal[\"act\"]",
        "at": "str",
        "party": "str | None",
        "operator": "str | None",
        "person": "str | None",
        "role": "Literal[\"viewer\", \"operator\", \"approver\", \"admin\"] | None",
        "key": "str | None",
        "from": "str",
        "what": "str",
        "resources": "list[str]",
        "status": "int",
        "request_id": "str",
        "block": "int",
    },
)


class AddressPayment(TypedDict):
    payment_hash: str
    to: str
    amount: Money
    #: RFC 3339, in UTC.
    at: str
    comment: str | None
    payer_data: object
    podcast: object


class AdjustBooksBody(TypedDict):
    #: What the entry debits, such as rail:bank:account when the rail holds more than the books say.
    debit: str
    #: What it credits; suspense:<rail> makes it wait there.
    credit: str
    asset: str
    amount: str
    reason: str
    evidence: AdjustBooksBodyEvidence


class AdjustBooksBodyEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class AdmissionRun(TypedDict):
    kind: Literal["run"]
    claim: str
    receipt: str
    #: When the answer must be told at the latest, in ms since 1970.
    answer_by: int
    upto: NotRequired[AdmissionRunUpto]
    #: What the answer has besides: where the work was done, and where it failed.
    headers: AdmissionRunHeaders


class AdmissionRunUpto(TypedDict):
    asset: str
    #: A decimal number of whole units, never a float.
    amount: str


class AdmissionRunHeaders(TypedDict):
    #: Names and values, in their order.
    served: list[list[str]]
    #: Names and values, in their order.
    failed: list[list[str]]


class AdmissionOpen(TypedDict):
    kind: Literal["open"]
    #: Names and values, in their order.
    headers: list[list[str]]


class AdmissionReplayed(TypedDict):
    kind: Literal["replayed"]
    status: int
    #: Names and values, in their order.
    headers: list[list[str]]
    body: NotRequired[str]


class AdmissionUnpaid(TypedDict):
    kind: Literal["unpaid"]
    status: int
    #: Names and values, in their order.
    headers: list[list[str]]
    body: str


class AdmissionRefused(TypedDict):
    kind: Literal["refused"]
    status: int
    #: Names and values, in their order.
    headers: list[list[str]]
    body: str


Admission: TypeAlias = "AdmissionRun | AdmissionOpen | AdmissionReplayed | AdmissionUnpaid | AdmissionRefused"


class AdmitBatchBody(TypedDict):
    calls: list[AdmitBatchBodyCallsItem1 | AdmitBatchBodyCallsItem2]


class AdmitBatchBodyCallsItem1(TypedDict):
    #: As the body of POST /v1/admissions.
    admit: object


class AdmitBatchBodyCallsItem2(TypedDict):
    #: As the body of POST /v1/admissions/answers.
    answer: object


AdmitRequestBody = TypedDict(
    "AdmitRequestBody",
    {
        "attempt": "str",
        "request": "AdmitRequestBodyRequest",
        "price": "AdmitRequestBodyPrice",
        "price_of": NotRequired["Literal[\"route\", \"request\"]"],
        "pass": NotRequired["AdmitRequestBodyPass"],
        "split": NotRequired["str"],
        "payee": NotRequired["str"],
        "description": NotRequired["str"],
        "listed": NotRequired["AdmitRequestBodyListed"],
        "agents": NotRequired["Literal[\"required\"] | list[str]"],
        "answer_within_s": NotRequired["int"],
    },
)


AdmitRequestBodyRequest = TypedDict(
    "AdmitRequestBodyRequest",
    {
        "method": "str",
        "url": "str",
        "route": "str",
        "headers": "AdmitRequestBodyRequestHeaders",
        "body_digest": NotRequired["str"],
        "from": NotRequired["str"],
    },
)


AdmitRequestBodyRequestHeaders = TypedDict(
    "AdmitRequestBodyRequestHeaders",
    {
        "authorization": NotRequired["str"],
        "payment-signature": NotRequired["str"],
        "idempotency-key": NotRequired["str"],
        "accept-payment": NotRequired["str"],
        "switchyard-version": NotRequired["str"],
        "accept": NotRequired["str"],
        "accept-language": NotRequired["str"],
        "signature": NotRequired["str"],
        "signature-input": NotRequired["str"],
        "signature-agent": NotRequired["str"],
    },
)


class AdmitRequestBodyPrice(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]
    #: The amount is the most that is taken: the answer says in `used` how much it is.
    upto: NotRequired[bool]


class AdmitRequestBodyPass(TypedDict):
    uses: NotRequired[int]
    budget: NotRequired[AdmitRequestBodyPassBudget]
    for_ms: NotRequired[int]
    price: NotRequired[AdmitRequestBodyPassPrice]


class AdmitRequestBodyPassBudget(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class AdmitRequestBodyPassPrice(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class AdmitRequestBodyListed(TypedDict):
    example: NotRequired[AdmitRequestBodyListedExample]


class AdmitRequestBodyListedExample(TypedDict):
    query: NotRequired[dict[str, str]]
    body: NotRequired[object]
    output: NotRequired[object]


class AdvanceTestClockBody(TypedDict):
    by_s: NotRequired[int]
    to: NotRequired[str]


class Agent(TypedDict):
    """A program that spends a balance within a policy."""

    id: str
    object: Literal["agent"]
    party: str
    name: str
    status: Literal["active", "paused", "revoked"]
    request_max: Money
    day_max: Money
    #: To a request that costs more a person of the party agrees.
    approval_above: Money | None
    left_today: Money
    payees: list[str] | None
    mandate: Mandate | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    ends_at: str | None


class Approval(TypedDict):
    """What waits for another person. What has no payout is done by the same request with Switchyard-Approval."""

    id: str
    object: Literal["approval"]
    status: Literal["needs_approval", "approved", "done", "refused", "expired"]
    #: The operation, such as POST /v1/payouts.
    what: str
    #: What was asked for, as it was sent; to pay an intent, also which one and whom it pays.
    request: dict[str, object]
    why: str
    needs: list[Literal["party", "gateway"]]
    waits_for: list[Literal["party", "gateway"]]
    given: list[ApprovalGivenItem]
    asked_by: ApprovalAskedBy
    refused_by: ApprovalRefusedBy1 | None
    party: str | None
    amount: Money | None
    #: The payout that is made when the last word is given; its money is held until then.
    payout: str | None
    #: RFC 3339, in UTC.
    asked_at: str
    #: RFC 3339, in UTC.
    expires_at: str


ApprovalGivenItem = TypedDict(
    "ApprovalGivenItem",
    {
        "as": "Literal[\"party\", \"gateway\"]",
        "at": "str",
        "by": "ApprovalGivenItemBy",
    },
)


class ApprovalGivenItemBy(TypedDict):
    of: Literal["party", "gateway"]
    person: str | None
    key: str | None


class ApprovalAskedBy(TypedDict):
    of: Literal["party", "gateway"]
    person: str | None
    key: str | None


class ApprovalRefusedBy1(TypedDict):
    of: Literal["party", "gateway"]
    person: str | None
    key: str | None


ApproveAnswer: TypeAlias = "Approval | SuspenseAction"


class Asset(TypedDict):
    id: str
    code: str
    scale: int
    ledger: int


class AssignBreakBody(TypedDict):
    #: The operator who looks after it, by the name of its key or login.
    to: str


class AssignSuspenseBody(TypedDict):
    #: The id of what waits, as GET /v1/suspense names it.
    item: str
    to: str
    #: Decimal string in the asset that came; all that is left when absent.
    amount: NotRequired[str]
    reason: str
    evidence: AssignSuspenseBodyEvidence


class AssignSuspenseBodyEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class Attempt(TypedDict):
    """One try of a payout on one rail."""

    id: str
    rail: str
    #: Which of the destinations, from 0.
    destination: int
    outcome: Literal["pending", "settled", "failed", "unknown"]
    amount: CodedMoney
    fee_max: CodedMoney
    #: What it has otherwise than the first try of the same way.
    changed: NotRequired[list[str]]
    #: RFC 3339, in UTC.
    sent_at: str
    decision_id: str
    stuck: NotRequired[Literal[True]]
    reason: NotRequired[str]
    detail: NotRequired[str]
    #: With which change the same way may be tried next, and from when on.
    again: NotRequired[AttemptAgain]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    by_hand: NotRequired[AttemptByHand]
    ended_by_hand: NotRequired[Literal[True]]


class AttemptAgain(TypedDict):
    change: str
    #: RFC 3339, in UTC.
    at: str


class AttemptByHand(TypedDict):
    outcome: Literal["settled", "failed"]
    action: str
    by: str
    approved_by: NotRequired[str]
    reason: str
    evidence: NotRequired[str]
    #: RFC 3339, in UTC.
    at: str
    overruled: NotRequired[Literal[True]]


class BalanceSheet(TypedDict):
    object: Literal["balance_sheet"]
    #: RFC 3339, in UTC.
    as_of: str
    currency: str
    #: Who says what one currency is in another here, and of which day; null where that is the market of now.
    currency_rates: BalanceSheetCurrencyRates1 | None
    #: A decimal number of whole units, never a float.
    held: str
    #: A decimal number of whole units, never a float.
    owed: str
    #: A decimal number of whole units, never a float.
    own: str
    #: Assets that something stands in and that have no rate: they are not in the sums above.
    unpriced: list[str]
    assets: list[BalanceSheetAssetsItem]


class BalanceSheetCurrencyRates1(TypedDict):
    source: str
    date: str


class BalanceSheetAssetsItem(TypedDict):
    asset: str
    asset_id: str
    #: A decimal number of whole units, never a float.
    held: str
    #: A decimal number of whole units, never a float.
    owed: str
    #: A decimal number of whole units, never a float.
    own: str
    #: equal: what is held is what is owed and what is own, to the unit.
    verdict: Literal["equal", "break"]
    #: In the currency; null where there is no rate.
    value: BalanceSheetAssetsItemValue1 | None
    rate: BalanceSheetAssetsItemRate1 | None
    lines: list[BalanceSheetAssetsItemLinesItem]


class BalanceSheetAssetsItemValue1(TypedDict):
    #: A decimal number of whole units, never a float.
    held: str
    #: A decimal number of whole units, never a float.
    owed: str
    #: A decimal number of whole units, never a float.
    own: str


class BalanceSheetAssetsItemRate1(TypedDict):
    source: str
    #: RFC 3339, in UTC.
    observed_at: str


class BalanceSheetAssetsItemLinesItem(TypedDict):
    #: One account, or all whose path begins so.
    accounts: str
    side: Literal["held", "owed", "own"]
    #: A decimal number of whole units, never a float.
    amount: str


class Break(TypedDict):
    """A difference between a rail and the ledger, until an entry, the rail or a person ends it."""

    id: str
    object: Literal["break"]
    status: Literal["open", "asked", "resolved"]
    kind: Literal["amount", "currency", "duplicate", "unexpected", "missing", "split_mismatch", "fee_mismatch"]
    rail: str
    account: str
    side: Literal["in", "out"]
    #: What the ledger says that the rail should show.
    expected: Money
    #: What the rail shows.
    moved: Money
    difference: BreakDifference1 | None
    statement: str | None
    day: str
    #: RFC 3339, in UTC.
    opened_at: str
    age_s: int
    #: The operator whose turn it is; null while it is anybody’s.
    owner: str | None
    assigned_by: str | None
    assigned_at: str | None
    counterparty: str | None
    text: str | None
    expectations: list[str]
    expectation_count: int
    movements: list[str]
    movement_count: int
    #: What was matched under the same name.
    matched_before: list[str]
    next_step: str | None
    proposal: BreakProposal1 | None
    action: str | None
    resolution: BreakResolution1 | None


class BreakDifference1(TypedDict):
    asset: str
    #: A decimal number of whole units, never a float.
    amount: str


class BreakProposal1(TypedDict):
    debit: str
    credit: str
    amount: Money


class BreakResolution1(TypedDict):
    how: Literal["entry", "rule", "cleared", "accepted"]
    by: str | None
    #: RFC 3339, in UTC.
    at: str
    entry: str | None
    reason: str | None
    evidence: NotRequired[BreakResolution1Evidence]


class BreakResolution1Evidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class CancelSubscriptionBody(TypedDict):
    #: At once, with the intent that is open; or with the period that it is in, which can still be paid.
    at: NotRequired[Literal["now", "period_end"]]


class ChangeWebhookEndpointBody(TypedDict):
    #: Where events are sent by POST. Outside a local network over https, to a public address; redirects are
    #: not followed.
    url: NotRequired[str]
    types: NotRequired[list[str] | None]
    description: NotRequired[str | None]
    metadata: NotRequired[dict[str, str]]


class Channel(TypedDict):
    """A voucher channel: a deposit that its payer spends by signing how much it owes in all."""

    id: str
    object: Literal["channel"]
    rail: str
    split: str | None
    status: Literal["open", "closing", "closed"]
    payer: str
    #: A whole number as text, because it may be larger than a double holds.
    salt: str
    closer: str
    deposit: Money
    #: Of the newest voucher; to the operator.
    accepted: NotRequired[Money]
    #: Of that, what the chain has paid; to the operator.
    claimed: NotRequired[Money]


class ClaimRefundBody(TypedDict):
    destination: ClaimRefundBodyDestinationLightningInvoice | ClaimRefundBodyDestinationLightningNode | ClaimRefundBodyDestinationLightningOffer | ClaimRefundBodyDestinationLightningAddress | ClaimRefundBodyDestinationLnurl | ClaimRefundBodyDestinationBitcoinUri | ClaimRefundBodyDestinationEvmAddress | ClaimRefundBodyDestinationIban | ClaimRefundBodyDestinationUsAccount | ClaimRefundBodyDestinationParty | ClaimRefundBodyDestinationCustom


class ClaimRefundBodyDestinationLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class ClaimRefundBodyDestinationLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[ClaimRefundBodyDestinationLightningNodeRecordsItem]]


class ClaimRefundBodyDestinationLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class ClaimRefundBodyDestinationLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class ClaimRefundBodyDestinationLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class ClaimRefundBodyDestinationLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class ClaimRefundBodyDestinationBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class ClaimRefundBodyDestinationEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class ClaimRefundBodyDestinationIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class ClaimRefundBodyDestinationUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class ClaimRefundBodyDestinationParty(TypedDict):
    kind: Literal["party"]
    party: str


class ClaimRefundBodyDestinationCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class ClaimShareQuery(TypedDict):
    rail: NotRequired[str]


class ClaimVouchersQuery(TypedDict):
    rail: NotRequired[str]


class CloseLightningAddressAnswer(TypedDict):
    object: Literal["lightning_address"]
    name: str
    status: Literal["closed"]


class CodedMoney(TypedDict):
    """The same with the code that people know."""

    asset: str
    code: str
    #: A decimal number of whole units, never a float.
    amount: str


ConsentToSubscriptionAnswer: TypeAlias = "Subscription | Approval"


class ConsentToSubscriptionBody(TypedDict):
    #: What may be taken in a period at the most.
    amount_max: ConsentToSubscriptionBodyAmountMax


class ConsentToSubscriptionBodyAmountMax(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


CreateAgentAnswer: TypeAlias = "NewAgent | Approval"


class CreateAgentBody(TypedDict):
    #: Whose balance it spends, where an operator makes it. Absent: that of who asks.
    party: NotRequired[str]
    name: str
    #: US dollars that one request may cost.
    request_usd_max: str
    #: US dollars that it may spend in a UTC day.
    day_usd_max: str
    #: To a request that costs more a person of the party agrees. Absent: the agent asks nobody.
    approval_above_usd: NotRequired[str]
    #: Whom alone it may pay. Absent: anybody.
    payees: NotRequired[list[str]]
    expires_in_s: NotRequired[int]
    #: What somebody has signed that it may spend: with the limits above the lesser of each counts.
    mandate: NotRequired[CreateAgentBodyMandate]
    metadata: NotRequired[dict[str, str]]


class CreateAgentBodyMandate(TypedDict):
    #: An open payment mandate of AP2 0.2, as an SD-JWT that ends with "~".
    payment: str
    #: The open checkout mandate that it refers to, where it does.
    checkout: NotRequired[str]
    #: The public key (JWK) of who has signed both, as you know it and not as the mandate says it.
    issuer_key: CreateAgentBodyMandateIssuerKey


class CreateAgentBodyMandateIssuerKey(TypedDict):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str


class CreateDeviceCodeBody(TypedDict):
    #: What the program calls itself. A person sees it.
    name: str
    #: What it would like to spend on a request at most.
    request_usd_max: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    day_usd_max: NotRequired[str]


CreateExchangeAnswer: TypeAlias = "Exchange | Approval"


CreateExchangeBody = TypedDict(
    "CreateExchangeBody",
    {
        "party": "str",
        "from": "CreateExchangeBodyFromLightning | CreateExchangeBodyFrom2",
        "amount": "CreateExchangeBodyAmount",
        "destinations": "list[CreateExchangeBodyDestinationsItemLightningInvoice | CreateExchangeBodyDestinationsItemLightningNode | CreateExchangeBodyDestinationsItemLightningOffer | CreateExchangeBodyDestinationsItemLightningAddress | CreateExchangeBodyDestinationsItemLnurl | CreateExchangeBodyDestinationsItemBitcoinUri | CreateExchangeBodyDestinationsItemEvmAddress | CreateExchangeBodyDestinationsItemIban | CreateExchangeBodyDestinationsItemUsAccount | CreateExchangeBodyDestinationsItemParty | CreateExchangeBodyDestinationsItemCustom]",
        "reference": NotRequired["str"],
        "description": NotRequired["str"],
        "metadata": NotRequired["dict[str, str]"],
        "expires_in_s": NotRequired["int"],
    },
)


class CreateExchangeBodyFromLightning(TypedDict):
    rail: Literal["lightning"]


class CreateExchangeBodyFrom2(TypedDict):
    rails: list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]
    refund_to: NotRequired[list[CreateExchangeBodyFrom2RefundToItemLightningInvoice | CreateExchangeBodyFrom2RefundToItemLightningNode | CreateExchangeBodyFrom2RefundToItemLightningOffer | CreateExchangeBodyFrom2RefundToItemLightningAddress | CreateExchangeBodyFrom2RefundToItemLnurl | CreateExchangeBodyFrom2RefundToItemBitcoinUri | CreateExchangeBodyFrom2RefundToItemEvmAddress | CreateExchangeBodyFrom2RefundToItemIban | CreateExchangeBodyFrom2RefundToItemUsAccount | CreateExchangeBodyFrom2RefundToItemParty | CreateExchangeBodyFrom2RefundToItemCustom]]


class CreateExchangeBodyFrom2RefundToItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreateExchangeBodyFrom2RefundToItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreateExchangeBodyFrom2RefundToItemLightningNodeRecordsItem]]


class CreateExchangeBodyFrom2RefundToItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreateExchangeBodyFrom2RefundToItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreateExchangeBodyFrom2RefundToItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreateExchangeBodyFrom2RefundToItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreateExchangeBodyFrom2RefundToItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreateExchangeBodyFrom2RefundToItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreateExchangeBodyFrom2RefundToItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreateExchangeBodyFrom2RefundToItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreateExchangeBodyFrom2RefundToItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreateExchangeBodyFrom2RefundToItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreateExchangeBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateExchangeBodyDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreateExchangeBodyDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreateExchangeBodyDestinationsItemLightningNodeRecordsItem]]


class CreateExchangeBodyDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreateExchangeBodyDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreateExchangeBodyDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreateExchangeBodyDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreateExchangeBodyDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreateExchangeBodyDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreateExchangeBodyDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreateExchangeBodyDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreateExchangeBodyDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreateExchangeBodyDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreateInvoiceBody(TypedDict):
    payment_intent: str
    seller: CreateInvoiceBodySeller
    buyer: CreateInvoiceBodyBuyer
    #: With their taxes they come to the amount of the intent.
    lines: list[CreateInvoiceBodyLinesItem]
    #: Why lines of category E bear no tax.
    exemption_reason: NotRequired[str]
    #: The day until which the intent is open when absent.
    due: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class CreateInvoiceBodySeller(TypedDict):
    name: str
    address: CreateInvoiceBodySellerAddress
    vat_id: NotRequired[str]


class CreateInvoiceBodySellerAddress(TypedDict):
    street: NotRequired[str]
    city: NotRequired[str]
    postal_code: NotRequired[str]
    country: str


class CreateInvoiceBodyBuyer(TypedDict):
    name: str
    address: CreateInvoiceBodyBuyerAddress
    vat_id: NotRequired[str]


class CreateInvoiceBodyBuyerAddress(TypedDict):
    street: NotRequired[str]
    city: NotRequired[str]
    postal_code: NotRequired[str]
    country: str


class CreateInvoiceBodyLinesItem(TypedDict):
    description: str
    quantity: str
    #: Of one, without tax.
    unit_price: CreateInvoiceBodyLinesItemUnitPrice
    tax: CreateInvoiceBodyLinesItemTax


class CreateInvoiceBodyLinesItemUnitPrice(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateInvoiceBodyLinesItemTax(TypedDict):
    #: UNCL 5305: standard, zero-rated, exempt, reverse charge, outside the scope of VAT.
    category: Literal["S", "Z", "E", "AE", "O"]
    #: In per cent; above 0 for category S alone.
    rate: NotRequired[str]


CreateKeyAnswer: TypeAlias = "NewKey | Approval"


class CreateKeyBody(TypedDict):
    #: By which a person knows what it is for.
    name: str
    #: For whom an operator makes it. Absent: for whoever asks.
    party: NotRequired[str]
    #: What a restricted key may do, by resource; write holds read. Absent: all that its holder may.
    can: NotRequired[dict[str, Literal["read", "write"]]]
    #: From where alone it is good. Absent: from anywhere.
    addresses: NotRequired[list[str]]
    expires_in_s: NotRequired[int]
    metadata: NotRequired[dict[str, str]]
    #: Whose of the party it is. Absent: that of who makes it, or the party’s own.
    person: NotRequired[str]
    #: What that person may do. It goes with person.
    role: NotRequired[Literal["viewer", "operator", "approver", "admin"]]
    #: A key for the source of a page: it reads what a payer of an intent reads.
    publishable: NotRequired[Literal[True]]


class CreateLightningAddressBody(TypedDict):
    name: str
    party: str
    description: str
    min: NotRequired[CreateLightningAddressBodyMin]
    max: NotRequired[CreateLightningAddressBodyMax]
    comment_max: NotRequired[int]
    payer_data: NotRequired[CreateLightningAddressBodyPayerData]
    success: NotRequired[CreateLightningAddressBodySuccessMessage | CreateLightningAddressBodySuccessUrl]
    metadata: NotRequired[dict[str, str]]


class CreateLightningAddressBodyMin(TypedDict):
    asset: Literal["BTC"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateLightningAddressBodyMax(TypedDict):
    asset: Literal["BTC"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateLightningAddressBodyPayerData(TypedDict):
    name: NotRequired[CreateLightningAddressBodyPayerDataName]
    email: NotRequired[CreateLightningAddressBodyPayerDataEmail]
    identifier: NotRequired[CreateLightningAddressBodyPayerDataIdentifier]
    pubkey: NotRequired[CreateLightningAddressBodyPayerDataPubkey]


class CreateLightningAddressBodyPayerDataName(TypedDict):
    mandatory: bool


class CreateLightningAddressBodyPayerDataEmail(TypedDict):
    mandatory: bool


class CreateLightningAddressBodyPayerDataIdentifier(TypedDict):
    mandatory: bool


class CreateLightningAddressBodyPayerDataPubkey(TypedDict):
    mandatory: bool


class CreateLightningAddressBodySuccessMessage(TypedDict):
    tag: Literal["message"]
    message: str


class CreateLightningAddressBodySuccessUrl(TypedDict):
    tag: Literal["url"]
    description: str
    url: str


class CreateLoginBody(TypedDict):
    action: NotRequired[Literal["register", "login", "link", "auth"]]


class CreateNodeWithdrawalBody(TypedDict):
    address: str
    amount_sat: Literal["all"] | str
    fee_rate: NotRequired[str]
    max_fee_sat: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class CreatePartyBody(TypedDict):
    name: str
    metadata: NotRequired[dict[str, str]]


class CreatePaymentIntentBody(TypedDict):
    amount: CreatePaymentIntentBodyAmount
    split: NotRequired[str]
    payee: NotRequired[str]
    description: NotRequired[str]
    #: Who sells, as the page says it. Absent: the name of the party that is paid.
    seller: NotRequired[str]
    #: Your own number of it, which the page shows.
    order_id: NotRequired[str]
    #: Where the page leads when it is done.
    return_url: NotRequired[str]
    #: Shops whose own pages may show the page in a frame. Absent: none.
    embed_origins: NotRequired[list[str]]
    metadata: NotRequired[dict[str, str]]
    #: Up to 30 days. After a day its offers are made anew when somebody looks at it.
    expires_in_s: NotRequired[int]
    rails: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]


class CreatePaymentIntentBodyAmount(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreatePaymentLinkBody(TypedDict):
    #: What each payer pays. Absent: the payer chooses between amount_min and amount_max.
    amount: NotRequired[CreatePaymentLinkBodyAmount]
    amount_min: NotRequired[CreatePaymentLinkBodyAmountMin]
    amount_max: NotRequired[CreatePaymentLinkBodyAmountMax]
    payee: NotRequired[str]
    split: NotRequired[str]
    description: NotRequired[str]
    #: Who sells, as the page says it. Absent: the name of the party that is paid.
    seller: NotRequired[str]
    return_url: NotRequired[str]
    #: Every intent that the link makes has it too.
    metadata: NotRequired[dict[str, str]]
    #: How many may pay by it. Absent: as many as like.
    uses_max: NotRequired[int]
    #: From when on nobody can begin to pay by it.
    expires_at: NotRequired[str]
    #: How long each payer has. Of few uses one is held so long for him.
    pay_within_s: NotRequired[int]


class CreatePaymentLinkBodyAmount(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreatePaymentLinkBodyAmountMin(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreatePaymentLinkBodyAmountMax(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


CreatePayoutAnswer: TypeAlias = "Payout | Approval"


CreatePayoutBatchAnswer: TypeAlias = "PayoutBatch | Approval"


class CreatePayoutBatchBody(TypedDict):
    party: str
    #: What all rows are paid in, by its id or code.
    asset: str
    rows: list[CreatePayoutBatchBodyRowsItem]
    #: Each row is judged by itself. refuse_all: one that is refused refuses the batch. pay_others: the others
    #: are paid.
    on_refused: NotRequired[Literal["refuse_all", "pay_others"]]
    #: Each payee has good funds by then, or no try is made; a row may say another time. Refused where no rail
    #: can.
    deliver_by: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class CreatePayoutBatchBodyRowsItem(TypedDict):
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str
    destinations: list[CreatePayoutBatchBodyRowsItemDestinationsItemLightningInvoice | CreatePayoutBatchBodyRowsItemDestinationsItemLightningNode | CreatePayoutBatchBodyRowsItemDestinationsItemLightningOffer | CreatePayoutBatchBodyRowsItemDestinationsItemLightningAddress | CreatePayoutBatchBodyRowsItemDestinationsItemLnurl | CreatePayoutBatchBodyRowsItemDestinationsItemBitcoinUri | CreatePayoutBatchBodyRowsItemDestinationsItemEvmAddress | CreatePayoutBatchBodyRowsItemDestinationsItemIban | CreatePayoutBatchBodyRowsItemDestinationsItemUsAccount | CreatePayoutBatchBodyRowsItemDestinationsItemParty | CreatePayoutBatchBodyRowsItemDestinationsItemCustom]
    reference: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    #: As that of the batch, for this row alone.
    deliver_by: NotRequired[str]
    #: What the balance bears at most of this row's fee above the operator's budget; nothing when absent.
    fee_max: NotRequired[str]


class CreatePayoutBatchBodyRowsItemDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreatePayoutBatchBodyRowsItemDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreatePayoutBatchBodyRowsItemDestinationsItemLightningNodeRecordsItem]]


class CreatePayoutBatchBodyRowsItemDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreatePayoutBatchBodyRowsItemDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreatePayoutBatchBodyRowsItemDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreatePayoutBatchBodyRowsItemDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreatePayoutBatchBodyRowsItemDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreatePayoutBatchBodyRowsItemDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreatePayoutBatchBodyRowsItemDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreatePayoutBatchBodyRowsItemDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreatePayoutBatchBodyRowsItemDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreatePayoutBatchBodyRowsItemDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreatePayoutBody(TypedDict):
    party: NotRequired[str]
    surplus: NotRequired[str]
    amount: NotRequired[CreatePayoutBodyAmount]
    destinations: NotRequired[list[CreatePayoutBodyDestinationsItemLightningInvoice | CreatePayoutBodyDestinationsItemLightningNode | CreatePayoutBodyDestinationsItemLightningOffer | CreatePayoutBodyDestinationsItemLightningAddress | CreatePayoutBodyDestinationsItemLnurl | CreatePayoutBodyDestinationsItemBitcoinUri | CreatePayoutBodyDestinationsItemEvmAddress | CreatePayoutBodyDestinationsItemIban | CreatePayoutBodyDestinationsItemUsAccount | CreatePayoutBodyDestinationsItemParty | CreatePayoutBodyDestinationsItemCustom]]
    #: A quote of this party, used with exactly its numbers: with party, reference and metadata, and nothing
    #: else.
    quote: NotRequired[str]
    reference: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    netting: NotRequired[CreatePayoutBodyNetting]
    #: No try is made before it. At most 366 days from now; its money is held meanwhile.
    send_at: NotRequired[str]
    #: The payee has good funds by then, on the calendar of the rail, or no try is made. Refused where no rail
    #: can.
    deliver_by: NotRequired[str]
    #: As deliver_by, and until then it waits for the cheapest time, where a chain’s price may fall. It can be
    #: canceled while it waits.
    cheapest_by: NotRequired[str]
    #: platform, as when absent: the operator bears the fee, within its budget. payer and payee: it is fixed
    #: now, and the source pays it besides, or the payee gets so much less.
    fee_bearer: NotRequired[Literal["platform", "payer", "payee"]]
    #: when_needed, as when absent: what is too much for each way is paid in parts, to places that can be paid
    #: more than once. never: whole or not at all.
    parts: NotRequired[Literal["when_needed", "never"]]
    #: What the source bears at most, in the asset of the amount, of a fee above the operator's budget;
    #: nothing when absent. With fee_bearer payer or payee: the most that the fixed fee may be.
    fee_max: NotRequired[str]


class CreatePayoutBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreatePayoutBodyDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreatePayoutBodyDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreatePayoutBodyDestinationsItemLightningNodeRecordsItem]]


class CreatePayoutBodyDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreatePayoutBodyDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreatePayoutBodyDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreatePayoutBodyDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreatePayoutBodyDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreatePayoutBodyDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreatePayoutBodyDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreatePayoutBodyDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreatePayoutBodyDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreatePayoutBodyDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreatePayoutBodyNetting(TypedDict):
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    max_amount: NotRequired[str]
    max_count: NotRequired[int]
    max_age_s: int


class CreatePlanBody(TypedDict):
    #: What is paid each period, until the price is set anew.
    amount: CreatePlanBodyAmount
    interval: Literal["day", "week", "month", "year"]
    #: Every so many: 3 months are a quarter.
    interval_count: NotRequired[int]
    #: Days before the first period begins.
    trial_days: NotRequired[int]
    payee: NotRequired[str]
    split: NotRequired[str]
    description: NotRequired[str]
    #: Who sells, as the page says it. Absent: the name of the party that is paid.
    seller: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class CreatePlanBodyAmount(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateQuoteBody(TypedDict):
    party: str
    #: What the balance pays in all; the payee gets what is left of it.
    send: NotRequired[CreateQuoteBodySend]
    #: What the payee gets, in the asset of the rail; the balance pays what that costs.
    receive: NotRequired[CreateQuoteBodyReceive]
    #: With receive: the asset of the balance that pays; the asset of balances when absent.
    from_asset: NotRequired[str]
    destinations: list[CreateQuoteBodyDestinationsItemLightningInvoice | CreateQuoteBodyDestinationsItemLightningNode | CreateQuoteBodyDestinationsItemLightningOffer | CreateQuoteBodyDestinationsItemLightningAddress | CreateQuoteBodyDestinationsItemLnurl | CreateQuoteBodyDestinationsItemBitcoinUri | CreateQuoteBodyDestinationsItemEvmAddress | CreateQuoteBodyDestinationsItemIban | CreateQuoteBodyDestinationsItemUsAccount | CreateQuoteBodyDestinationsItemParty | CreateQuoteBodyDestinationsItemCustom]
    #: platform: the operator. payee, with send: it comes out of what is sent. payer, with receive: the
    #: balance pays it besides.
    fee_bearer: NotRequired[Literal["platform", "payer", "payee"]]
    expires_in_s: NotRequired[int]
    metadata: NotRequired[dict[str, str]]


class CreateQuoteBodySend(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateQuoteBodyReceive(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateQuoteBodyDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreateQuoteBodyDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreateQuoteBodyDestinationsItemLightningNodeRecordsItem]]


class CreateQuoteBodyDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreateQuoteBodyDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreateQuoteBodyDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreateQuoteBodyDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreateQuoteBodyDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreateQuoteBodyDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreateQuoteBodyDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreateQuoteBodyDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreateQuoteBodyDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreateQuoteBodyDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


CreateRefundAnswer: TypeAlias = "Refund | Approval"


class CreateRefundBody(TypedDict):
    #: The receipt of what was paid.
    payment: NotRequired[str]
    #: The same, as it was called first.
    receipt: NotRequired[str]
    #: Instead of the receipt: the intent that was paid.
    payment_intent: NotRequired[str]
    amount: NotRequired[CreateRefundBodyAmount]
    #: Where it goes. Absent: to what paid, where that is known, else where its payer says, by the link of the
    #: answer, as for link. A key needs payouts: write to name it.
    to: NotRequired[Literal["link"] | CreateRefundBodyToLightningInvoice | CreateRefundBodyToLightningNode | CreateRefundBodyToLightningOffer | CreateRefundBodyToLightningAddress | CreateRefundBodyToLnurl | CreateRefundBodyToBitcoinUri | CreateRefundBodyToEvmAddress | CreateRefundBodyToIban | CreateRefundBodyToUsAccount | CreateRefundBodyToParty | CreateRefundBodyToCustom]
    #: How long it waits for its payer; then it is with those who have paid for it again. 90 days when absent.
    expires_in_s: NotRequired[int]
    reason: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class CreateRefundBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateRefundBodyToLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreateRefundBodyToLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreateRefundBodyToLightningNodeRecordsItem]]


class CreateRefundBodyToLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreateRefundBodyToLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreateRefundBodyToLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreateRefundBodyToLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreateRefundBodyToBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreateRefundBodyToEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreateRefundBodyToIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreateRefundBodyToUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreateRefundBodyToParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreateRefundBodyToCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreateSplitBody(TypedDict):
    label: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    payees: list[CreateSplitBodyPayeesItem]


class CreateSplitBodyPayeesItem(TypedDict):
    party: str
    #: The EVM account that the contract pays. Absent: the party is paid in the books.
    account: NotRequired[str]
    shares: int


class CreateStandingOrderBody(TypedDict):
    #: Whose balance it pays out, where an operator makes it. Absent: that of who asks.
    party: NotRequired[str]
    #: Of the balance, and of every amount here.
    asset: str
    #: A Lightning Address, an EVM address, an IBAN, an account in the US or a party.
    destination: CreateStandingOrderBodyDestinationLightningInvoice | CreateStandingOrderBodyDestinationLightningNode | CreateStandingOrderBodyDestinationLightningOffer | CreateStandingOrderBodyDestinationLightningAddress | CreateStandingOrderBodyDestinationLnurl | CreateStandingOrderBodyDestinationBitcoinUri | CreateStandingOrderBodyDestinationEvmAddress | CreateStandingOrderBodyDestinationIban | CreateStandingOrderBodyDestinationUsAccount | CreateStandingOrderBodyDestinationParty | CreateStandingOrderBodyDestinationCustom
    every: Literal["hour", "day", "week", "month"]
    #: Of the week, 1 is Monday; or of the month, whose last day stands for one that it does not have. Absent:
    #: the first.
    day: NotRequired[int]
    #: Of the day, in UTC. Absent: 0.
    hour: NotRequired[int]
    #: What each run pays. Absent: all that is above `keep`.
    amount: NotRequired[str]
    #: What stays on the balance. Absent: nothing.
    keep: NotRequired[str]
    #: It pays only when the balance has more than this. An order of every hour needs it.
    when_above: NotRequired[str]
    #: What the balance bears at most, each time, of a fee above the operator's budget; nothing when absent.
    fee_max: NotRequired[str]
    reference: NotRequired[str]
    #: Every payout that it makes has it too.
    metadata: NotRequired[dict[str, str]]


class CreateStandingOrderBodyDestinationLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class CreateStandingOrderBodyDestinationLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[CreateStandingOrderBodyDestinationLightningNodeRecordsItem]]


class CreateStandingOrderBodyDestinationLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class CreateStandingOrderBodyDestinationLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class CreateStandingOrderBodyDestinationLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class CreateStandingOrderBodyDestinationLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class CreateStandingOrderBodyDestinationBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class CreateStandingOrderBodyDestinationEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class CreateStandingOrderBodyDestinationIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class CreateStandingOrderBodyDestinationUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class CreateStandingOrderBodyDestinationParty(TypedDict):
    kind: Literal["party"]
    party: str


class CreateStandingOrderBodyDestinationCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class CreateSubscriptionBody(TypedDict):
    plan: str
    #: The party that pays out of its balance, once it has consented. Absent: whoever has the page of a period
    #: pays it.
    subscriber: NotRequired[str]
    #: The intent of each period has it too.
    metadata: NotRequired[dict[str, str]]


CreateWalletAppAnswer: TypeAlias = "WalletApp | Approval"


class CreateWalletAppBody(TypedDict):
    party: str
    name: str
    methods: NotRequired[list[Literal["get_info", "get_balance", "get_budget", "make_invoice", "pay_invoice", "pay_keysend", "lookup_invoice", "list_transactions"]]]
    budget: NotRequired[CreateWalletAppBodyBudget]
    period: NotRequired[Literal["never", "daily", "weekly", "monthly", "yearly"]]
    metadata: NotRequired[dict[str, str]]
    expires_in_s: NotRequired[int]


class CreateWalletAppBodyBudget(TypedDict):
    asset: Literal["BTC"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class CreateWebhookEndpointBody(TypedDict):
    #: Where events are sent by POST. Outside a local network over https, to a public address; redirects are
    #: not followed.
    url: str
    #: Types, or families such as `payout.*`, also of types that come later. Absent: all.
    types: NotRequired[list[str]]
    description: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


CreateWithdrawLinkAnswer: TypeAlias = "WithdrawLink | Approval"


class CreateWithdrawLinkBody(TypedDict):
    party: str
    amount: CreateWithdrawLinkBodyAmount
    uses: NotRequired[int]
    description: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    expires_in_s: NotRequired[int]


class CreateWithdrawLinkBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class DayProof(TypedDict):
    """What rails, the ledger and those whose money it is say, in units, signed with the key of receipts."""

    proof: DayProofProof
    key_id: str
    signature: str


class DayProofProof(TypedDict):
    day: str
    #: RFC 3339, in UTC.
    at: str
    journal: DayProofProofJournal
    rails: list[DayProofProofRailsItem]
    assets: list[DayProofProofAssetsItem]
    #: Rails that did not say what they hold.
    silent: list[str]


class DayProofProofJournal(TypedDict):
    seq: int
    hash: str


class DayProofProofRailsItem(TypedDict):
    account: str
    asset: str
    #: A whole number as text, because it may be larger than a double holds.
    rail: str
    #: A whole number as text, because it may be larger than a double holds.
    ledger: str
    #: A whole number as text, because it may be larger than a double holds.
    less: str
    #: A whole number as text, because it may be larger than a double holds.
    more: str


class DayProofProofAssetsItem(TypedDict):
    asset: str
    #: A whole number as text, because it may be larger than a double holds.
    ledger: str
    #: A whole number as text, because it may be larger than a double holds.
    unspoken: str
    told: list[DayProofProofAssetsItemToldItem]


class DayProofProofAssetsItemToldItem(TypedDict):
    owner: str
    #: A whole number as text, because it may be larger than a double holds.
    units: str


DecideDisputeAnswer: TypeAlias = "Dispute | Approval"


class DecideDisputeBody(TypedDict):
    outcome: Literal["won", "lost"]
    #: Of lost: where it goes, as POST /v1/refunds takes it.
    to: NotRequired[Literal["link"] | DecideDisputeBodyToLightningInvoice | DecideDisputeBodyToLightningNode | DecideDisputeBodyToLightningOffer | DecideDisputeBodyToLightningAddress | DecideDisputeBodyToLnurl | DecideDisputeBodyToBitcoinUri | DecideDisputeBodyToEvmAddress | DecideDisputeBodyToIban | DecideDisputeBodyToUsAccount | DecideDisputeBodyToParty | DecideDisputeBodyToCustom]


class DecideDisputeBodyToLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class DecideDisputeBodyToLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[DecideDisputeBodyToLightningNodeRecordsItem]]


class DecideDisputeBodyToLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class DecideDisputeBodyToLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class DecideDisputeBodyToLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class DecideDisputeBodyToLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class DecideDisputeBodyToBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class DecideDisputeBodyToEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class DecideDisputeBodyToIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class DecideDisputeBodyToUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class DecideDisputeBodyToParty(TypedDict):
    kind: Literal["party"]
    party: str


class DecideDisputeBodyToCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class Decision(TypedDict):
    """Why a payout took the rail it took: each candidate with its cost in full."""

    object: Literal["decision"]
    id: str
    payout_id: str
    #: RFC 3339, in UTC.
    at: str
    amount: CodedMoney
    #: A decimal number of whole units, never a float.
    worth_usd: str
    attempts_max: int
    #: A decimal number of whole units, never a float.
    expected_cost_usd: str
    #: A decimal number of whole units, never a float.
    cost_of_not_paying_usd: str
    #: What the cheapest fee first would be expected to cost, by the same terms.
    cheapest_first_cost_usd: NotRequired[str]
    order: list[int]
    would_change_if: NotRequired[DecisionWouldChangeIf]
    #: The routing policy that it was judged by.
    policy: NotRequired[DecisionPolicy]
    #: By which way the plan of its batch has it paid; another one had to cost so much less.
    planned: NotRequired[DecisionPlanned]
    #: In which parts it is paid, where it is too much for each way.
    parts: NotRequired[list[DecisionPartsItem]]
    #: Why it was sent when it was, where it could wait for a cheaper time.
    timing: NotRequired[DecisionTiming]
    prices: NotRequired[DecisionPrices]
    rates: list[dict[str, object]]
    candidates: list[DecisionCandidatesItem]
    #: Once it is paid: what it came to, and by how much another way was reckoned to cost less.
    realised: NotRequired[DecisionRealised]


class DecisionWouldChangeIf(TypedDict):
    term: str
    #: A decimal number of whole units, never a float.
    now_usd: str
    #: A decimal number of whole units, never a float.
    must_rise_by_usd: str
    in_favour_of: int | None
    why: str


class DecisionPolicy(TypedDict):
    party: str
    version: int


class DecisionPlanned(TypedDict):
    rail: str
    destination: int
    #: A decimal number of whole units, never a float.
    prefer_usd: str


class DecisionPartsItem(TypedDict):
    rail: str
    destination: int
    amount: CodedMoney
    #: A decimal number of whole units, never a float.
    expected_cost_usd: str
    why: str


class DecisionTiming(TypedDict):
    #: RFC 3339, in UTC.
    cheapest_by: str
    reason: str
    why: str
    #: A decimal number of whole units, never a float.
    cost_usd: str
    #: A decimal number of whole units, never a float.
    lowest_usd: NotRequired[str]


class DecisionPrices(TypedDict):
    wait_nano_per_second: str
    capital_ppt_per_second: str


class DecisionCandidatesItem(TypedDict):
    rail: str
    destination: int
    verdict: str
    why: str
    rank: NotRequired[int]
    amount: NotRequired[CodedMoney]
    fee_max: NotRequired[CodedMoney]
    #: What it has otherwise than the first try of the same way, which failed.
    changed: NotRequired[list[str]]
    success_ppm: NotRequired[str]
    #: The chance as the rail says it, where earlier tries taught another.
    rail_ppm: NotRequired[str]
    #: Its seconds to good funds as the rail says them, where earlier payments taught other ones.
    rail_seconds: NotRequired[str]
    #: Its fee as the rail says it, where earlier payments or the operator say another.
    rail_fee_usd: NotRequired[str]
    #: When the payee has good funds if it is tried now and pays, on the rail’s own calendar.
    good_funds_at: NotRequired[str]
    terms: NotRequired[dict[str, str]]
    #: A decimal number of whole units, never a float.
    dearer_by_usd: NotRequired[str]
    inputs: NotRequired[DecisionCandidatesItemInputs]
    reason: NotRequired[str]


class DecisionCandidatesItemInputs(TypedDict):
    seconds_to_funds: str
    seconds_to_fail: str
    #: A decimal number of whole units, never a float.
    available_usd: str


class DecisionRealised(TypedDict):
    rail: str
    #: A decimal number of whole units, never a float.
    fee_usd: str
    fee_is: Literal["told", "expected"]
    waited_seconds: str
    #: A decimal number of whole units, never a float.
    cost_usd: str
    #: A decimal number of whole units, never a float.
    expected_usd: str
    #: A decimal number of whole units, never a float.
    regret_usd: str
    why: str


class Delivery(TypedDict):
    event: str
    object: Literal["delivery"]
    type: str
    subject: str
    #: dead: given up after ten tries over three days; replay brings it again.
    status: Literal["waiting", "delivered", "dead"]
    next_try_at: str | None
    tries: list[DeliveryTriesItem]


class DeliveryTriesItem(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    took_ms: int
    #: null: nothing was answered.
    status: int | None
    detail: str


class DeviceCode(TypedDict):
    """As RFC 8628 answers, section 3.2."""

    #: The program’s own secret, by which it asks for its key.
    device_code: str
    #: What a person types.
    user_code: str
    verification_uri: str
    #: The same with the code in it, for a link or a QR code.
    verification_uri_complete: str
    #: Seconds.
    expires_in: int
    #: Seconds between two questions for the key.
    interval: int


class DeviceKey(TypedDict):
    """The agent’s API key: send it as Authorization: Bearer."""

    access_token: str
    token_type: Literal["Bearer"]
    agent: str


class Dispute(TypedDict):
    """What a payer contests of a payment that has settled."""

    object: Literal["dispute"]
    id: str
    status: Literal["needs_evidence", "under_review", "won", "lost"]
    receipt: str
    payment_intent: str | None
    payee: str
    #: The rail that it was paid by.
    rail: str
    amount: Money
    paid: Money
    #: Of what was paid, what could still go back when this was opened.
    left: Money
    #: What was taken from whom, which each has again when it is won.
    reserve: list[DisputeReserveItem]
    reason: Literal["not_received", "not_as_described", "not_authorized", "duplicate", "other"]
    note: str
    evidence: list[DisputeEvidenceItem]
    #: By which an agent has paid what is disputed: told to operators.
    mandate: UsedMandate | None
    #: RFC 3339, in UTC.
    evidence_due_at: str
    #: Its time was over without evidence, and an operator decides.
    overdue: bool
    cause: Literal["decided", "accepted", "expired"] | None
    #: What it became when it was lost.
    refund: str | None
    metadata: dict[str, str]
    opened_by: str
    #: RFC 3339, in UTC.
    opened_at: str
    decided_by: str | None
    decided_at: str | None
    payment_url: str


DisputeReserveItem = TypedDict(
    "DisputeReserveItem",
    {
        "from": "str",
        "amount": "Money",
    },
)


class DisputeEvidenceItem(TypedDict):
    text: str
    references: list[DisputeEvidenceItemReferencesItem]
    submitted_by: str
    #: RFC 3339, in UTC.
    submitted_at: str


class DisputeEvidenceItemReferencesItem(TypedDict):
    kind: Literal["receipt", "delivery", "log"]
    value: str


class DueRefund(TypedDict):
    """What is due to the payer of work that was not delivered."""

    object: Literal["refund"]
    receipt: str
    rail: str
    amount: Money | None
    left: Money | None
    state: Literal["none", "due", "paying", "unknown", "refunded"]
    to: str | None
    last_try: DueRefundLastTry1 | None
    payment_url: str
    #: The refund of its own that the link opens: what a payee gave back.
    given: NotRequired[DueRefundGiven]


class DueRefundLastTry1(TypedDict):
    status: str
    reasons: list[str]


class DueRefundGiven(TypedDict):
    id: str
    status: Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]
    #: RFC 3339, in UTC.
    expires_at: str


class EmptyRefund(TypedDict):
    object: Literal["refund"]
    receipt: str
    rail: str
    amount: Money | None
    left: Money | None
    state: Literal["none", "due", "paying", "unknown", "refunded"]
    to: str | None
    last_try: EmptyRefundLastTry1 | None
    payment_url: str
    #: The refund of its own that the link opens: what a payee gave back.
    given: NotRequired[EmptyRefundGiven]
    status: Literal["ERROR"]
    reason: str


class EmptyRefundLastTry1(TypedDict):
    status: str
    reasons: list[str]


class EmptyRefundGiven(TypedDict):
    id: str
    status: Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]
    #: RFC 3339, in UTC.
    expires_at: str


class EndAttemptBody(TypedDict):
    outcome: Literal["settled", "failed"]
    reason: str
    #: What shows that it was paid: the preimage, the hash of the transaction, the bank’s reference. Needed
    #: for settled.
    evidence: NotRequired[str]


class Evidence(TypedDict):
    """What the rail says proves it: a transaction, a preimage, a line of a statement. at in ms."""

    rail: str
    id: str
    at: int
    proof: NotRequired[str]


class Exchange(TypedDict):
    """A payment on one rail that is taken only if a payout on another is made."""

    object: Literal["exchange"]
    id: str
    status: str
    party: str
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    pay: ExchangePayHeldInvoice | ExchangePayPaymentIntent
    payout: ExchangePayout
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    held_at: NotRequired[str]
    #: RFC 3339, in UTC.
    decide_by: NotRequired[str]
    returned: NotRequired[str]
    refund: NotRequired[str]
    exceptions: list[object]


class ExchangePayHeldInvoice(TypedDict):
    kind: Literal["held_invoice"]
    invoice: str
    payment_hash: str
    network: str
    amount: CodedMoney
    fee: CodedMoney
    #: RFC 3339, in UTC.
    expires_at: str


class ExchangePayPaymentIntent(TypedDict):
    kind: Literal["payment_intent"]
    intent: str
    amount: CodedMoney
    #: RFC 3339, in UTC.
    expires_at: str
    refund_to: list[ExchangePayPaymentIntentRefundToItemLightningInvoice | ExchangePayPaymentIntentRefundToItemLightningNode | ExchangePayPaymentIntentRefundToItemLightningOffer | ExchangePayPaymentIntentRefundToItemLightningAddress | ExchangePayPaymentIntentRefundToItemLnurl | ExchangePayPaymentIntentRefundToItemBitcoinUri | ExchangePayPaymentIntentRefundToItemEvmAddress | ExchangePayPaymentIntentRefundToItemIban | ExchangePayPaymentIntentRefundToItemUsAccount | ExchangePayPaymentIntentRefundToItemParty | ExchangePayPaymentIntentRefundToItemCustom]


class ExchangePayPaymentIntentRefundToItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class ExchangePayPaymentIntentRefundToItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[ExchangePayPaymentIntentRefundToItemLightningNodeRecordsItem]]


class ExchangePayPaymentIntentRefundToItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class ExchangePayPaymentIntentRefundToItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class ExchangePayPaymentIntentRefundToItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class ExchangePayPaymentIntentRefundToItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class ExchangePayPaymentIntentRefundToItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class ExchangePayPaymentIntentRefundToItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class ExchangePayPaymentIntentRefundToItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class ExchangePayPaymentIntentRefundToItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class ExchangePayPaymentIntentRefundToItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class ExchangePayPaymentIntentRefundToItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class ExchangePayout(TypedDict):
    id: str
    state: str
    amount: CodedMoney
    destinations: list[ExchangePayoutDestinationsItemLightningInvoice | ExchangePayoutDestinationsItemLightningNode | ExchangePayoutDestinationsItemLightningOffer | ExchangePayoutDestinationsItemLightningAddress | ExchangePayoutDestinationsItemLnurl | ExchangePayoutDestinationsItemBitcoinUri | ExchangePayoutDestinationsItemEvmAddress | ExchangePayoutDestinationsItemIban | ExchangePayoutDestinationsItemUsAccount | ExchangePayoutDestinationsItemParty | ExchangePayoutDestinationsItemCustom]
    reference: str


class ExchangePayoutDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class ExchangePayoutDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[ExchangePayoutDestinationsItemLightningNodeRecordsItem]]


class ExchangePayoutDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class ExchangePayoutDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class ExchangePayoutDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class ExchangePayoutDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class ExchangePayoutDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class ExchangePayoutDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class ExchangePayoutDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class ExchangePayoutDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class ExchangePayoutDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class ExchangePayoutDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class FacilitatorAccount(TypedDict):
    object: Literal["facilitator_account"]
    in_flight: FacilitatorAccountInFlight
    today: FacilitatorAccountToday
    assets: list[FacilitatorAccountAssetsItem]


class FacilitatorAccountInFlight(TypedDict):
    used: int
    most: int


class FacilitatorAccountToday(TypedDict):
    taken: FacilitatorAccountTodayTaken
    failed: FacilitatorAccountTodayFailed


class FacilitatorAccountTodayTaken(TypedDict):
    used: int
    most: int


class FacilitatorAccountTodayFailed(TypedDict):
    used: int
    most: int


class FacilitatorAccountAssetsItem(TypedDict):
    network: str
    token: str
    extra: FacilitatorAccountAssetsItemExtra
    fee: Money


class FacilitatorAccountAssetsItemExtra(TypedDict):
    name: str
    version: str


class FacilitatorKinds(TypedDict):
    kinds: list[FacilitatorKindsKindsItem]
    extensions: list[str]
    signers: dict[str, list[str]]


class FacilitatorKindsKindsItem(TypedDict):
    x402Version: Literal[2]
    scheme: Literal["exact"]
    network: str


class FacilitatorRequestInput(TypedDict):
    """What a client of a facilitator sends (x402 v2): the payment, and the terms it is for."""

    x402Version: Literal[2]
    paymentPayload: dict[str, object]
    paymentRequirements: FacilitatorRequestInputPaymentRequirements


class FacilitatorRequestInputPaymentRequirements(TypedDict):
    scheme: str
    network: str
    asset: str
    payTo: str
    amount: str
    maxTimeoutSeconds: int
    extra: NotRequired[FacilitatorRequestInputPaymentRequirementsExtra1 | None]


class FacilitatorRequestInputPaymentRequirementsExtra1(TypedDict):
    name: NotRequired[str]
    version: NotRequired[str]
    assetTransferMethod: NotRequired[str]


class FacilitatorSettlement(TypedDict):
    success: bool
    transaction: str
    network: str
    payer: NotRequired[str]
    amount: NotRequired[str]
    #: settlement_pending: ask again with the same payment.
    errorReason: NotRequired[str]
    errorMessage: NotRequired[str]


class FacilitatorVerification(TypedDict):
    isValid: bool
    payer: NotRequired[str]
    invalidReason: NotRequired[str]
    invalidMessage: NotRequired[str]


class Fact(TypedDict):
    """A line of the journal as it was written; docs/facts.md lists the types."""

    block: int
    type: str
    id: str
    #: RFC 3339, in UTC.
    at: str
    data: object


class FetchDueRefundAnswerOK(TypedDict):
    status: Literal["OK"]


FetchDueRefundAnswer: TypeAlias = "FetchDueRefundAnswerOK | WalletRefusal"


class FetchDueRefundQuery(TypedDict):
    k1: str
    pr: str


class FetchableRefund(TypedDict):
    """The same with what a wallet needs to fetch it by an invoice (LUD-03)."""

    object: Literal["refund"]
    receipt: str
    rail: str
    amount: Money | None
    left: Money | None
    state: Literal["none", "due", "paying", "unknown", "refunded"]
    to: str | None
    last_try: FetchableRefundLastTry1 | None
    payment_url: str
    #: The refund of its own that the link opens: what a payee gave back.
    given: NotRequired[FetchableRefundGiven]
    lnurl: str
    tag: Literal["withdrawRequest"]
    callback: str
    k1: str
    defaultDescription: str
    #: Millisatoshi.
    minWithdrawable: int
    #: Millisatoshi.
    maxWithdrawable: int


class FetchableRefundLastTry1(TypedDict):
    status: str
    reasons: list[str]


class FetchableRefundGiven(TypedDict):
    id: str
    status: Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]
    #: RFC 3339, in UTC.
    expires_at: str


class FindLedgerPaymentsAnswer(TypedDict):
    data: list[str]


class FindLedgerPaymentsQuery(TypedDict):
    key: str
    value: str


GetAccountingJournalQuery = TypedDict(
    "GetAccountingJournalQuery",
    {
        "from": "str",
        "to": "str",
        "time_zone": NotRequired["str"],
        "accounts": NotRequired["str"],
    },
)


class GetAgentStatementAnswer(TypedDict):
    object: Literal["agent_statement"]
    agent: str
    mandate: Mandate | None
    day: str
    spent: Money
    data: list[GetAgentStatementAnswerDataItem]
    has_more: bool
    #: The before of the next page.
    next: int | None


class GetAgentStatementAnswerDataItem(TypedDict):
    n: int
    #: RFC 3339, in UTC.
    at: str
    receipt: str
    kind: Literal["paid", "returned"]
    amount: Money


class GetAgentStatementQuery(TypedDict):
    #: A UTC day. Absent: today.
    day: NotRequired[str]
    limit: NotRequired[int]
    #: Those before this n.
    before: NotRequired[int]


GetAuditConsistencyAnswer = TypedDict(
    "GetAuditConsistencyAnswer",
    {
        "from": "int",
        "to": "int",
        "proof": "list[str]",
    },
)


GetAuditConsistencyQuery = TypedDict(
    "GetAuditConsistencyQuery",
    {
        "from": "int",
        "to": "int",
    },
)


class GetBalanceSheetQuery(TypedDict):
    #: Currencies by the reference rates of this day, or the last before it.
    rates_of: NotRequired[str]


class GetChannelQuery(TypedDict):
    rail: NotRequired[str]


class GetChannelTermsAnswer(TypedDict):
    data: list[GetChannelTermsAnswerDataItem]


class GetChannelTermsAnswerDataItem(TypedDict):
    rail: str
    chain_id: int
    hub: str
    split_id: str
    closer: str
    token: GetChannelTermsAnswerDataItemToken
    deposit_min: GetChannelTermsAnswerDataItemDepositMin


class GetChannelTermsAnswerDataItemToken(TypedDict):
    address: str
    name: str
    version: str


class GetChannelTermsAnswerDataItemDepositMin(TypedDict):
    asset: str
    #: A decimal number of whole units, never a float.
    amount: str
    #: A whole number as text, because it may be larger than a double holds.
    units: str


GetDecisionAnswer: TypeAlias = "Decision | OfferDecision"


class GetDeviceKeyBody(TypedDict):
    device_code: str


GetDueRefundAnswer: TypeAlias = "RefundWithLink | FetchableRefund | EmptyRefund | DueRefund"


GetKeysendTermsAnswer: TypeAlias = "KeysendTerms | WalletRefusal"


class GetLightningDestinationQuery(TypedDict):
    to: str


GetLnurlPayTermsAnswer: TypeAlias = "LnurlPayTerms | WalletRefusal"


GetLnurlWithdrawTermsAnswer: TypeAlias = "LnurlWithdrawTerms | WalletRefusal"


class GetLnurlWithdrawTermsQuery(TypedDict):
    k1: str


GetPaymentIntentAnswer: TypeAlias = "PaymentIntent | PayableIntent"


class GetPayoutBatchQuery(TypedDict):
    #: Seconds to wait for its end before it is shown as it is.
    wait: NotRequired[int]


class GetPayoutQuery(TypedDict):
    #: Seconds to wait for its end before it is shown as it is.
    wait: NotRequired[int]


GetProfitQuery = TypedDict(
    "GetProfitQuery",
    {
        "from": "str",
        "to": "str",
        "time_zone": NotRequired["str"],
    },
)


GetStatementQuery = TypedDict(
    "GetStatementQuery",
    {
        "party": NotRequired["str"],
        "from": "str",
        "to": "str",
        "time_zone": NotRequired["str"],
        "asset": NotRequired["str"],
        "format": NotRequired["Literal[\"json\", \"csv\", \"camt053\", \"mt940\"]"],
        "limit": NotRequired["int"],
        "after": NotRequired["str"],
    },
)


class GetTrialBalanceItem(TypedDict):
    account: str
    asset: str
    asset_id: str
    #: A whole number as text, because it may be larger than a double holds.
    debits: str
    #: A whole number as text, because it may be larger than a double holds.
    credits: str
    #: A whole number as text, because it may be larger than a double holds.
    debits_pending: str
    #: A whole number as text, because it may be larger than a double holds.
    credits_pending: str


class GetTrialBalanceQuery(TypedDict):
    limit: NotRequired[int]
    after: NotRequired[str]


GrantDeviceCodeAnswer: TypeAlias = "Agent | Approval"


class GrantDeviceCodeBody(TypedDict):
    #: Whose balance it spends, where an operator makes it. Absent: that of who asks.
    party: NotRequired[str]
    name: str
    #: US dollars that one request may cost.
    request_usd_max: str
    #: US dollars that it may spend in a UTC day.
    day_usd_max: str
    #: To a request that costs more a person of the party agrees. Absent: the agent asks nobody.
    approval_above_usd: NotRequired[str]
    #: Whom alone it may pay. Absent: anybody.
    payees: NotRequired[list[str]]
    expires_in_s: NotRequired[int]
    #: What somebody has signed that it may spend: with the limits above the lesser of each counts.
    mandate: NotRequired[GrantDeviceCodeBodyMandate]
    metadata: NotRequired[dict[str, str]]


class GrantDeviceCodeBodyMandate(TypedDict):
    #: An open payment mandate of AP2 0.2, as an SD-JWT that ends with "~".
    payment: str
    #: The open checkout mandate that it refers to, where it does.
    checkout: NotRequired[str]
    #: The public key (JWK) of who has signed both, as you know it and not as the mandate says it.
    issuer_key: GrantDeviceCodeBodyMandateIssuerKey


class GrantDeviceCodeBodyMandateIssuerKey(TypedDict):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str


class HandOverAuthorizationBody(TypedDict):
    rail: Literal["evm"] | str
    authorization: HandOverAuthorizationBodyAuthorization


HandOverAuthorizationBodyAuthorization = TypedDict(
    "HandOverAuthorizationBodyAuthorization",
    {
        "from": "str",
        "value": "str",
        "valid_after": "str",
        "valid_before": "str",
        "signature": "str",
    },
)


class HandedOver(TypedDict):
    """The authorization is with its chain, whose word settles the intent."""

    id: str
    object: Literal["payment_intent"]
    outcome: Literal["settled", "unknown"]
    transaction: NotRequired[str]


class HeldSplit(TypedDict):
    id: str
    object: Literal["split"]
    split_id: str
    root: str
    #: A whole number as text, because it may be larger than a double holds.
    total_shares: str
    metadata_hash: str
    metadata: dict[str, str]
    payees: list[HeldSplitPayeesItem]
    #: RFC 3339, in UTC.
    created_at: str
    rails: list[HeldSplitRailsItem]
    chains: list[HeldSplitChainsItem]


class HeldSplitPayeesItem(TypedDict):
    party: str
    account: str
    paid_by: Literal["contract", "books"]
    #: A whole number as text, because it may be larger than a double holds.
    shares: str


class HeldSplitRailsItem(TypedDict):
    rail: str
    taken: bool
    divided_by: Literal["contract", "books"]
    why: str


class HeldSplitChainsItem(TypedDict):
    rail: str
    asset: str
    #: A decimal number of whole units, never a float.
    undivided: str
    #: A decimal number of whole units, never a float.
    dust: str
    entitlements: list[HeldSplitChainsItemEntitlementsItem]
    to_books: HeldSplitChainsItemToBooks1 | None


class HeldSplitChainsItemEntitlementsItem(TypedDict):
    party: str
    account: str
    #: A decimal number of whole units, never a float.
    amount: str


class HeldSplitChainsItemToBooks1(TypedDict):
    state: Literal["nothing", "gathering", "small", "due", "differs", "foreign", "under_way"]
    since: str | None


class Invoice(TypedDict):
    """What a payment intent is for, on paper. It never changes; only its status follows its intent."""

    id: str
    object: Literal["invoice"]
    #: Of its payee, without gaps.
    number: str
    #: As its intent stands; void: that ended unpaid.
    status: Literal["open", "paid", "refunded", "void"]
    payment_intent: str
    party: NotRequired[str]
    split: NotRequired[str]
    seller: InvoiceSeller
    buyer: InvoiceBuyer
    lines: list[InvoiceLinesItem]
    taxes: list[InvoiceTaxesItem]
    net: Money
    tax: Money
    total: Money
    exemption_reason: str | None
    issued_on: str
    due_on: str
    #: Whether its documents ask for nothing, because it was paid when it was issued.
    paid_at_issue: bool
    #: Where a person pays it: a path on this gateway.
    page: str
    #: Its PDF: a path on this gateway, read with the same key.
    pdf: str
    #: Its e-invoice, in the same way.
    xml: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str


class InvoiceSeller(TypedDict):
    name: str
    address: InvoiceSellerAddress
    vat_id: str | None


class InvoiceSellerAddress(TypedDict):
    street: str | None
    city: str | None
    postal_code: str | None
    country: str


class InvoiceBuyer(TypedDict):
    name: str
    address: InvoiceBuyerAddress
    vat_id: str | None


class InvoiceBuyerAddress(TypedDict):
    street: str | None
    city: str | None
    postal_code: str | None
    country: str


class InvoiceLinesItem(TypedDict):
    description: str
    #: A decimal number of whole units, never a float.
    quantity: str
    unit_price: Money
    net: Money
    tax: InvoiceLinesItemTax


class InvoiceLinesItemTax(TypedDict):
    category: Literal["S", "Z", "E", "AE", "O"]
    #: A decimal number of whole units, never a float.
    rate: str


class InvoiceTaxesItem(TypedDict):
    category: Literal["S", "Z", "E", "AE", "O"]
    #: A decimal number of whole units, never a float.
    rate: str
    base: Money
    amount: Money


class KeepAnswerBody(TypedDict):
    #: What the work has used of a price with `upto`, all in all: not above it, and not less than was said
    #: before.
    used: NotRequired[KeepAnswerBodyUsed]
    #: The answer has begun to go out and its work still uses: the word at its end follows. Only of a price
    #: with `upto`.
    open: NotRequired[bool]
    claim: str
    attempt: str
    status: int
    content_type: NotRequired[str]
    #: Text that a repeat of the request is answered with. Absent where it is longer, streamed, or no text.
    body: NotRequired[str]


class KeepAnswerBodyUsed(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class KeptAnswer(TypedDict):
    object: Literal["answer"]
    receipt: str
    status: int


class KeptMandate(TypedDict):
    """A mandate as it was given, to be shown to others."""

    object: Literal["mandate"]
    agent: str
    payment: str
    checkout: str | None
    issuer_key: KeptMandateIssuerKey
    #: Of the key that has signed it: its JWK thumbprint (RFC 7638).
    issuer: str
    payment_sha256: str
    checkout_sha256: str | None


class KeptMandateIssuerKey(TypedDict):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str


class Key(TypedDict):
    id: str
    object: Literal["key"]
    name: str
    status: Literal["active", "ending", "expired", "revoked"]
    kind: Literal["secret", "publishable"]
    party: str | None
    person: str | None
    role: Literal["viewer", "operator", "approver", "admin"] | None
    operator: str | None
    agent: str | None
    can: dict[str, Literal["read", "write"]] | None
    addresses: list[str] | None
    ends_with: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    ends_at: str | None
    last_used_at: str | None


class KeysendTerms(TypedDict):
    status: Literal["OK"]
    tag: Literal["keysend"]
    pubkey: str
    customData: list[KeysendTermsCustomDataItem]


class KeysendTermsCustomDataItem(TypedDict):
    customKey: str
    customValue: str


class LedgerAccount(TypedDict):
    account: str
    asset: str
    asset_id: str
    #: A decimal number of whole units, never a float.
    debits: str
    #: A decimal number of whole units, never a float.
    credits: str
    #: A decimal number of whole units, never a float.
    debits_pending: str
    #: A decimal number of whole units, never a float.
    credits_pending: str
    changes: int
    #: RFC 3339, in UTC.
    created_at: str


class LedgerChange(TypedDict):
    """A leg, or the release of a hold by time, with both balances after it."""

    n: int
    #: RFC 3339, in UTC.
    at: str
    kind: Literal["move", "hold", "post", "void", "expire"]
    #: A decimal number of whole units, never a float.
    amount: str
    asset: str
    debit: str
    #: A decimal number of whole units, never a float.
    debit_balance: str
    credit: str
    #: A decimal number of whole units, never a float.
    credit_balance: str
    entry: str | None
    payment: str | None
    hold: int | None
    timeout_s: int


class LedgerEntry(TypedDict):
    id: str
    object: Literal["entry"]
    payment: str
    block: int
    #: RFC 3339, in UTC.
    at: str
    legs: int
    changes: list[LedgerChange]


class LedgerLag(TypedDict):
    block: int
    head: int
    blocks: int
    submissions: int
    seconds: float
    complete: bool
    failure: str | None
    money: list[LedgerLagMoneyItem]


class LedgerLagMoneyItem(TypedDict):
    asset: str
    #: A whole number as text, because it may be larger than a double holds.
    units: str


class LightningAddress(TypedDict):
    object: Literal["lightning_address"]
    name: str
    address: str
    party: str
    description: str
    lnurl: str
    min: Money
    max: Money
    comment_max: int
    #: A BOLT 12 offer, once one was asked for.
    offer: str | None
    uri: str | None
    payer_data: dict[str, LightningAddressPayerDataValue]
    success: LightningAddressSuccessMessage | LightningAddressSuccessUrl | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str


class LightningAddressPayerDataValue(TypedDict):
    mandatory: bool


class LightningAddressSuccessMessage(TypedDict):
    tag: Literal["message"]
    message: str


class LightningAddressSuccessUrl(TypedDict):
    tag: Literal["url"]
    description: str
    url: str


class LightningDestination(TypedDict):
    object: Literal["lightning_destination"]
    host: str
    description: str
    identifier: str | None
    min: Money
    max: Money
    comment_max: int


class LightningNode(TypedDict):
    backend: Literal["embedded", "lnd"]
    node_id: str
    name: str
    network: str
    height: int
    synced: bool
    peers: int
    #: What to look at, in words.
    alarms: list[str]
    liquidity: LightningNodeLiquidity
    received_last_day: LightningNodeReceivedLastDay
    sent_last_day: LightningNodeSentLastDay
    on_chain: NotRequired[LightningNodeOnChain]
    channels: list[LightningNodeChannelsItem]
    under_way: list[LightningNodeUnderWayItem]
    process: NotRequired[LightningNodeProcess]
    backup: NotRequired[LightningNodeBackup]


class LightningNodeLiquidity(TypedDict):
    #: Thousandths of a satoshi, as text.
    outbound_msat: str
    #: Thousandths of a satoshi, as text.
    inbound_msat: str
    #: Thousandths of a satoshi, as text.
    unsettled_msat: str
    htlc_slots_used: int
    htlc_slots: int
    #: A whole number as text, because it may be larger than a double holds.
    inbound_hours_left: NotRequired[str]


class LightningNodeReceivedLastDay(TypedDict):
    count: int
    #: Thousandths of a satoshi, as text.
    msat: str


class LightningNodeSentLastDay(TypedDict):
    settled: int
    #: How many, by their reason.
    failed: dict[str, int]
    open: int
    stuck: int
    #: A whole number as text, because it may be larger than a double holds.
    fee_ppm: NotRequired[str]
    p50_ms: NotRequired[float]
    p99_ms: NotRequired[float]


class LightningNodeOnChain(TypedDict):
    #: Thousandths of a satoshi, as text.
    confirmed_msat: str
    #: Thousandths of a satoshi, as text.
    pending_msat: str
    unexplained: list[LightningNodeOnChainUnexplainedItem]


class LightningNodeOnChainUnexplainedItem(TypedDict):
    transaction: str
    #: Thousandths of a satoshi, as text.
    msat: str


class LightningNodeChannelsItem(TypedDict):
    id: str
    peer: str
    usable: bool
    announced: bool
    opened_by_us: bool
    #: Thousandths of a satoshi, as text.
    local_msat: str
    #: Thousandths of a satoshi, as text.
    remote_msat: str
    #: Thousandths of a satoshi, as text.
    unsettled_msat: str
    #: Thousandths of a satoshi, as text.
    outbound_msat: str
    #: Thousandths of a satoshi, as text.
    inbound_msat: str
    htlc_slots_used: int
    htlc_slots: int


class LightningNodeUnderWayItem(TypedDict):
    attempt: str
    payment_hash: str
    stuck: bool
    #: RFC 3339, in UTC.
    since: str


class LightningNodeProcess(TypedDict):
    memory_bytes: int
    recycles: int
    restarts: int
    #: Thousandths of a satoshi, as text.
    dust_msat: str
    #: Thousandths of a satoshi, as text.
    dust_max_msat: str
    #: A whole number as text, because it may be larger than a double holds.
    channels_closing: str
    wallet_address: str


class LightningNodeBackup(TypedDict):
    file: str
    channels: NotRequired[int]
    #: RFC 3339, in UTC.
    taken_at: str


class LightningOffer(TypedDict):
    object: Literal["lightning_offer"]
    name: str
    #: A BOLT 12 offer, once one was asked for.
    offer: str | None
    uri: str | None


class LightningQuoteFalse(TypedDict):
    possible: Literal[False]
    reason: str
    detail: str


class LightningQuoteTrue(TypedDict):
    possible: Literal[True]
    #: Thousandths of a satoshi, as text.
    fee_msat: str
    #: Thousandths of a satoshi, as text.
    fee_max_msat: str
    #: A whole number as text, because it may be larger than a double holds.
    success_ppm: str
    #: A whole number as text, because it may be larger than a double holds.
    seconds: str
    #: Thousandths of a satoshi, as text.
    available_msat: str
    hops: NotRequired[int]
    lock_blocks: NotRequired[int]


LightningQuote: TypeAlias = "LightningQuoteFalse | LightningQuoteTrue"


class ListActsQuery(TypedDict):
    limit: NotRequired[int]
    #: The last act of the page before: those that were done before it.
    after: NotRequired[str]
    #: Only acts of this party. A party reads its own alone.
    party: NotRequired[str]
    person: NotRequired[str]
    key: NotRequired[str]
    #: An id, or a kind as rights name it: po_..., payouts.
    resource: NotRequired[str]
    since: NotRequired[str]
    until: NotRequired[str]


class ListAgentsAnswer(TypedDict):
    data: list[Agent]


class ListAgentsQuery(TypedDict):
    party: NotRequired[str]


class ListApprovalsAnswer(TypedDict):
    data: list[Approval | SuspenseAction]


class ListBreaksQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    kind: NotRequired[Literal["amount", "currency", "duplicate", "unexpected", "missing", "split_mismatch", "fee_mismatch"]]
    #: The id of the statement it was found in.
    statement: NotRequired[str]
    status: NotRequired[Literal["open", "asked", "resolved"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]


class ListDisputesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    payment: NotRequired[str]
    payment_intent: NotRequired[str]
    status: NotRequired[Literal["needs_evidence", "under_review", "won", "lost"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListEventsQuery(TypedDict):
    limit: NotRequired[int]
    #: The id of an event: what came after it; `first` for all. Without it a page begins at the first, a
    #: stream now.
    after: NotRequired[str]
    #: Types, or families such as `payout.*`, with commas between.
    type: NotRequired[str]
    #: The id of what events are about.
    subject: NotRequired[str]


class ListExchangesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListFacilitatedResourcesAnswer(TypedDict):
    x402Version: Literal[2]
    items: list[ListedResource]
    pagination: ListFacilitatedResourcesAnswerPagination


class ListFacilitatedResourcesAnswerPagination(TypedDict):
    limit: int
    offset: int
    total: int


class ListFacilitatedResourcesQuery(TypedDict):
    type: NotRequired[str]
    network: NotRequired[str]
    scheme: NotRequired[str]
    payTo: NotRequired[str]
    extensions: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]


class ListInvoicesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    payment_intent: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListKeysQuery(TypedDict):
    limit: NotRequired[int]
    after: NotRequired[str]
    #: Of one party, for an operator.
    party: NotRequired[str]


class ListLedgerBalancesAnswer(TypedDict):
    data: list[LedgerAccount]
    #: RFC 3339, in UTC.
    as_of: str


class ListLedgerBalancesQuery(TypedDict):
    prefix: NotRequired[str]
    at: NotRequired[str]
    limit: NotRequired[int]


class ListLedgerHistoryAnswer(TypedDict):
    account: LedgerAccount
    data: list[LedgerChange]


class ListLedgerHistoryQuery(TypedDict):
    path: str
    asset: str
    before: NotRequired[int]
    limit: NotRequired[int]


class ListLightningAddressesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListNodeWithdrawalsAnswer(TypedDict):
    data: list[NodeWithdrawal]


class ListPartiesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListPaymentIntentsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["open", "settled", "canceled", "expired"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]
    #: What is shown along, so that nobody has to ask again.
    expand: NotRequired[Literal["payments"]]


class ListPaymentLinksQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["active", "inactive"]]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListPaymentsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["held", "collecting", "settled", "failed", "refund_due", "refunded"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]


class ListPayoutBatchRowsItem(TypedDict):
    #: Its place among the rows that were sent, from 0.
    row: int
    status: Literal["refused", "waiting", "processing", "outcome_unknown", "settled", "failed", "returned", "canceled"]
    amount: NotRequired[CodedMoney]
    reference: NotRequired[str]
    #: What it became, or will; GET /v1/payouts/:id shows it once it is no longer waiting.
    payout: NotRequired[str]
    #: What was planned for it.
    planned_rail: NotRequired[str]
    #: What paid it.
    rail: NotRequired[str]
    #: When it was sent last.
    sent_at: NotRequired[str]
    #: Why it went that way: GET /v1/decisions/:id.
    decision_id: NotRequired[str]
    #: What paying it came to in full: `realised.cost_usd` of its decision.
    cost_usd: NotRequired[str]
    #: What that way was expected to cost when it was decided.
    expected_usd: NotRequired[str]
    code: NotRequired[str]
    detail: NotRequired[str]


class ListPayoutBatchRowsQuery(TypedDict):
    limit: NotRequired[int]
    #: The row behind which the page begins: what `next` of the page before says.
    after: NotRequired[int]


class ListPayoutBatchesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["processing", "settled", "partly_settled", "failed", "canceled"]]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListPayoutRecallsAnswer(TypedDict):
    data: list[Recall]


class ListPayoutsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["collecting", "scheduled", "processing", "outcome_unknown", "settled", "partly_settled", "failed", "returned"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]
    #: What is shown along, so that nobody has to ask again.
    expand: NotRequired[Literal["decision"]]
    #: Only those that their rail will not end, the longest open first; for operators, with limit and after
    #: alone.
    stuck: NotRequired[Literal["true"]]


class ListPlansQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["active", "inactive"]]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListQuotesQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["open", "used", "expired"]]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListRailsAnswer(TypedDict):
    rails: list[ListRailsAnswerRailsItem]
    assets: list[Asset]


class ListRailsAnswerRailsItem(TypedDict):
    rail: str
    asset: str


class ListRatesAnswer(TypedDict):
    data: list[Rate]


class ListRefundsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    payment: NotRequired[str]
    payment_intent: NotRequired[str]
    status: NotRequired[Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]]
    #: A rail by its name, or by its kind for every rail of that kind.
    rail: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListRoutingPerformanceAnswer(TypedDict):
    data: list[RailHour]


class ListRoutingPerformanceQuery(TypedDict):
    hours: NotRequired[int]


class ListSplitsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListStandingOrdersQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    status: NotRequired[Literal["active", "paused", "ended"]]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListSubscriptionsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListWalletAppsQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListWebhookDeliveriesQuery(TypedDict):
    limit: NotRequired[int]
    #: The event of the last delivery that you have seen; older ones follow.
    after: NotRequired[str]
    status: NotRequired[Literal["waiting", "delivered", "dead"]]


class ListWebhookEndpointsQuery(TypedDict):
    limit: NotRequired[int]
    after: NotRequired[str]
    #: Of one party, for an operator.
    party: NotRequired[str]


class ListWithdrawLinksQuery(TypedDict):
    limit: NotRequired[int]
    #: What `next` of the page before says.
    after: NotRequired[str]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]
    #: Of one party. A party sees its own without it.
    party: NotRequired[str]
    #: Any name that you, a payer or a rail has for it.
    reference: NotRequired[str]
    created_from: NotRequired[str]
    created_before: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_min: NotRequired[str]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount_max: NotRequired[str]
    #: Of amount_min and amount_max; USD when absent.
    asset: NotRequired[str]
    metadata_key: NotRequired[str]
    metadata_value: NotRequired[str]


class ListedPaymentIntent(TypedDict):
    id: str
    object: Literal["payment_intent"]
    status: Literal["open", "settled", "canceled", "expired"]
    amount: Money
    seller: str | None
    description: str | None
    #: RFC 3339, in UTC.
    expires_at: str
    offers: list[Offer]
    #: One bitcoin: URI for every wallet (BIP 321).
    uri: str | None
    #: Where a person pays it: a path on this gateway.
    page: str
    paid: ListedPaymentIntentPaid1 | None
    exception: Literal["none", "paid_late", "paid_partial", "paid_over"]
    party: NotRequired[str]
    split: NotRequired[str]
    order_id: str | None
    return_url: str | None
    #: Shops whose own pages may show the page in a frame.
    embed_origins: list[str]
    #: The payment link or the subscription that made it.
    origin: str | None
    #: Why these offers, in this order: GET /v1/decisions/:id. Null for older ones.
    decision: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    #: Rails that could not serve it, and why.
    not_offered: NotRequired[list[ListedPaymentIntentNotOfferedItem]]
    surplus: list[ListedPaymentIntentSurplusItem]
    #: With expand=payments.
    payments: NotRequired[list[Payment]]


class ListedPaymentIntentPaid1(TypedDict):
    rail: str
    amount: Money
    credited: Money
    #: RFC 3339, in UTC.
    at: str
    receipt: str


class ListedPaymentIntentNotOfferedItem(TypedDict):
    rail: str
    reason: str


class ListedPaymentIntentSurplusItem(TypedDict):
    rail: str
    amount: Money
    reason: Literal["none", "paid_late", "paid_partial", "paid_over"]


class ListedPayoutTrue(TypedDict):
    object: Literal["payout"]
    id: str
    source: str
    amount: CodedMoney
    destinations: list[ListedPayoutTrueDestinationsItemLightningInvoice | ListedPayoutTrueDestinationsItemLightningNode | ListedPayoutTrueDestinationsItemLightningOffer | ListedPayoutTrueDestinationsItemLightningAddress | ListedPayoutTrueDestinationsItemLnurl | ListedPayoutTrueDestinationsItemBitcoinUri | ListedPayoutTrueDestinationsItemEvmAddress | ListedPayoutTrueDestinationsItemIban | ListedPayoutTrueDestinationsItemUsAccount | ListedPayoutTrueDestinationsItemParty | ListedPayoutTrueDestinationsItemCustom]
    reference: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    rail: NotRequired[str]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    #: What a Lightning Address shows whom it was paid by.
    payee_says: NotRequired[dict[str, str]]
    status: Literal["scheduled", "processing", "settled", "partly_settled", "failed", "outcome_unknown", "returned"]
    #: RFC 3339, in UTC.
    send_at: NotRequired[str]
    #: RFC 3339, in UTC.
    deliver_by: NotRequired[str]
    #: It waits for the cheapest time until then; scheduled meanwhile.
    cheapest_by: NotRequired[str]
    cancel_asked: NotRequired[Literal[True]]
    fee_bearer: NotRequired[Literal["payer", "payee"]]
    #: What the source is charged beside the amount when it is paid, whatever the rail takes.
    fee_fixed: NotRequired[CodedMoney]
    #: The quote that it was made by: its payee gets exactly what that says.
    quote: NotRequired[str]
    attempts: list[Attempt]
    decision_id: NotRequired[str]
    exceptions: list[object]
    failure: NotRequired[ListedPayoutTrueFailure]
    returned: NotRequired[ListedPayoutTrueReturned]
    #: The payouts that pay it, where it was too much for each way. Their amounts sum to its own.
    parts: NotRequired[list[ListedPayoutTruePartsItem]]
    #: What its parts have paid. The rest of a partly_settled payout is on the balance again.
    paid: NotRequired[CodedMoney]
    #: The payout that it is a part of.
    part_of: NotRequired[str]
    #: With expand=decision.
    decision: NotRequired[Decision]


class ListedPayoutTrueDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class ListedPayoutTrueDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[ListedPayoutTrueDestinationsItemLightningNodeRecordsItem]]


class ListedPayoutTrueDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class ListedPayoutTrueDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class ListedPayoutTrueDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class ListedPayoutTrueDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class ListedPayoutTrueDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class ListedPayoutTrueDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class ListedPayoutTrueDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class ListedPayoutTrueDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class ListedPayoutTrueDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class ListedPayoutTrueDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class ListedPayoutTrueFailure(TypedDict):
    code: Literal["no_rail", "attempts_failed", "canceled"]
    reasons: list[dict[str, object]]


class ListedPayoutTrueReturned(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    amount: CodedMoney
    credited: CodedMoney
    #: The rail's own code.
    reason: NotRequired[str]
    #: What that code means, and what is to be done before it is paid again.
    meaning: NotRequired[ListedPayoutTrueReturnedMeaning]


class ListedPayoutTrueReturnedMeaning(TypedDict):
    words: str
    next: Literal["correct", "ask", "again", "ours", "none"]


class ListedPayoutTruePartsItem(TypedDict):
    id: str
    status: str
    amount: CodedMoney
    rail: NotRequired[str]


class ListedPayout2(TypedDict):
    object: Literal["payout"]
    id: str
    source: str
    amount: CodedMoney
    destinations: list[ListedPayout2DestinationsItemLightningInvoice | ListedPayout2DestinationsItemLightningNode | ListedPayout2DestinationsItemLightningOffer | ListedPayout2DestinationsItemLightningAddress | ListedPayout2DestinationsItemLnurl | ListedPayout2DestinationsItemBitcoinUri | ListedPayout2DestinationsItemEvmAddress | ListedPayout2DestinationsItemIban | ListedPayout2DestinationsItemUsAccount | ListedPayout2DestinationsItemParty | ListedPayout2DestinationsItemCustom]
    reference: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    rail: NotRequired[str]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    #: What a Lightning Address shows whom it was paid by.
    payee_says: NotRequired[dict[str, str]]
    status: Literal["collecting", "processing", "outcome_unknown", "settled", "failed", "returned"]
    netting: ListedPayout2Netting
    #: With expand=decision.
    decision: NotRequired[Decision]


class ListedPayout2DestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class ListedPayout2DestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[ListedPayout2DestinationsItemLightningNodeRecordsItem]]


class ListedPayout2DestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class ListedPayout2DestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class ListedPayout2DestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class ListedPayout2DestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class ListedPayout2DestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class ListedPayout2DestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class ListedPayout2DestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class ListedPayout2DestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class ListedPayout2DestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class ListedPayout2DestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class ListedPayout2Netting(TypedDict):
    net: str
    payouts: int
    #: RFC 3339, in UTC.
    close_by: str
    closed: NotRequired[str]
    paid_by: NotRequired[str]
    #: A decimal number of whole units, never a float.
    expected_saved_usd: NotRequired[str]


ListedPayout: TypeAlias = "ListedPayoutTrue | ListedPayout2"


class ListedResource(TypedDict):
    resource: str
    type: Literal["http"]
    x402Version: Literal[2]
    accepts: list[ListedResourceAcceptsItem]
    description: NotRequired[str]
    mimeType: NotRequired[str]
    serviceName: NotRequired[str]
    tags: NotRequired[list[str]]
    lastUpdated: str


class ListedResourceAcceptsItem(TypedDict):
    scheme: str
    network: str
    asset: str
    payTo: str
    amount: str
    maxTimeoutSeconds: int
    extra: dict[str, str]


class Listing(TypedDict):
    """Documents to serve under these paths; make them anew after fresh_s seconds."""

    object: Literal["listing"]
    fresh_s: int
    documents: list[ListingDocumentsItem]


class ListingDocumentsItem(TypedDict):
    path: str
    content_type: str
    etag: str
    body: str


class LnurlInvoice(TypedDict):
    pr: str
    routes: list[object]
    disposable: bool
    successAction: NotRequired[dict[str, str]]
    verify: str


class LnurlPayTerms(TypedDict):
    tag: Literal["payRequest"]
    callback: str
    #: Millisatoshi.
    minSendable: int
    #: Millisatoshi.
    maxSendable: int
    metadata: str
    commentAllowed: NotRequired[int]
    payerData: NotRequired[dict[str, LnurlPayTermsPayerDataValue]]


class LnurlPayTermsPayerDataValue(TypedDict):
    mandatory: bool


class LnurlVerification(TypedDict):
    status: Literal["OK"]
    settled: bool
    preimage: str | None
    pr: str


class LnurlWithdrawTerms(TypedDict):
    tag: Literal["withdrawRequest"]
    callback: str
    k1: str
    defaultDescription: str
    #: Millisatoshi.
    minWithdrawable: int
    #: Millisatoshi.
    maxWithdrawable: int


class Login(TypedDict):
    object: Literal["login"]
    k1: str
    status: Literal["open", "signed"]
    #: The public key of the wallet that signed, which is its name at your site.
    key: str | None
    action: str | None


class MakeListingBody(TypedDict):
    #: How payers reach the seller.
    url: str
    name: NotRequired[str]
    description: NotRequired[str]
    routes: list[MakeListingBodyRoutesItem]


class MakeListingBodyRoutesItem(TypedDict):
    method: str
    path: str
    #: Absent where each request has its own.
    price: NotRequired[MakeListingBodyRoutesItemPrice]
    #: Between which prices, where each request has its own.
    price_range: NotRequired[MakeListingBodyRoutesItemPriceRange]
    description: NotRequired[str]
    example: NotRequired[MakeListingBodyRoutesItemExample]
    #: Only programs that sign their requests are told the price.
    for_agents: NotRequired[bool]


class MakeListingBodyRoutesItemPrice(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class MakeListingBodyRoutesItemPriceRange(TypedDict):
    least: MakeListingBodyRoutesItemPriceRangeLeast
    most: MakeListingBodyRoutesItemPriceRangeMost


class MakeListingBodyRoutesItemPriceRangeLeast(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class MakeListingBodyRoutesItemPriceRangeMost(TypedDict):
    amount: str
    asset: NotRequired[Literal["USD"]]


class MakeListingBodyRoutesItemExample(TypedDict):
    query: NotRequired[dict[str, str]]
    body: NotRequired[object]
    output: NotRequired[object]


MakeLnurlInvoiceAnswer: TypeAlias = "LnurlInvoice | WalletRefusal"


class MakeLnurlInvoiceQuery(TypedDict):
    amount: str
    comment: NotRequired[str]
    payerdata: NotRequired[str]


class Mandate(TypedDict):
    """What somebody has signed that an agent may spend (AP2), beside its policy."""

    #: Of the payment mandate as it was given.
    payment_sha256: str
    checkout_sha256: str | None
    #: Of the key that has signed it: its JWK thumbprint (RFC 7638).
    issuer: str
    #: In all, not each day.
    budget_max: Money | None
    budget_left: Money | None
    #: Payments in all.
    uses_max: int | None
    uses_left: int | None
    #: The addresses that alone may be bought.
    items: list[str] | None


class Money(TypedDict):
    """An amount of an asset, by the id that GET /v1/rails lists."""

    asset: str
    #: A decimal number of whole units, never a float.
    amount: str


class NewAgent(TypedDict):
    id: str
    object: Literal["agent"]
    party: str
    name: str
    status: Literal["active", "paused", "revoked"]
    request_max: Money
    day_max: Money
    #: To a request that costs more a person of the party agrees.
    approval_above: Money | None
    left_today: Money
    payees: list[str] | None
    mandate: Mandate | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    ends_at: str | None
    hint: str


class NewKey(TypedDict):
    id: str
    object: Literal["key"]
    name: str
    status: Literal["active", "ending", "expired", "revoked"]
    kind: Literal["secret", "publishable"]
    party: str | None
    person: str | None
    role: Literal["viewer", "operator", "approver", "admin"] | None
    operator: str | None
    agent: str | None
    can: dict[str, Literal["read", "write"]] | None
    addresses: list[str] | None
    ends_with: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    ends_at: str | None
    last_used_at: str | None
    hint: str


class NewLogin(TypedDict):
    object: Literal["login"]
    k1: str
    lnurl: str
    keyauth: str
    #: RFC 3339, in UTC.
    expires_at: str


class NewParty(TypedDict):
    id: str
    object: Literal["party"]
    name: str
    metadata: dict[str, str]
    top_up_reference: str | None
    balances: list[NewPartyBalancesItem]
    netting: NotRequired[dict[str, object]]
    #: RFC 3339, in UTC.
    created_at: str
    hint: str


class NewPartyBalancesItem(TypedDict):
    asset: str
    code: str
    #: A decimal number of whole units, never a float.
    available: str
    #: A decimal number of whole units, never a float.
    held: str
    #: A decimal number of whole units, never a float.
    coming: str


class NewWebhookEndpoint(TypedDict):
    id: str
    object: Literal["webhook_endpoint"]
    url: str
    #: null: all.
    types: list[str] | None
    description: str | None
    status: Literal["enabled", "disabled"]
    #: failing: nothing arrived for three days; gone: the receiver answered 410.
    disabled_because: Literal["asked", "failing", "gone"] | None
    #: Where nothing has arrived for a day.
    failing_since: str | None
    party: str | None
    operator: str | None
    version: str
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    hint: str


class NodeWithdrawal(TypedDict):
    """Money out of the node’s own wallet on chain."""

    id: str
    status: Literal["begun", "settled", "failed"]
    address: str
    #: Satoshi, as text.
    amount_sat: str
    #: Satoshi, as text.
    fee_sat: str
    transaction: str | None
    confirmations: int
    detail: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    ended_at: str | None


class Offer(TypedDict):
    """
    One way to pay an intent. full_price is what the payer parts with in all, rail_cost what receiving it
    costs.
    """

    id: str
    rail: str
    amount: Money
    full_price: Money
    rail_cost: Money
    #: RFC 3339, in UTC.
    expires_at: str
    pay: OfferPayBook | OfferPayBolt11 | OfferPayBank | OfferPayCustom | OfferPayEvm


class OfferPayBook(TypedDict):
    kind: Literal["book"]


class OfferPayBolt11(TypedDict):
    kind: Literal["bolt11"]
    invoice: str
    payment_hash: str
    network: str


class OfferPayBank(TypedDict):
    kind: Literal["bank"]
    iban: str
    name: str
    remittance: str


class OfferPayCustom(TypedDict):
    kind: Literal["custom"]
    fields: dict[str, str]


class OfferPayEvm(TypedDict):
    kind: Literal["evm"]
    chain_id: int
    token: str
    token_name: str
    token_version: str
    hub: str
    split_id: str
    ref: str
    pay_to: str
    signed: NotRequired[list[str]]
    facilitator: NotRequired[str]
    channel: NotRequired[dict[str, object]]


class OfferDecision(TypedDict):
    """Why an intent offers the rails that it does, in their order: each with its cost in full."""

    object: Literal["offer_decision"]
    id: str
    payment_intent_id: str
    #: RFC 3339, in UTC.
    at: str
    amount: Money
    #: A decimal number of whole units, never a float.
    worth_usd: str
    candidates: list[OfferDecisionCandidatesItemChosen | OfferDecisionCandidatesItemImpossible]
    order: list[int]
    would_change_if: NotRequired[OfferDecisionWouldChangeIf]
    rates: list[dict[str, object]]
    #: Once it is paid: by what, and what that was expected to cost.
    realised: NotRequired[OfferDecisionRealised]


class OfferDecisionCandidatesItemChosen(TypedDict):
    rail: str
    verdict: Literal["chosen"]
    why: str
    rank: int
    offer: str
    success_ppm: str
    #: When the money is good funds if it is paid at once, on the rail’s own calendar.
    good_funds_at: str
    #: Each term in USD; those that are nothing are left out.
    terms: dict[str, str]
    #: A decimal number of whole units, never a float.
    expected_cost_usd: str
    #: A decimal number of whole units, never a float.
    dearer_by_usd: str


class OfferDecisionCandidatesItemImpossible(TypedDict):
    rail: str
    verdict: Literal["impossible"]
    why: str
    reason: str
    detail: str


class OfferDecisionWouldChangeIf(TypedDict):
    term: str
    #: A decimal number of whole units, never a float.
    now_usd: str
    #: A decimal number of whole units, never a float.
    must_rise_by_usd: str
    in_favour_of: int
    why: str


class OfferDecisionRealised(TypedDict):
    rail: str
    #: RFC 3339, in UTC.
    at: str
    received: Money
    #: At the rate that it was asked for at.
    received_usd: NotRequired[str]
    rank: NotRequired[int]
    #: A decimal number of whole units, never a float.
    expected_cost_usd: NotRequired[str]
    #: Than what was offered first.
    dearer_by_usd: NotRequired[str]


OpenChannelAnswer: TypeAlias = "Channel | OpeningChannel"


class OpenChannelBody(TypedDict):
    split: str
    rail: NotRequired[str]
    payer: str
    salt: str
    closer: NotRequired[str]
    deposit: OpenChannelBodyDeposit


class OpenChannelBodyDeposit(TypedDict):
    value: str
    salt: str
    valid_after: str
    valid_before: str
    signature: str


class OpenDisputeBody(TypedDict):
    #: The receipt of what was paid.
    payment: NotRequired[str]
    #: Instead of the receipt: the intent that was paid.
    payment_intent: NotRequired[str]
    amount: NotRequired[OpenDisputeBodyAmount]
    #: What the payer says.
    reason: Literal["not_received", "not_as_described", "not_authorized", "duplicate", "other"]
    #: The same in words. Its payees read it.
    note: NotRequired[str]
    #: How long its payees may show evidence. 14 days when absent.
    evidence_due_in_s: NotRequired[int]
    metadata: NotRequired[dict[str, str]]


class OpenDisputeBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class OpeningChannel(TypedDict):
    """The deposit is on its way: ask for the channel until it is there."""

    id: str
    object: Literal["channel"]
    rail: str
    status: Literal["opening"]


class PaidLightningAddress(TypedDict):
    object: Literal["lightning_address"]
    name: str
    address: str
    party: str
    description: str
    lnurl: str
    min: Money
    max: Money
    comment_max: int
    #: A BOLT 12 offer, once one was asked for.
    offer: str | None
    uri: str | None
    payer_data: dict[str, PaidLightningAddressPayerDataValue]
    success: PaidLightningAddressSuccessMessage | PaidLightningAddressSuccessUrl | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    payments: list[AddressPayment]


class PaidLightningAddressPayerDataValue(TypedDict):
    mandatory: bool


class PaidLightningAddressSuccessMessage(TypedDict):
    tag: Literal["message"]
    message: str


class PaidLightningAddressSuccessUrl(TypedDict):
    tag: Literal["url"]
    description: str
    url: str


class Party(TypedDict):
    id: str
    object: Literal["party"]
    name: str
    metadata: dict[str, str]
    top_up_reference: str | None
    balances: list[PartyBalancesItem]
    netting: NotRequired[dict[str, object]]
    #: RFC 3339, in UTC.
    created_at: str


class PartyBalancesItem(TypedDict):
    asset: str
    code: str
    #: A decimal number of whole units, never a float.
    available: str
    #: A decimal number of whole units, never a float.
    held: str
    #: A decimal number of whole units, never a float.
    coming: str


class PayByVoucherBody(TypedDict):
    cumulative: str
    signature: str


class PayByVoucherQuery(TypedDict):
    rail: NotRequired[str]


class PayPaymentIntentAnswerSettled(TypedDict):
    id: str
    object: Literal["payment_intent"]
    status: Literal["settled"]
    rail: Literal["book"]
    receipt: str | Literal[""]


PayPaymentIntentAnswer: TypeAlias = "PayPaymentIntentAnswerSettled | HandedOver | Approval"


class PayPaymentIntentBodyBook(TypedDict):
    rail: Literal["book"]


class PayPaymentIntentBody2(TypedDict):
    rail: Literal["evm"] | str
    authorization: PayPaymentIntentBody2Authorization


PayPaymentIntentBody2Authorization = TypedDict(
    "PayPaymentIntentBody2Authorization",
    {
        "from": "str",
        "value": "str",
        "valid_after": "str",
        "valid_before": "str",
        "signature": "str",
    },
)


PayPaymentIntentBody: TypeAlias = "PayPaymentIntentBodyBook | PayPaymentIntentBody2"


class PayableIntent(TypedDict):
    """What a payer reads of an intent."""

    id: str
    object: Literal["payment_intent"]
    status: Literal["open", "settled", "canceled", "expired"]
    amount: Money
    seller: str | None
    description: str | None
    #: RFC 3339, in UTC.
    expires_at: str
    offers: list[Offer]
    #: One bitcoin: URI for every wallet (BIP 321).
    uri: str | None
    #: Where a person pays it: a path on this gateway.
    page: str
    paid: PayableIntentPaid1 | None


class PayableIntentPaid1(TypedDict):
    rail: str
    amount: Money
    credited: Money
    #: RFC 3339, in UTC.
    at: str
    receipt: str


Payment = TypedDict(
    "Payment",
    {
        "id": "str",
        "object": "Literal[\"payment\"]",
        "status": "Literal[\"held\", \"collecting\", \"settled\", \"failed\", \"refund_due\", \"refunded\"]",
        "reason": "str | None",
        "disputed": "bool",
        "rail": "str",
        "paid": "Money",
        "upto": NotRequired["Literal[True]"],
        "charged": NotRequired["Money | None"],
        "price": "Money",
        "resource": "str",
        "evidence": "PaymentEvidence",
        "receipt_url": "str",
        "created_at": "str",
        "changed_at": "str",
        "final": "bool",
        "pass": NotRequired["PaymentPass"],
        "collection": NotRequired["PaymentCollection"],
        "mandate": NotRequired["UsedMandate"],
        "payment": NotRequired["str"],
        "payee": NotRequired["str"],
        "split": NotRequired["object"],
        "parts": NotRequired["object"],
    },
)


class PaymentEvidence(TypedDict):
    entry: str
    transaction: str | None
    block: str | None
    block_hash: str | None
    payment_hash: str | None


class PaymentPass(TypedDict):
    id: str
    kind: str
    uses: int | None
    uses_left: int | None
    left: Money | None
    #: RFC 3339, in UTC.
    ends_at: str
    ended: bool
    receipt: str


class PaymentCollection(TypedDict):
    state: str
    because: NotRequired[str]
    why: str
    would_change_if: NotRequired[str]
    together: NotRequired[int]
    #: A decimal number of whole units, never a float.
    cost_usd: NotRequired[str]
    share_ppm: NotRequired[int]
    #: A decimal number of whole units, never a float.
    waited_usd: NotRequired[str]
    #: RFC 3339, in UTC.
    latest_at: NotRequired[str]
    #: RFC 3339, in UTC.
    at: str


class PaymentIntent(TypedDict):
    id: str
    object: Literal["payment_intent"]
    status: Literal["open", "settled", "canceled", "expired"]
    amount: Money
    seller: str | None
    description: str | None
    #: RFC 3339, in UTC.
    expires_at: str
    offers: list[Offer]
    #: One bitcoin: URI for every wallet (BIP 321).
    uri: str | None
    #: Where a person pays it: a path on this gateway.
    page: str
    paid: PaymentIntentPaid1 | None
    exception: Literal["none", "paid_late", "paid_partial", "paid_over"]
    party: NotRequired[str]
    split: NotRequired[str]
    order_id: str | None
    return_url: str | None
    #: Shops whose own pages may show the page in a frame.
    embed_origins: list[str]
    #: The payment link or the subscription that made it.
    origin: str | None
    #: Why these offers, in this order: GET /v1/decisions/:id. Null for older ones.
    decision: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    #: Rails that could not serve it, and why.
    not_offered: NotRequired[list[PaymentIntentNotOfferedItem]]
    surplus: list[PaymentIntentSurplusItem]


class PaymentIntentPaid1(TypedDict):
    rail: str
    amount: Money
    credited: Money
    #: RFC 3339, in UTC.
    at: str
    receipt: str


class PaymentIntentNotOfferedItem(TypedDict):
    rail: str
    reason: str


class PaymentIntentSurplusItem(TypedDict):
    rail: str
    amount: Money
    reason: Literal["none", "paid_late", "paid_partial", "paid_over"]


class PaymentLink(TypedDict):
    """A link by which many may pay. Its intents: GET /v1/payment_intents?reference=<its id>."""

    id: str
    object: Literal["payment_link"]
    #: held: what is left of it is being paid by others, who may let their time pass.
    status: Literal["active", "inactive", "expired", "used_up", "held"]
    #: Where a person pays by it: a path on this gateway.
    page: str
    amount: Money | None
    amount_min: Money | None
    amount_max: Money | None
    party: NotRequired[str]
    split: NotRequired[str]
    seller: str | None
    description: str | None
    return_url: str | None
    metadata: dict[str, str]
    pay_within_s: int
    uses_max: int | None
    #: Intents of it that are paid.
    paid_count: int
    #: Intents of it that may still be paid.
    open_count: int
    expires_at: str | None
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str


class PaymentTrace(TypedDict):
    payment: TracedPayment | None
    facts: list[Fact]
    entries: list[LedgerEntry]


class PayoutTrue(TypedDict):
    object: Literal["payout"]
    id: str
    source: str
    amount: CodedMoney
    destinations: list[PayoutTrueDestinationsItemLightningInvoice | PayoutTrueDestinationsItemLightningNode | PayoutTrueDestinationsItemLightningOffer | PayoutTrueDestinationsItemLightningAddress | PayoutTrueDestinationsItemLnurl | PayoutTrueDestinationsItemBitcoinUri | PayoutTrueDestinationsItemEvmAddress | PayoutTrueDestinationsItemIban | PayoutTrueDestinationsItemUsAccount | PayoutTrueDestinationsItemParty | PayoutTrueDestinationsItemCustom]
    reference: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    rail: NotRequired[str]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    #: What a Lightning Address shows whom it was paid by.
    payee_says: NotRequired[dict[str, str]]
    status: Literal["scheduled", "processing", "settled", "partly_settled", "failed", "outcome_unknown", "returned"]
    #: RFC 3339, in UTC.
    send_at: NotRequired[str]
    #: RFC 3339, in UTC.
    deliver_by: NotRequired[str]
    #: It waits for the cheapest time until then; scheduled meanwhile.
    cheapest_by: NotRequired[str]
    cancel_asked: NotRequired[Literal[True]]
    fee_bearer: NotRequired[Literal["payer", "payee"]]
    #: What the source is charged beside the amount when it is paid, whatever the rail takes.
    fee_fixed: NotRequired[CodedMoney]
    #: The quote that it was made by: its payee gets exactly what that says.
    quote: NotRequired[str]
    attempts: list[Attempt]
    decision_id: NotRequired[str]
    exceptions: list[object]
    failure: NotRequired[PayoutTrueFailure]
    returned: NotRequired[PayoutTrueReturned]
    #: The payouts that pay it, where it was too much for each way. Their amounts sum to its own.
    parts: NotRequired[list[PayoutTruePartsItem]]
    #: What its parts have paid. The rest of a partly_settled payout is on the balance again.
    paid: NotRequired[CodedMoney]
    #: The payout that it is a part of.
    part_of: NotRequired[str]


class PayoutTrueDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class PayoutTrueDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[PayoutTrueDestinationsItemLightningNodeRecordsItem]]


class PayoutTrueDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class PayoutTrueDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class PayoutTrueDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class PayoutTrueDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class PayoutTrueDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class PayoutTrueDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class PayoutTrueDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class PayoutTrueDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class PayoutTrueDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class PayoutTrueDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class PayoutTrueFailure(TypedDict):
    code: Literal["no_rail", "attempts_failed", "canceled"]
    reasons: list[dict[str, object]]


class PayoutTrueReturned(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    amount: CodedMoney
    credited: CodedMoney
    #: The rail's own code.
    reason: NotRequired[str]
    #: What that code means, and what is to be done before it is paid again.
    meaning: NotRequired[PayoutTrueReturnedMeaning]


class PayoutTrueReturnedMeaning(TypedDict):
    words: str
    next: Literal["correct", "ask", "again", "ours", "none"]


class PayoutTruePartsItem(TypedDict):
    id: str
    status: str
    amount: CodedMoney
    rail: NotRequired[str]


class Payout2(TypedDict):
    object: Literal["payout"]
    id: str
    source: str
    amount: CodedMoney
    destinations: list[Payout2DestinationsItemLightningInvoice | Payout2DestinationsItemLightningNode | Payout2DestinationsItemLightningOffer | Payout2DestinationsItemLightningAddress | Payout2DestinationsItemLnurl | Payout2DestinationsItemBitcoinUri | Payout2DestinationsItemEvmAddress | Payout2DestinationsItemIban | Payout2DestinationsItemUsAccount | Payout2DestinationsItemParty | Payout2DestinationsItemCustom]
    reference: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    rail: NotRequired[str]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    #: What a Lightning Address shows whom it was paid by.
    payee_says: NotRequired[dict[str, str]]
    status: Literal["collecting", "processing", "outcome_unknown", "settled", "failed", "returned"]
    netting: Payout2Netting


class Payout2DestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class Payout2DestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[Payout2DestinationsItemLightningNodeRecordsItem]]


class Payout2DestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class Payout2DestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class Payout2DestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class Payout2DestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class Payout2DestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class Payout2DestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class Payout2DestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class Payout2DestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class Payout2DestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class Payout2DestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class Payout2Netting(TypedDict):
    net: str
    payouts: int
    #: RFC 3339, in UTC.
    close_by: str
    closed: NotRequired[str]
    paid_by: NotRequired[str]
    #: A decimal number of whole units, never a float.
    expected_saved_usd: NotRequired[str]


class Payout3(TypedDict):
    object: Literal["payout"]
    id: str
    source: str
    amount: CodedMoney
    destinations: list[Payout3DestinationsItemLightningInvoice | Payout3DestinationsItemLightningNode | Payout3DestinationsItemLightningOffer | Payout3DestinationsItemLightningAddress | Payout3DestinationsItemLnurl | Payout3DestinationsItemBitcoinUri | Payout3DestinationsItemEvmAddress | Payout3DestinationsItemIban | Payout3DestinationsItemUsAccount | Payout3DestinationsItemParty | Payout3DestinationsItemCustom]
    reference: str
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    rail: NotRequired[str]
    fee: NotRequired[CodedMoney]
    evidence: NotRequired[Evidence]
    #: What a Lightning Address shows whom it was paid by.
    payee_says: NotRequired[dict[str, str]]
    status: Literal["needs_approval", "approved", "refused", "expired"]
    approval: str


class Payout3DestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class Payout3DestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[Payout3DestinationsItemLightningNodeRecordsItem]]


class Payout3DestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class Payout3DestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class Payout3DestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class Payout3DestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class Payout3DestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class Payout3DestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class Payout3DestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class Payout3DestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class Payout3DestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class Payout3DestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


Payout: TypeAlias = "PayoutTrue | Payout2 | Payout3"


class PayoutBatch(TypedDict):
    """
    Many payouts of one balance that were asked for in one call. What its rows do not take is on the
    balance again.
    """

    object: Literal["payout_batch"]
    id: str
    status: Literal["processing", "settled", "partly_settled", "failed", "canceled"]
    party: str
    amount: CodedMoney
    fee_max: CodedMoney
    rows: int
    counts: PayoutBatchCounts
    #: Absent until its rows have been planned.
    plan: NotRequired[PayoutBatchPlan]
    #: By when each payee has good funds, where its row says no other time.
    deliver_by: NotRequired[str]
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    ended_at: NotRequired[str]


class PayoutBatchCounts(TypedDict):
    waiting: int
    processing: int
    settled: int
    failed: int
    #: Paid, and come back since: none of the settled. Their money is on the balance again.
    returned: int
    refused: int
    canceled: int


class PayoutBatchPlan(TypedDict):
    """By which rails the rows of a batch are best paid, planned together."""

    rails: list[PayoutBatchPlanRailsItem]
    #: What the rails cost, what they cost once, and unpaid_cost_usd.
    cost_usd: str
    #: What not paying the rows without a way is reckoned to cost. Nobody is charged it.
    unpaid_cost_usd: str
    #: No plan by the same terms costs less: where it is cost_usd, the plan is the best.
    least_cost_usd: str
    #: What they cost if each takes what is cheapest for it alone while there is room.
    one_by_one_cost_usd: str
    #: Rows that no rail has room for now, or pays. They are tried all the same.
    rows_without_way: int
    terms_asked: int


class PayoutBatchPlanRailsItem(TypedDict):
    rail: str
    rows: int
    amount: CodedMoney
    #: What its rows are expected to cost in full, waiting and risk included.
    cost_usd: str
    #: What it costs once beside that, by the list of the operator.
    fixed_cost_usd: str
    #: When the last of its payees has good funds, if all were sent at once.
    good_funds_at: str


class PayoutBatchPreview(TypedDict):
    """What a batch would be. Nothing is held, sent or kept."""

    object: Literal["payout_batch_preview"]
    party: str
    amount: CodedMoney
    rows: int
    refused: int
    #: The first hundred.
    refused_rows: list[PayoutBatchPreviewRefusedRowsItem]
    #: Absent where every row is refused.
    plan: NotRequired[PayoutBatchPlan]
    #: The first 200 rows that are not refused.
    planned_rows: NotRequired[list[PayoutBatchPreviewPlannedRowsItem]]
    #: The first hundred without a way, and what shuts each.
    unplanned_rows: NotRequired[list[PayoutBatchPreviewUnplannedRowsItem]]


class PayoutBatchPreviewRefusedRowsItem(TypedDict):
    row: int
    code: str
    detail: str


class PayoutBatchPreviewPlannedRowsItem(TypedDict):
    row: int
    #: What is planned for it; absent where no way has room, or pays.
    rail: NotRequired[str]
    #: Which of its destinations.
    destination: NotRequired[int]
    #: What each way would cost in full, the cheapest first.
    ways: list[PayoutBatchPreviewPlannedRowsItemWaysItem]
    shut: list[PayoutBatchPreviewPlannedRowsItemShutItem]


class PayoutBatchPreviewPlannedRowsItemWaysItem(TypedDict):
    rail: str
    destination: int
    #: A decimal number of whole units, never a float.
    cost_usd: str


class PayoutBatchPreviewPlannedRowsItemShutItem(TypedDict):
    rail: str
    destination: int
    detail: str


class PayoutBatchPreviewUnplannedRowsItem(TypedDict):
    row: int
    detail: str


class Plan(TypedDict):
    """What is paid each period, and to whom."""

    id: str
    object: Literal["plan"]
    status: Literal["active", "inactive"]
    amount: Money
    interval: Literal["day", "week", "month", "year"]
    interval_count: int
    trial_days: int
    party: NotRequired[str]
    split: NotRequired[str]
    seller: str | None
    description: str | None
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str


class PreviewPayoutBatchBody(TypedDict):
    party: str
    #: What all rows are paid in, by its id or code.
    asset: str
    rows: list[PreviewPayoutBatchBodyRowsItem]
    #: Each row is judged by itself. refuse_all: one that is refused refuses the batch. pay_others: the others
    #: are paid.
    on_refused: NotRequired[Literal["refuse_all", "pay_others"]]
    #: Each payee has good funds by then, or no try is made; a row may say another time. Refused where no rail
    #: can.
    deliver_by: NotRequired[str]
    metadata: NotRequired[dict[str, str]]


class PreviewPayoutBatchBodyRowsItem(TypedDict):
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str
    destinations: list[PreviewPayoutBatchBodyRowsItemDestinationsItemLightningInvoice | PreviewPayoutBatchBodyRowsItemDestinationsItemLightningNode | PreviewPayoutBatchBodyRowsItemDestinationsItemLightningOffer | PreviewPayoutBatchBodyRowsItemDestinationsItemLightningAddress | PreviewPayoutBatchBodyRowsItemDestinationsItemLnurl | PreviewPayoutBatchBodyRowsItemDestinationsItemBitcoinUri | PreviewPayoutBatchBodyRowsItemDestinationsItemEvmAddress | PreviewPayoutBatchBodyRowsItemDestinationsItemIban | PreviewPayoutBatchBodyRowsItemDestinationsItemUsAccount | PreviewPayoutBatchBodyRowsItemDestinationsItemParty | PreviewPayoutBatchBodyRowsItemDestinationsItemCustom]
    reference: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    #: As that of the batch, for this row alone.
    deliver_by: NotRequired[str]
    #: What the balance bears at most of this row's fee above the operator's budget; nothing when absent.
    fee_max: NotRequired[str]


class PreviewPayoutBatchBodyRowsItemDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[PreviewPayoutBatchBodyRowsItemDestinationsItemLightningNodeRecordsItem]]


class PreviewPayoutBatchBodyRowsItemDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class PreviewPayoutBatchBodyRowsItemDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class PreviewPayoutBatchBodyRowsItemDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class Problem(TypedDict):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    #: Stays; test for it. Every code has a section in /errors.
    code: str
    hint: str
    #: unknown: repeat the same request, never a new one.
    outcome: Literal["failed", "unknown"]
    request_id: str
    errors: NotRequired[list[ProblemErrorsItem]]
    refund: NotRequired[str]
    meta: NotRequired[dict[str, object]]


class ProblemErrorsItem(TypedDict):
    path: str
    message: str


Profit = TypedDict(
    "Profit",
    {
        "object": "Literal[\"profit\"]",
        "from": "str",
        "to": "str",
        "time_zone": "str",
        "status": "Literal[\"final\", \"preliminary\"]",
        "until": "str",
        "currency": "str",
        "own_before": "str",
        "own_after": "str",
        "profit": "str",
        "owner": "str",
        "unpriced": "list[str]",
        "lines": "list[ProfitLine]",
        "assets": "list[ProfitAssetsItem]",
    },
)


class ProfitAssetsItem(TypedDict):
    asset: str
    asset_id: str
    #: A decimal number of whole units, never a float.
    own_before: str
    #: A decimal number of whole units, never a float.
    own_after: str
    #: revaluation: by how much rates have changed what is own.
    value: ProfitAssetsItemValue1 | None


class ProfitAssetsItemValue1(TypedDict):
    #: A decimal number of whole units, never a float.
    own_before: str
    #: A decimal number of whole units, never a float.
    own_after: str
    #: A decimal number of whole units, never a float.
    revaluation: str


class ProfitLine(TypedDict):
    source: Literal["fees_earned", "fees_paid", "conversion", "losses", "owner"]
    account: str
    asset: str
    asset_id: str
    #: A decimal number of whole units, never a float.
    amount: str
    #: At the rates of each movement; null where one was missing.
    value: str | None


class PublishFacilitatedResourceBody(TypedDict):
    resource: str
    type: NotRequired[Literal["http"]]
    accepts: list[PublishFacilitatedResourceBodyAcceptsItem]
    description: NotRequired[str]
    mimeType: NotRequired[str]
    serviceName: NotRequired[str]
    tags: NotRequired[list[str]]


class PublishFacilitatedResourceBodyAcceptsItem(TypedDict):
    scheme: str
    network: str
    asset: str
    payTo: str
    amount: str
    maxTimeoutSeconds: int
    extra: NotRequired[PublishFacilitatedResourceBodyAcceptsItemExtra1 | None]


class PublishFacilitatedResourceBodyAcceptsItemExtra1(TypedDict):
    name: NotRequired[str]
    version: NotRequired[str]
    assetTransferMethod: NotRequired[str]


class Quote(TypedDict):
    """What a payout will cost and bring, promised until expires_at and used once."""

    object: Literal["quote"]
    id: str
    status: Literal["open", "used", "expired"]
    party: str
    #: Which amount was asked for, and is exact.
    side: Literal["send", "receive"]
    #: All that leaves the balance: amount, and fee besides.
    send: CodedMoney
    amount: CodedMoney
    #: What payer or payee bears; nothing where the operator does.
    fee: CodedMoney
    #: What the payee gets, in the asset of the rail.
    receive: CodedMoney
    fee_bearer: Literal["platform", "payer", "payee"]
    #: What the rail is expected to take, whoever bears it; gas is a part of it.
    rail_cost: CodedMoney
    gas: CodedMoney
    #: The part of amount that is paid for the promise: beyond what the market asks.
    spread: CodedMoney
    #: A whole number as text, because it may be larger than a double holds.
    spread_ppm: str
    rate: NotRequired[QuotedRate]
    #: Which rail would be tried first.
    rail: str
    destination: int
    ways: list[QuoteWaysItem]
    destinations: list[QuoteDestinationsItemLightningInvoice | QuoteDestinationsItemLightningNode | QuoteDestinationsItemLightningOffer | QuoteDestinationsItemLightningAddress | QuoteDestinationsItemLnurl | QuoteDestinationsItemBitcoinUri | QuoteDestinationsItemEvmAddress | QuoteDestinationsItemIban | QuoteDestinationsItemUsAccount | QuoteDestinationsItemParty | QuoteDestinationsItemCustom]
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    #: From then on it cannot be used.
    expires_at: str
    #: A payout of it that no rail could be told of by then is given back.
    send_by: str
    payout: NotRequired[str]


class QuoteWaysItem(TypedDict):
    rail: str
    #: Which of the destinations, from 0.
    destination: int
    #: In which order it would be tried, from 1.
    rank: NotRequired[int]
    #: A decimal number of whole units, never a float.
    cost_usd: NotRequired[str]
    reason: NotRequired[str]
    detail: NotRequired[str]


class QuoteDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class QuoteDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[QuoteDestinationsItemLightningNodeRecordsItem]]


class QuoteDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class QuoteDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class QuoteDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class QuoteDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class QuoteDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class QuoteDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class QuoteDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class QuoteDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class QuoteDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class QuoteDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class QuoteLightningPaymentBody(TypedDict):
    invoice: NotRequired[str]
    node: NotRequired[str]
    amount_msat: str


QuotedRate = TypedDict(
    "QuotedRate",
    {
        "from": "str",
        "to": "str",
        "num": "str",
        "den": "str",
        "observed_at": "str",
        "source": "str",
    },
)


class RailHour(TypedDict):
    """What came of one rail in one hour, of tries that ended in it."""

    #: RFC 3339, in UTC.
    hour: str
    rail: str
    #: Plans that tried it first.
    chosen: int
    sent: int
    settled: int
    failed: int
    #: What those plans were expected to cost.
    expected_cost_usd: str
    #: What the cheapest fee first would have been expected to cost.
    cheapest_first_cost_usd: str


Rate = TypedDict(
    "Rate",
    {
        "object": "Literal[\"rate\"]",
        "asset": "str",
        "in": "Literal[\"USD\"]",
        "status": "Literal[\"live\", \"fixed\", \"unavailable\"]",
        "value": NotRequired["str"],
        "bid": NotRequired["str"],
        "ask": NotRequired["str"],
        "exact": NotRequired["RateExact"],
        "observed_at": NotRequired["str"],
        "age_s": NotRequired["int"],
        "snapshot": NotRequired["str"],
        "off_peg": NotRequired["bool"],
        "reason": NotRequired["Literal[\"not_yet\", \"too_few\", \"too_old\", \"apart\", \"jump\", \"off_peg\"] | str"],
        "detail": NotRequired["str"],
        "since": NotRequired["str"],
        "sources": "list[RateSourcesItem]",
    },
)


class RateExact(TypedDict):
    #: A whole number as text, because it may be larger than a double holds.
    num: str
    #: A whole number as text, because it may be larger than a double holds.
    den: str


class RateSourcesItem(TypedDict):
    #: An exchange, by its name.
    source: str
    #: What became of its word the last time: used, or why it is not counted.
    verdict: Literal["used", "old", "ahead", "crossed", "wide", "still", "outlier", "failed", "not_asked"] | str
    #: A decimal number of whole units, never a float.
    bid: NotRequired[str]
    #: A decimal number of whole units, never a float.
    ask: NotRequired[str]
    #: RFC 3339, in UTC.
    heard_at: NotRequired[str]
    #: Its own time, where it says one.
    said_at: NotRequired[str]
    #: What was wrong when it was asked last; for operators.
    fault: NotRequired[str]


class Recall(TypedDict):
    """
    A payout that has left is asked back. An answer is no money: that comes as a return, and the payout
    says so.
    """

    object: Literal["recall"]
    id: str
    payout: str
    attempt: str
    rail: str
    #: A bank’s own recall, or the request of who paid: a bank takes one of each about a payment.
    kind: Literal["recall", "request"]
    reason: Literal["DUPL", "TECH", "FRAD", "AC03", "AM09", "CUST"]
    details: NotRequired[str]
    status: Literal["asked", "sent", "pending", "accepted", "returned", "refused", "not_paid"]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    sent_at: NotRequired[str]
    #: By when the payee’s bank is to answer.
    answer_by: str
    #: It is later than that, and nothing has ended it: ask the bank.
    overdue: NotRequired[Literal[True]]
    answers: list[RecallAnswersItem]
    #: What came back of the payment, for whatever reason; late where that was refused before.
    money: NotRequired[RecallMoney]


class RecallAnswersItem(TypedDict):
    answer: Literal["pending", "accepted", "refused", "impossible"]
    #: RFC 3339, in UTC.
    at: str
    #: The bank's own code.
    code: NotRequired[str]
    #: What it means, for a person.
    words: str
    #: What the bank writes beside it.
    detail: NotRequired[str]


class RecallMoney(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    amount: CodedMoney
    reason: NotRequired[str]
    late: NotRequired[Literal[True]]


class RecallPayoutBody(TypedDict):
    reason: Literal["DUPL", "TECH", "FRAD", "AC03", "AM09", "CUST"]
    details: NotRequired[str]


class ReconciliationRun(TypedDict):
    object: Literal["reconciliation_run"]
    statements: list[ReconciliationRunStatementsItem]
    rails: list[ReconciliationRunRailsItem]


class ReconciliationRunStatementsItem(TypedDict):
    rail: str
    statement: str
    lines: int
    matched: int
    breaks: int


class ReconciliationRunRailsItem(TypedDict):
    rail: str
    matched: int
    breaks: int


class Refund(TypedDict):
    """What goes back of a payment, wholly or in part."""

    object: Literal["refund"]
    id: str
    status: Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]
    receipt: str
    payment_intent: str | None
    payee: str
    #: The rail that it was paid by.
    rail: str
    amount: Money
    #: What of the amount had come above the price.
    surplus: Money
    paid: Money
    #: Of what was paid, with this refund, as it stood when this one was made.
    refunded: Money
    left: Money
    #: Who has paid for it.
    sources: list[RefundSourcesItem]
    way: Literal["balance", "to", "link"]
    destination: dict[str, object] | None
    tries: list[RefundTriesItem]
    reason: str
    metadata: dict[str, str]
    created_by: str
    dispute: str | None
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    expires_at: str
    ended_at: str | None
    payment_url: str


RefundSourcesItem = TypedDict(
    "RefundSourcesItem",
    {
        "from": "str",
        "amount": "Money",
    },
)


class RefundTriesItem(TypedDict):
    payout: str
    #: A destination, as POST /v1/payouts takes one.
    destination: dict[str, object]
    state: Literal["idle", "moving", "unknown", "settled", "failed", "returned"]
    rail: str | None
    proof: str | None
    reasons: list[str]


class RefundSuspenseBody(TypedDict):
    #: The id of what waits, as GET /v1/suspense names it.
    item: str
    destinations: list[RefundSuspenseBodyDestinationsItemLightningInvoice | RefundSuspenseBodyDestinationsItemLightningNode | RefundSuspenseBodyDestinationsItemLightningOffer | RefundSuspenseBodyDestinationsItemLightningAddress | RefundSuspenseBodyDestinationsItemLnurl | RefundSuspenseBodyDestinationsItemBitcoinUri | RefundSuspenseBodyDestinationsItemEvmAddress | RefundSuspenseBodyDestinationsItemIban | RefundSuspenseBodyDestinationsItemUsAccount | RefundSuspenseBodyDestinationsItemParty | RefundSuspenseBodyDestinationsItemCustom]
    reference: NotRequired[str]
    #: Decimal string in the asset that came; all that is left when absent.
    amount: NotRequired[str]
    reason: str
    evidence: RefundSuspenseBodyEvidence


class RefundSuspenseBodyDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class RefundSuspenseBodyDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[RefundSuspenseBodyDestinationsItemLightningNodeRecordsItem]]


class RefundSuspenseBodyDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class RefundSuspenseBodyDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class RefundSuspenseBodyDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class RefundSuspenseBodyDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class RefundSuspenseBodyDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class RefundSuspenseBodyDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class RefundSuspenseBodyDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class RefundSuspenseBodyDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class RefundSuspenseBodyDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class RefundSuspenseBodyDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class RefundSuspenseBodyEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class RefundWithLink(TypedDict):
    object: Literal["refund"]
    id: str
    status: Literal["pending", "needs_claim", "sending", "unknown", "succeeded", "failed", "expired", "canceled"]
    receipt: str
    payment_intent: str | None
    payee: str
    #: The rail that it was paid by.
    rail: str
    amount: Money
    #: What of the amount had come above the price.
    surplus: Money
    paid: Money
    #: Of what was paid, with this refund, as it stood when this one was made.
    refunded: Money
    left: Money
    #: Who has paid for it.
    sources: list[RefundWithLinkSourcesItem]
    way: Literal["balance", "to", "link"]
    destination: dict[str, object] | None
    tries: list[RefundWithLinkTriesItem]
    reason: str
    metadata: dict[str, str]
    created_by: str
    dispute: str | None
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    expires_at: str
    ended_at: str | None
    payment_url: str
    state: Literal["none", "due", "paying", "unknown", "refunded"]
    to: str | None
    last_try: RefundWithLinkLastTry1 | None
    claim_url: str | None
    claim_page: str | None


RefundWithLinkSourcesItem = TypedDict(
    "RefundWithLinkSourcesItem",
    {
        "from": "str",
        "amount": "Money",
    },
)


class RefundWithLinkTriesItem(TypedDict):
    payout: str
    #: A destination, as POST /v1/payouts takes one.
    destination: dict[str, object]
    state: Literal["idle", "moving", "unknown", "settled", "failed", "returned"]
    rail: str | None
    proof: str | None
    reasons: list[str]


class RefundWithLinkLastTry1(TypedDict):
    status: str
    reasons: list[str]


RefuseAnswer: TypeAlias = "Approval | SuspenseAction"


ReplayWebhookEventsBody = TypedDict(
    "ReplayWebhookEventsBody",
    {
        "from": "str",
        "until": NotRequired["str"],
    },
)


class RepricePlanBody(TypedDict):
    #: What periods cost that begin from now on; those that have begun cost what they did.
    amount: RepricePlanBodyAmount


class RepricePlanBodyAmount(TypedDict):
    asset: Literal["USD"]
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class ResolveBreakBody(TypedDict):
    #: entry: books the proposal, or debit and credit. accept: books nothing.
    how: Literal["entry", "accept"]
    debit: NotRequired[str]
    credit: NotRequired[str]
    reason: str
    evidence: ResolveBreakBodyEvidence


class ResolveBreakBodyEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class RotateKeyBody(TypedDict):
    #: How long the old key is good beside the new one.
    overlap_s: NotRequired[int]


class RotateWebhookSecretBody(TypedDict):
    #: How long messages carry a signature by the old secret too.
    overlap_s: NotRequired[int]


class RoutingForecast(TypedDict):
    """What the next hour will cost on rails whose price moves. No decision is made by it."""

    object: Literal["routing_forecast"]
    rails: list[RoutingForecastRailsItem]


class RoutingForecastRailsItem(TypedDict):
    rail: str
    asset: str
    #: `gas`: of one payment, each minute. `fee`: what the rail took of a payment, each payment.
    of: Literal["gas", "fee"]
    #: Of the prices in `foretold`: the code of an asset, or `ppm`, millionths of the amount.
    unit: str
    #: Prices that were seen; gas since the start.
    seen: int
    #: `new`: too few prices for a forecast. `thin`: it met too few to say. `off`: its bounds hold more or
    #: less often than they say.
    grade: Literal["new", "thin", "good", "off"]
    #: The price now, and what one, five and nine of ten prices of the next hour are expected not to exceed.
    foretold: NotRequired[RoutingForecastRailsItemForetold]
    #: The price now, and what one, five and nine of ten prices of the next hour are expected not to exceed.
    foretold_usd: NotRequired[RoutingForecastRailsItemForetoldUsd]
    #: How often a price was within each bound, and the mean relative error (pinball loss).
    graded: NotRequired[RoutingForecastRailsItemGraded]


class RoutingForecastRailsItemForetold(TypedDict):
    now: str
    low: str
    middle: str
    high: str


class RoutingForecastRailsItemForetoldUsd(TypedDict):
    now: str
    low: str
    middle: str
    high: str


class RoutingForecastRailsItemGraded(TypedDict):
    prices: int
    #: Millionths.
    low_ppm: int
    #: Millionths.
    middle_ppm: int
    #: Millionths.
    high_ppm: int
    #: Millionths.
    error_ppm: int
    #: The error of saying the last price.
    error_of_last_ppm: int


class RoutingHealth(TypedDict):
    """Which rails answer now, of those that were asked since the start."""

    object: Literal["routing_health"]
    rails: list[RoutingHealthRailsItem]


class RoutingHealthRailsItem(TypedDict):
    #: The rail, or its calls that ask payees' own servers first.
    rail: str
    #: `resting`: it gave no answers and is left alone until `until`. `on_trial`: it is tried with small
    #: payments, one at a time.
    state: Literal["well", "resting", "on_trial"]
    calls_under_way: int
    #: Calls without an answer, one after the other.
    silences: int
    since: NotRequired[str]
    until: NotRequired[str]
    #: The silent calls were all of one party, so it rests for that party alone.
    of_one_party: NotRequired[Literal[True]]


class RoutingLearning(TypedDict):
    """What earlier tries have taught of how often each way pays."""

    object: Literal["routing_learning"]
    open_tries: int
    rails: list[RoutingLearningRailsItem]
    cells: list[RoutingLearningCellsItem]


class RoutingLearningRailsItem(TypedDict):
    rail: str
    asset: str
    tries: int
    #: Millionths.
    chance_ppm: int
    #: Millionths.
    rail_ppm: int
    #: Millionths.
    brier_ppm: int
    #: Millionths.
    brier_of_rail_ppm: int
    #: Tries by the chance that was reckoned with, and how many of them were paid.
    ranges: list[RoutingLearningRailsItemRangesItem]
    paid: RoutingLearningRailsItemPaid
    failed: RoutingLearningRailsItemFailed
    #: How often the seconds that the rail says a payment takes, in millionths: 1000000 is as it says.
    pace_ppm: int
    #: What the rail really charged, where it tells; only a good line is reckoned with.
    fees: NotRequired[RoutingLearningRailsItemFees]


class RoutingLearningRailsItemRangesItem(TypedDict):
    #: Millionths.
    up_to_ppm: int
    tries: int
    #: Millionths.
    expected_ppm: int
    #: Millionths.
    paid_ppm: int


class RoutingLearningRailsItemPaid(TypedDict):
    tries: int
    p50_ms: NotRequired[int]
    p90_ms: NotRequired[int]
    p99_ms: NotRequired[int]


class RoutingLearningRailsItemFailed(TypedDict):
    tries: int
    p50_ms: NotRequired[int]
    p90_ms: NotRequired[int]
    p99_ms: NotRequired[int]


class RoutingLearningRailsItemFees(TypedDict):
    grade: Literal["good", "thin", "non_linear"]
    payments: int
    #: In the smallest units of its asset.
    fixed_units: int
    #: Millionths.
    share_ppm: int
    error_bps: int


RoutingLearningCellsItem = TypedDict(
    "RoutingLearningCellsItem",
    {
        "rail": "str",
        "asset": "str",
        "from": "str",
        "country": NotRequired["str"],
        "band": "int",
        "chance_ppm": "int",
        "weight": "int",
    },
)


class RoutingPolicy(TypedDict):
    """How a party wants its payouts to go. Each change is a version more, which decisions name."""

    object: Literal["routing_policy"]
    party: str
    #: 0 where nothing was ever said.
    version: int
    allow: list[str]
    forbid: list[str]
    prefer: list[str]
    #: A decimal number of whole units, never a float.
    prefer_by_usd: str
    wait_percent: int
    #: A decimal number of whole units, never a float.
    fee_max_usd: NotRequired[str]
    attempts_max: NotRequired[int]
    parts_max: NotRequired[int]


class RunningVerification(TypedDict):
    """Ask again: the same verification is further on, or done."""

    state: Literal["running"]
    journal: RunningVerificationJournal1 | None


class RunningVerificationJournal1(TypedDict):
    block: int
    of: int


class SearchAnswer(TypedDict):
    data: list[SearchResult]
    has_more: bool


class SearchQuery(TypedDict):
    reference: str
    limit: NotRequired[int]
    #: Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header
    #: switchyard-read-position.
    wait: NotRequired[int]


class SearchResult(TypedDict):
    object: Literal["search_result"]
    type: Literal["payment_intent", "payment_link", "invoice", "plan", "subscription", "payment", "payout", "payout_batch", "quote", "exchange", "refund", "dispute", "party", "split", "key", "lightning_address", "withdraw_link", "wallet_app", "standing_order", "break"]
    id: str
    url: str


class SetApprovalLimitsAnswer1(TypedDict):
    object: Literal["approval_limits"]
    party: str
    payouts_usd_max: str | None


SetApprovalLimitsAnswer: TypeAlias = "SetApprovalLimitsAnswer1 | Approval"


class SetApprovalLimitsBody(TypedDict):
    payouts_usd_max: str | None


class SetRoutingPolicyBody(TypedDict):
    #: Only these rails, when there are any: `evm:8453`, or all of a kind, `evm`.
    allow: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    forbid: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    #: Every other rail is taken to cost prefer_by_usd more.
    prefer: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    prefer_by_usd: NotRequired[str]
    #: What waiting is worth, in hundredths of the operator’s price.
    wait_percent: NotRequired[int]
    #: The most that a rail may be expected to take.
    fee_max_usd: NotRequired[str]
    attempts_max: NotRequired[int]
    #: In so many parts a payout may be paid that is too much for each way: 4 when absent, 1 never.
    parts_max: NotRequired[int]


class ShareClaim(TypedDict):
    """What a payee was paid out of the hub; 202 as for a sweep."""

    split: str
    account: str
    outcome: Literal["settled", "failed", "unknown"]
    chains: list[ShareClaimChainsItem]


class ShareClaimChainsItem(TypedDict):
    rail: str
    outcome: Literal["settled", "failed", "unknown"]
    reason: NotRequired[str]
    evidence: NotRequired[str]


class ShownWalletApp(TypedDict):
    """With its connection (NIP-47), which is a secret: null for a key that may not make one."""

    id: str
    object: Literal["wallet_app"]
    party: str
    name: str
    status: Literal["active", "ended"]
    methods: list[Literal["get_info", "get_balance", "get_budget", "make_invoice", "pay_invoice", "pay_keysend", "lookup_invoice", "list_transactions"]]
    budget: Money
    period: Literal["never", "daily", "weekly", "monthly", "yearly"]
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    expires_at: str | None
    connection: str | None


class ShownWithdrawLink(TypedDict):
    """With its secret, by which one withdraws: null for a key that may not make one."""

    id: str
    object: Literal["withdraw_link"]
    party: str
    status: str
    amount: Money
    left: Money
    uses: int
    description: str
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    expires_at: str
    lnurl: str | None
    lnurlw: str | None


class SignLnurlLoginAnswerOK(TypedDict):
    status: Literal["OK"]


SignLnurlLoginAnswer: TypeAlias = "SignLnurlLoginAnswerOK | WalletRefusal"


class SignLnurlLoginQuery(TypedDict):
    k1: str
    sig: str
    key: str


class SignedReceipt(TypedDict):
    """What a payment was, signed, and the later words on it: each names the hash of the one before."""

    receipt: SignedReceiptReceipt
    #: The first 16 hex digits of the SHA-256 of the public key.
    key_id: str
    #: Ed25519 over the canonical JSON (RFC 8785) of what is signed, in base64url.
    signature: str
    inclusion: NotRequired[str]
    updates: NotRequired[list[SignedReceiptUpdatesItem]]


class SignedReceiptReceipt(TypedDict):
    id: str
    #: RFC 3339, in UTC.
    issued_at: str
    payment: str
    resource: str
    price: Money
    rail: str
    paid: Money
    fee: Money
    rate: str
    state: Literal["settled", "authorised"]
    upto: NotRequired[Literal[True]]
    payee: str
    split: str
    parts: list[SignedReceiptReceiptPartsItem]
    entry: str


class SignedReceiptReceiptPartsItem(TypedDict):
    to: str
    #: A decimal number of whole units, never a float.
    amount: str


class SignedReceiptUpdatesItem(TypedDict):
    update: SignedReceiptUpdatesItemUpdate
    #: The first 16 hex digits of the SHA-256 of the public key.
    key_id: str
    #: Ed25519 over the canonical JSON (RFC 8785) of what is signed, in base64url.
    signature: str
    inclusion: NotRequired[str]


class SignedReceiptUpdatesItemUpdate(TypedDict):
    receipt: str
    n: int
    #: RFC 3339, in UTC.
    at: str
    before: str
    state: Literal["held", "settled", "failed", "refund_due", "refunded"]
    reason: NotRequired[str]
    transaction: NotRequired[str]
    block: NotRequired[str]
    entry: NotRequired[str]
    charged: NotRequired[Money]
    amount: NotRequired[Money]


class SimulateRoutingBody(TypedDict):
    party: str
    amount: SimulateRoutingBodyAmount
    destinations: NotRequired[list[SimulateRoutingBodyDestinationsItemLightningInvoice | SimulateRoutingBodyDestinationsItemLightningNode | SimulateRoutingBodyDestinationsItemLightningOffer | SimulateRoutingBodyDestinationsItemLightningAddress | SimulateRoutingBodyDestinationsItemLnurl | SimulateRoutingBodyDestinationsItemBitcoinUri | SimulateRoutingBodyDestinationsItemEvmAddress | SimulateRoutingBodyDestinationsItemIban | SimulateRoutingBodyDestinationsItemUsAccount | SimulateRoutingBodyDestinationsItemParty | SimulateRoutingBodyDestinationsItemCustom]]
    #: Price lists of rails that need not be here, such as rtp or ach_same_day, each as a way of its own.
    schedules: NotRequired[list[str]]


class SimulateRoutingBodyAmount(TypedDict):
    asset: str
    #: Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a
    #: currency or token.
    amount: str


class SimulateRoutingBodyDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class SimulateRoutingBodyDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[SimulateRoutingBodyDestinationsItemLightningNodeRecordsItem]]


class SimulateRoutingBodyDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class SimulateRoutingBodyDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class SimulateRoutingBodyDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class SimulateRoutingBodyDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class SimulateRoutingBodyDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class SimulateRoutingBodyDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class SimulateRoutingBodyDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class SimulateRoutingBodyDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class SimulateRoutingBodyDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class SimulateRoutingBodyDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: str
    account: str


class Simulation(TypedDict):
    """What a payout would be decided as now. Nothing is held, sent or kept."""

    object: Literal["simulation"]
    #: RFC 3339, in UTC.
    at: str
    amount: CodedMoney
    #: A decimal number of whole units, never a float.
    worth_usd: str
    attempts_max: int
    #: A decimal number of whole units, never a float.
    expected_cost_usd: str
    #: A decimal number of whole units, never a float.
    cost_of_not_paying_usd: str
    #: What the cheapest fee first would be expected to cost, by the same terms.
    cheapest_first_cost_usd: NotRequired[str]
    order: list[int]
    would_change_if: NotRequired[SimulationWouldChangeIf]
    #: The routing policy that it was judged by.
    policy: NotRequired[SimulationPolicy]
    #: By which way the plan of its batch has it paid; another one had to cost so much less.
    planned: NotRequired[SimulationPlanned]
    #: In which parts it is paid, where it is too much for each way.
    parts: NotRequired[list[SimulationPartsItem]]
    #: Why it was sent when it was, where it could wait for a cheaper time.
    timing: NotRequired[SimulationTiming]
    prices: NotRequired[SimulationPrices]
    rates: list[dict[str, object]]
    candidates: list[SimulationCandidatesItem]


class SimulationWouldChangeIf(TypedDict):
    term: str
    #: A decimal number of whole units, never a float.
    now_usd: str
    #: A decimal number of whole units, never a float.
    must_rise_by_usd: str
    in_favour_of: int | None
    why: str


class SimulationPolicy(TypedDict):
    party: str
    version: int


class SimulationPlanned(TypedDict):
    rail: str
    destination: int
    #: A decimal number of whole units, never a float.
    prefer_usd: str


class SimulationPartsItem(TypedDict):
    rail: str
    destination: int
    amount: CodedMoney
    #: A decimal number of whole units, never a float.
    expected_cost_usd: str
    why: str


class SimulationTiming(TypedDict):
    #: RFC 3339, in UTC.
    cheapest_by: str
    reason: str
    why: str
    #: A decimal number of whole units, never a float.
    cost_usd: str
    #: A decimal number of whole units, never a float.
    lowest_usd: NotRequired[str]


class SimulationPrices(TypedDict):
    wait_nano_per_second: str
    capital_ppt_per_second: str


class SimulationCandidatesItem(TypedDict):
    rail: str
    destination: int
    verdict: str
    why: str
    rank: NotRequired[int]
    amount: NotRequired[CodedMoney]
    fee_max: NotRequired[CodedMoney]
    #: What it has otherwise than the first try of the same way, which failed.
    changed: NotRequired[list[str]]
    success_ppm: NotRequired[str]
    #: The chance as the rail says it, where earlier tries taught another.
    rail_ppm: NotRequired[str]
    #: Its seconds to good funds as the rail says them, where earlier payments taught other ones.
    rail_seconds: NotRequired[str]
    #: Its fee as the rail says it, where earlier payments or the operator say another.
    rail_fee_usd: NotRequired[str]
    #: When the payee has good funds if it is tried now and pays, on the rail’s own calendar.
    good_funds_at: NotRequired[str]
    terms: NotRequired[dict[str, str]]
    #: A decimal number of whole units, never a float.
    dearer_by_usd: NotRequired[str]
    inputs: NotRequired[SimulationCandidatesItemInputs]
    reason: NotRequired[str]
    schedule: NotRequired[str]
    title: NotRequired[str]
    source: NotRequired[str]


class SimulationCandidatesItemInputs(TypedDict):
    seconds_to_funds: str
    seconds_to_fail: str
    #: A decimal number of whole units, never a float.
    available_usd: str


class Split(TypedDict):
    id: str
    object: Literal["split"]
    split_id: str
    root: str
    #: A whole number as text, because it may be larger than a double holds.
    total_shares: str
    metadata_hash: str
    metadata: dict[str, str]
    payees: list[SplitPayeesItem]
    #: RFC 3339, in UTC.
    created_at: str


class SplitPayeesItem(TypedDict):
    party: str
    account: str
    paid_by: Literal["contract", "books"]
    #: A whole number as text, because it may be larger than a double holds.
    shares: str


class SplitSweep(TypedDict):
    """What was moved into the hub; 202 where a chain has not settled it yet, or refused it."""

    split: str
    outcome: Literal["settled", "failed", "unknown"]
    chains: list[SplitSweepChainsItem]


class SplitSweepChainsItem(TypedDict):
    rail: str
    outcome: Literal["settled", "failed", "unknown"]
    reason: NotRequired[str]
    evidence: NotRequired[str]


class StandingOrder(TypedDict):
    """A balance that is paid out by a calendar."""

    id: str
    object: Literal["standing_order"]
    party: str
    status: Literal["active", "paused", "ended"]
    every: Literal["hour", "day", "week", "month"]
    day: int | None
    hour: int | None
    amount: Money | None
    keep: Money
    when_above: Money | None
    fee_max: Money
    destination: StandingOrderDestinationLightningInvoice | StandingOrderDestinationLightningNode | StandingOrderDestinationLightningOffer | StandingOrderDestinationLightningAddress | StandingOrderDestinationLnurl | StandingOrderDestinationBitcoinUri | StandingOrderDestinationEvmAddress | StandingOrderDestinationIban | StandingOrderDestinationUsAccount | StandingOrderDestinationParty | StandingOrderDestinationCustom
    reference: str
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    next_run_at: str | None
    last_run: StandingOrderLastRun1 | None


class StandingOrderDestinationLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class StandingOrderDestinationLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[StandingOrderDestinationLightningNodeRecordsItem]]


class StandingOrderDestinationLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class StandingOrderDestinationLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class StandingOrderDestinationLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class StandingOrderDestinationLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class StandingOrderDestinationBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class StandingOrderDestinationEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class StandingOrderDestinationIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class StandingOrderDestinationUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class StandingOrderDestinationParty(TypedDict):
    kind: Literal["party"]
    party: str


class StandingOrderDestinationCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class StandingOrderLastRun1(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    payout: str | None
    failed: str | None


Statement = TypedDict(
    "Statement",
    {
        "object": "Literal[\"statement\"]",
        "party": "str",
        "from": "str",
        "to": "str",
        "time_zone": "str",
        "status": "Literal[\"final\", \"preliminary\"]",
        "until": "str",
        "value_currency": "str",
        "balances": "list[StatementBalance]",
        "data": "list[StatementMovement]",
        "has_more": "bool",
        "next": NotRequired["str"],
    },
)


StatementBalance = TypedDict(
    "StatementBalance",
    {
        "asset": "str",
        "asset_id": "str",
        "opening": "str",
        "in": "str",
        "out": "str",
        "closing": "str",
    },
)


class StatementMovement(TypedDict):
    #: RFC 3339, in UTC.
    at: str
    #: Its day in the time zone of the statement.
    date: str
    kind: Literal["payment", "split_share", "payout", "fee", "refund", "exchange", "top_up", "batch", "dispute", "correction", "other"]
    #: Negative where it went.
    amount: str
    asset: str
    asset_id: str
    #: In this asset, after it.
    balance: str
    #: The intent, receipt, payout, refund or other thing that it is of.
    of: str | None
    reference: str
    description: str
    entry: str
    #: null where no rate was known then.
    worth: Worth | None


class SubmitDisputeEvidenceBody(TypedDict):
    text: str
    references: NotRequired[list[SubmitDisputeEvidenceBodyReferencesItem]]


class SubmitDisputeEvidenceBodyReferencesItem(TypedDict):
    kind: Literal["receipt", "delivery", "log"]
    value: str


class Subscription(TypedDict):
    """Somebody who pays by a plan, an intent each period."""

    id: str
    object: Literal["subscription"]
    status: Literal["needs_consent", "trialing", "active", "past_due", "paused", "canceled"]
    plan: str
    party: NotRequired[str]
    split: NotRequired[str]
    subscriber: str | None
    amount: Money
    #: What its payer lets be taken in a period.
    amount_max: Money | None
    cancel_at_period_end: bool
    current_period: SubscriptionCurrentPeriod1 | None
    #: When something is done next: a period begins, or a payment is tried again.
    next_at: str | None
    metadata: dict[str, str]
    created_by: str
    #: RFC 3339, in UTC.
    created_at: str


SubscriptionCurrentPeriod1 = TypedDict(
    "SubscriptionCurrentPeriod1",
    {
        "index": "int",
        "from": "str",
        "to": "str",
        "payment_intent": "str",
        "page": "str",
        "paid": "bool",
        "tries_failed": "int",
    },
)


class Suspense(TypedDict):
    """Money that arrived and has no owner yet, and what a person should see."""

    data: list[SuspenseDataItem]
    waiting: list[SuspenseAction]
    exceptions: list[object]
    not_collected: list[dict[str, object]]
    exchanges: list[object]
    problems: list[SuspenseProblemsItem]


class SuspenseDataItem(TypedDict):
    id: str
    rail: str
    amount: Money
    reference: str
    payer: str
    remittance: str
    note: str
    #: RFC 3339, in UTC.
    at: str
    suggestions: list[dict[str, object]]


class SuspenseProblemsItem(TypedDict):
    rail: str
    what: str
    detail: str


class SuspenseAction(TypedDict):
    """What an operator does by hand with money of nobody, or asks another to agree to."""

    id: str
    object: Literal["suspense_action"]
    status: Literal["waiting", "booked", "canceled", "refused"] | str
    amount: Money
    what: Literal["assign", "refund", "write_off", "adjust", "end_attempt"]
    to: NotRequired[str]
    item: NotRequired[str]
    rail: NotRequired[str]
    payer: NotRequired[str]
    payout: NotRequired[str]
    destinations: NotRequired[list[SuspenseActionDestinationsItemLightningInvoice | SuspenseActionDestinationsItemLightningNode | SuspenseActionDestinationsItemLightningOffer | SuspenseActionDestinationsItemLightningAddress | SuspenseActionDestinationsItemLnurl | SuspenseActionDestinationsItemBitcoinUri | SuspenseActionDestinationsItemEvmAddress | SuspenseActionDestinationsItemIban | SuspenseActionDestinationsItemUsAccount | SuspenseActionDestinationsItemParty | SuspenseActionDestinationsItemCustom]]
    reference: NotRequired[str]
    debit: NotRequired[str]
    credit: NotRequired[str]
    attempt: NotRequired[str]
    outcome: NotRequired[Literal["settled", "failed"]]
    reason: str
    evidence: SuspenseActionEvidence
    by: str
    approved_by: str | None
    #: RFC 3339, in UTC.
    at: str
    refused: NotRequired[object]


class SuspenseActionDestinationsItemLightningInvoice(TypedDict):
    kind: Literal["lightning_invoice"]
    invoice: str


class SuspenseActionDestinationsItemLightningNode(TypedDict):
    kind: Literal["lightning_node"]
    node_id: str
    records: NotRequired[list[SuspenseActionDestinationsItemLightningNodeRecordsItem]]


class SuspenseActionDestinationsItemLightningNodeRecordsItem(TypedDict):
    type: str
    value: str


class SuspenseActionDestinationsItemLightningOffer(TypedDict):
    kind: Literal["lightning_offer"]
    offer: str


class SuspenseActionDestinationsItemLightningAddress(TypedDict):
    kind: Literal["lightning_address"]
    address: str


class SuspenseActionDestinationsItemLnurl(TypedDict):
    kind: Literal["lnurl"]
    lnurl: str


class SuspenseActionDestinationsItemBitcoinUri(TypedDict):
    kind: Literal["bitcoin_uri"]
    uri: str


class SuspenseActionDestinationsItemEvmAddress(TypedDict):
    kind: Literal["evm_address"]
    address: str


class SuspenseActionDestinationsItemIban(TypedDict):
    kind: Literal["iban"]
    iban: str
    name: str


class SuspenseActionDestinationsItemUsAccount(TypedDict):
    kind: Literal["us_account"]
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
    holder: NotRequired[Literal["person", "company"]]


class SuspenseActionDestinationsItemParty(TypedDict):
    kind: Literal["party"]
    party: str


class SuspenseActionDestinationsItemCustom(TypedDict):
    kind: Literal["custom"]
    rail: object
    account: str


class SuspenseActionEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class SweepSplitQuery(TypedDict):
    rail: NotRequired[str]


class TestClock(TypedDict):
    """What time it is for a gateway of a local network. There is none elsewhere."""

    object: Literal["test_clock"]
    #: RFC 3339, in UTC.
    now: str
    #: Before the machine’s own clock.
    ahead_s: int


class TracedPayment(TypedDict):
    id: str
    object: Literal["payment"]
    kind: Literal["intent", "request", "payout", "exchange"]
    status: str
    rail: str | None
    asset: str | None
    #: A whole number as text, because it may be larger than a double holds.
    units: str
    party: str | None
    receipt: str | None
    key: str | None
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    changed_at: str


class TrialBalance(TypedDict):
    """Sums in the smallest units of each asset."""

    data: list[TrialBalanceDataItem]
    has_more: bool
    next: NotRequired[str]
    head: TrialBalanceHead


class TrialBalanceDataItem(TypedDict):
    account: str
    asset: str
    asset_id: str
    #: A whole number as text, because it may be larger than a double holds.
    debits: str
    #: A whole number as text, because it may be larger than a double holds.
    credits: str
    #: A whole number as text, because it may be larger than a double holds.
    debits_pending: str
    #: A whole number as text, because it may be larger than a double holds.
    credits_pending: str


class TrialBalanceHead(TypedDict):
    seq: int
    hash: str


class TryRoutingPolicyAnswer(TypedDict):
    object: Literal["routing_policy_dry_run"]
    decisions: int
    #: How many would have begun with another way.
    otherwise: int
    #: How many would have had no way; they are in neither sum.
    excluded: int
    rules: list[str]
    #: By the operator’s prices; negative when it would have cost less.
    costs_more_usd: str
    slower_s: str
    #: False where more was paid in the week than is looked at: the newest 200 of its decisions, among the
    #: newest 1,000 payouts of all.
    whole: bool
    #: What the policy names and no rail here is: another network’s, or a slip of the pen.
    not_here: list[str]
    why: str


class TryRoutingPolicyBody(TypedDict):
    #: Only these rails, when there are any: `evm:8453`, or all of a kind, `evm`.
    allow: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    forbid: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    #: Every other rail is taken to cost prefer_by_usd more.
    prefer: NotRequired[list[Literal["lightning", "evm", "bank", "bank:us", "bank:us-same-day", "book", "custom"] | str]]
    prefer_by_usd: NotRequired[str]
    #: What waiting is worth, in hundredths of the operator’s price.
    wait_percent: NotRequired[int]
    #: The most that a rail may be expected to take.
    fee_max_usd: NotRequired[str]
    attempts_max: NotRequired[int]
    #: In so many parts a payout may be paid that is too much for each way: 4 when absent, 1 never.
    parts_max: NotRequired[int]


class UsedMandate(TypedDict):
    """The mandate by which an agent has paid."""

    agent: str
    payment_sha256: str
    checkout_sha256: str | None
    mandate_url: str


class Verification(TypedDict):
    """The ledger beside itself and beside each rail’s own word."""

    ok: bool
    #: RFC 3339, in UTC.
    at: str
    journal: VerificationJournal
    sums: list[VerificationSumsItem]
    rails: list[VerificationRailsItem]
    splits: list[VerificationSplitsItem]
    suspense: list[VerificationSuspenseItem]


class VerificationJournal(TypedDict):
    blocks: int
    head: str
    verdict: Literal["unbroken", "broken"]
    detail: NotRequired[str]


class VerificationSumsItem(TypedDict):
    asset: str
    debits: str
    credits: str
    verdict: Literal["equal", "in_flight", "break", "silent"]


class VerificationRailsItem(TypedDict):
    account: str
    asset: str
    ledger: str
    #: What the rail says; why there is no word of it where the verdict is silent.
    rail: str
    difference: str
    in_flight: list[VerificationRailsItemInFlightItem]
    verdict: Literal["equal", "in_flight", "break", "silent"]


class VerificationRailsItemInFlightItem(TypedDict):
    what: str
    #: A decimal number of whole units, never a float.
    amount: str


class VerificationSplitsItem(TypedDict):
    account: str
    asset: str
    ledger: str
    #: What the rail says; why there is no word of it where the verdict is silent.
    rail: str
    difference: str
    in_flight: list[VerificationSplitsItemInFlightItem]
    verdict: Literal["equal", "in_flight", "break", "silent"]


class VerificationSplitsItemInFlightItem(TypedDict):
    what: str
    #: A decimal number of whole units, never a float.
    amount: str


class VerificationSuspenseItem(TypedDict):
    account: str
    asset: str
    ledger: str
    #: What the rail says; why there is no word of it where the verdict is silent.
    rail: str
    difference: str
    in_flight: list[VerificationSuspenseItemInFlightItem]
    verdict: Literal["equal", "in_flight", "break", "silent"]


class VerificationSuspenseItemInFlightItem(TypedDict):
    what: str
    #: A decimal number of whole units, never a float.
    amount: str


VerifyBooksAnswer: TypeAlias = "Verification | RunningVerification"


VerifyLnurlInvoiceAnswer: TypeAlias = "LnurlVerification | WalletRefusal"


class Voucher(TypedDict):
    """accepted is what the payer owes in all, added what this one added."""

    object: Literal["voucher"]
    channel: str
    receipt: str
    accepted: Money
    added: Money


class VoucherClaims(TypedDict):
    split: str
    claims: list[VoucherClaimsClaimsItem]


class VoucherClaimsClaimsItem(TypedDict):
    rail: str
    outcome: Literal["settled", "failed", "unknown"]
    reason: NotRequired[str]
    closer: str
    vouchers: int
    value: Money
    expected_cost: Money
    evidence: NotRequired[str]
    cost: NotRequired[Money]


WaitingProgram = TypedDict(
    "WaitingProgram",
    {
        "object": "Literal[\"device_code\"]",
        "user_code": "str",
        "status": "Literal[\"pending\", \"denied\"]",
        "name": "str",
        "request_max": "Money | None",
        "day_max": "Money | None",
        "from": "str",
        "expires_at": "str",
    },
)


class WalletApp(TypedDict):
    id: str
    object: Literal["wallet_app"]
    party: str
    name: str
    status: Literal["active", "ended"]
    methods: list[Literal["get_info", "get_balance", "get_budget", "make_invoice", "pay_invoice", "pay_keysend", "lookup_invoice", "list_transactions"]]
    budget: Money
    period: Literal["never", "daily", "weekly", "monthly", "yearly"]
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    expires_at: str | None


class WalletRefusal(TypedDict):
    """What a wallet shows where it is refused (LUD-01)."""

    status: Literal["ERROR"]
    reason: str


class WebhookEndpoint(TypedDict):
    id: str
    object: Literal["webhook_endpoint"]
    url: str
    #: null: all.
    types: list[str] | None
    description: str | None
    status: Literal["enabled", "disabled"]
    #: failing: nothing arrived for three days; gone: the receiver answered 410.
    disabled_because: Literal["asked", "failing", "gone"] | None
    #: Where nothing has arrived for a day.
    failing_since: str | None
    party: str | None
    operator: str | None
    version: str
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str


class WithdrawByLnurlAnswerOK(TypedDict):
    status: Literal["OK"]


WithdrawByLnurlAnswer: TypeAlias = "WithdrawByLnurlAnswerOK | WalletRefusal"


class WithdrawByLnurlQuery(TypedDict):
    k1: str
    pr: str


class WithdrawFacilitatedResourceQuery(TypedDict):
    resource: str


class WithdrawLink(TypedDict):
    id: str
    object: Literal["withdraw_link"]
    party: str
    status: str
    amount: Money
    left: Money
    uses: int
    description: str
    metadata: dict[str, str]
    #: RFC 3339, in UTC.
    created_at: str
    #: RFC 3339, in UTC.
    expires_at: str


class Worth(TypedDict):
    """What an amount was worth when it moved, by the last rate that was written before."""

    #: A decimal number of whole units, never a float.
    amount: str
    asset: str
    #: The set of prices (rt_), the authority and its day, or configuration for a constant.
    rate_source: str
    #: Of when the rate is; null for a constant, which has no time.
    rate_at: str | None


class WriteOffSuspenseBody(TypedDict):
    #: The id of what waits, as GET /v1/suspense names it.
    item: str
    #: Decimal string in the asset that came; all that is left when absent.
    amount: NotRequired[str]
    reason: str
    evidence: WriteOffSuspenseBodyEvidence


class WriteOffSuspenseBodyEvidence(TypedDict):
    text: NotRequired[str]
    sha256: NotRequired[str]


class AgentChangedEvent(TypedDict):
    """It was paused, resumed or revoked."""

    id: str
    object: Literal["event"]
    type: Literal["agent.changed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: AgentChangedEventData


class AgentChangedEventData(TypedDict):
    id: str
    status: Literal["active", "paused", "revoked"]


class AgentCreatedEvent(TypedDict):
    """An agent may spend a balance within a policy."""

    id: str
    object: Literal["event"]
    type: Literal["agent.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: AgentCreatedEventData


class AgentCreatedEventData(TypedDict):
    id: str
    party: str
    name: str


class ApprovalAskedEvent(TypedDict):
    """Something waits for another person."""

    id: str
    object: Literal["event"]
    type: Literal["approval.asked"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalAskedEventData


class ApprovalAskedEventData(TypedDict):
    id: str
    what: str
    needs: list[Literal["party", "gateway"]]
    payout: str | None


class ApprovalExpiredEvent(TypedDict):
    """Nobody answered in time; what was held is free."""

    id: str
    object: Literal["event"]
    type: Literal["approval.expired"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalExpiredEventData


class ApprovalExpiredEventData(TypedDict):
    id: str


class ApprovalGivenEvent(TypedDict):
    """Another person has agreed."""

    id: str
    object: Literal["event"]
    type: Literal["approval.given"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalGivenEventData


ApprovalGivenEventData = TypedDict(
    "ApprovalGivenEventData",
    {
        "id": "str",
        "as": "Literal[\"party\", \"gateway\"]",
    },
)


class ApprovalLimitedEvent(TypedDict):
    """A party has another limit, or none."""

    id: str
    object: Literal["event"]
    type: Literal["approval.limited"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalLimitedEventData


class ApprovalLimitedEventData(TypedDict):
    id: str
    payouts_usd_max: str | None


class ApprovalRefusedEvent(TypedDict):
    """It was refused, or taken back; what was held is free."""

    id: str
    object: Literal["event"]
    type: Literal["approval.refused"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalRefusedEventData


class ApprovalRefusedEventData(TypedDict):
    id: str


class ApprovalUsedEvent(TypedDict):
    """What was approved has been done."""

    id: str
    object: Literal["event"]
    type: Literal["approval.used"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ApprovalUsedEventData


class ApprovalUsedEventData(TypedDict):
    id: str


class ChannelClaimedEvent(TypedDict):
    """What vouchers of a channel promised was taken on chain."""

    id: str
    object: Literal["event"]
    type: Literal["channel.claimed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ChannelClaimedEventData


class ChannelClaimedEventData(TypedDict):
    id: str
    rail: str
    split: str | None
    amount: ChannelClaimedEventDataAmount


class ChannelClaimedEventDataAmount(TypedDict):
    asset: str
    amount: str


class ChannelClosedEvent(TypedDict):
    """The rest of a channel went back to its payer."""

    id: str
    object: Literal["event"]
    type: Literal["channel.closed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ChannelClosedEventData


class ChannelClosedEventData(TypedDict):
    id: str
    rail: str
    split: str | None
    amount: ChannelClosedEventDataAmount


class ChannelClosedEventDataAmount(TypedDict):
    asset: str
    amount: str


class ChannelOpenedEvent(TypedDict):
    """A payer opened a channel by a deposit."""

    id: str
    object: Literal["event"]
    type: Literal["channel.opened"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ChannelOpenedEventData


class ChannelOpenedEventData(TypedDict):
    id: str
    rail: str
    split: str | None
    amount: ChannelOpenedEventDataAmount


class ChannelOpenedEventDataAmount(TypedDict):
    asset: str
    amount: str


class ChannelToppedUpEvent(TypedDict):
    """More was deposited in a channel."""

    id: str
    object: Literal["event"]
    type: Literal["channel.topped_up"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ChannelToppedUpEventData


class ChannelToppedUpEventData(TypedDict):
    id: str
    rail: str
    split: str | None
    amount: ChannelToppedUpEventDataAmount


class ChannelToppedUpEventDataAmount(TypedDict):
    asset: str
    amount: str


class DepositReceivedEvent(TypedDict):
    """Money came for a party by itself."""

    id: str
    object: Literal["event"]
    type: Literal["deposit.received"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DepositReceivedEventData


class DepositReceivedEventData(TypedDict):
    id: str
    party: str
    rail: str
    amount: DepositReceivedEventDataAmount


class DepositReceivedEventDataAmount(TypedDict):
    asset: str
    amount: str


class DisputeEvidenceSubmittedEvent(TypedDict):
    """Its payee has shown something against it."""

    id: str
    object: Literal["event"]
    type: Literal["dispute.evidence_submitted"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DisputeEvidenceSubmittedEventData


class DisputeEvidenceSubmittedEventData(TypedDict):
    id: str
    receipt: str
    amount: DisputeEvidenceSubmittedEventDataAmount


class DisputeEvidenceSubmittedEventDataAmount(TypedDict):
    asset: str
    amount: str


class DisputeExpiredEvent(TypedDict):
    """Its time was over without evidence: an operator decides."""

    id: str
    object: Literal["event"]
    type: Literal["dispute.expired"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DisputeExpiredEventData


class DisputeExpiredEventData(TypedDict):
    id: str
    receipt: str
    amount: DisputeExpiredEventDataAmount


class DisputeExpiredEventDataAmount(TypedDict):
    asset: str
    amount: str


class DisputeLostEvent(TypedDict):
    """It goes back to its payer, by the refund."""

    id: str
    object: Literal["event"]
    type: Literal["dispute.lost"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DisputeLostEventData


class DisputeLostEventData(TypedDict):
    id: str
    receipt: str
    amount: DisputeLostEventDataAmount
    cause: str
    refund: str | None


class DisputeLostEventDataAmount(TypedDict):
    asset: str
    amount: str


class DisputeOpenedEvent(TypedDict):
    """What was paid is contested, or a part of it, and in reserve until it is decided."""

    id: str
    object: Literal["event"]
    type: Literal["dispute.opened"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DisputeOpenedEventData


class DisputeOpenedEventData(TypedDict):
    id: str
    receipt: str
    amount: DisputeOpenedEventDataAmount
    payment_intent: str | None
    rail: str
    left: DisputeOpenedEventDataLeft
    reason: str
    evidence_due_at: str


class DisputeOpenedEventDataAmount(TypedDict):
    asset: str
    amount: str


class DisputeOpenedEventDataLeft(TypedDict):
    asset: str
    amount: str


class DisputeWonEvent(TypedDict):
    """Its payees have again what was taken from each."""

    id: str
    object: Literal["event"]
    type: Literal["dispute.won"]
    version: Literal[1]
    created_at: str
    subject: str
    data: DisputeWonEventData


class DisputeWonEventData(TypedDict):
    id: str
    receipt: str
    amount: DisputeWonEventDataAmount
    cause: str


class DisputeWonEventDataAmount(TypedDict):
    asset: str
    amount: str


class ErrandFailedEvent(TypedDict):
    """Its chain can not take it any more."""

    id: str
    object: Literal["event"]
    type: Literal["errand.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ErrandFailedEventData


class ErrandFailedEventData(TypedDict):
    id: str
    reason: str
    charged: bool


class ErrandSettledEvent(TypedDict):
    """Its chain has it for good."""

    id: str
    object: Literal["event"]
    type: Literal["errand.settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ErrandSettledEventData


class ErrandSettledEventData(TypedDict):
    id: str
    transaction: str


class ErrandTakenEvent(TypedDict):
    """A payment of a seller elsewhere will be carried to its chain."""

    id: str
    object: Literal["event"]
    type: Literal["errand.taken"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ErrandTakenEventData


class ErrandTakenEventData(TypedDict):
    id: str
    seller: str
    rail: str


class ExchangeCoveredEvent(TypedDict):
    """The payout was made although its payment was lost."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.covered"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeCoveredEventData


class ExchangeCoveredEventData(TypedDict):
    id: str


class ExchangeCreatedEvent(TypedDict):
    """A payment on one rail is to pay a payout on another."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeCreatedEventData


class ExchangeCreatedEventData(TypedDict):
    id: str
    party: str
    pay: str
    amount: ExchangeCreatedEventDataAmount
    payout: str
    payout_amount: ExchangeCreatedEventDataPayoutAmount
    expires_at: str


class ExchangeCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class ExchangeCreatedEventDataPayoutAmount(TypedDict):
    asset: str
    amount: str


class ExchangeCreditedEvent(TypedDict):
    """The payout failed after its payment was taken: its amount is on the balance."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.credited"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeCreditedEventData


class ExchangeCreditedEventData(TypedDict):
    id: str


class ExchangeDoubtedEvent(TypedDict):
    """The time to decide is over while the payout may have moved."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.doubted"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeDoubtedEventData


class ExchangeDoubtedEventData(TypedDict):
    id: str


class ExchangeHeldEvent(TypedDict):
    """The payment waits at the node."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.held"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeHeldEventData


class ExchangeHeldEventData(TypedDict):
    id: str
    decide_by: str


class ExchangeLostEvent(TypedDict):
    """The node gave the payment back while the payout may have moved."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.lost"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeLostEventData


class ExchangeLostEventData(TypedDict):
    id: str


class ExchangeReleasedEvent(TypedDict):
    """The payment went back, or was never made."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.released"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeReleasedEventData


class ExchangeReleasedEventData(TypedDict):
    id: str
    reason: str


class ExchangeTakenEvent(TypedDict):
    """The payment is ours."""

    id: str
    object: Literal["event"]
    type: Literal["exchange.taken"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ExchangeTakenEventData


class ExchangeTakenEventData(TypedDict):
    id: str
    stray: bool


class InvoiceIssuedEvent(TypedDict):
    """An intent has its invoice. Whether it is paid is told of the intent."""

    id: str
    object: Literal["event"]
    type: Literal["invoice.issued"]
    version: Literal[1]
    created_at: str
    subject: str
    data: InvoiceIssuedEventData


class InvoiceIssuedEventData(TypedDict):
    id: str
    number: str
    payment_intent: str
    payee: str
    amount: InvoiceIssuedEventDataAmount
    due_on: str
    metadata: dict[str, str]


class InvoiceIssuedEventDataAmount(TypedDict):
    asset: str
    amount: str


class KeyCreatedEvent(TypedDict):
    """An API key was made."""

    id: str
    object: Literal["event"]
    type: Literal["key.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: KeyCreatedEventData


class KeyCreatedEventData(TypedDict):
    id: str
    holder: str
    name: str
    hint: str
    ends_at: str | None


class KeyEndedEvent(TypedDict):
    """An API key was revoked, or ends because another takes its place."""

    id: str
    object: Literal["event"]
    type: Literal["key.ended"]
    version: Literal[1]
    created_at: str
    subject: str
    data: KeyEndedEventData


class KeyEndedEventData(TypedDict):
    id: str
    revoked: bool
    ends_at: str


class LightningAddressClosedEvent(TypedDict):
    """The name pays nobody any more."""

    id: str
    object: Literal["event"]
    type: Literal["lightning_address.closed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: LightningAddressClosedEventData


class LightningAddressClosedEventData(TypedDict):
    id: str


class LightningAddressCreatedEvent(TypedDict):
    """A name pays a party from now on."""

    id: str
    object: Literal["event"]
    type: Literal["lightning_address.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: LightningAddressCreatedEventData


class LightningAddressCreatedEventData(TypedDict):
    id: str
    party: str


class ListingPublishedEvent(TypedDict):
    """A seller lists what it sells, or says anew what it costs."""

    id: str
    object: Literal["event"]
    type: Literal["listing.published"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ListingPublishedEventData


class ListingPublishedEventData(TypedDict):
    party: str
    resource: str


class ListingWithdrawnEvent(TypedDict):
    """It is off the list."""

    id: str
    object: Literal["event"]
    type: Literal["listing.withdrawn"]
    version: Literal[1]
    created_at: str
    subject: str
    data: ListingWithdrawnEventData


class ListingWithdrawnEventData(TypedDict):
    party: str
    resource: str


class PartyCreatedEvent(TypedDict):
    """A party was registered."""

    id: str
    object: Literal["event"]
    type: Literal["party.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PartyCreatedEventData


class PartyCreatedEventData(TypedDict):
    id: str
    name: str


class PassBoughtEvent(TypedDict):
    """A payment bought a pass for many requests, or opened a session."""

    id: str
    object: Literal["event"]
    type: Literal["pass.bought"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PassBoughtEventData


class PassBoughtEventData(TypedDict):
    id: str
    receipt: str
    kind: str
    payee: str
    uses: int | None
    ends_at: str


class PassEndedEvent(TypedDict):
    """Its time is over; what was left is the payer’s or the payee’s."""

    id: str
    object: Literal["event"]
    type: Literal["pass.ended"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PassEndedEventData


class PassEndedEventData(TypedDict):
    id: str
    receipt: str
    left_to: str


class PassReturnedEvent(TypedDict):
    """What was left of a session was tried, once, to be paid back."""

    id: str
    object: Literal["event"]
    type: Literal["pass.returned"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PassReturnedEventData


class PassReturnedEventData(TypedDict):
    id: str
    receipt: str
    payout: str | None
    reason: str | None


class PassToppedUpEvent(TypedDict):
    """Another deposit was paid into a session."""

    id: str
    object: Literal["event"]
    type: Literal["pass.topped_up"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PassToppedUpEventData


class PassToppedUpEventData(TypedDict):
    id: str
    receipt: str
    amount: PassToppedUpEventDataAmount


class PassToppedUpEventDataAmount(TypedDict):
    asset: str
    amount: str


class PaymentFailedEvent(TypedDict):
    """The money did not come."""

    id: str
    object: Literal["event"]
    type: Literal["payment.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentFailedEventData


class PaymentFailedEventData(TypedDict):
    id: str
    payment_intent: str | None
    rail: str
    price: PaymentFailedEventDataPrice
    paid: PaymentFailedEventDataPaid
    resource: str
    reason: str | None
    transaction: str | None
    charged: PaymentFailedEventDataCharged1 | None
    part: PaymentFailedEventDataPart1 | None


class PaymentFailedEventDataPrice(TypedDict):
    asset: str
    amount: str


class PaymentFailedEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentFailedEventDataCharged1(TypedDict):
    asset: str
    amount: str


class PaymentFailedEventDataPart1(TypedDict):
    asset: str
    amount: str


class PaymentHeldEvent(TypedDict):
    """A request is paid by a promise that is collected after it, or what was collected is held again."""

    id: str
    object: Literal["event"]
    type: Literal["payment.held"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentHeldEventData


class PaymentHeldEventData(TypedDict):
    id: str
    payment_intent: str | None
    rail: str
    price: PaymentHeldEventDataPrice
    paid: PaymentHeldEventDataPaid
    resource: str
    reason: str | None
    transaction: str | None
    charged: PaymentHeldEventDataCharged1 | None
    part: PaymentHeldEventDataPart1 | None


class PaymentHeldEventDataPrice(TypedDict):
    asset: str
    amount: str


class PaymentHeldEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentHeldEventDataCharged1(TypedDict):
    asset: str
    amount: str


class PaymentHeldEventDataPart1(TypedDict):
    asset: str
    amount: str


class PaymentRefundDueEvent(TypedDict):
    """The money, or a part, goes back."""

    id: str
    object: Literal["event"]
    type: Literal["payment.refund_due"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentRefundDueEventData


class PaymentRefundDueEventData(TypedDict):
    id: str
    payment_intent: str | None
    rail: str
    price: PaymentRefundDueEventDataPrice
    paid: PaymentRefundDueEventDataPaid
    resource: str
    reason: str | None
    transaction: str | None
    charged: PaymentRefundDueEventDataCharged1 | None
    part: PaymentRefundDueEventDataPart1 | None


class PaymentRefundDueEventDataPrice(TypedDict):
    asset: str
    amount: str


class PaymentRefundDueEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentRefundDueEventDataCharged1(TypedDict):
    asset: str
    amount: str


class PaymentRefundDueEventDataPart1(TypedDict):
    asset: str
    amount: str


class PaymentRefundedEvent(TypedDict):
    """The money, or a part, is back with its payer."""

    id: str
    object: Literal["event"]
    type: Literal["payment.refunded"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentRefundedEventData


class PaymentRefundedEventData(TypedDict):
    id: str
    payment_intent: str | None
    rail: str
    price: PaymentRefundedEventDataPrice
    paid: PaymentRefundedEventDataPaid
    resource: str
    reason: str | None
    transaction: str | None
    charged: PaymentRefundedEventDataCharged1 | None
    part: PaymentRefundedEventDataPart1 | None


class PaymentRefundedEventDataPrice(TypedDict):
    asset: str
    amount: str


class PaymentRefundedEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentRefundedEventDataCharged1(TypedDict):
    asset: str
    amount: str


class PaymentRefundedEventDataPart1(TypedDict):
    asset: str
    amount: str


class PaymentSettledEvent(TypedDict):
    """The money has come for good."""

    id: str
    object: Literal["event"]
    type: Literal["payment.settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentSettledEventData


class PaymentSettledEventData(TypedDict):
    id: str
    payment_intent: str | None
    rail: str
    price: PaymentSettledEventDataPrice
    paid: PaymentSettledEventDataPaid
    resource: str
    reason: str | None
    transaction: str | None
    charged: PaymentSettledEventDataCharged1 | None
    part: PaymentSettledEventDataPart1 | None


class PaymentSettledEventDataPrice(TypedDict):
    asset: str
    amount: str


class PaymentSettledEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentSettledEventDataCharged1(TypedDict):
    asset: str
    amount: str


class PaymentSettledEventDataPart1(TypedDict):
    asset: str
    amount: str


class PaymentIntentCanceledEvent(TypedDict):
    """Its seller took it back before it was paid."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentCanceledEventData


class PaymentIntentCanceledEventData(TypedDict):
    id: str


class PaymentIntentCreatedEvent(TypedDict):
    """A seller wants something paid, once."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentCreatedEventData


class PaymentIntentCreatedEventData(TypedDict):
    id: str
    amount: PaymentIntentCreatedEventDataAmount
    payee: str
    metadata: dict[str, str]
    rails: list[str]
    expires_at: str


class PaymentIntentCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PaymentIntentExpiredEvent(TypedDict):
    """Its time passed before it was paid."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.expired"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentExpiredEventData


class PaymentIntentExpiredEventData(TypedDict):
    id: str


class PaymentIntentLateEvent(TypedDict):
    """A payment came after its end, and waits."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.late"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentLateEventData


class PaymentIntentLateEventData(TypedDict):
    id: str
    rail: str
    paid: PaymentIntentLateEventDataPaid


class PaymentIntentLateEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentIntentOverEvent(TypedDict):
    """More came than it asked for, or a second time: the surplus waits."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.over"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentOverEventData


class PaymentIntentOverEventData(TypedDict):
    id: str
    rail: str
    paid: PaymentIntentOverEventDataPaid


class PaymentIntentOverEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentIntentPartialEvent(TypedDict):
    """Less came than it asks for, and waits."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.partial"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentPartialEventData


class PaymentIntentPartialEventData(TypedDict):
    id: str
    rail: str
    paid: PaymentIntentPartialEventDataPaid


class PaymentIntentPartialEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentIntentRequotedEvent(TypedDict):
    """Offers whose time was over have fresh ones in their place."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.requoted"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentRequotedEventData


class PaymentIntentRequotedEventData(TypedDict):
    id: str
    rails: list[str]


class PaymentIntentSettledEvent(TypedDict):
    """It is paid, and closed."""

    id: str
    object: Literal["event"]
    type: Literal["payment_intent.settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentIntentSettledEventData


class PaymentIntentSettledEventData(TypedDict):
    id: str
    rail: str
    paid: PaymentIntentSettledEventDataPaid
    receipt: str


class PaymentIntentSettledEventDataPaid(TypedDict):
    asset: str
    amount: str


class PaymentLinkActivatedEvent(TypedDict):
    """It takes payments again."""

    id: str
    object: Literal["event"]
    type: Literal["payment_link.activated"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentLinkActivatedEventData


class PaymentLinkActivatedEventData(TypedDict):
    id: str


class PaymentLinkCreatedEvent(TypedDict):
    """A link by which many may pay, each an intent of his own."""

    id: str
    object: Literal["event"]
    type: Literal["payment_link.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentLinkCreatedEventData


class PaymentLinkCreatedEventData(TypedDict):
    id: str
    payee: str
    amount: PaymentLinkCreatedEventDataAmount1 | None
    amount_min: PaymentLinkCreatedEventDataAmountMin1 | None
    amount_max: PaymentLinkCreatedEventDataAmountMax1 | None
    metadata: dict[str, str]
    uses_max: int | None
    expires_at: str | None


class PaymentLinkCreatedEventDataAmount1(TypedDict):
    asset: str
    amount: str


class PaymentLinkCreatedEventDataAmountMin1(TypedDict):
    asset: str
    amount: str


class PaymentLinkCreatedEventDataAmountMax1(TypedDict):
    asset: str
    amount: str


class PaymentLinkDeactivatedEvent(TypedDict):
    """Nobody can begin to pay by it any more."""

    id: str
    object: Literal["event"]
    type: Literal["payment_link.deactivated"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PaymentLinkDeactivatedEventData


class PaymentLinkDeactivatedEventData(TypedDict):
    id: str


class PayoutCreatedEvent(TypedDict):
    """A payout is made, and its amount held."""

    id: str
    object: Literal["event"]
    type: Literal["payout.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutCreatedEventData


class PayoutCreatedEventData(TypedDict):
    id: str
    party: str | None
    amount: PayoutCreatedEventDataAmount
    reference: str
    net: str | None


class PayoutCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PayoutFailedEvent(TypedDict):
    """It can not be paid, and the hold is released."""

    id: str
    object: Literal["event"]
    type: Literal["payout.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutFailedEventData


class PayoutFailedEventData(TypedDict):
    id: str
    code: str
    net: str | None


class PayoutPartReturnedEvent(TypedDict):
    """A part of it came back, and is on the balance again."""

    id: str
    object: Literal["event"]
    type: Literal["payout.part_returned"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutPartReturnedEventData


class PayoutPartReturnedEventData(TypedDict):
    id: str
    part: str
    amount: PayoutPartReturnedEventDataAmount
    credited: PayoutPartReturnedEventDataCredited


class PayoutPartReturnedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PayoutPartReturnedEventDataCredited(TypedDict):
    asset: str
    amount: str


class PayoutPartedEvent(TypedDict):
    """It is too much for each way, so it is paid in parts: each is a payout of its own."""

    id: str
    object: Literal["event"]
    type: Literal["payout.parted"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutPartedEventData


class PayoutPartedEventData(TypedDict):
    id: str
    parts: list[PayoutPartedEventDataPartsItem]


class PayoutPartedEventDataPartsItem(TypedDict):
    id: str
    amount: PayoutPartedEventDataPartsItemAmount


class PayoutPartedEventDataPartsItemAmount(TypedDict):
    asset: str
    amount: str


class PayoutPartlySettledEvent(TypedDict):
    """Some of its parts were paid and the others can not be: the rest of its hold is released."""

    id: str
    object: Literal["event"]
    type: Literal["payout.partly_settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutPartlySettledEventData


class PayoutPartlySettledEventData(TypedDict):
    id: str
    paid: PayoutPartlySettledEventDataPaid
    released: PayoutPartlySettledEventDataReleased


class PayoutPartlySettledEventDataPaid(TypedDict):
    asset: str
    amount: str


class PayoutPartlySettledEventDataReleased(TypedDict):
    asset: str
    amount: str


class PayoutRecallAnsweredEvent(TypedDict):
    """It was answered; money comes as payout.returned."""

    id: str
    object: Literal["event"]
    type: Literal["payout.recall_answered"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutRecallAnsweredEventData


class PayoutRecallAnsweredEventData(TypedDict):
    id: str
    recall: str
    answer: str
    code: str | None


class PayoutRecallAskedEvent(TypedDict):
    """The bank is asked for what was paid."""

    id: str
    object: Literal["event"]
    type: Literal["payout.recall_asked"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutRecallAskedEventData


class PayoutRecallAskedEventData(TypedDict):
    id: str
    recall: str
    reason: str


class PayoutReturnedEvent(TypedDict):
    """What it had paid came back."""

    id: str
    object: Literal["event"]
    type: Literal["payout.returned"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutReturnedEventData


class PayoutReturnedEventData(TypedDict):
    id: str
    amount: PayoutReturnedEventDataAmount
    credited: PayoutReturnedEventDataCredited
    reason: str | None


class PayoutReturnedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PayoutReturnedEventDataCredited(TypedDict):
    asset: str
    amount: str


class PayoutSentEvent(TypedDict):
    """A try of it goes to its rail."""

    id: str
    object: Literal["event"]
    type: Literal["payout.sent"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutSentEventData


class PayoutSentEventData(TypedDict):
    id: str
    attempt: str
    rail: str
    amount: PayoutSentEventDataAmount


class PayoutSentEventDataAmount(TypedDict):
    asset: str
    amount: str


class PayoutSettledEvent(TypedDict):
    """It is paid."""

    id: str
    object: Literal["event"]
    type: Literal["payout.settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutSettledEventData


class PayoutSettledEventData(TypedDict):
    id: str
    rail: str | None
    fee: PayoutSettledEventDataFee1 | None
    net: str | None


class PayoutSettledEventDataFee1(TypedDict):
    asset: str
    amount: str


class PayoutUnknownEvent(TypedDict):
    """The rail did not say what became of a try; it is looked up, and not paid again."""

    id: str
    object: Literal["event"]
    type: Literal["payout.unknown"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutUnknownEventData


class PayoutUnknownEventData(TypedDict):
    id: str
    attempt: str
    stuck: bool


class PayoutBatchCanceledEvent(TypedDict):
    """What is no payout yet of a batch will not be one."""

    id: str
    object: Literal["event"]
    type: Literal["payout_batch.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutBatchCanceledEventData


class PayoutBatchCanceledEventData(TypedDict):
    id: str


class PayoutBatchCreatedEvent(TypedDict):
    """Many payouts were asked for in one call, and their money is set aside."""

    id: str
    object: Literal["event"]
    type: Literal["payout_batch.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutBatchCreatedEventData


class PayoutBatchCreatedEventData(TypedDict):
    id: str
    party: str
    amount: PayoutBatchCreatedEventDataAmount
    rows: int
    refused: int


class PayoutBatchCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PayoutBatchEndedEvent(TypedDict):
    """Every row of a batch has its end, and what its rows did not take is on the balance again."""

    id: str
    object: Literal["event"]
    type: Literal["payout_batch.ended"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PayoutBatchEndedEventData


class PayoutBatchEndedEventData(TypedDict):
    id: str
    settled: int
    failed: int
    refused: int
    canceled: int


class PlanCreatedEvent(TypedDict):
    """Something can be subscribed to."""

    id: str
    object: Literal["event"]
    type: Literal["plan.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PlanCreatedEventData


class PlanCreatedEventData(TypedDict):
    id: str
    payee: str
    amount: PlanCreatedEventDataAmount
    interval: str
    interval_count: int
    trial_days: int
    metadata: dict[str, str]


class PlanCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class PlanDeactivatedEvent(TypedDict):
    """Nobody new can subscribe to it."""

    id: str
    object: Literal["event"]
    type: Literal["plan.deactivated"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PlanDeactivatedEventData


class PlanDeactivatedEventData(TypedDict):
    id: str


class PlanRepricedEvent(TypedDict):
    """Periods that begin from now on cost something else."""

    id: str
    object: Literal["event"]
    type: Literal["plan.repriced"]
    version: Literal[1]
    created_at: str
    subject: str
    data: PlanRepricedEventData


class PlanRepricedEventData(TypedDict):
    id: str
    amount: PlanRepricedEventDataAmount


class PlanRepricedEventDataAmount(TypedDict):
    asset: str
    amount: str


class QuoteCreatedEvent(TypedDict):
    """What a payout costs and brings is promised until a time."""

    id: str
    object: Literal["event"]
    type: Literal["quote.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: QuoteCreatedEventData


class QuoteCreatedEventData(TypedDict):
    id: str
    party: str
    send: QuoteCreatedEventDataSend
    receive: QuoteCreatedEventDataReceive
    expires_at: str


class QuoteCreatedEventDataSend(TypedDict):
    asset: str
    amount: str


class QuoteCreatedEventDataReceive(TypedDict):
    asset: str
    amount: str


class QuoteExpiredEvent(TypedDict):
    """Nobody used it in time."""

    id: str
    object: Literal["event"]
    type: Literal["quote.expired"]
    version: Literal[1]
    created_at: str
    subject: str
    data: QuoteExpiredEventData


class QuoteExpiredEventData(TypedDict):
    id: str


class QuoteUsedEvent(TypedDict):
    """A payout was made of it."""

    id: str
    object: Literal["event"]
    type: Literal["quote.used"]
    version: Literal[1]
    created_at: str
    subject: str
    data: QuoteUsedEventData


class QuoteUsedEventData(TypedDict):
    id: str
    payout: str


class RefundCanceledEvent(TypedDict):
    """It was taken back before anything was paid."""

    id: str
    object: Literal["event"]
    type: Literal["refund.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundCanceledEventData


class RefundCanceledEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundCanceledEventDataAmount


class RefundCanceledEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundCreatedEvent(TypedDict):
    """What was paid goes back, or a part of it."""

    id: str
    object: Literal["event"]
    type: Literal["refund.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundCreatedEventData


class RefundCreatedEventData(TypedDict):
    id: str | None
    receipt: str
    payment_intent: str | None
    rail: str | None
    amount: RefundCreatedEventDataAmount
    left: RefundCreatedEventDataLeft
    way: str | None


class RefundCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundCreatedEventDataLeft(TypedDict):
    asset: str
    amount: str


class RefundExpiredEvent(TypedDict):
    """Nobody claimed it in its time: it is with those who have paid for it again."""

    id: str
    object: Literal["event"]
    type: Literal["refund.expired"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundExpiredEventData


class RefundExpiredEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundExpiredEventDataAmount


class RefundExpiredEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundFailedEvent(TypedDict):
    """It cannot be paid, and is with those who have paid for it again."""

    id: str
    object: Literal["event"]
    type: Literal["refund.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundFailedEventData


class RefundFailedEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundFailedEventDataAmount


class RefundFailedEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundNeedsClaimEvent(TypedDict):
    """It could not be paid there, or came back: its payer says where to."""

    id: str
    object: Literal["event"]
    type: Literal["refund.needs_claim"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundNeedsClaimEventData


class RefundNeedsClaimEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundNeedsClaimEventDataAmount
    payout: str | None


class RefundNeedsClaimEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundSentEvent(TypedDict):
    """A payout was made for it."""

    id: str
    object: Literal["event"]
    type: Literal["refund.sent"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundSentEventData


class RefundSentEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundSentEventDataAmount
    payout: str


class RefundSentEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundSucceededEvent(TypedDict):
    """It is with its payer."""

    id: str
    object: Literal["event"]
    type: Literal["refund.succeeded"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundSucceededEventData


class RefundSucceededEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundSucceededEventDataAmount


class RefundSucceededEventDataAmount(TypedDict):
    asset: str
    amount: str


class RefundUnknownEvent(TypedDict):
    """What became of its payout is not known; it is looked up, and not paid again."""

    id: str
    object: Literal["event"]
    type: Literal["refund.unknown"]
    version: Literal[1]
    created_at: str
    subject: str
    data: RefundUnknownEventData


class RefundUnknownEventData(TypedDict):
    id: str
    receipt: str
    amount: RefundUnknownEventDataAmount
    payout: str


class RefundUnknownEventDataAmount(TypedDict):
    asset: str
    amount: str


class SettlementTakenBackEvent(TypedDict):
    """A chain replaced the block of a settlement."""

    id: str
    object: Literal["event"]
    type: Literal["settlement.taken_back"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SettlementTakenBackEventData


class SettlementTakenBackEventData(TypedDict):
    id: str
    settlement: str
    rail: str
    amount: SettlementTakenBackEventDataAmount1 | None
    outcome: str
    payment: str | None


class SettlementTakenBackEventDataAmount1(TypedDict):
    asset: str
    amount: str


class SplitCreatedEvent(TypedDict):
    """A table of shares was registered."""

    id: str
    object: Literal["event"]
    type: Literal["split.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SplitCreatedEventData


class SplitCreatedEventData(TypedDict):
    id: str
    label: str
    payees: list[SplitCreatedEventDataPayeesItem]


class SplitCreatedEventDataPayeesItem(TypedDict):
    party: str
    shares: str


class StandingOrderChangedEvent(TypedDict):
    """It was paused, resumed or ended."""

    id: str
    object: Literal["event"]
    type: Literal["standing_order.changed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: StandingOrderChangedEventData


class StandingOrderChangedEventData(TypedDict):
    id: str
    status: Literal["active", "paused", "ended"]


class StandingOrderCreatedEvent(TypedDict):
    """A balance is paid out by a calendar from now on."""

    id: str
    object: Literal["event"]
    type: Literal["standing_order.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: StandingOrderCreatedEventData


class StandingOrderCreatedEventData(TypedDict):
    id: str
    party: str


class StandingOrderFailedEvent(TypedDict):
    """A run was refused, or its payout could not be paid; it is tried again in the next period."""

    id: str
    object: Literal["event"]
    type: Literal["standing_order.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: StandingOrderFailedEventData


class StandingOrderFailedEventData(TypedDict):
    id: str
    payout: str | None
    code: str
    detail: str


class StandingOrderRanEvent(TypedDict):
    """It has made a payout, or asked another person for it."""

    id: str
    object: Literal["event"]
    type: Literal["standing_order.ran"]
    version: Literal[1]
    created_at: str
    subject: str
    data: StandingOrderRanEventData


class StandingOrderRanEventData(TypedDict):
    id: str
    payout: str
    amount: StandingOrderRanEventDataAmount
    needs_approval: bool


class StandingOrderRanEventDataAmount(TypedDict):
    asset: str
    amount: str


class StandingOrderSkippedEvent(TypedDict):
    """There was nothing to pay."""

    id: str
    object: Literal["event"]
    type: Literal["standing_order.skipped"]
    version: Literal[1]
    created_at: str
    subject: str
    data: StandingOrderSkippedEventData


class StandingOrderSkippedEventData(TypedDict):
    id: str


class SubscriptionBegunEvent(TypedDict):
    """A period has begun, and has its intent."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.begun"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionBegunEventData


class SubscriptionBegunEventData(TypedDict):
    id: str
    period: int
    payment_intent: str
    page: str


class SubscriptionCanceledEvent(TypedDict):
    """It has ended: nothing more is taken."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionCanceledEventData


class SubscriptionCanceledEventData(TypedDict):
    id: str


class SubscriptionConsentedEvent(TypedDict):
    """Its payer lets it take what is due, or sets another limit."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.consented"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionConsentedEventData


class SubscriptionConsentedEventData(TypedDict):
    id: str


class SubscriptionCreatedEvent(TypedDict):
    """Somebody is to pay by a plan."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionCreatedEventData


class SubscriptionCreatedEventData(TypedDict):
    id: str
    plan: str
    payee: str
    subscriber: str | None
    starts_at: str
    metadata: dict[str, str]


class SubscriptionEndingEvent(TypedDict):
    """It ends with the period that it is in."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.ending"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionEndingEventData


class SubscriptionEndingEventData(TypedDict):
    id: str


class SubscriptionLapsedEvent(TypedDict):
    """The next period costs more than its payer lets be taken: it waits for his consent."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.lapsed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionLapsedEventData


class SubscriptionLapsedEventData(TypedDict):
    id: str
    amount: SubscriptionLapsedEventDataAmount


class SubscriptionLapsedEventDataAmount(TypedDict):
    asset: str
    amount: str


class SubscriptionPastDueEvent(TypedDict):
    """A period could not be taken, or is not paid after a day."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.past_due"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionPastDueEventData


class SubscriptionPastDueEventData(TypedDict):
    id: str
    period: int
    payment_intent: str
    page: str
    reason: str


class SubscriptionPausedEvent(TypedDict):
    """It rests until it is resumed: somebody asked for it, or a period was not paid in its time."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.paused"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionPausedEventData


class SubscriptionPausedEventData(TypedDict):
    id: str
    reason: str


class SubscriptionRenewedEvent(TypedDict):
    """A period is paid."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.renewed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionRenewedEventData


class SubscriptionRenewedEventData(TypedDict):
    id: str
    period: int
    payment_intent: str


class SubscriptionResumedEvent(TypedDict):
    """It goes on."""

    id: str
    object: Literal["event"]
    type: Literal["subscription.resumed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SubscriptionResumedEventData


class SubscriptionResumedEventData(TypedDict):
    id: str


class SuspenseMatchedEvent(TypedDict):
    """Money that waited was found to be of a payment."""

    id: str
    object: Literal["event"]
    type: Literal["suspense.matched"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseMatchedEventData


class SuspenseMatchedEventData(TypedDict):
    item: str
    receipt: str


class SuspenseOpenedEvent(TypedDict):
    """Money of nobody waits."""

    id: str
    object: Literal["event"]
    type: Literal["suspense.opened"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseOpenedEventData


class SuspenseOpenedEventData(TypedDict):
    id: str
    rail: str
    amount: SuspenseOpenedEventDataAmount
    reason: str


class SuspenseOpenedEventDataAmount(TypedDict):
    asset: str
    amount: str


class SuspenseTakenEvent(TypedDict):
    """An operator gave money that waited to somebody."""

    id: str
    object: Literal["event"]
    type: Literal["suspense.taken"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseTakenEventData


class SuspenseTakenEventData(TypedDict):
    id: str
    item: str
    amount: SuspenseTakenEventDataAmount


class SuspenseTakenEventDataAmount(TypedDict):
    asset: str
    amount: str


class SuspenseActionAskedEvent(TypedDict):
    """An operator asks for something about money of nobody."""

    id: str
    object: Literal["event"]
    type: Literal["suspense_action.asked"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseActionAskedEventData


class SuspenseActionAskedEventData(TypedDict):
    id: str
    what: str
    by: str


class SuspenseActionBookedEvent(TypedDict):
    """It stands in the books."""

    id: str
    object: Literal["event"]
    type: Literal["suspense_action.booked"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseActionBookedEventData


class SuspenseActionBookedEventData(TypedDict):
    id: str
    by: str


class SuspenseActionCanceledEvent(TypedDict):
    """It was taken back."""

    id: str
    object: Literal["event"]
    type: Literal["suspense_action.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseActionCanceledEventData


class SuspenseActionCanceledEventData(TypedDict):
    id: str
    by: str


class SuspenseActionRefusedEvent(TypedDict):
    """Its payout can never be made."""

    id: str
    object: Literal["event"]
    type: Literal["suspense_action.refused"]
    version: Literal[1]
    created_at: str
    subject: str
    data: SuspenseActionRefusedEventData


class SuspenseActionRefusedEventData(TypedDict):
    id: str
    detail: str


class WalletAppCreatedEvent(TypedDict):
    """An app may use a balance as its wallet."""

    id: str
    object: Literal["event"]
    type: Literal["wallet_app.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WalletAppCreatedEventData


class WalletAppCreatedEventData(TypedDict):
    id: str
    party: str
    name: str
    expires_at: str | None


class WalletAppRevokedEvent(TypedDict):
    """The app may do nothing any more."""

    id: str
    object: Literal["event"]
    type: Literal["wallet_app.revoked"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WalletAppRevokedEventData


class WalletAppRevokedEventData(TypedDict):
    id: str


class WebhookEndpointChangedEvent(TypedDict):
    """It is another URL, or others are brought."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.changed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointChangedEventData


class WebhookEndpointChangedEventData(TypedDict):
    id: str


class WebhookEndpointCreatedEvent(TypedDict):
    """Events are brought to a receiver from now on."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointCreatedEventData


class WebhookEndpointCreatedEventData(TypedDict):
    id: str


class WebhookEndpointDeletedEvent(TypedDict):
    """It is gone."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.deleted"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointDeletedEventData


class WebhookEndpointDeletedEventData(TypedDict):
    id: str


class WebhookEndpointDisabledEvent(TypedDict):
    """Nothing is brought there any more."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.disabled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointDisabledEventData


class WebhookEndpointDisabledEventData(TypedDict):
    id: str
    because: str


class WebhookEndpointEnabledEvent(TypedDict):
    """What has waited is brought again."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.enabled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointEnabledEventData


class WebhookEndpointEnabledEventData(TypedDict):
    id: str


class WebhookEndpointFailingEvent(TypedDict):
    """Nothing has arrived there for a day."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.failing"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointFailingEventData


class WebhookEndpointFailingEventData(TypedDict):
    id: str
    since: str


class WebhookEndpointRecoveredEvent(TypedDict):
    """Something has arrived again."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.recovered"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointRecoveredEventData


class WebhookEndpointRecoveredEventData(TypedDict):
    id: str


class WebhookEndpointRotatedEvent(TypedDict):
    """It has a new secret; the one before signs too for a while."""

    id: str
    object: Literal["event"]
    type: Literal["webhook_endpoint.rotated"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WebhookEndpointRotatedEventData


class WebhookEndpointRotatedEventData(TypedDict):
    id: str
    n: int
    former_until: str


class WithdrawLinkCanceledEvent(TypedDict):
    """The link is good no more."""

    id: str
    object: Literal["event"]
    type: Literal["withdraw_link.canceled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WithdrawLinkCanceledEventData


class WithdrawLinkCanceledEventData(TypedDict):
    id: str


class WithdrawLinkCreatedEvent(TypedDict):
    """Whoever holds a link may withdraw from a balance."""

    id: str
    object: Literal["event"]
    type: Literal["withdraw_link.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WithdrawLinkCreatedEventData


class WithdrawLinkCreatedEventData(TypedDict):
    id: str
    party: str
    uses: int
    expires_at: str


class WithdrawalCreatedEvent(TypedDict):
    """Coins of a rail’s own wallet are to leave."""

    id: str
    object: Literal["event"]
    type: Literal["withdrawal.created"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WithdrawalCreatedEventData


class WithdrawalCreatedEventData(TypedDict):
    id: str
    rail: str
    amount: WithdrawalCreatedEventDataAmount
    fee: WithdrawalCreatedEventDataFee


class WithdrawalCreatedEventDataAmount(TypedDict):
    asset: str
    amount: str


class WithdrawalCreatedEventDataFee(TypedDict):
    asset: str
    amount: str


class WithdrawalFailedEvent(TypedDict):
    """Nothing left."""

    id: str
    object: Literal["event"]
    type: Literal["withdrawal.failed"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WithdrawalFailedEventData


class WithdrawalFailedEventData(TypedDict):
    id: str
    detail: str


class WithdrawalSettledEvent(TypedDict):
    """They have left for good."""

    id: str
    object: Literal["event"]
    type: Literal["withdrawal.settled"]
    version: Literal[1]
    created_at: str
    subject: str
    data: WithdrawalSettledEventData


class WithdrawalSettledEventData(TypedDict):
    id: str
    transaction: str


Event: TypeAlias = "AgentChangedEvent | AgentCreatedEvent | ApprovalAskedEvent | ApprovalExpiredEvent | ApprovalGivenEvent | ApprovalLimitedEvent | ApprovalRefusedEvent | ApprovalUsedEvent | ChannelClaimedEvent | ChannelClosedEvent | ChannelOpenedEvent | ChannelToppedUpEvent | DepositReceivedEvent | DisputeEvidenceSubmittedEvent | DisputeExpiredEvent | DisputeLostEvent | DisputeOpenedEvent | DisputeWonEvent | ErrandFailedEvent | ErrandSettledEvent | ErrandTakenEvent | ExchangeCoveredEvent | ExchangeCreatedEvent | ExchangeCreditedEvent | ExchangeDoubtedEvent | ExchangeHeldEvent | ExchangeLostEvent | ExchangeReleasedEvent | ExchangeTakenEvent | InvoiceIssuedEvent | KeyCreatedEvent | KeyEndedEvent | LightningAddressClosedEvent | LightningAddressCreatedEvent | ListingPublishedEvent | ListingWithdrawnEvent | PartyCreatedEvent | PassBoughtEvent | PassEndedEvent | PassReturnedEvent | PassToppedUpEvent | PaymentFailedEvent | PaymentHeldEvent | PaymentRefundDueEvent | PaymentRefundedEvent | PaymentSettledEvent | PaymentIntentCanceledEvent | PaymentIntentCreatedEvent | PaymentIntentExpiredEvent | PaymentIntentLateEvent | PaymentIntentOverEvent | PaymentIntentPartialEvent | PaymentIntentRequotedEvent | PaymentIntentSettledEvent | PaymentLinkActivatedEvent | PaymentLinkCreatedEvent | PaymentLinkDeactivatedEvent | PayoutCreatedEvent | PayoutFailedEvent | PayoutPartReturnedEvent | PayoutPartedEvent | PayoutPartlySettledEvent | PayoutRecallAnsweredEvent | PayoutRecallAskedEvent | PayoutReturnedEvent | PayoutSentEvent | PayoutSettledEvent | PayoutUnknownEvent | PayoutBatchCanceledEvent | PayoutBatchCreatedEvent | PayoutBatchEndedEvent | PlanCreatedEvent | PlanDeactivatedEvent | PlanRepricedEvent | QuoteCreatedEvent | QuoteExpiredEvent | QuoteUsedEvent | RefundCanceledEvent | RefundCreatedEvent | RefundExpiredEvent | RefundFailedEvent | RefundNeedsClaimEvent | RefundSentEvent | RefundSucceededEvent | RefundUnknownEvent | SettlementTakenBackEvent | SplitCreatedEvent | StandingOrderChangedEvent | StandingOrderCreatedEvent | StandingOrderFailedEvent | StandingOrderRanEvent | StandingOrderSkippedEvent | SubscriptionBegunEvent | SubscriptionCanceledEvent | SubscriptionConsentedEvent | SubscriptionCreatedEvent | SubscriptionEndingEvent | SubscriptionLapsedEvent | SubscriptionPastDueEvent | SubscriptionPausedEvent | SubscriptionRenewedEvent | SubscriptionResumedEvent | SuspenseMatchedEvent | SuspenseOpenedEvent | SuspenseTakenEvent | SuspenseActionAskedEvent | SuspenseActionBookedEvent | SuspenseActionCanceledEvent | SuspenseActionRefusedEvent | WalletAppCreatedEvent | WalletAppRevokedEvent | WebhookEndpointChangedEvent | WebhookEndpointCreatedEvent | WebhookEndpointDeletedEvent | WebhookEndpointDisabledEvent | WebhookEndpointEnabledEvent | WebhookEndpointFailingEvent | WebhookEndpointRecoveredEvent | WebhookEndpointRotatedEvent | WithdrawLinkCanceledEvent | WithdrawLinkCreatedEvent | WithdrawalCreatedEvent | WithdrawalFailedEvent | WithdrawalSettledEvent"


class CreateAgentGiven1(NewAgent):
    api_key: str | None


class CreateAgentGiven2(Approval):
    api_key: str | None


CreateAgentGiven: TypeAlias = "CreateAgentGiven1 | CreateAgentGiven2"


class CreateKeyGiven1(NewKey):
    api_key: str | None


class CreateKeyGiven2(Approval):
    api_key: str | None


CreateKeyGiven: TypeAlias = "CreateKeyGiven1 | CreateKeyGiven2"


class RotateKeyGiven(NewKey):
    api_key: str | None


class CreatePartyGiven(NewParty):
    api_key: str | None


class CreateRefundGiven1(Refund):
    refund: str | None


class CreateRefundGiven2(Approval):
    refund: str | None


CreateRefundGiven: TypeAlias = "CreateRefundGiven1 | CreateRefundGiven2"


class CreateWebhookEndpointGiven(NewWebhookEndpoint):
    webhook_secret: str | None


class RotateWebhookSecretGiven(NewWebhookEndpoint):
    webhook_secret: str | None
