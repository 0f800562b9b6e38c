import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'

/**
 * A hold as the node remembers it. `claiming`: the preimage has been given to LDK, which has not said yet that it is claimed. Amounts in msat, times in
 * ms, `deadlineHeight`: LDK gives the payment back when the chain reaches this block.
 */
export type HoldRow = Readonly<{
  paymentHash: string
  amountMsat: bigint
  expiresAt: bigint
  invoice: string
  state: 'open' | 'held' | 'claiming' | 'settled' | 'cancelled'
  heldMsat: bigint
  heldAt: bigint
  deadlineHeight: bigint
  preimage: string | undefined
  endedAt: bigint
}>

const STATES: readonly HoldRow['state'][] = ['open', 'held', 'claiming', 'settled', 'cancelled']
const COLUMNS =
  'payment_hash AS paymentHash, amount_msat AS amountMsat, expires_at AS expiresAt, invoice, state, held_msat AS heldMsat, held_at AS heldAt, deadline_height AS deadlineHeight, preimage, ended_at AS endedAt'

export function recordHold(store: NodeStore, h: Pick<HoldRow, 'paymentHash' | 'amountMsat' | 'expiresAt' | 'invoice'>): void {
  store.write(
    "INSERT INTO holds (payment_hash, amount_msat, expires_at, invoice, state) VALUES (?, ?, ?, ?, 'open')",
    h.paymentHash,
    h.amountMsat,
    h.expiresAt,
    h.invoice,
  )
}

/** All of it is here and waits. */
export function recordHeld(store: NodeStore, h: Pick<HoldRow, 'paymentHash' | 'heldMsat' | 'heldAt' | 'deadlineHeight'>): void {
  store.write(
    "UPDATE holds SET state = 'held', held_msat = ?, held_at = ?, deadline_height = ? WHERE payment_hash = ? AND state IN ('open', 'held')",
    h.heldMsat,
    h.heldAt,
    h.deadlineHeight,
    h.paymentHash,
  )
}

export function recordClaiming(store: NodeStore, paymentHash: string, preimage: string): void {
  store.write("UPDATE holds SET state = 'claiming', preimage = ? WHERE payment_hash = ? AND state = 'held'", preimage, paymentHash)
}

/** Its end. A settled hold stays settled, whatever is said later. */
export function recordHoldEnd(store: NodeStore, paymentHash: string, end: { state: 'settled' | 'cancelled'; at: number }): void {
  store.write(
    "UPDATE holds SET state = ?, ended_at = ? WHERE payment_hash = ? AND state NOT IN ('settled', 'cancelled')",
    end.state,
    BigInt(end.at),
    paymentHash,
  )
}

export function holdByHash(store: NodeStore, paymentHash: string): HoldRow | undefined {
  const found = store.statement(`SELECT ${COLUMNS} FROM holds WHERE payment_hash = ?`).get(paymentHash)
  return found && row(found)
}

/** Oldest first. `limit` is the HTLC slots of the node: no more can wait. */
export function heldRows(store: NodeStore, limit: bigint): HoldRow[] {
  return store.statement(`SELECT ${COLUMNS} FROM holds WHERE state = 'held' ORDER BY held_at LIMIT ?`).all(limit).map(row)
}

function row(found: Record<string, unknown>): HoldRow {
  const state = STATES.find((known) => known === found.state)
  invariant(state, 'a hold is in a known state')
  return {
    paymentHash: textOf(found.paymentHash),
    invoice: textOf(found.invoice),
    state,
    amountMsat: bigintOf(found.amountMsat),
    expiresAt: bigintOf(found.expiresAt),
    heldMsat: bigintOf(found.heldMsat),
    heldAt: bigintOf(found.heldAt),
    deadlineHeight: bigintOf(found.deadlineHeight),
    endedAt: bigintOf(found.endedAt),
    preimage: found.preimage === null ? undefined : textOf(found.preimage),
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
