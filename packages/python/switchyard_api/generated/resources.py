# Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.
from __future__ import annotations

from typing import Unpack, cast

from .._call import Caller, Operation
from .._pages import Pages
from . import types

class Acts:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListActsQuery]) -> Pages[types.Act]:
        """Who changed what, when and from where, the newest first. GET /v1/acts (listActs)"""
        return Pages(lambda more: self._caller.call(Operation("listActs", "GET", "/v1/acts"), (), query={**query, **more}, timeout=timeout))


class Admissions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def answer(self, body: types.KeepAnswerBody, *, timeout: float | None = None) -> types.KeptAnswer:
        """What the work answered, before the payer sees it. POST /v1/admissions/answers (keepAnswer)"""
        return cast("types.KeptAnswer", self._caller.call(Operation("keepAnswer", "POST", "/v1/admissions/answers"), (), body=body, timeout=timeout))

    def batch(self, body: types.AdmitBatchBody, *, timeout: float | None = None) -> str:
        """
        Many of both calls in one; each is answered when its word is there, a line each. POST
        /v1/admissions/batches (admitBatch)
        """
        return cast("str", self._caller.call(Operation("admitBatch", "POST", "/v1/admissions/batches", text=True), (), body=body, timeout=timeout))

    def create(self, body: types.AdmitRequestBody, *, timeout: float | None = None) -> types.Admission:
        """What to do with a payer's request: run it, or answer it so. POST /v1/admissions (admitRequest)"""
        return cast("types.Admission", self._caller.call(Operation("admitRequest", "POST", "/v1/admissions"), (), body=body, timeout=timeout))


