import { splitInvoice } from '../../bolt11Fields.ts'
import type { LndStore } from './store.ts'

/** How far LND's clock is ahead of ours, in ms. */
const AHEAD_MS = 'clock_ahead_ms'
/** Less is taken for none: LND tells whole seconds, and its answer takes a while. */
const IGNORED_MS = 10_000

/**
 * Takes LND's time from an invoice that it has just made. LND dates what comes in by its own clock, and expires invoices by it; whether a payer was in
 * time is judged by ours.
 */
export function noteClock(store: LndStore, invoice: string, now: number): void {
  const parts = splitInvoice(invoice)
  if (!parts) return
  const ahead = parts.createdAt * 1_000 - now
  const known = aheadMs(store)
  const said = Math.abs(ahead) <= IGNORED_MS ? 0 : ahead
  // Steady within the tolerance, so that an invoice costs no write.
  if (said !== known && (said === 0 || Math.abs(said - known) > IGNORED_MS)) store.setMeta(AHEAD_MS, String(said))
}

/** A time of LND's in ms, by our clock. */
export function byOurClock(store: LndStore, at: number): number {
  return at - aheadMs(store)
}

/** True when both are the same moment, as far as the clocks can be compared. */
export function isSameTime(a: number, b: number): boolean {
  return Math.abs(a - b) <= IGNORED_MS
}

/**
 * When an invoice of so many ms ends, for the client: it reckons back to a duration by the clock of this process, and LND reckons from it by its own. So how
 * long an invoice is good does not depend on what either clock says.
 */
export function clientExpiry(lifeMs: number): string {
  return new Date(Date.now() + lifeMs).toISOString()
}

function aheadMs(store: LndStore): number {
  return Number(store.meta(AHEAD_MS) ?? '0') // A time in ms.
}
