import { type AuthenticatedLnd, cancelHodlInvoice, subscribeToInvoice } from 'lightning'
import { z } from 'zod'
import { heldOf, type Waiting } from './heldPayment.ts'
import { openHolds, recordHoldEnd } from './holdTable.ts'
import { WATCHDOG_BLOCKS } from './holdTimes.ts'
import { keepSubscribed, type Subscription } from './keepSubscribed.ts'
import { lndCall, messageOf } from './lndCall.ts'
import type { LndStore } from './store.ts'

const CANCEL_DEADLINE_MS = 5_000

/** Follows every open hold on a stream of its own: LND's stream of all invoices never says that one is held. */
export type HoldWatch = Readonly<{
  follow: (hash: string) => void
  forget: (hash: string) => void
  waiting: () => Waiting[]
  onHeld: (listener: (payment: Waiting) => void) => () => void
  count: () => number
  /** The newest block we know. */
  height: () => number
  /** A new block: gives back what must not wait any longer. */
  onHeight: (height: number) => void
  /** The streams may be dead without saying so. */
  renew: () => void
  close: () => void
}>

const payment = z.object({ is_held: z.boolean(), mtokens: z.string(), created_at: z.string(), timeout: z.number() })
const update = z.object({
  is_confirmed: z.boolean(),
  is_canceled: z.boolean().optional(),
  is_held: z.boolean().optional(),
  payments: z.array(payment),
})

export function watchHolds(lnd: AuthenticatedLnd, store: LndStore, o: { height: number; log: (line: string) => void }): HoldWatch {
  const streams = new Map<string, Subscription>()
  const held = new Map<string, Waiting>()
  const listeners = new Set<(payment: Waiting) => void>()
  let height = o.height

  const forget = (hash: string) => {
    streams.get(hash)?.stop()
    streams.delete(hash)
    held.delete(hash)
  }
  const take = (hash: string, data: unknown) => {
    const invoice = update.parse(data)
    if (invoice.is_confirmed || invoice.is_canceled) {
      recordHoldEnd(store, hash)
      return forget(hash)
    }
    const { is_held = false, payments } = invoice
    const waiting = heldOf(hash, { is_held, payments })
    if (!waiting) return
    held.set(hash, waiting)
    for (const listener of listeners) listener(waiting)
    giveBackLate(waiting)
  }
  const giveBackLate = async (waiting: Waiting) => {
    if (waiting.timeoutHeight - height > WATCHDOG_BLOCKS) return
    o.log(`lightning: the held payment ${waiting.hash} expires in ${waiting.timeoutHeight - height} blocks; giving it back`)
    await lndCall('the cancelling', CANCEL_DEADLINE_MS, () => cancelHodlInvoice({ lnd, id: waiting.hash })).catch((error: unknown) =>
      o.log(`lightning: the held payment ${waiting.hash} could not be given back: ${messageOf(error)}`),
    )
  }
  const follow = (hash: string) => {
    if (streams.has(hash)) return
    const open = () => subscribeToInvoice({ lnd, id: hash })
    streams.set(hash, keepSubscribed({ event: 'invoice_updated', open, onData: (data) => take(hash, data) }))
  }
  for (const { hash } of openHolds(store)) follow(hash)
  return {
    follow,
    forget,
    waiting: () => [...held.values()],
    onHeld: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    count: () => streams.size,
    height: () => height,
    onHeight: (now) => {
      height = Math.max(height, now)
      for (const waiting of held.values()) giveBackLate(waiting)
    },
    renew: () => {
      for (const stream of streams.values()) stream.renew()
    },
    close: () => {
      for (const stream of streams.values()) stream.stop()
    },
  }
}