class Agents:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateAgentBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateAgentGiven:
        """
        Make an agent that spends a balance within a policy; its key is in a header of this answer, this
        once. POST /v1/agents (createAgent)
        """
        return cast("types.CreateAgentGiven", self._caller.call(Operation("createAgent", "POST", "/v1/agents", keyed=True, given={"switchyard-api-key": "api_key"}), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Agent:
        """One agent, and what it has left today. GET /v1/agents/{id} (getAgent)"""
        return cast("types.Agent", self._caller.call(Operation("getAgent", "GET", "/v1/agents/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListAgentsQuery]) -> types.ListAgentsAnswer:
        """The agents of a party, in the order in which they were made. GET /v1/agents (listAgents)"""
        return cast("types.ListAgentsAnswer", self._caller.call(Operation("listAgents", "GET", "/v1/agents"), (), query=dict(query), timeout=timeout))

    def mandate(self, id: str, *, timeout: float | None = None) -> types.KeptMandate:
        """
        The mandate that an agent was made with: its tokens as they were given, and the key that has signed
        them. GET /v1/agents/{id}/mandate (getAgentMandate)
        """
        return cast("types.KeptMandate", self._caller.call(Operation("getAgentMandate", "GET", "/v1/agents/{id}/mandate"), (id,), timeout=timeout))

    def pause(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Agent:
        """Let it spend nothing for a while. POST /v1/agents/{id}/pause (pauseAgent)"""
        return cast("types.Agent", self._caller.call(Operation("pauseAgent", "POST", "/v1/agents/{id}/pause", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def resume(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Agent:
        """Let a paused one spend again. POST /v1/agents/{id}/resume (resumeAgent)"""
        return cast("types.Agent", self._caller.call(Operation("resumeAgent", "POST", "/v1/agents/{id}/resume", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def revoke(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Agent:
        """End it at once and for good; what it has paid stays paid. POST /v1/agents/{id}/revoke (revokeAgent)"""
        return cast("types.Agent", self._caller.call(Operation("revokeAgent", "POST", "/v1/agents/{id}/revoke", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def statement(self, id: str, *, timeout: float | None = None, **query: Unpack[types.GetAgentStatementQuery]) -> types.GetAgentStatementAnswer:
        """
        What it has spent on a day, the newest first, each with its receipt. GET /v1/agents/{id}/statement
        (getAgentStatement)
        """
        return cast("types.GetAgentStatementAnswer", self._caller.call(Operation("getAgentStatement", "GET", "/v1/agents/{id}/statement"), (id,), query=dict(query), timeout=timeout))


class Approvals:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def approve(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.ApproveAnswer:
        """Agree, as another person than the one who asked. POST /v1/approvals/{id}/approve (approve)"""
        return cast("types.ApproveAnswer", self._caller.call(Operation("approve", "POST", "/v1/approvals/{id}/approve", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Approval:
        """What waits, or how it ended. GET /v1/approvals/{id} (getApproval)"""
        return cast("types.Approval", self._caller.call(Operation("getApproval", "GET", "/v1/approvals/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None) -> types.ListApprovalsAnswer:
        """
        What waits for another person, the oldest first; an operator sees what waits in suspense too. GET
        /v1/approvals (listApprovals)
        """
        return cast("types.ListApprovalsAnswer", self._caller.call(Operation("listApprovals", "GET", "/v1/approvals"), (), timeout=timeout))

    def refuse(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.RefuseAnswer:
        """Say no, or take back what one has asked for oneself. POST /v1/approvals/{id}/refuse (refuse)"""
        return cast("types.RefuseAnswer", self._caller.call(Operation("refuse", "POST", "/v1/approvals/{id}/refuse", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))


class Audit:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def checkpoint(self, *, timeout: float | None = None) -> str:
        """The newest signed tree head (C2SP tlog-checkpoint). GET /v1/audit/checkpoint (getAuditCheckpoint)"""
        return cast("str", self._caller.call(Operation("getAuditCheckpoint", "GET", "/v1/audit/checkpoint", text=True), (), timeout=timeout))

    def consistency(self, *, timeout: float | None = None, **query: Unpack[types.GetAuditConsistencyQuery]) -> types.GetAuditConsistencyAnswer:
        """
        Proof that one checkpoint is the beginning of another (RFC 6962). GET /v1/audit/consistency
        (getAuditConsistency)
        """
        return cast("types.GetAuditConsistencyAnswer", self._caller.call(Operation("getAuditConsistency", "GET", "/v1/audit/consistency"), (), query=dict(query), timeout=timeout))

    def inclusion(self, id: str, *, timeout: float | None = None) -> str:
        """
        Proof that a receipt is in the log (C2SP tlog-proof). GET /v1/audit/inclusion/{id}
        (getAuditInclusion)
        """
        return cast("str", self._caller.call(Operation("getAuditInclusion", "GET", "/v1/audit/inclusion/{id}", text=True), (id,), timeout=timeout))

    def key(self, *, timeout: float | None = None) -> str:
        """The key of the log, as verifiers of signed notes take it. GET /v1/audit/key (getAuditKey)"""
        return cast("str", self._caller.call(Operation("getAuditKey", "GET", "/v1/audit/key", text=True), (), timeout=timeout))


class BalanceSheet:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, *, timeout: float | None = None, **query: Unpack[types.GetBalanceSheetQuery]) -> types.BalanceSheet:
        """
        What is held, owed and own, in each asset and in the reporting currency. GET /v1/balance_sheet
        (getBalanceSheet)
        """
        return cast("types.BalanceSheet", self._caller.call(Operation("getBalanceSheet", "GET", "/v1/balance_sheet"), (), query=dict(query), timeout=timeout))


class Balances:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, timeout: float | None = None, **query: Unpack[types.GetTrialBalanceQuery]) -> Pages[types.GetTrialBalanceItem]:
        """
        The trial balance: every account, in the order in which they were first booked on. GET /v1/balances
        (getTrialBalance)
        """
        return Pages(lambda more: self._caller.call(Operation("getTrialBalance", "GET", "/v1/balances"), (), query={**query, **more}, timeout=timeout))


class Channels:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str, *, timeout: float | None = None, **query: Unpack[types.GetChannelQuery]) -> types.Channel:
        """A channel. GET /v1/channels/{id} (getChannel)"""
        return cast("types.Channel", self._caller.call(Operation("getChannel", "GET", "/v1/channels/{id}"), (id,), query=dict(query), timeout=timeout))

    def open(self, body: types.OpenChannelBody, *, timeout: float | None = None) -> types.OpenChannelAnswer:
        """Open a channel, or top one up, by a signature; no gas needed. POST /v1/channels (openChannel)"""
        return cast("types.OpenChannelAnswer", self._caller.call(Operation("openChannel", "POST", "/v1/channels"), (), body=body, timeout=timeout))

    def pay(self, id: str, body: types.PayByVoucherBody, *, timeout: float | None = None, **query: Unpack[types.PayByVoucherQuery]) -> types.Voucher:
        """Pay by a voucher. POST /v1/channels/{id}/vouchers (payByVoucher)"""
        return cast("types.Voucher", self._caller.call(Operation("payByVoucher", "POST", "/v1/channels/{id}/vouchers"), (id,), body=body, query=dict(query), timeout=timeout))


class Decisions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str, *, timeout: float | None = None) -> types.GetDecisionAnswer:
        """
        Why a payout took the rail it took, or an intent offers its rails in this order. GET
        /v1/decisions/{id} (getDecision)
        """
        return cast("types.GetDecisionAnswer", self._caller.call(Operation("getDecision", "GET", "/v1/decisions/{id}"), (id,), timeout=timeout))


class DeviceCodes:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateDeviceCodeBody, *, timeout: float | None = None) -> types.DeviceCode:
        """
        A code by which a person makes the program that asks an agent. POST /v1/device_codes
        (createDeviceCode)
        """
        return cast("types.DeviceCode", self._caller.call(Operation("createDeviceCode", "POST", "/v1/device_codes"), (), body=body, timeout=timeout))

    def deny(self, id: str, *, timeout: float | None = None) -> types.WaitingProgram:
        """Say no; the program is told. POST /v1/device_codes/{id}/deny (denyDeviceCode)"""
        return cast("types.WaitingProgram", self._caller.call(Operation("denyDeviceCode", "POST", "/v1/device_codes/{id}/deny"), (id,), timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.WaitingProgram:
        """What a program asks for, as it says itself. GET /v1/device_codes/{id} (getDeviceCode)"""
        return cast("types.WaitingProgram", self._caller.call(Operation("getDeviceCode", "GET", "/v1/device_codes/{id}"), (id,), timeout=timeout))

    def grant(self, id: str, body: types.GrantDeviceCodeBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.GrantDeviceCodeAnswer:
        """
        Make the program an agent, with the limits that this says and not those that it asked for. POST
        /v1/device_codes/{id}/grant (grantDeviceCode)
        """
        return cast("types.GrantDeviceCodeAnswer", self._caller.call(Operation("grantDeviceCode", "POST", "/v1/device_codes/{id}/grant", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def key(self, body: types.GetDeviceKeyBody, *, timeout: float | None = None) -> types.DeviceKey:
        """
        The key of a code that was granted; else why there is none, by its code. POST
        /v1/device_codes/token (getDeviceKey)
        """
        return cast("types.DeviceKey", self._caller.call(Operation("getDeviceKey", "POST", "/v1/device_codes/token"), (), body=body, timeout=timeout))


class Disputes:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def accept(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.AcceptDisputeAnswer:
        """
        Give a dispute up: it is lost, and goes back to its payer. POST /v1/disputes/{id}/accept
        (acceptDispute)
        """
        return cast("types.AcceptDisputeAnswer", self._caller.call(Operation("acceptDispute", "POST", "/v1/disputes/{id}/accept", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def decide(self, id: str, body: types.DecideDisputeBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.DecideDisputeAnswer:
        """Decide a dispute, once. POST /v1/disputes/{id}/decide (decideDispute)"""
        return cast("types.DecideDisputeAnswer", self._caller.call(Operation("decideDispute", "POST", "/v1/disputes/{id}/decide", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Dispute:
        """One dispute, with its evidence. GET /v1/disputes/{id} (getDispute)"""
        return cast("types.Dispute", self._caller.call(Operation("getDispute", "GET", "/v1/disputes/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListDisputesQuery]) -> Pages[types.Dispute]:
        """Disputes, newest first; a party sees those of what it was paid. GET /v1/disputes (listDisputes)"""
        return Pages(lambda more: self._caller.call(Operation("listDisputes", "GET", "/v1/disputes"), (), query={**query, **more}, timeout=timeout))

    def open(self, body: types.OpenDisputeBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Dispute:
        """
        Open a dispute of what was paid: what it would cost its payees is in reserve until it is decided.
        POST /v1/disputes (openDispute)
        """
        return cast("types.Dispute", self._caller.call(Operation("openDispute", "POST", "/v1/disputes", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def submit_evidence(self, id: str, body: types.SubmitDisputeEvidenceBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Dispute:
        """Show evidence against a dispute. POST /v1/disputes/{id}/evidence (submitDisputeEvidence)"""
        return cast("types.Dispute", self._caller.call(Operation("submitDisputeEvidence", "POST", "/v1/disputes/{id}/evidence", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))


class Events:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str, *, timeout: float | None = None) -> types.Event:
        """One event. GET /v1/events/{id} (getEvent)"""
        return cast("types.Event", self._caller.call(Operation("getEvent", "GET", "/v1/events/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListEventsQuery]) -> Pages[types.Event]:
        """
        What happened, the oldest first; with `Accept: text/event-stream` as a stream that goes on
        (`Last-Event-ID`). GET /v1/events (listEvents)
        """
        return Pages(lambda more: self._caller.call(Operation("listEvents", "GET", "/v1/events"), (), query={**query, **more}, timeout=timeout))


class Exchanges:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateExchangeBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateExchangeAnswer:
        """Take a payment on one rail only if a payout on another is made. POST /v1/exchanges (createExchange)"""
        return cast("types.CreateExchangeAnswer", self._caller.call(Operation("createExchange", "POST", "/v1/exchanges", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Exchange:
        """Where an exchange stands. GET /v1/exchanges/{id} (getExchange)"""
        return cast("types.Exchange", self._caller.call(Operation("getExchange", "GET", "/v1/exchanges/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListExchangesQuery]) -> Pages[types.Exchange]:
        """Newest first; a party sees its own. GET /v1/exchanges (listExchanges)"""
        return Pages(lambda more: self._caller.call(Operation("listExchanges", "GET", "/v1/exchanges"), (), query={**query, **more}, timeout=timeout))


class Intents:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PaymentIntent:
        """Cancel an open intent. POST /v1/payment_intents/{id}/cancel (cancelPaymentIntent)"""
        return cast("types.PaymentIntent", self._caller.call(Operation("cancelPaymentIntent", "POST", "/v1/payment_intents/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreatePaymentIntentBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PaymentIntent:
        """
        Create an intent; answers offers over all rails, the one that costs all sides least first. POST
        /v1/payment_intents (createPaymentIntent)
        """
        return cast("types.PaymentIntent", self._caller.call(Operation("createPaymentIntent", "POST", "/v1/payment_intents", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.GetPaymentIntentAnswer:
        """
        One intent; to who is not its payee, what it takes to pay it. GET /v1/payment_intents/{id}
        (getPaymentIntent)
        """
        return cast("types.GetPaymentIntentAnswer", self._caller.call(Operation("getPaymentIntent", "GET", "/v1/payment_intents/{id}"), (id,), timeout=timeout))

    def hand_over(self, id: str, body: types.HandOverAuthorizationBody, *, timeout: float | None = None) -> types.HandedOver:
        """
        Hand over a signed authorization that pays the intent; needs no key. POST /pay/{id}/authorization
        (handOverAuthorization)
        """
        return cast("types.HandedOver", self._caller.call(Operation("handOverAuthorization", "POST", "/pay/{id}/authorization"), (id,), body=body, timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPaymentIntentsQuery]) -> Pages[types.ListedPaymentIntent]:
        """Newest first; a party sees those that pay it. GET /v1/payment_intents (listPaymentIntents)"""
        return Pages(lambda more: self._caller.call(Operation("listPaymentIntents", "GET", "/v1/payment_intents"), (), query={**query, **more}, timeout=timeout))

    def page(self, id: str, *, timeout: float | None = None) -> str:
        """
        A page to pay the intent on, in the language of the browser: QR codes, WebLN, browser wallets,
        bank. GET /pay/{id} (showPaymentPage)
        """
        return cast("str", self._caller.call(Operation("showPaymentPage", "GET", "/pay/{id}", text=True), (id,), timeout=timeout))

    def pay(self, id: str, body: types.PayPaymentIntentBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PayPaymentIntentAnswer:
        """
        Pay from a balance, or hand over a signed authorization. POST /v1/payment_intents/{id}/pay
        (payPaymentIntent)
        """
        return cast("types.PayPaymentIntentAnswer", self._caller.call(Operation("payPaymentIntent", "POST", "/v1/payment_intents/{id}/pay", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))


class Invoices:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateInvoiceBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Invoice:
        """
        Issue the invoice of a payment intent, under the next number of its payee. POST /v1/invoices
        (createInvoice)
        """
        return cast("types.Invoice", self._caller.call(Operation("createInvoice", "POST", "/v1/invoices", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Invoice:
        """One invoice, and whether it is paid. GET /v1/invoices/{id} (getInvoice)"""
        return cast("types.Invoice", self._caller.call(Operation("getInvoice", "GET", "/v1/invoices/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListInvoicesQuery]) -> Pages[types.Invoice]:
        """Newest first; a party sees those that it issued. GET /v1/invoices (listInvoices)"""
        return Pages(lambda more: self._caller.call(Operation("listInvoices", "GET", "/v1/invoices"), (), query={**query, **more}, timeout=timeout))

    def xml(self, id: str, *, timeout: float | None = None) -> str:
        """The e-invoice: UBL 2.1 by EN 16931. GET /v1/invoices/{id}.xml (getInvoiceXml)"""
        return cast("str", self._caller.call(Operation("getInvoiceXml", "GET", "/v1/invoices/{id}.xml", text=True), (id,), timeout=timeout))


class Keys:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateKeyBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateKeyGiven:
        """
        Make a key, with fewer rights where wanted; its secret is in a header of this answer, this once.
        POST /v1/keys (createKey)
        """
        return cast("types.CreateKeyGiven", self._caller.call(Operation("createKey", "POST", "/v1/keys", keyed=True, given={"switchyard-api-key": "api_key"}), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Key:
        """One key, without its secret. GET /v1/keys/{id} (getKey)"""
        return cast("types.Key", self._caller.call(Operation("getKey", "GET", "/v1/keys/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListKeysQuery]) -> Pages[types.Key]:
        """
        Keys in the order in which they were made, and of those that have ended the newest. GET /v1/keys
        (listKeys)
        """
        return Pages(lambda more: self._caller.call(Operation("listKeys", "GET", "/v1/keys"), (), query={**query, **more}, timeout=timeout))

    def revoke(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Key:
        """End a key at once; what it has begun goes on. POST /v1/keys/{id}/revoke (revokeKey)"""
        return cast("types.Key", self._caller.call(Operation("revokeKey", "POST", "/v1/keys/{id}/revoke", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def rotate(self, id: str, body: types.RotateKeyBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.RotateKeyGiven:
        """
        Make another key of the same terms; the old one ends after an overlap. POST /v1/keys/{id}/rotate
        (rotateKey)
        """
        return cast("types.RotateKeyGiven", self._caller.call(Operation("rotateKey", "POST", "/v1/keys/{id}/rotate", keyed=True, given={"switchyard-api-key": "api_key"}), (id,), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))


class Ledger:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def accounting(self, *, timeout: float | None = None, **query: Unpack[types.GetAccountingJournalQuery]) -> str:
        """
        Every entry of a period as double entry in CSV, in accounts of the bookkeeper’s own. GET
        /v1/ledger/accounting (getAccountingJournal)
        """
        return cast("str", self._caller.call(Operation("getAccountingJournal", "GET", "/v1/ledger/accounting", text=True), (), query=dict(query), timeout=timeout))

    def balances(self, *, timeout: float | None = None, **query: Unpack[types.ListLedgerBalancesQuery]) -> types.ListLedgerBalancesAnswer:
        """Accounts under a path, now or at a past time. GET /v1/ledger/balances (listLedgerBalances)"""
        return cast("types.ListLedgerBalancesAnswer", self._caller.call(Operation("listLedgerBalances", "GET", "/v1/ledger/balances"), (), query=dict(query), timeout=timeout))

    def entry(self, id: str, *, timeout: float | None = None) -> types.LedgerEntry:
        """An entry with its legs. GET /v1/ledger/entries/{id} (getLedgerEntry)"""
        return cast("types.LedgerEntry", self._caller.call(Operation("getLedgerEntry", "GET", "/v1/ledger/entries/{id}"), (id,), timeout=timeout))

    def find_payments(self, *, timeout: float | None = None, **query: Unpack[types.FindLedgerPaymentsQuery]) -> types.FindLedgerPaymentsAnswer:
        """Payments by a value of their metadata, newest first. GET /v1/ledger/payments (findLedgerPayments)"""
        return cast("types.FindLedgerPaymentsAnswer", self._caller.call(Operation("findLedgerPayments", "GET", "/v1/ledger/payments"), (), query=dict(query), timeout=timeout))

    def history(self, *, timeout: float | None = None, **query: Unpack[types.ListLedgerHistoryQuery]) -> types.ListLedgerHistoryAnswer:
        """The changes of an account, newest first. GET /v1/ledger/history (listLedgerHistory)"""
        return cast("types.ListLedgerHistoryAnswer", self._caller.call(Operation("listLedgerHistory", "GET", "/v1/ledger/history"), (), query=dict(query), timeout=timeout))

    def lag(self, *, timeout: float | None = None) -> types.LedgerLag:
        """How far reads are behind the journal. GET /v1/ledger/lag (getLedgerLag)"""
        return cast("types.LedgerLag", self._caller.call(Operation("getLedgerLag", "GET", "/v1/ledger/lag"), (), timeout=timeout))

    def payment(self, id: str, *, timeout: float | None = None) -> types.PaymentTrace:
        """A payment with its facts and entries. GET /v1/ledger/payments/{id} (getLedgerPayment)"""
        return cast("types.PaymentTrace", self._caller.call(Operation("getLedgerPayment", "GET", "/v1/ledger/payments/{id}"), (id,), timeout=timeout))

    def profit(self, *, timeout: float | None = None, **query: Unpack[types.GetProfitQuery]) -> types.Profit:
        """
        What was earned in a period, by where it came from, in each asset and in the reporting currency.
        GET /v1/ledger/profit (getProfit)
        """
        return cast("types.Profit", self._caller.call(Operation("getProfit", "GET", "/v1/ledger/profit"), (), query=dict(query), timeout=timeout))

    def verify(self, *, timeout: float | None = None) -> types.VerifyBooksAnswer:
        """
        Compare the ledger with itself and with every rail; 202 with how far it is while a long journal is
        read. GET /v1/verify (verifyBooks)
        """
        return cast("types.VerifyBooksAnswer", self._caller.call(Operation("verifyBooks", "GET", "/v1/verify"), (), timeout=timeout))


class Lightning:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def destination(self, *, timeout: float | None = None, **query: Unpack[types.GetLightningDestinationQuery]) -> types.LightningDestination:
        """
        On what terms a Lightning Address or LNURL of others can be paid; asks its server. GET
        /v1/lightning_destinations (getLightningDestination)
        """
        return cast("types.LightningDestination", self._caller.call(Operation("getLightningDestination", "GET", "/v1/lightning_destinations"), (), query=dict(query), timeout=timeout))

    def node(self, *, timeout: float | None = None) -> types.LightningNode:
        """
        The Lightning node: channels, liquidity, what is stuck, how payments go. GET /v1/lightning
        (getLightningNode)
        """
        return cast("types.LightningNode", self._caller.call(Operation("getLightningNode", "GET", "/v1/lightning"), (), timeout=timeout))

    def quote(self, body: types.QuoteLightningPaymentBody, *, timeout: float | None = None) -> types.LightningQuote:
        """What a payment would cost now; nothing is sent. POST /v1/lightning/quote (quoteLightningPayment)"""
        return cast("types.LightningQuote", self._caller.call(Operation("quoteLightningPayment", "POST", "/v1/lightning/quote"), (), body=body, timeout=timeout))

    def withdraw(self, body: types.CreateNodeWithdrawalBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.NodeWithdrawal:
        """
        Send money of the node's own wallet to an address. POST /v1/lightning/withdrawals
        (createNodeWithdrawal)
        """
        return cast("types.NodeWithdrawal", self._caller.call(Operation("createNodeWithdrawal", "POST", "/v1/lightning/withdrawals", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def withdrawal(self, id: str, *, timeout: float | None = None) -> types.NodeWithdrawal:
        """How far a withdrawal is. GET /v1/lightning/withdrawals/{id} (getNodeWithdrawal)"""
        return cast("types.NodeWithdrawal", self._caller.call(Operation("getNodeWithdrawal", "GET", "/v1/lightning/withdrawals/{id}"), (id,), timeout=timeout))

    def withdrawals(self, *, timeout: float | None = None) -> types.ListNodeWithdrawalsAnswer:
        """Withdrawals, newest first, 100 at most. GET /v1/lightning/withdrawals (listNodeWithdrawals)"""
        return cast("types.ListNodeWithdrawalsAnswer", self._caller.call(Operation("listNodeWithdrawals", "GET", "/v1/lightning/withdrawals"), (), timeout=timeout))


class LightningAddresses:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def close(self, name: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CloseLightningAddressAnswer:
        """
        End an address; its name stays taken. POST /v1/lightning_addresses/{name}/close
        (closeLightningAddress)
        """
        return cast("types.CloseLightningAddressAnswer", self._caller.call(Operation("closeLightningAddress", "POST", "/v1/lightning_addresses/{name}/close", keyed=True), (name,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreateLightningAddressBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.LightningAddress:
        """
        Give a party a name@host that it is paid under. POST /v1/lightning_addresses
        (createLightningAddress)
        """
        return cast("types.LightningAddress", self._caller.call(Operation("createLightningAddress", "POST", "/v1/lightning_addresses", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, name: str, *, timeout: float | None = None) -> types.PaidLightningAddress:
        """
        One address, with the latest payments to it. GET /v1/lightning_addresses/{name}
        (getLightningAddress)
        """
        return cast("types.PaidLightningAddress", self._caller.call(Operation("getLightningAddress", "GET", "/v1/lightning_addresses/{name}"), (name,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListLightningAddressesQuery]) -> Pages[types.LightningAddress]:
        """Newest first, all of them or the caller’s. GET /v1/lightning_addresses (listLightningAddresses)"""
        return Pages(lambda more: self._caller.call(Operation("listLightningAddresses", "GET", "/v1/lightning_addresses"), (), query={**query, **more}, timeout=timeout))

    def make_offer(self, name: str, *, timeout: float | None = None) -> types.LightningOffer:
        """
        A BOLT 12 offer that pays the party, any amount, as often as anybody likes; always the same one.
        POST /v1/lightning_addresses/{name}/offer (makeLightningOffer)
        """
        return cast("types.LightningOffer", self._caller.call(Operation("makeLightningOffer", "POST", "/v1/lightning_addresses/{name}/offer"), (name,), timeout=timeout))


class Listings:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def publish(self, body: types.MakeListingBody, *, timeout: float | None = None) -> types.Listing:
        """
        The documents by which a seller’s routes are found, made of what it sells. POST /v1/listings
        (makeListing)
        """
        return cast("types.Listing", self._caller.call(Operation("makeListing", "POST", "/v1/listings"), (), body=body, timeout=timeout))


class Lnurl:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def keysend_terms(self, name: str, *, timeout: float | None = None) -> types.GetKeysendTermsAnswer:
        """By which keysend a Lightning Address can be paid. GET /.well-known/keysend/{name} (getKeysendTerms)"""
        return cast("types.GetKeysendTermsAnswer", self._caller.call(Operation("getKeysendTerms", "GET", "/.well-known/keysend/{name}"), (name,), timeout=timeout))

    def make_invoice(self, name: str, *, timeout: float | None = None, **query: Unpack[types.MakeLnurlInvoiceQuery]) -> types.MakeLnurlInvoiceAnswer:
        """An invoice of a Lightning Address. GET /lnurl/pay/{name} (makeLnurlInvoice)"""
        return cast("types.MakeLnurlInvoiceAnswer", self._caller.call(Operation("makeLnurlInvoice", "GET", "/lnurl/pay/{name}"), (name,), query=dict(query), timeout=timeout))

    def pay_terms(self, name: str, *, timeout: float | None = None) -> types.GetLnurlPayTermsAnswer:
        """
        A Lightning Address: on what terms it can be paid. GET /.well-known/lnurlp/{name}
        (getLnurlPayTerms)
        """
        return cast("types.GetLnurlPayTermsAnswer", self._caller.call(Operation("getLnurlPayTerms", "GET", "/.well-known/lnurlp/{name}"), (name,), timeout=timeout))

    def sign_login(self, *, timeout: float | None = None, **query: Unpack[types.SignLnurlLoginQuery]) -> types.SignLnurlLoginAnswer:
        """Sign a login. GET /lnurl/auth (signLnurlLogin)"""
        return cast("types.SignLnurlLoginAnswer", self._caller.call(Operation("signLnurlLogin", "GET", "/lnurl/auth"), (), query=dict(query), timeout=timeout))

    def verify_invoice(self, id: str, *, timeout: float | None = None) -> types.VerifyLnurlInvoiceAnswer:
        """
        Whether an invoice of a Lightning Address is paid (LUD-21). GET /lnurl/verify/{id}
        (verifyLnurlInvoice)
        """
        return cast("types.VerifyLnurlInvoiceAnswer", self._caller.call(Operation("verifyLnurlInvoice", "GET", "/lnurl/verify/{id}"), (id,), timeout=timeout))

    def withdraw(self, id: str, *, timeout: float | None = None, **query: Unpack[types.WithdrawByLnurlQuery]) -> types.WithdrawByLnurlAnswer:
        """Withdraw to an invoice. GET /lnurl/withdraw/{id}/pay (withdrawByLnurl)"""
        return cast("types.WithdrawByLnurlAnswer", self._caller.call(Operation("withdrawByLnurl", "GET", "/lnurl/withdraw/{id}/pay"), (id,), query=dict(query), timeout=timeout))

    def withdraw_terms(self, id: str, *, timeout: float | None = None, **query: Unpack[types.GetLnurlWithdrawTermsQuery]) -> types.GetLnurlWithdrawTermsAnswer:
        """What can be withdrawn by a link. GET /lnurl/withdraw/{id} (getLnurlWithdrawTerms)"""
        return cast("types.GetLnurlWithdrawTermsAnswer", self._caller.call(Operation("getLnurlWithdrawTerms", "GET", "/lnurl/withdraw/{id}"), (id,), query=dict(query), timeout=timeout))


class Logins:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateLoginBody | None = None, *, timeout: float | None = None) -> types.NewLogin:
        """A challenge that a wallet signs; show its LNURL as a QR code. POST /v1/logins (createLogin)"""
        return cast("types.NewLogin", self._caller.call(Operation("createLogin", "POST", "/v1/logins"), (), body=body or {}, timeout=timeout))

    def get(self, k1: str, *, timeout: float | None = None) -> types.Login:
        """Whether it was signed, and by whom. GET /v1/logins/{k1} (getLogin)"""
        return cast("types.Login", self._caller.call(Operation("getLogin", "GET", "/v1/logins/{k1}"), (k1,), timeout=timeout))


class Parties:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreatePartyBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreatePartyGiven:
        """
        Register a party; its API key is in the header switchyard-api-key, this once. POST /v1/parties
        (createParty)
        """
        return cast("types.CreatePartyGiven", self._caller.call(Operation("createParty", "POST", "/v1/parties", keyed=True, given={"switchyard-api-key": "api_key"}), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Party:
        """A party with its balances. GET /v1/parties/{id} (getParty)"""
        return cast("types.Party", self._caller.call(Operation("getParty", "GET", "/v1/parties/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPartiesQuery]) -> Pages[types.Party]:
        """Newest first, with balances; a party sees itself. GET /v1/parties (listParties)"""
        return Pages(lambda more: self._caller.call(Operation("listParties", "GET", "/v1/parties"), (), query={**query, **more}, timeout=timeout))

    def routing_policy(self, id: str, *, timeout: float | None = None) -> types.RoutingPolicy:
        """How a party wants its payouts to go. GET /v1/parties/{id}/routing_policy (getRoutingPolicy)"""
        return cast("types.RoutingPolicy", self._caller.call(Operation("getRoutingPolicy", "GET", "/v1/parties/{id}/routing_policy"), (id,), timeout=timeout))

    def set_approval_limits(self, id: str, body: types.SetApprovalLimitsBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SetApprovalLimitsAnswer:
        """
        Say above what the payouts of a day need a person of the party beside the one who asks; null for
        never. POST /v1/parties/{id}/approvals (setApprovalLimits)
        """
        return cast("types.SetApprovalLimitsAnswer", self._caller.call(Operation("setApprovalLimits", "POST", "/v1/parties/{id}/approvals", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def set_routing_policy(self, id: str, body: types.SetRoutingPolicyBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.RoutingPolicy:
        """
        Say how its payouts are to go, the whole of it; what is left out is said no more. POST
        /v1/parties/{id}/routing_policy (setRoutingPolicy)
        """
        return cast("types.RoutingPolicy", self._caller.call(Operation("setRoutingPolicy", "POST", "/v1/parties/{id}/routing_policy", keyed=True), (id,), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def try_routing_policy(self, id: str, body: types.TryRoutingPolicyBody | None = None, *, timeout: float | None = None) -> types.TryRoutingPolicyAnswer:
        """
        What its decisions of the last week would have come to under such a policy; nothing changes. POST
        /v1/parties/{id}/routing_policy/dry_run (tryRoutingPolicy)
        """
        return cast("types.TryRoutingPolicyAnswer", self._caller.call(Operation("tryRoutingPolicy", "POST", "/v1/parties/{id}/routing_policy/dry_run"), (id,), body=body or {}, timeout=timeout))


class PaymentLinks:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def activate(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PaymentLink:
        """Let people pay by it again. POST /v1/payment_links/{id}/activate (activatePaymentLink)"""
        return cast("types.PaymentLink", self._caller.call(Operation("activatePaymentLink", "POST", "/v1/payment_links/{id}/activate", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreatePaymentLinkBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PaymentLink:
        """
        Make a link by which many may pay, each an intent of his own. POST /v1/payment_links
        (createPaymentLink)
        """
        return cast("types.PaymentLink", self._caller.call(Operation("createPaymentLink", "POST", "/v1/payment_links", keyed=True), (), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def deactivate(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PaymentLink:
        """
        Let nobody begin to pay by it any more; who has begun may go on. POST
        /v1/payment_links/{id}/deactivate (deactivatePaymentLink)
        """
        return cast("types.PaymentLink", self._caller.call(Operation("deactivatePaymentLink", "POST", "/v1/payment_links/{id}/deactivate", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.PaymentLink:
        """One payment link, and how often it was paid. GET /v1/payment_links/{id} (getPaymentLink)"""
        return cast("types.PaymentLink", self._caller.call(Operation("getPaymentLink", "GET", "/v1/payment_links/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPaymentLinksQuery]) -> Pages[types.PaymentLink]:
        """Newest first; a party sees those that pay it. GET /v1/payment_links (listPaymentLinks)"""
        return Pages(lambda more: self._caller.call(Operation("listPaymentLinks", "GET", "/v1/payment_links"), (), query={**query, **more}, timeout=timeout))

    def page(self, id: str, *, timeout: float | None = None) -> str:
        """
        A page to begin a payment on, in the language of the browser; works without script. GET /l/{id}
        (showPaymentLinkPage)
        """
        return cast("str", self._caller.call(Operation("showPaymentLinkPage", "GET", "/l/{id}", text=True), (id,), timeout=timeout))


class Payments:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str, *, timeout: float | None = None) -> types.Payment:
        """
        What became of a payment, by the id of its receipt: held, collecting, settled, failed, refund_due
        or refunded. GET /v1/payments/{id} (getPayment)
        """
        return cast("types.Payment", self._caller.call(Operation("getPayment", "GET", "/v1/payments/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPaymentsQuery]) -> Pages[types.Payment]:
        """Paid requests and settled intents, newest first. GET /v1/payments (listPayments)"""
        return Pages(lambda more: self._caller.call(Operation("listPayments", "GET", "/v1/payments"), (), query={**query, **more}, timeout=timeout))


class PayoutBatches:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.PayoutBatch:
        """
        Make no more payouts of it; what is a payout already goes on. POST /v1/payout_batches/{id}/cancel
        (cancelPayoutBatch)
        """
        return cast("types.PayoutBatch", self._caller.call(Operation("cancelPayoutBatch", "POST", "/v1/payout_batches/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreatePayoutBatchBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreatePayoutBatchAnswer:
        """
        Pay up to ten thousand payees out of one balance; each row is judged by itself. POST
        /v1/payout_batches (createPayoutBatch)
        """
        return cast("types.CreatePayoutBatchAnswer", self._caller.call(Operation("createPayoutBatch", "POST", "/v1/payout_batches", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None, **query: Unpack[types.GetPayoutBatchQuery]) -> types.PayoutBatch:
        """How far a batch is, perhaps at its end. GET /v1/payout_batches/{id} (getPayoutBatch)"""
        return cast("types.PayoutBatch", self._caller.call(Operation("getPayoutBatch", "GET", "/v1/payout_batches/{id}"), (id,), query=dict(query), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPayoutBatchesQuery]) -> Pages[types.PayoutBatch]:
        """Batches of payouts, newest first; a party sees its own. GET /v1/payout_batches (listPayoutBatches)"""
        return Pages(lambda more: self._caller.call(Operation("listPayoutBatches", "GET", "/v1/payout_batches"), (), query={**query, **more}, timeout=timeout))

    def preview(self, body: types.PreviewPayoutBatchBody, *, timeout: float | None = None) -> types.PayoutBatchPreview:
        """
        By which rails a batch would be paid now, and what that costs; nothing is held, sent or kept. POST
        /v1/payout_batches/preview (previewPayoutBatch)
        """
        return cast("types.PayoutBatchPreview", self._caller.call(Operation("previewPayoutBatch", "POST", "/v1/payout_batches/preview"), (), body=body, timeout=timeout))

    def rows(self, id: str, *, timeout: float | None = None, **query: Unpack[types.ListPayoutBatchRowsQuery]) -> Pages[types.ListPayoutBatchRowsItem]:
        """
        The rows of a batch in the order in which they were sent. GET /v1/payout_batches/{id}/rows
        (listPayoutBatchRows)
        """
        return Pages(lambda more: self._caller.call(Operation("listPayoutBatchRows", "GET", "/v1/payout_batches/{id}/rows"), (id,), query={**query, **more}, timeout=timeout))


class Payouts:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Payout:
        """Do not pay it, while no rail has been told of it. POST /v1/payouts/{id}/cancel (cancelPayout)"""
        return cast("types.Payout", self._caller.call(Operation("cancelPayout", "POST", "/v1/payouts/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreatePayoutBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreatePayoutAnswer:
        """Pay out of a balance, or refund a surplus. POST /v1/payouts (createPayout)"""
        return cast("types.CreatePayoutAnswer", self._caller.call(Operation("createPayout", "POST", "/v1/payouts", keyed=True), (), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def end_attempt(self, id: str, attempt: str, body: types.EndAttemptBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """
        End an attempt that its rail will not end, as what was found out elsewhere. POST
        /v1/payouts/{id}/attempts/{attempt}/outcome (endAttempt)
        """
        return cast("types.SuspenseAction", self._caller.call(Operation("endAttempt", "POST", "/v1/payouts/{id}/attempts/{attempt}/outcome", keyed=True), (id, attempt,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None, **query: Unpack[types.GetPayoutQuery]) -> types.Payout:
        """A payout with its attempts, perhaps at its end. GET /v1/payouts/{id} (getPayout)"""
        return cast("types.Payout", self._caller.call(Operation("getPayout", "GET", "/v1/payouts/{id}"), (id,), query=dict(query), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPayoutsQuery]) -> Pages[types.ListedPayout]:
        """Newest first, or those that their rail will not end. GET /v1/payouts (listPayouts)"""
        return Pages(lambda more: self._caller.call(Operation("listPayouts", "GET", "/v1/payouts"), (), query={**query, **more}, timeout=timeout))

    def recall(self, id: str, body: types.RecallPayoutBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Recall:
        """Ask the bank for a payout back that has left. POST /v1/payouts/{id}/recalls (recallPayout)"""
        return cast("types.Recall", self._caller.call(Operation("recallPayout", "POST", "/v1/payouts/{id}/recalls", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def recalls(self, id: str, *, timeout: float | None = None) -> types.ListPayoutRecallsAnswer:
        """
        How often a payout was asked back, and what was answered. GET /v1/payouts/{id}/recalls
        (listPayoutRecalls)
        """
        return cast("types.ListPayoutRecallsAnswer", self._caller.call(Operation("listPayoutRecalls", "GET", "/v1/payouts/{id}/recalls"), (id,), timeout=timeout))


class Plans:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreatePlanBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Plan:
        """Make a plan: what is paid, and how often. POST /v1/plans (createPlan)"""
        return cast("types.Plan", self._caller.call(Operation("createPlan", "POST", "/v1/plans", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def deactivate(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Plan:
        """Let nobody new subscribe; who has goes on. POST /v1/plans/{id}/deactivate (deactivatePlan)"""
        return cast("types.Plan", self._caller.call(Operation("deactivatePlan", "POST", "/v1/plans/{id}/deactivate", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Plan:
        """One plan. GET /v1/plans/{id} (getPlan)"""
        return cast("types.Plan", self._caller.call(Operation("getPlan", "GET", "/v1/plans/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListPlansQuery]) -> Pages[types.Plan]:
        """Newest first; a party sees those that pay it. GET /v1/plans (listPlans)"""
        return Pages(lambda more: self._caller.call(Operation("listPlans", "GET", "/v1/plans"), (), query={**query, **more}, timeout=timeout))

    def reprice(self, id: str, body: types.RepricePlanBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Plan:
        """Set another price, for periods that begin from now on. POST /v1/plans/{id}/price (repricePlan)"""
        return cast("types.Plan", self._caller.call(Operation("repricePlan", "POST", "/v1/plans/{id}/price", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))


class Quotes:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateQuoteBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Quote:
        """Promise until a time what a payout costs and what its payee gets. POST /v1/quotes (createQuote)"""
        return cast("types.Quote", self._caller.call(Operation("createQuote", "POST", "/v1/quotes", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Quote:
        """A quote, and the payout that it became. GET /v1/quotes/{id} (getQuote)"""
        return cast("types.Quote", self._caller.call(Operation("getQuote", "GET", "/v1/quotes/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListQuotesQuery]) -> Pages[types.Quote]:
        """Quotes, newest first; a party sees its own. GET /v1/quotes (listQuotes)"""
        return Pages(lambda more: self._caller.call(Operation("listQuotes", "GET", "/v1/quotes"), (), query={**query, **more}, timeout=timeout))


class Rails:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, timeout: float | None = None) -> types.ListRailsAnswer:
        """The rails and assets in use. GET /v1/rails (listRails)"""
        return cast("types.ListRailsAnswer", self._caller.call(Operation("listRails", "GET", "/v1/rails"), (), timeout=timeout))


class Rates:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, timeout: float | None = None) -> types.ListRatesAnswer:
        """What each asset is worth in dollars now, and which exchanges say so. GET /v1/rates (listRates)"""
        return cast("types.ListRatesAnswer", self._caller.call(Operation("listRates", "GET", "/v1/rates"), (), timeout=timeout))


class Receipts:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, id: str, *, timeout: float | None = None) -> types.SignedReceipt:
        """A signed receipt; whoever knows its id may read it. GET /v1/receipts/{id} (getReceipt)"""
        return cast("types.SignedReceipt", self._caller.call(Operation("getReceipt", "GET", "/v1/receipts/{id}"), (id,), timeout=timeout))


class Reconciliation:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def assign(self, id: str, body: types.AssignBreakBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Break:
        """Say which operator looks after a break. POST /v1/reconciliation/{id}/assign (assignBreak)"""
        return cast("types.Break", self._caller.call(Operation("assignBreak", "POST", "/v1/reconciliation/{id}/assign", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Break:
        """One break, with what would end it. GET /v1/reconciliation/{id} (getBreak)"""
        return cast("types.Break", self._caller.call(Operation("getBreak", "GET", "/v1/reconciliation/{id}"), (id,), timeout=timeout))

    def get_day_proof(self, day: str, *, timeout: float | None = None) -> types.DayProof:
        """
        What rails, the ledger and parties say at the end of a day, signed. GET
        /v1/reconciliation_proofs/{day} (getDayProof)
        """
        return cast("types.DayProof", self._caller.call(Operation("getDayProof", "GET", "/v1/reconciliation_proofs/{day}"), (day,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListBreaksQuery]) -> Pages[types.Break]:
        """
        Breaks: what a rail shows and the ledger does not, or otherwise; newest first. GET
        /v1/reconciliation (listBreaks)
        """
        return Pages(lambda more: self._caller.call(Operation("listBreaks", "GET", "/v1/reconciliation"), (), query={**query, **more}, timeout=timeout))

    def resolve(self, id: str, body: types.ResolveBreakBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Break:
        """
        End a break by an entry, or say why none is needed. POST /v1/reconciliation/{id}/resolve
        (resolveBreak)
        """
        return cast("types.Break", self._caller.call(Operation("resolveBreak", "POST", "/v1/reconciliation/{id}/resolve", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def run(self, *, timeout: float | None = None) -> types.ReconciliationRun:
        """
        Read every statement that was not read yet and look at every other rail, now and not within the
        next minute. POST /v1/reconciliation/run (runReconciliation)
        """
        return cast("types.ReconciliationRun", self._caller.call(Operation("runReconciliation", "POST", "/v1/reconciliation/run"), (), timeout=timeout))


class Refunds:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Refund:
        """Take a refund back that nothing was paid of. POST /v1/refunds/{id}/cancel (cancelRefund)"""
        return cast("types.Refund", self._caller.call(Operation("cancelRefund", "POST", "/v1/refunds/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def claim(self, id: str, body: types.ClaimRefundBody, *, timeout: float | None = None) -> types.DueRefund:
        """Say by its link where a refund goes. POST /v1/refunds/{id}/claim (claimRefund)"""
        return cast("types.DueRefund", self._caller.call(Operation("claimRefund", "POST", "/v1/refunds/{id}/claim"), (id,), body=body, timeout=timeout))

    def create(self, body: types.CreateRefundBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateRefundGiven:
        """Give back what was paid, wholly or in part, over any rail. POST /v1/refunds (createRefund)"""
        return cast("types.CreateRefundGiven", self._caller.call(Operation("createRefund", "POST", "/v1/refunds", keyed=True, given={"switchyard-refund": "refund"}), (), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def due(self, id: str, *, timeout: float | None = None) -> types.GetDueRefundAnswer:
        """
        A refund by its id, with a key; or what is due by a link, and an LNURL-withdraw where an invoice
        fetches it. GET /v1/refunds/{id} (getDueRefund)
        """
        return cast("types.GetDueRefundAnswer", self._caller.call(Operation("getDueRefund", "GET", "/v1/refunds/{id}"), (id,), timeout=timeout))

    def fetch(self, id: str, *, timeout: float | None = None, **query: Unpack[types.FetchDueRefundQuery]) -> types.FetchDueRefundAnswer:
        """
        Fetch it by an invoice of at most what is due (LUD-03). GET /v1/refunds/{id}/invoice
        (fetchDueRefund)
        """
        return cast("types.FetchDueRefundAnswer", self._caller.call(Operation("fetchDueRefund", "GET", "/v1/refunds/{id}/invoice"), (id,), query=dict(query), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListRefundsQuery]) -> Pages[types.Refund]:
        """Refunds that were given, newest first. GET /v1/refunds (listRefunds)"""
        return Pages(lambda more: self._caller.call(Operation("listRefunds", "GET", "/v1/refunds"), (), query={**query, **more}, timeout=timeout))

    def page(self, id: str, *, timeout: float | None = None) -> str:
        """
        A page on which a payer says where a refund goes, in the language of the browser; it needs no
        script. GET /claim/{id} (showClaimPage)
        """
        return cast("str", self._caller.call(Operation("showClaimPage", "GET", "/claim/{id}", text=True), (id,), timeout=timeout))

    def send(self, id: str, *, timeout: float | None = None) -> types.DueRefund:
        """
        Have it paid back to the account that paid; the same twice is one payment. POST /v1/refunds/{id}
        (sendDueRefund)
        """
        return cast("types.DueRefund", self._caller.call(Operation("sendDueRefund", "POST", "/v1/refunds/{id}"), (id,), timeout=timeout))


class Routing:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def forecast(self, *, timeout: float | None = None) -> types.RoutingForecast:
        """
        What the next hour will cost on rails whose price moves, and how good such forecasts were. GET
        /v1/routing/forecast (getRoutingForecast)
        """
        return cast("types.RoutingForecast", self._caller.call(Operation("getRoutingForecast", "GET", "/v1/routing/forecast"), (), timeout=timeout))

    def health(self, *, timeout: float | None = None) -> types.RoutingHealth:
        """
        Which rails answer now, and how many calls to each are under way. GET /v1/routing/health
        (getRoutingHealth)
        """
        return cast("types.RoutingHealth", self._caller.call(Operation("getRoutingHealth", "GET", "/v1/routing/health"), (), timeout=timeout))

    def learning(self, *, timeout: float | None = None) -> types.RoutingLearning:
        """
        What earlier tries have taught of how often each way pays. GET /v1/routing/learning
        (getRoutingLearning)
        """
        return cast("types.RoutingLearning", self._caller.call(Operation("getRoutingLearning", "GET", "/v1/routing/learning"), (), timeout=timeout))

    def metrics(self, *, timeout: float | None = None) -> str:
        """How routing does, in the text format of Prometheus. GET /v1/routing/metrics (getRoutingMetrics)"""
        return cast("str", self._caller.call(Operation("getRoutingMetrics", "GET", "/v1/routing/metrics", text=True), (), timeout=timeout))

    def performance(self, *, timeout: float | None = None, **query: Unpack[types.ListRoutingPerformanceQuery]) -> types.ListRoutingPerformanceAnswer:
        """
        What came of each rail in each hour: chosen, sent, paid, and its cost beside the cheapest fee
        first. GET /v1/routing/performance (listRoutingPerformance)
        """
        return cast("types.ListRoutingPerformanceAnswer", self._caller.call(Operation("listRoutingPerformance", "GET", "/v1/routing/performance"), (), query=dict(query), timeout=timeout))

    def simulate(self, body: types.SimulateRoutingBody, *, timeout: float | None = None) -> types.Simulation:
        """What a payout would be decided as now; nothing is sent. POST /v1/routing/simulate (simulateRouting)"""
        return cast("types.Simulation", self._caller.call(Operation("simulateRouting", "POST", "/v1/routing/simulate"), (), body=body, timeout=timeout))


class Search:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def find(self, *, timeout: float | None = None, **query: Unpack[types.SearchQuery]) -> types.SearchAnswer:
        """What has this reference or id, of any kind; a party finds its own. GET /v1/search (search)"""
        return cast("types.SearchAnswer", self._caller.call(Operation("search", "GET", "/v1/search"), (), query=dict(query), timeout=timeout))


class Splits:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def channel_terms(self, id: str, *, timeout: float | None = None) -> types.GetChannelTermsAnswer:
        """
        What a payer signs to open a voucher channel for a split, on each chain. GET
        /v1/splits/{id}/channel_terms (getChannelTerms)
        """
        return cast("types.GetChannelTermsAnswer", self._caller.call(Operation("getChannelTerms", "GET", "/v1/splits/{id}/channel_terms"), (id,), timeout=timeout))

    def claim(self, id: str, account: str, *, timeout: float | None = None, **query: Unpack[types.ClaimShareQuery]) -> types.ShareClaim:
        """
        Pay a payee its share out of the hub; the gateway pays the gas. POST
        /v1/splits/{id}/claims/{account} (claimShare)
        """
        return cast("types.ShareClaim", self._caller.call(Operation("claimShare", "POST", "/v1/splits/{id}/claims/{account}"), (id, account,), query=dict(query), timeout=timeout))

    def claim_vouchers(self, id: str, *, timeout: float | None = None, **query: Unpack[types.ClaimVouchersQuery]) -> types.VoucherClaims:
        """
        Claim every channel's newest voucher into the split. POST /v1/splits/{id}/claim_vouchers
        (claimVouchers)
        """
        return cast("types.VoucherClaims", self._caller.call(Operation("claimVouchers", "POST", "/v1/splits/{id}/claim_vouchers"), (id,), query=dict(query), timeout=timeout))

    def create(self, body: types.CreateSplitBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Split:
        """Commit a table of payees and shares. POST /v1/splits (createSplit)"""
        return cast("types.Split", self._caller.call(Operation("createSplit", "POST", "/v1/splits", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.HeldSplit:
        """A split with what each payee is owed on each chain. GET /v1/splits/{id} (getSplit)"""
        return cast("types.HeldSplit", self._caller.call(Operation("getSplit", "GET", "/v1/splits/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListSplitsQuery]) -> Pages[types.Split]:
        """Newest first; a party sees those that pay it. GET /v1/splits (listSplits)"""
        return Pages(lambda more: self._caller.call(Operation("listSplits", "GET", "/v1/splits"), (), query={**query, **more}, timeout=timeout))

    def sweep(self, id: str, *, timeout: float | None = None, **query: Unpack[types.SweepSplitQuery]) -> types.SplitSweep:
        """Move what its receivers hold into the hub. POST /v1/splits/{id}/sweep (sweepSplit)"""
        return cast("types.SplitSweep", self._caller.call(Operation("sweepSplit", "POST", "/v1/splits/{id}/sweep"), (id,), query=dict(query), timeout=timeout))


class StandingOrders:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateStandingOrderBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.StandingOrder:
        """
        Pay a balance out by a calendar, or when it is above a sum. POST /v1/standing_orders
        (createStandingOrder)
        """
        return cast("types.StandingOrder", self._caller.call(Operation("createStandingOrder", "POST", "/v1/standing_orders", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def end(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.StandingOrder:
        """End it for good; what it has paid stays paid. POST /v1/standing_orders/{id}/end (endStandingOrder)"""
        return cast("types.StandingOrder", self._caller.call(Operation("endStandingOrder", "POST", "/v1/standing_orders/{id}/end", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.StandingOrder:
        """
        One order, when it runs next, and how its last run came out. GET /v1/standing_orders/{id}
        (getStandingOrder)
        """
        return cast("types.StandingOrder", self._caller.call(Operation("getStandingOrder", "GET", "/v1/standing_orders/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListStandingOrdersQuery]) -> Pages[types.StandingOrder]:
        """Newest first; a party sees its own. GET /v1/standing_orders (listStandingOrders)"""
        return Pages(lambda more: self._caller.call(Operation("listStandingOrders", "GET", "/v1/standing_orders"), (), query={**query, **more}, timeout=timeout))

    def pause(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.StandingOrder:
        """
        Let it rest; nothing is paid later for the time between. POST /v1/standing_orders/{id}/pause
        (pauseStandingOrder)
        """
        return cast("types.StandingOrder", self._caller.call(Operation("pauseStandingOrder", "POST", "/v1/standing_orders/{id}/pause", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def resume(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.StandingOrder:
        """
        Let a paused one run again, from the next period on. POST /v1/standing_orders/{id}/resume
        (resumeStandingOrder)
        """
        return cast("types.StandingOrder", self._caller.call(Operation("resumeStandingOrder", "POST", "/v1/standing_orders/{id}/resume", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))


class Statements:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, *, timeout: float | None = None, **query: Unpack[types.GetStatementQuery]) -> Pages[types.StatementMovement]:
        """
        A party’s statement of a period: what it had, what moved, what it has; also as CSV, camt.053 and
        MT940. GET /v1/statements (getStatement)
        """
        return Pages(lambda more: self._caller.call(Operation("getStatement", "GET", "/v1/statements"), (), query={**query, **more}, timeout=timeout))


class Subscriptions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, body: types.CancelSubscriptionBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Subscription:
        """End it, by who pays or who is paid. POST /v1/subscriptions/{id}/cancel (cancelSubscription)"""
        return cast("types.Subscription", self._caller.call(Operation("cancelSubscription", "POST", "/v1/subscriptions/{id}/cancel", keyed=True), (id,), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def consent(self, id: str, body: types.ConsentToSubscriptionBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.ConsentToSubscriptionAnswer:
        """
        Let it take what is due out of your balance; by its payer’s own key. POST
        /v1/subscriptions/{id}/consent (consentToSubscription)
        """
        return cast("types.ConsentToSubscriptionAnswer", self._caller.call(Operation("consentToSubscription", "POST", "/v1/subscriptions/{id}/consent", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreateSubscriptionBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Subscription:
        """Have a party, or whoever has its pages, pay by a plan. POST /v1/subscriptions (createSubscription)"""
        return cast("types.Subscription", self._caller.call(Operation("createSubscription", "POST", "/v1/subscriptions", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.Subscription:
        """One subscription, and the period that it is in. GET /v1/subscriptions/{id} (getSubscription)"""
        return cast("types.Subscription", self._caller.call(Operation("getSubscription", "GET", "/v1/subscriptions/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListSubscriptionsQuery]) -> Pages[types.Subscription]:
        """
        Newest first; a party sees those that it is paid or pays by. GET /v1/subscriptions
        (listSubscriptions)
        """
        return Pages(lambda more: self._caller.call(Operation("listSubscriptions", "GET", "/v1/subscriptions"), (), query={**query, **more}, timeout=timeout))

    def pause(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Subscription:
        """
        Let it rest: nothing is begun or taken until it is resumed. POST /v1/subscriptions/{id}/pause
        (pauseSubscription)
        """
        return cast("types.Subscription", self._caller.call(Operation("pauseSubscription", "POST", "/v1/subscriptions/{id}/pause", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def resume(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.Subscription:
        """
        Let it go on after a rest, or keep it from ending with its period. POST
        /v1/subscriptions/{id}/resume (resumeSubscription)
        """
        return cast("types.Subscription", self._caller.call(Operation("resumeSubscription", "POST", "/v1/subscriptions/{id}/resume", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))


class Suspense:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def action(self, id: str, *, timeout: float | None = None) -> types.SuspenseAction:
        """What was done by hand, by whom and why. GET /v1/suspense/actions/{id} (getSuspenseAction)"""
        return cast("types.SuspenseAction", self._caller.call(Operation("getSuspenseAction", "GET", "/v1/suspense/actions/{id}"), (id,), timeout=timeout))

    def adjust(self, body: types.AdjustBooksBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """Make the books follow what a rail says. POST /v1/suspense/adjust (adjustBooks)"""
        return cast("types.SuspenseAction", self._caller.call(Operation("adjustBooks", "POST", "/v1/suspense/adjust", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def approve(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """
        Agree, as another operator than the one who asked. POST /v1/suspense/actions/{id}/approve
        (approveSuspenseAction)
        """
        return cast("types.SuspenseAction", self._caller.call(Operation("approveSuspenseAction", "POST", "/v1/suspense/actions/{id}/approve", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def assign(self, body: types.AssignSuspenseBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """Give it to a party, or let it pay an intent. POST /v1/suspense/assign (assignSuspense)"""
        return cast("types.SuspenseAction", self._caller.call(Operation("assignSuspense", "POST", "/v1/suspense/assign", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """
        Take back what waits for a second operator. POST /v1/suspense/actions/{id}/cancel
        (cancelSuspenseAction)
        """
        return cast("types.SuspenseAction", self._caller.call(Operation("cancelSuspenseAction", "POST", "/v1/suspense/actions/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def list(self, *, timeout: float | None = None) -> types.Suspense:
        """Money that arrived and has no owner yet, and whose it may be. GET /v1/suspense (listSuspense)"""
        return cast("types.Suspense", self._caller.call(Operation("listSuspense", "GET", "/v1/suspense"), (), timeout=timeout))

    def refund(self, body: types.RefundSuspenseBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """Send it back on the rail that costs least. POST /v1/suspense/refund (refundSuspense)"""
        return cast("types.SuspenseAction", self._caller.call(Operation("refundSuspense", "POST", "/v1/suspense/refund", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def write_off(self, body: types.WriteOffSuspenseBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.SuspenseAction:
        """
        Keep it as the operator’s own, under a name of its own. POST /v1/suspense/write-off
        (writeOffSuspense)
        """
        return cast("types.SuspenseAction", self._caller.call(Operation("writeOffSuspense", "POST", "/v1/suspense/write-off", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))


class Test:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def advance(self, body: types.AdvanceTestClockBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.TestClock:
        """Put the clock forward, and the local world with it. POST /v1/test/clock/advance (advanceTestClock)"""
        return cast("types.TestClock", self._caller.call(Operation("advanceTestClock", "POST", "/v1/test/clock/advance", keyed=True), (), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, *, timeout: float | None = None) -> types.TestClock:
        """What time it is here. GET /v1/test/clock (getTestClock)"""
        return cast("types.TestClock", self._caller.call(Operation("getTestClock", "GET", "/v1/test/clock"), (), timeout=timeout))


class WalletApps:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, body: types.CreateWalletAppBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateWalletAppAnswer:
        """Connect an app to a party’s balance, with a budget. POST /v1/wallet_apps (createWalletApp)"""
        return cast("types.CreateWalletAppAnswer", self._caller.call(Operation("createWalletApp", "POST", "/v1/wallet_apps", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.ShownWalletApp:
        """
        An app, with its connection, which is a secret, to who may make one. GET /v1/wallet_apps/{id}
        (getWalletApp)
        """
        return cast("types.ShownWalletApp", self._caller.call(Operation("getWalletApp", "GET", "/v1/wallet_apps/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListWalletAppsQuery]) -> Pages[types.WalletApp]:
        """Newest first, all of them or the caller’s. GET /v1/wallet_apps (listWalletApps)"""
        return Pages(lambda more: self._caller.call(Operation("listWalletApps", "GET", "/v1/wallet_apps"), (), query={**query, **more}, timeout=timeout))

    def revoke(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WalletApp:
        """End a connection; what was begun goes on. POST /v1/wallet_apps/{id}/revoke (revokeWalletApp)"""
        return cast("types.WalletApp", self._caller.call(Operation("revokeWalletApp", "POST", "/v1/wallet_apps/{id}/revoke", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))


class WebhookEndpoints:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def change(self, id: str, body: types.ChangeWebhookEndpointBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WebhookEndpoint:
        """
        Change its URL, its types or its words; null takes away. PATCH /v1/webhook_endpoints/{id}
        (changeWebhookEndpoint)
        """
        return cast("types.WebhookEndpoint", self._caller.call(Operation("changeWebhookEndpoint", "PATCH", "/v1/webhook_endpoints/{id}", keyed=True), (id,), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreateWebhookEndpointBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateWebhookEndpointGiven:
        """
        Have events brought to a receiver; its secret is in a header of this answer, this once. POST
        /v1/webhook_endpoints (createWebhookEndpoint)
        """
        return cast("types.CreateWebhookEndpointGiven", self._caller.call(Operation("createWebhookEndpoint", "POST", "/v1/webhook_endpoints", keyed=True, given={"switchyard-webhook-secret": "webhook_secret"}), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def delete(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WebhookEndpoint:
        """Delete it with what waits for it. DELETE /v1/webhook_endpoints/{id} (deleteWebhookEndpoint)"""
        return cast("types.WebhookEndpoint", self._caller.call(Operation("deleteWebhookEndpoint", "DELETE", "/v1/webhook_endpoints/{id}", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def deliveries(self, id: str, *, timeout: float | None = None, **query: Unpack[types.ListWebhookDeliveriesQuery]) -> Pages[types.Delivery]:
        """
        What it was brought, each event with its tries, the newest first. GET
        /v1/webhook_endpoints/{id}/deliveries (listWebhookDeliveries)
        """
        return Pages(lambda more: self._caller.call(Operation("listWebhookDeliveries", "GET", "/v1/webhook_endpoints/{id}/deliveries"), (id,), query={**query, **more}, timeout=timeout))

    def disable(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WebhookEndpoint:
        """
        Bring nothing until it is enabled again; events wait. POST /v1/webhook_endpoints/{id}/disable
        (disableWebhookEndpoint)
        """
        return cast("types.WebhookEndpoint", self._caller.call(Operation("disableWebhookEndpoint", "POST", "/v1/webhook_endpoints/{id}/disable", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def enable(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WebhookEndpoint:
        """
        Bring events again; what has waited is brought first. POST /v1/webhook_endpoints/{id}/enable
        (enableWebhookEndpoint)
        """
        return cast("types.WebhookEndpoint", self._caller.call(Operation("enableWebhookEndpoint", "POST", "/v1/webhook_endpoints/{id}/enable", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.WebhookEndpoint:
        """One webhook endpoint. GET /v1/webhook_endpoints/{id} (getWebhookEndpoint)"""
        return cast("types.WebhookEndpoint", self._caller.call(Operation("getWebhookEndpoint", "GET", "/v1/webhook_endpoints/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListWebhookEndpointsQuery]) -> Pages[types.WebhookEndpoint]:
        """
        Webhook endpoints in the order in which they were made. GET /v1/webhook_endpoints
        (listWebhookEndpoints)
        """
        return Pages(lambda more: self._caller.call(Operation("listWebhookEndpoints", "GET", "/v1/webhook_endpoints"), (), query={**query, **more}, timeout=timeout))

    def replay(self, id: str, body: types.ReplayWebhookEventsBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WebhookEndpoint:
        """
        Bring events again, from one to another; also those that have arrived. POST
        /v1/webhook_endpoints/{id}/replay (replayWebhookEvents)
        """
        return cast("types.WebhookEndpoint", self._caller.call(Operation("replayWebhookEvents", "POST", "/v1/webhook_endpoints/{id}/replay", keyed=True), (id,), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def rotate_secret(self, id: str, body: types.RotateWebhookSecretBody | None = None, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.RotateWebhookSecretGiven:
        """
        Give it a new secret; the old one signs too for an overlap. POST
        /v1/webhook_endpoints/{id}/rotate_secret (rotateWebhookSecret)
        """
        return cast("types.RotateWebhookSecretGiven", self._caller.call(Operation("rotateWebhookSecret", "POST", "/v1/webhook_endpoints/{id}/rotate_secret", keyed=True, given={"switchyard-webhook-secret": "webhook_secret"}), (id,), body=body or {}, idempotency_key=idempotency_key, timeout=timeout))


class WithdrawLinks:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.WithdrawLink:
        """End a link; what was begun goes on. POST /v1/withdraw_links/{id}/cancel (cancelWithdrawLink)"""
        return cast("types.WithdrawLink", self._caller.call(Operation("cancelWithdrawLink", "POST", "/v1/withdraw_links/{id}/cancel", keyed=True), (id,), idempotency_key=idempotency_key, timeout=timeout))

    def create(self, body: types.CreateWithdrawLinkBody, *, idempotency_key: str | None = None, timeout: float | None = None) -> types.CreateWithdrawLinkAnswer:
        """
        A link that lets its holder withdraw; the link is a secret. POST /v1/withdraw_links
        (createWithdrawLink)
        """
        return cast("types.CreateWithdrawLinkAnswer", self._caller.call(Operation("createWithdrawLink", "POST", "/v1/withdraw_links", keyed=True), (), body=body, idempotency_key=idempotency_key, timeout=timeout))

    def get(self, id: str, *, timeout: float | None = None) -> types.ShownWithdrawLink:
        """A link, with its secret to who may make one. GET /v1/withdraw_links/{id} (getWithdrawLink)"""
        return cast("types.ShownWithdrawLink", self._caller.call(Operation("getWithdrawLink", "GET", "/v1/withdraw_links/{id}"), (id,), timeout=timeout))

    def list(self, *, timeout: float | None = None, **query: Unpack[types.ListWithdrawLinksQuery]) -> Pages[types.WithdrawLink]:
        """Newest first, without their secrets. GET /v1/withdraw_links (listWithdrawLinks)"""
        return Pages(lambda more: self._caller.call(Operation("listWithdrawLinks", "GET", "/v1/withdraw_links"), (), query={**query, **more}, timeout=timeout))


class X402:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def account(self, *, timeout: float | None = None) -> types.FacilitatorAccount:
        """
        What a payment costs its seller now, what is under way, and what of today is used up. GET
        /x402/account (getFacilitatorAccount)
        """
        return cast("types.FacilitatorAccount", self._caller.call(Operation("getFacilitatorAccount", "GET", "/x402/account"), (), timeout=timeout))

    def publish(self, body: types.PublishFacilitatedResourceBody, *, timeout: float | None = None) -> types.ListedResource:
        """
        List a resource of yours, or say anew what it costs. POST /x402/listings
        (publishFacilitatedResource)
        """
        return cast("types.ListedResource", self._caller.call(Operation("publishFacilitatedResource", "POST", "/x402/listings"), (), body=body, timeout=timeout))

    def resources(self, *, timeout: float | None = None, **query: Unpack[types.ListFacilitatedResourcesQuery]) -> types.ListFacilitatedResourcesAnswer:
        """What sellers who settle here sell. GET /x402/discovery/resources (listFacilitatedResources)"""
        return cast("types.ListFacilitatedResourcesAnswer", self._caller.call(Operation("listFacilitatedResources", "GET", "/x402/discovery/resources"), (), query=dict(query), timeout=timeout))

    def settle(self, body: types.FacilitatorRequestInput, *, timeout: float | None = None) -> types.FacilitatorSettlement:
        """
        Settle a payment of x402 v2 on its chain, once; settlement_pending is asked again. POST
        /x402/settle (settleFacilitatedPayment)
        """
        return cast("types.FacilitatorSettlement", self._caller.call(Operation("settleFacilitatedPayment", "POST", "/x402/settle"), (), body=body, timeout=timeout))

    def supported(self, *, timeout: float | None = None) -> types.FacilitatorKinds:
        """What is settled here, and by which accounts. GET /x402/supported (getFacilitatorKinds)"""
        return cast("types.FacilitatorKinds", self._caller.call(Operation("getFacilitatorKinds", "GET", "/x402/supported"), (), timeout=timeout))

    def verify(self, body: types.FacilitatorRequestInput, *, timeout: float | None = None) -> types.FacilitatorVerification:
        """
        Whether a payment of x402 v2 is good to settle now (exact, EIP-3009). POST /x402/verify
        (verifyFacilitatedPayment)
        """
        return cast("types.FacilitatorVerification", self._caller.call(Operation("verifyFacilitatedPayment", "POST", "/x402/verify"), (), body=body, timeout=timeout))

    def withdraw(self, *, timeout: float | None = None, **query: Unpack[types.WithdrawFacilitatedResourceQuery]) -> None:
        """Take a resource of yours off the list. DELETE /x402/listings (withdrawFacilitatedResource)"""
        return cast("None", self._caller.call(Operation("withdrawFacilitatedResource", "DELETE", "/x402/listings"), (), query=dict(query), timeout=timeout))


class Resources:
    """Every operation of the API, by its resource."""

    def __init__(self, caller: Caller) -> None:
        self.acts = Acts(caller)
        self.admissions = Admissions(caller)
        self.agents = Agents(caller)
        self.approvals = Approvals(caller)
        self.audit = Audit(caller)
        self.balance_sheet = BalanceSheet(caller)
        self.balances = Balances(caller)
        self.channels = Channels(caller)
        self.decisions = Decisions(caller)
        self.device_codes = DeviceCodes(caller)
        self.disputes = Disputes(caller)
        self.events = Events(caller)
        self.exchanges = Exchanges(caller)
        self.intents = Intents(caller)
        self.invoices = Invoices(caller)
        self.keys = Keys(caller)
        self.ledger = Ledger(caller)
        self.lightning = Lightning(caller)
        self.lightning_addresses = LightningAddresses(caller)
        self.listings = Listings(caller)
        self.lnurl = Lnurl(caller)
        self.logins = Logins(caller)
        self.parties = Parties(caller)
        self.payment_links = PaymentLinks(caller)
        self.payments = Payments(caller)
        self.payout_batches = PayoutBatches(caller)
        self.payouts = Payouts(caller)
        self.plans = Plans(caller)
        self.quotes = Quotes(caller)
        self.rails = Rails(caller)
        self.rates = Rates(caller)
        self.receipts = Receipts(caller)
        self.reconciliation = Reconciliation(caller)
        self.refunds = Refunds(caller)
        self.routing = Routing(caller)
        self.search = Search(caller)
        self.splits = Splits(caller)
        self.standing_orders = StandingOrders(caller)
        self.statements = Statements(caller)
        self.subscriptions = Subscriptions(caller)
        self.suspense = Suspense(caller)
        self.test = Test(caller)
        self.wallet_apps = WalletApps(caller)
        self.webhook_endpoints = WebhookEndpoints(caller)
        self.withdraw_links = WithdrawLinks(caller)
        self.x402 = X402(caller)
