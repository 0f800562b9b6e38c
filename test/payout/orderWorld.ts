import { uuidIds } from '../../app/open/uuidIds.ts'
import { createApprovalRecords } from '../../gateway/approvals/approvalRecords.ts'
import { createApprovals } from '../../gateway/approvals/approvals.ts'
import { createLimits } from '../../gateway/approvals/limits.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, EUR, USD } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import type { Schedule } from '../../gateway/orders/facts.ts'
import type { StandingOrder, Terms } from '../../gateway/orders/order.ts'
import { createOrderRecords } from '../../gateway/orders/orderRecords.ts'
import { createOrders } from '../../gateway/orders/orders.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Metadata } from '../../gateway/ports/metadata.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { boot, makeRails, PAYEE, type Rails, to, USDC } from './payoutWorld.ts'

const PARTY = PAYEE.slice('party:'.length) as PartyId // As `PAYEE` is written.
const ASSETS = [BTC, EUR, USD, USDC]
const along = () => ({ claims: [], facts: [] })

/** What outlives the gateway: rails, journal, and a clock that runs and can be set. */
export type OrderOutside = Readonly<{ rails: Rails; journal: JournalStore; clock: { now(): number; set(time: string): void } }>

export function orderOutside(time: string): OrderOutside {
  const began = Date.now()
  let start = Date.parse(time)
  let from = began
  const clock = {
    now: () => start + (Date.now() - from),
    set(at: string) {
      start = Date.parse(at)
      from = Date.now()
    },
  }
  return { rails: makeRails(), journal: memoryJournal(), clock }
}

type Wanted = Readonly<{
  schedule?: Schedule
  terms?: Partial<Terms>
  destination?: Destination
  fixed?: bigint
  keep?: bigint
  above?: bigint
  metadata?: Metadata
}>

/** A gateway whose payee may have standing orders. `dayMax`: what goes without another person, in USD a day. */
export async function openOrderWorld(o: OrderOutside, { dayMax, journal = o.journal }: { dayMax?: string; journal?: JournalStore } = {}) {
  const { rails, clock } = o
  const ids = uuidIds(clock)
  const assetOf = (id: string) => ASSETS.find((asset) => asset.id === id)!
  const told: Fact[] = []
  let kept: ReturnType<typeof prepare> | undefined
  const prepare = (books: Parameters<typeof createOrderRecords>[0]) => {
    books.listen((fact) => void told.push(fact))
    const payoutsUsdMax = dayMax === undefined ? undefined : parseAmount(dayMax, USD)
    const limits = createLimits({ books, clock, rates: { rate: () => ({ ...ONE_TO_ONE }) }, usd: USD, payoutsUsdMax })
    return { records: createOrderRecords(books, assetOf), approvals: createApprovalRecords(books, assetOf), limits }
  }
  const w = await boot({
    rails,
    journal,
    clock,
    prepare: (books) => {
      kept = prepare(books)
    },
  })
  const { books, payouts } = w
  const { records, limits, approvals: asked } = kept!
  const approvals = createApprovals({ books, clock, ids, payouts, records: asked, limits, waitMs: 86_400_000, operatorKeys: false })
  const orders = createOrders({ books, clock, ids, assetOf, payouts, approvals, records })
  await payouts.resume()
  orders.start((error) => {
    throw error
  })

  async function make({ schedule = MONTHLY, destination = to.evm, fixed, keep = 0n, above, metadata = {} }: Wanted = {}): Promise<string> {
    let made: StandingOrder | undefined
    const terms = {
      fixed: fixed === undefined ? undefined : money(USDC, fixed),
      keep: money(USDC, keep),
      above: above === undefined ? undefined : money(USDC, above),
      feeMax: money(USDC, 0n),
    }
    const hand = { by: PARTY, person: 'Mia', key: undefined }
    const note = (order: StandingOrder) => {
      made = order
      return along()
    }
    await orders.create({ party: PARTY, schedule, terms, destination, reference: 'earned', metadata, hand, along: note })
    return made!.id
  }

  return {
    ...w,
    approvals,
    orders,
    make,
    change: (id: string, status: 'active' | 'paused' | 'ended') => orders.change(id, status, { by: PARTY, along }),
    /** What this process has heard of orders: the last word of each type. */
    said: (): readonly string[] => told.filter(({ type }) => type.startsWith('standing_order.')).map(({ type }) => type.slice(15)),
    facts: told,
    free: (): bigint => {
      const { creditsPosted, debitsPosted, debitsPending } = books.balance(PAYEE, USDC)
      return creditsPosted - debitsPosted - debitsPending
    },
    /** Sets the clock, runs what is due, and waits until every payout has its end. */
    async at(time: string): Promise<void> {
      clock.set(time)
      await orders.sweep()
      for (const { id } of payouts.list({ limit: 100 })) await payouts.wait(id, { timeoutMs: 20_000 })
    },
    async close(): Promise<void> {
      await orders.close()
      await payouts.close()
    },
  }
}

export const MONTHLY: Schedule = { every: 'month', day: 31, hour: 6 }
const ONE_TO_ONE = { from: USDC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'world' } as const

export type OrderWorld = Awaited<ReturnType<typeof openOrderWorld>>
