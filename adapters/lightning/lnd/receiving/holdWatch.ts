import { setTimeout as sleep } from 'node:timers/promises'
import { type AuthenticatedLnd, cancelHodlInvoice, subscribeToInvoice } from 'lightning'
import { z } from 'zod'
import { keepSubscribed, type Subscription } from '../node/keepSubscribed.ts'
import { lndCall, messageOf } from '../node/lndCall.ts'
import type { LndStore } from '../node/store.ts'
import { heldOf, type Waiting } from './heldPayment.ts'
import { openHolds, recordHoldEnd } from './holdTable.ts'
import { isTooLate } from './holdTimes.ts'
import { standingOf } from './standing.ts'

const CANCEL_DEADLINE_MS = 5_000
const CONFIRM_AGAIN_MS = 250

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
  is_held: z.boolean().default(false),
  payments: z.array(payment),
})

export function watchHolds(lnd: AuthenticatedLnd, store: LndStore, o: { height: number; log: (line: string) => void }): HoldWatch {
  const streams = new Map<string, Subscription>()
  const held = new Map<string, Waiting>()
  const listeners = new Set<(payment: Waiting) => void>()
  const confirming = new Set<string>()
  let height = o.height
  let closed = false

  const forget = (hash: string) => {
    streams.get(hash)?.stop()
    streams.delete(hash)
    held.delete(hash)
  }
  const take = (hash: string, data: unknown) => {
    const invoice = readUpdate(hash, data, o.log)
    if (invoice?.is_confirmed || invoice?.is_canceled) {
      recordHoldEnd(store, hash)
      forget(hash)
    } else {
      const waiting = invoice && heldOf(hash, invoice)
      if (waiting) confirm(waiting)
    }
  }
  const confirm = async (waiting: Waiting) => {
    if (confirming.has(waiting.hash)) return
    confirming.add(waiting.hash)
    const open = () => streams.has(waiting.hash) && !closed
    await untilStanding(lnd, waiting, { open, isLate, giveBack: (why) => giveBack(waiting, why) })
    confirming.delete(waiting.hash)
    if (!open()) return
    held.set(waiting.hash, waiting)
    for (const listener of listeners) listener(waiting)
    giveBackLate(waiting)
  }
  const isLate = (waiting: Waiting) => isTooLate(waiting.timeoutHeight, height)
  const giveBackLate = (waiting: Waiting) => {
    if (isLate(waiting)) giveBack(waiting, `expires in ${waiting.timeoutHeight - height} blocks`)
  }
  const giveBack = ({ hash }: Waiting, why: string) => cancelHold(lnd, hash, { why, log: o.log })
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
      closed = true
      for (const stream of streams.values()) stream.stop()
    },
  }
}

/** What LND tells of an invoice; undefined, and logged, when it is in a shape that is not known. */
function readUpdate(hash: string, data: unknown, log: (line: string) => void) {
  const parsed = update.safeParse(data)
  if (!parsed.success) log(`lightning: LND tells of the held invoice ${hash} in a shape that is not known: ${parsed.error.message}`)
  return parsed.data
}

/** Waits until a payment's HTLCs are seen to stand, and cancels what is gone meanwhile (see `standing.ts`); or until it is late, or no longer open. */
async function untilStanding(
  lnd: AuthenticatedLnd,
  waiting: Waiting,
  o: { open: () => boolean; isLate: (waiting: Waiting) => boolean; giveBack: (why: string) => Promise<void> },
): Promise<void> {
  while (o.open() && !o.isLate(waiting)) {
    const standing = await standingOf(lnd, waiting).catch(() => 'unsteady')
    if (standing === 'stands') return
    if (standing === 'gone') await o.giveBack('is on no channel any more')
    await sleep(CONFIRM_AGAIN_MS, undefined, { ref: false })
  }
}

async function cancelHold(lnd: AuthenticatedLnd, hash: string, o: { why: string; log: (line: string) => void }): Promise<void> {
  o.log(`lightning: the held payment ${hash} ${o.why}; giving it back`)
  await lndCall('the cancelling', CANCEL_DEADLINE_MS, () => cancelHodlInvoice({ lnd, id: hash })).catch((error: unknown) =>
    o.log(`lightning: the held payment ${hash} could not be given back: ${messageOf(error)}`),
  )
}
