import type { Money } from '../money/money.ts'
import type { RailName } from './railName.ts'

/**
 * An invoice whose payment waits at our node until we take it or give it back. `hash` is SHA-256 of a preimage that only we know (64 hex characters,
 * lower case) and names the hold everywhere: asking again for the same hash on the same terms is the same hold. `amount` in the rail's asset;
 * `expiresAt` (ms): not payable after it. `holdableMs`: how long a payment must be able to wait once it is here; it becomes the invoice's final CLTV.
 */
export type HoldRequest = Readonly<{ hash: string; amount: Money; expiresAt: number; holdableMs: number; description: string }>

/** What the payer's wallet needs. */
export type HoldTerms = Readonly<{
  hash: string
  invoice: string
  network: 'mainnet' | 'testnet' | 'signet' | 'regtest'
  amount: Money
  expiresAt: number
}>

/**
 * What the node itself says of a hold.
 * - `open`: not paid yet. - `held`: all of it has arrived and waits. `decideBy` (ms) is when the node would give it back by itself (LND: 18 blocks before
 *   the HTLC expires), reckoned from the blocks that are left at a pace that is rather too fast; ask again for a fresh figure. Settle or cancel before it.
 * - `settled`: we gave the preimage away; `amount` is what came, never less than was asked, and it is final.
 * - `cancelled`: it went back to the payer, or can not be paid any more. - `absent`: the node has no record of the hash.
 * - `unknown`: the node did not say. Ask again under the same hash.
 */
export type HoldState =
  | Readonly<{ kind: 'open' }>
  | Readonly<{ kind: 'held'; amount: Money; heldAt: number; decideBy: number }>
  | Readonly<{ kind: 'settled'; amount: Money; at: number }>
  | Readonly<{ kind: 'cancelled' }>
  | Readonly<{ kind: 'absent' }>
  | Readonly<{ kind: 'unknown'; checkAfterMs: number; detail: string }>

/** A payment that waits for our word. */
export type HeldPayment = Readonly<{ hash: string; amount: Money; heldAt: number; decideBy: number }>

/**
 * Payments that wait, an ability that a Lightning backend has or lacks. Everything is idempotent by hash, and each call has the adapter's deadline.
 * A settled hold is also reported by the same rail's `Receiver.settlements`, as `received` with `id` and `reference` = `hash`, like any payment.
 */
export interface HoldInvoices {
  readonly rail: RailName
  readonly asset: Money['asset']
  /** Makes the invoice, or answers the one that stands under this hash. Throws `rail_unavailable`, and `idempotency_key_reused` for other terms. */
  hold(request: HoldRequest): Promise<HoldTerms>
  /** First every payment that waits now, then each as it arrives, until the signal aborts; again after a lost connection, so it may repeat. */
  held(options: { signal: AbortSignal }): AsyncIterable<HeldPayment>
  /**
   * Gives the preimage away. Never throws for what the node says: `settled` also when it was before, `cancelled` when it is too late, `open` when nothing came.
   */
  settle(hash: string, preimage: string): Promise<HoldState>
  /** Gives the payment back, or makes the invoice unpayable. `settled` when that was first. */
  cancel(hash: string): Promise<HoldState>
  lookup(hash: string): Promise<HoldState>
}
