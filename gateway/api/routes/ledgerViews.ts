import type { Lag } from '../../audit/projection/lag.ts'
import { floorDiv } from '../../money/integers.ts'
import { formatAmount } from '../../money/money.ts'
import type { ChangeView, ReadAccount, ReadEntry, ReadFact, ReadModel, ReadPayment } from '../../ports/readModel.ts'

const NS_PER_MS = 1_000_000n

/** A time of the ledger in RFC 3339, to the millisecond. */
export function ledgerTime(ns: bigint): string {
  return new Date(Number(floorDiv(ns, NS_PER_MS))).toISOString() // not money: a time
}

/** An account with its balances in whole units. */
export function accountView(account: ReadAccount) {
  const amount = (units: bigint) => formatAmount({ asset: account.asset, units })
  return {
    account: account.path,
    asset: account.asset.code,
    asset_id: account.asset.id,
    debits: amount(account.debitsPosted),
    credits: amount(account.creditsPosted),
    debits_pending: amount(account.debitsPending),
    credits_pending: amount(account.creditsPending),
    changes: account.changes,
    created_at: ledgerTime(account.createdAt),
  }
}

/** A leg, or the release of a hold by time, with both balances (credits less debits, posted) after it. */
export function changeView(change: ChangeView) {
  const amount = (units: bigint) => formatAmount({ asset: change.asset, units })
  return {
    n: change.n,
    at: ledgerTime(change.at),
    kind: change.kind,
    amount: amount(change.units),
    asset: change.asset.code,
    debit: change.debitPath,
    debit_balance: amount(change.debit.creditsPosted - change.debit.debitsPosted),
    credit: change.creditPath,
    credit_balance: amount(change.credit.creditsPosted - change.credit.debitsPosted),
    entry: change.entryId || null,
    payment: change.payment || null,
    hold: change.hold || null,
    timeout_s: change.timeoutS,
  }
}

export function entryView(entry: ReadEntry) {
  return { id: entry.id, object: 'entry', payment: entry.payment, block: entry.seq, at: ledgerTime(entry.at), legs: entry.legs }
}

function factView(fact: ReadFact) {
  // `data` was written as JSON by the projection.
  return { block: fact.seq, type: fact.type, id: fact.id, at: new Date(fact.at).toISOString(), data: JSON.parse(fact.data) as unknown }
}

function paymentView(payment: ReadPayment & Readonly<{ metadata: Readonly<Record<string, string>> }>) {
  return {
    id: payment.id,
    object: 'payment',
    kind: payment.kind,
    status: payment.status,
    rail: payment.rail || null,
    asset: payment.asset || null,
    units: payment.units.toString(),
    party: payment.party || null,
    receipt: payment.receipt || null,
    key: payment.key || null,
    metadata: payment.metadata,
    created_at: new Date(payment.createdAt).toISOString(),
    changed_at: new Date(payment.changedAt).toISOString(),
  }
}

/** Most entries and facts of one payment that a trace shows. */
const TRACE_MAX = 1000

/** Everything the read model knows of a payment: what it is, what was said of it, and every entry with its legs. */
export function traceView(reads: ReadModel, id: string) {
  const payment = reads.payment(id)
  const facts = reads.facts(id, TRACE_MAX).map(factView)
  const entries = reads
    .entriesOf(id, TRACE_MAX)
    .map((entry) => ({ ...entryView(entry), changes: reads.entry(entry.id)!.changes.map(changeView) }))
  if (!payment && facts.length === 0 && entries.length === 0) return undefined
  return { payment: payment ? paymentView(payment) : null, facts, entries }
}

export function lagView(lag: Lag & Readonly<{ failure?: string }>) {
  const { seq, head, blocks, submissions, seconds, money, complete, failure } = lag
  return {
    block: seq,
    head,
    blocks,
    submissions,
    seconds,
    complete,
    failure: failure ?? null,
    money: money.map(({ asset, units }) => ({ asset, units: units.toString() })),
  }
}
