import type { OpenedPayins } from '../../gateway/payins/openPayins.ts'
import type { Books } from '../../gateway/ports/books.ts'

type Closing = Readonly<{ close: () => Promise<unknown> }>

/** What is started and closed together, as the openers return it. */
export type Wings = Readonly<{
  books: Pick<Books, 'start' | 'close'>
  /** Rates of exchanges, where any are asked. */
  live: Readonly<{ start: (onFatal: (error: unknown) => void) => void }> | undefined
  projector: Readonly<{ start: () => Promise<unknown> }> & Closing
  rails: Closing
  /** Streams of events, which read behind the projector. */
  events: Closing
  /** What brings events to receivers, which reads there too. */
  webhooks: Readonly<{ start: () => void }> & Closing
  parties: Readonly<{ keys: Readonly<{ start: (onFatal: (error: unknown) => void) => void }> & Closing }>
  payins: Pick<OpenedPayins, 'start' | 'expireIntents' | 'stop' | 'close'>
  payouts: Readonly<{ start: () => Promise<void> }> & Closing
  exchanges: Readonly<{ start: () => void }> & Closing
  subscriptions: Readonly<{ start: () => void }> & Closing
  facilitator: Readonly<{ start: () => void; close: () => void }>
  suspense: Readonly<{ start: () => void }> & Closing
  reconciliation: Readonly<{ start: (onFatal: (error: unknown) => void) => void }> & Closing
  approvals: Readonly<{ start: (onFatal: (error: unknown) => void) => void }> & Closing
  orders: Readonly<{ start: (onFatal: (error: unknown) => void) => void }> & Closing
  returns: Readonly<{ start: () => void }> & Closing
  /** The clock that a test moves, where one may. */
  testMode: Readonly<{ start: () => void }> | undefined
  /** What limits payments of a new gateway, in words, where anything does. */
  firstDays: Readonly<{ text: () => string | undefined }>
  refunds: Readonly<{ given: Readonly<{ start: () => void }> & Closing }>
  disputes: Readonly<{ start: () => void }> & Closing
}>

/** Replays the journal, then takes up what has no end; only after it may anything be accepted. `step` is told how it goes on. */
export async function startWings(w: Wings, o: { step: (line: string) => void; onFatal: (error: unknown) => void }): Promise<void> {
  const replayed = await w.books.start()
  w.testMode?.start()
  w.live?.start(o.onFatal)
  o.step(`journal: ${replayed.facts} facts after block ${replayed.restored} of ${replayed.seq} replayed, hash chain unbroken`)
  await w.projector.start()
  w.parties.keys.start(o.onFatal)
  const { interrupted, collecting } = await w.payins.start(o.onFatal)
  await w.payouts.start()
  w.exchanges.start()
  w.subscriptions.start()
  w.facilitator.start()
  w.suspense.start()
  w.reconciliation.start(o.onFatal)
  w.approvals.start(o.onFatal)
  w.orders.start(o.onFatal)
  w.refunds.given.start()
  w.disputes.start()
  w.returns.start()
  w.webhooks.start()
  if (interrupted + collecting > 0) o.step(`recovered: ${interrupted} interrupted requests, ${collecting} authorizations to collect`)
  const limited = w.firstDays.text()
  if (limited !== undefined) o.step(limited)
  // Last, because rails tell meanwhile of payments that came in time while the gateway was down.
  w.payins.expireIntents()
}

/** From the top down, the books last: what is under way is recorded before they close. */
export async function closeWings({
  books,
  projector,
  events,
  webhooks,
  rails,
  parties,
  payins,
  payouts,
  exchanges,
  subscriptions,
  facilitator,
  suspense,
  reconciliation,
  approvals,
  orders,
  returns,
  refunds,
  disputes,
}: Wings): Promise<void> {
  // First, because it begins things by itself, and waits for nothing.
  payins.stop()
  facilitator.close()
  await orders.close()
  await returns.close()
  await disputes.close()
  await refunds.given.close()
  await reconciliation.close()
  await suspense.close()
  await approvals.close()
  await exchanges.close()
  await subscriptions.close()
  await payouts.close()
  await payins.close()
  await rails.close()
  await webhooks.close()
  await parties.keys.close()
  await books.close()
  await events.close()
  await projector.close()
}
