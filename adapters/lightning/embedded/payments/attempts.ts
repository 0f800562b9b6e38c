import { invariant } from '../../../../gateway/errors/invariant.ts'
import { FAILURE_REASONS, type FailureReason } from '../../../../gateway/ports/outcome.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'

/** One try to pay, as the node remembers it. `state` leaves 'pending' only on LDK's word. Amounts in msat, times in ms. */
export type AttemptRow = Readonly<{
  id: string
  paymentId: string
  paymentHash: string
  amountMsat: bigint
  state: 'pending' | 'settled' | 'failed'
  reason: FailureReason | undefined
  detail: string | undefined
  preimage: string | undefined
  feeMsat: bigint
  createdAt: bigint
  endedAt: bigint
}>

const COLUMNS =
  'id, payment_id AS paymentId, payment_hash AS paymentHash, amount_msat AS amountMsat, state, reason, detail, preimage, fee_msat AS feeMsat, created_at AS createdAt, ended_at AS endedAt'

/** Records a payment that LDK has taken; in the same commit as the ChannelManager that carries it. */
export function recordPending(
  store: NodeStore,
  a: { id: string; paymentId: string; paymentHash: string; amountMsat: bigint; at: number },
): void {
  store.write(
    "INSERT INTO attempts (id, payment_id, payment_hash, amount_msat, state, created_at) VALUES (?, ?, ?, ?, 'pending', ?)",
    a.id,
    a.paymentId,
    a.paymentHash,
    a.amountMsat,
    BigInt(a.at),
  )
}

/** Records a payment that was never sent, so that its id stays used and a look-up gives the same reason. */
export function recordRefused(
  store: NodeStore,
  a: { id: string; paymentId: string; amountMsat: bigint; at: number; reason: FailureReason; detail: string },
): void {
  store.write(
    "INSERT INTO attempts (id, payment_id, payment_hash, amount_msat, state, reason, detail, created_at, ended_at) VALUES (?, ?, '', ?, 'failed', ?, ?, ?, ?)",
    a.id,
    a.paymentId,
    a.amountMsat,
    a.reason,
    a.detail,
    BigInt(a.at),
    BigInt(a.at),
  )
}

/** LDK has the preimage: the money is with the payee. Holds whatever was thought before. */
export function recordSettled(
  store: NodeStore,
  paymentId: string,
  s: { paymentHash: string; preimage: string; feeMsat: bigint; at: number },
): void {
  store.write(
    "UPDATE attempts SET state = 'settled', payment_hash = ?, preimage = ?, fee_msat = ?, ended_at = ?, reason = NULL, detail = NULL WHERE payment_id = ? AND state <> 'settled'",
    s.paymentHash,
    s.preimage,
    s.feeMsat,
    BigInt(s.at),
    paymentId,
  )
}

/** LDK gave the payment up and no part of it can succeed any more. */
export function recordFailed(store: NodeStore, paymentId: string, f: { reason: FailureReason; detail: string; at: number }): void {
  store.write(
    "UPDATE attempts SET state = 'failed', reason = ?, detail = ?, ended_at = ? WHERE payment_id = ? AND state = 'pending'",
    f.reason,
    f.detail,
    BigInt(f.at),
    paymentId,
  )
}

export function attemptById(store: NodeStore, id: string): AttemptRow | undefined {
  return row(store.statement(`SELECT ${COLUMNS} FROM attempts WHERE id = ?`).get(id))
}

export function attemptByPaymentId(store: NodeStore, paymentId: string): AttemptRow | undefined {
  return row(store.statement(`SELECT ${COLUMNS} FROM attempts WHERE payment_id = ?`).get(paymentId))
}

/** The attempt that pays, or has paid, this hash. */
export function attemptForHash(store: NodeStore, paymentHash: string): AttemptRow | undefined {
  return row(store.statement(`SELECT ${COLUMNS} FROM attempts WHERE payment_hash = ? AND state <> 'failed' LIMIT 1`).get(paymentHash))
}

/** Oldest first. */
export function pendingAttempts(store: NodeStore): AttemptRow[] {
  return store
    .statement(`SELECT ${COLUMNS} FROM attempts WHERE state = 'pending' ORDER BY created_at`)
    .all()
    .flatMap((found) => row(found) ?? [])
}

export function pendingCount(store: NodeStore): bigint {
  return bigintOf(store.statement("SELECT count(*) AS n FROM attempts WHERE state = 'pending'").get()?.n)
}

/** Payments without an outcome that began after this time (ms). */
export function pendingSince(store: NodeStore, after: number): bigint {
  return bigintOf(store.statement("SELECT count(*) AS n FROM attempts WHERE state = 'pending' AND created_at > ?").get(BigInt(after))?.n)
}

/** What is under way in payments of less than this, in msat. */
export function pendingBelow(store: NodeStore, amountMsat: bigint): bigint {
  const sql = "SELECT coalesce(sum(amount_msat), 0) AS n FROM attempts WHERE state = 'pending' AND amount_msat < ?"
  return bigintOf(store.statement(sql).get(amountMsat)?.n)
}

function row(found: Record<string, unknown> | undefined): AttemptRow | undefined {
  if (!found) return undefined
  const { state, reason } = found
  invariant(state === 'pending' || state === 'settled' || state === 'failed', 'an attempt is pending, settled or failed')
  return {
    id: textOf(found.id),
    paymentId: textOf(found.paymentId),
    paymentHash: textOf(found.paymentHash),
    amountMsat: bigintOf(found.amountMsat),
    state,
    reason: FAILURE_REASONS.find((known) => known === reason),
    detail: found.detail === null ? undefined : textOf(found.detail),
    preimage: found.preimage === null ? undefined : textOf(found.preimage),
    feeMsat: found.feeMsat === null ? 0n : bigintOf(found.feeMsat),
    createdAt: bigintOf(found.createdAt),
    endedAt: found.endedAt === null ? 0n : bigintOf(found.endedAt),
  }
}

function textOf(value: unknown): string {
  invariant(typeof value === 'string', 'the column holds text')
  return value
}

function bigintOf(value: unknown): bigint {
  invariant(typeof value === 'bigint', 'the column holds an integer')
  return value
}
