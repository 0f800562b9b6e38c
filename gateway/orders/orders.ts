import type { Hand } from '../approvals/approval.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { createDueIndex } from '../ledger/process/dueIndex.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createSweeper } from '../ledger/process/sweeper.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import type { Asset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { IdSource } from '../ports/clock.ts'
import type { PartyId } from '../ports/ids.ts'
import { type Metadata, saidMetadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'
import { type OrderData, type OrderId, type OrderStatus, type Schedule, toOrderFact } from './facts.ts'
import { evolve, type StandingOrder, slotClaim, type Terms } from './order.ts'
import type { OrderRecords } from './orderRecords.ts'
import { type RunParts, runOrder } from './runOrder.ts'
import { slotAt, slotStart } from './schedule.ts'

/** Of one party, and of all, those that have not ended. */
const ORDERS_OF_ONE_MAX = 50
const ORDERS_MAX = 100_000
/** Under this name each that is being made is counted. */
const ALL = 'all'
/** Begun in one sweep, so that all that are due at midnight do not fill the queue of the books. */
const RUNS_MAX = 256
const SWEEP_MS = 1_000
/** When a run is tried again of which nothing is known. */
const LATER_MS = 60_000
/** A clock that went back by more than this has jumped. */
const JUMP_MS = 60_000

type Along = (order: StandingOrder) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/** What a new one is made of. */
type NewOrder = Readonly<{
  party: PartyId
  schedule: Schedule
  terms: Terms
  destination: Destination
  reference: string
  metadata?: Metadata
  hand: Hand
  along: Along
}>

type Parts = RunParts &
  Readonly<{
    ids: IdSource
    records: OrderRecords
    assetOf: (id: string) => Asset
    payouts: Pick<Payouts, 'create' | 'check'>
  }>

export type Orders = ReturnType<typeof createOrders>

/** Standing orders: made, changed, and run by the clock. Its records must have been made before the books started. */
export function createOrders(c: Parts) {
  const { records, clock } = c
  const inTurn = createInTurn()
  const making = createUnderWay()

  function get(id: string): StandingOrder {
    const order = records.get(id)
    if (!order) throw new GatewayError('not_found', `There is no standing order ${id.slice(0, 60)}`)
    return order
  }

  return {
    get,
    /** Refuses what no payout could be made of, and with `too_many_open`. */
    async create(wanted: NewOrder): Promise<void> {
      const { party, terms, destination, reference, hand } = wanted
      const amount = terms.fixed ?? money(terms.keep.asset, 1n)
      c.payouts.check({ source: accounts.party(party), amount, destinations: [destination], reference, createdBy: hand.by })
      // One after the other, so that many at once are no more than there may be.
      await inTurn(party, async () => {
        if (records.openOf(party) >= ORDERS_OF_ONE_MAX)
          throw new GatewayError('too_many_open', `${party} has ${ORDERS_OF_ONE_MAX} standing orders, the most that there may be`, {
            meta: { of: party },
          })
        if (records.openCount() + making.of(ALL) >= ORDERS_MAX) throw new GatewayError('too_busy', `${ORDERS_MAX} standing orders are open`)
        const id: OrderId = c.ids.next('so_')
        const made = { type: 'standing_order.created' as const, id, at: clock.now(), data: dataOf(wanted) }
        const { claims, facts } = wanted.along(evolve(undefined, made, c.assetOf))
        await making.during([ALL], () => submitUntilKnown(c.books, { claims, facts: [toOrderFact(made), ...facts] }))
      })
    },
    /** One that has ended stays so: refuses with `order_ended`. Active again, it runs in the next period. */
    async change(id: string, status: OrderStatus, { by, along }: Readonly<{ by: string; along: Along }>): Promise<void> {
      const order = get(id)
      if (order.status === 'ended' && status !== 'ended') throw new GatewayError('order_ended', `${order.id} has ended`)
      const changed = { type: 'standing_order.changed' as const, id: order.id, at: clock.now(), data: { status, by } }
      const { claims, facts } = along(evolve(order, changed, c.assetOf))
      await submitUntilKnown(c.books, { claims, facts: [toOrderFact(changed), ...facts] })
    },
    /** When it runs next (ms); undefined for one that does not. */
    nextRunAt: (order: StandingOrder): number | undefined => (order.status === 'active' ? nextRunAt(c, order) : undefined),
    ...running(c),
  }
}

/** What runs them: an index by the next time, and a look at it each second. */
function running(c: Parts) {
  const { records, clock } = c
  const times = createDueIndex()
  let seen = 0

  function place(order: StandingOrder): void {
    if (order.status === 'active') times.set(order.id, nextRunAt(c, order))
    else times.set(order.id, undefined)
  }

  async function run(id: string): Promise<void> {
    const order = records.get(id)
    if (!order) return times.set(id, undefined)
    const slot = slotAt(order.schedule, clock.now())
    // What has changed meanwhile is placed anew.
    if (order.status !== 'active' || slot < order.firstSlot || isHandled(c, order, slot)) return place(order)
    const end = await runOrder(c, order, slot)
    times.set(id, end === 'later' ? laterThan(clock.now()) : slotStart(order.schedule, slot + 1))
    // It may have been paused or ended while it ran.
    const now = records.get(id)
    if (now?.status !== 'active') times.set(id, undefined)
  }

  /** One party's orders run one after the other, because they are of one balance. */
  async function sweep(): Promise<void> {
    const now = clock.now()
    if (now < seen - JUMP_MS) for (const order of records.open()) place(order)
    seen = now
    const byParty = Map.groupBy(times.due(now, RUNS_MAX), (id) => records.get(id)?.party)
    await Promise.all(
      [...byParty.values()].map(async (ids) => {
        for (const id of ids) await run(id)
      }),
    )
  }
  const sweeper = createSweeper(sweep, SWEEP_MS)

  return {
    /** Runs what is due now. */
    sweep,
    start(onFatal: (error: unknown) => void): void {
      for (const order of records.open()) place(order)
      records.onChange((id) => {
        const order = records.get(id)
        if (order) place(order)
      })
      sweeper.start(onFatal)
    },
    close: sweeper.close,
  }
}

/** By the claim of the slot, so that a clock which went ahead and came back makes no run twice and leaves none out. */
function isHandled({ books }: Pick<Parts, 'books'>, { id, last }: StandingOrder, slot: number): boolean {
  return last?.slot === slot || books.claim(slotClaim(id, slot)) !== undefined
}

function nextRunAt(c: Pick<Parts, 'books' | 'clock'>, order: StandingOrder): number {
  const { schedule, firstSlot } = order
  const slot = slotAt(schedule, c.clock.now())
  if (slot < firstSlot) return slotStart(schedule, firstSlot)
  // Of several that were missed the newest is run, and stands for all.
  return slotStart(schedule, isHandled(c, order, slot) ? slot + 1 : slot)
}

/** On a whole minute, so that the index has few times. */
function laterThan(now: number): number {
  return now - (now % LATER_MS) + LATER_MS
}

function dataOf({ party, schedule, terms, destination, reference, metadata, hand }: NewOrder): OrderData {
  const { fixed, keep, above, feeMax } = terms
  return {
    party,
    schedule,
    asset: keep.asset.id,
    ...(fixed ? { units: fixed.units.toString() } : {}),
    keep: keep.units.toString(),
    ...(above ? { above: above.units.toString() } : {}),
    feeMax: feeMax.units.toString(),
    destination,
    reference,
    ...saidMetadata(metadata),
    by: hand.by,
    ...(hand.person === undefined ? {} : { person: hand.person }),
    ...(hand.key ? { key: hand.key } : {}),
  }
}
