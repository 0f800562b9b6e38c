import { invariant } from '../../../../gateway/errors/invariant.ts'
import { FAILURE_REASONS, type FailureReason } from '../../../../gateway/ports/outcome.ts'
import { integerOf, integerOrNone, type LndStore, textOf, textOrNone } from '../node/store.ts'

/**
 * One try to pay, written down before LND hears of it. LND knows a payment by its hash alone, so the hash is its idempotency key and the id is ours.
 * `state` leaves `begun` only on LND's word. `preimage` is known from the start for a payment without an invoice. Amounts in msat, times in ms.
 */
export type AttemptRow = Readonly<{
  id: string
  paymentHash: string
  amountMsat: bigint
  feeMaxMsat: bigint
  /** An invoice, or the public key of a node. */
  destination: string
  state: 'begun' | 'settled' | 'failed'
  reason: FailureReason | undefined
  detail: string | undefined
  preimage: string | undefined
  feeMsat: bigint
  createdAt: bigint
  endedAt: bigint | undefined
  /** Since when look-ups find it pending without an HTLC on a channel that is up. */
  noHtlcSince: bigint | undefined
}>

type Terms = Pick<AttemptRow, 'id' | 'paymentHash' | 'amountMsat' | 'feeMaxMsat' | 'destination' | 'preimage'>

/** Writes an attempt down. It may be sent when `store.committed()` has resolved, and not before. */
export function recordBegun(store: LndStore, a: Terms, at: number): void {
  store.write(
    "INSERT INTO attempts (id, payment_hash, amount_msat, fee_max_msat, destination, preimage, state, created_at) VALUES (?, ?, ?, ?, ?, ?, 'begun', ?)",
    ...[a.id, a.paymentHash, a.amountMsat, a.feeMaxMsat, a.destination, a.preimage ?? null, BigInt(at)],
  )
}

/** Writes down a refusal of ours, so that the id stays used and a look-up gives the same reason. */
export function recordRefused(store: LndStore, a: Terms, f: { reason: FailureReason; detail: string; at: number }): void {
  recordBegun(store, a, f.at)
  recordFailed(store, a.id, f)
}

/** LND has the preimage: the money is with the payee. */
export function recordSettled(store: LndStore, id: string, s: { preimage: string; feeMsat: bigint; at: number }): void {
  store.write(
    "UPDATE attempts SET state = 'settled', preimage = ?, fee_msat = ?, ended_at = ?, no_htlc_since = NULL WHERE id = ? AND state = 'begun'",
    ...[s.preimage, s.feeMsat, BigInt(s.at), id],
  )
}

/** LND's word that no part of it can succeed any more. */
export function recordFailed(store: LndStore, id: string, f: { reason: FailureReason; detail: string; at: number }): void {
  store.write(
    "UPDATE attempts SET state = 'failed', reason = ?, detail = ?, ended_at = ?, no_htlc_since = NULL WHERE id = ? AND state = 'begun'",
    ...[f.reason, f.detail, BigInt(f.at), id],
  )
}

/** Notes since when no HTLC was found for it, or that one was. */
export function recordNoHtlcSince(store: LndStore, id: string, since: bigint | undefined): void {
  store.write("UPDATE attempts SET no_htlc_since = ? WHERE id = ? AND state = 'begun'", since ?? null, id)
}

const COLUMNS =
  'id, payment_hash AS paymentHash, amount_msat AS amountMsat, fee_max_msat AS feeMaxMsat, destination, state, reason, detail, preimage, fee_msat AS feeMsat, created_at AS createdAt, ended_at AS endedAt, no_htlc_since AS noHtlcSince'

export function attemptById(store: LndStore, id: string): AttemptRow | undefined {
  const found = store.statement(`SELECT ${COLUMNS} FROM attempts WHERE id = ?`).get(id)
  return found && row(found)
}

/** The attempt that pays, or has paid, this hash. */
export function attemptForHash(store: LndStore, paymentHash: string): AttemptRow | undefined {
  const found = store.statement(`SELECT ${COLUMNS} FROM attempts WHERE payment_hash = ? AND state <> 'failed' LIMIT 1`).get(paymentHash)
  return found && row(found)
}

/** Every attempt without an outcome, the oldest first. */
export function begunAttempts(store: LndStore): AttemptRow[] {
  return store.statement(`SELECT ${COLUMNS} FROM attempts WHERE state = 'begun' ORDER BY created_at`).all().map(row)
}

function row(found: Record<string, unknown>): AttemptRow {
  const { state, reason } = found
  invariant(state === 'begun' || state === 'settled' || state === 'failed', 'an attempt is begun, settled or failed')
  return {
    id: textOf(found.id),
    paymentHash: textOf(found.paymentHash),
    amountMsat: integerOf(found.amountMsat),
    feeMaxMsat: integerOf(found.feeMaxMsat),
    destination: textOf(found.destination),
    state,
    reason: FAILURE_REASONS.find((known) => known === reason),
    detail: textOrNone(found.detail),
    preimage: textOrNone(found.preimage),
    feeMsat: integerOrNone(found.feeMsat) ?? 0n,
    createdAt: integerOf(found.createdAt),
    endedAt: integerOrNone(found.endedAt),
    noHtlcSince: integerOrNone(found.noHtlcSince),
  }
}
