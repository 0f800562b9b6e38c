import { expect, test } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { rates } from '../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../ledger/books/memoryJournal.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { BTC, EUR, USD } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import { toFact } from '../payouts/payoutState/facts.ts'
import type { AttemptId, PayoutId } from '../ports/ids.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { Receiver, Settlement } from '../ports/receiver.ts'
import type { Stranger } from '../ports/statement.ts'
import { createBreakRecords } from './breakRecords.ts'
import { createExpected } from './expected.ts'
import { createRailLooks } from './lookAtRails.ts'
import { resolveAccepted } from './resolve.ts'
import { createSentPayments } from './sentPayments.ts'
import { createToldMovements } from './toldMovements.ts'

const msat = (units: bigint) => money(BTC, units)
const ACCOUNT = 'rail:lightning:node'

/** Books that say that a node holds 1,000 msat, and a node that says what a test lets it say. */
async function openLookWorld() {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const ids = uuidIds(clock)
  const assetOf = (id: string) => [BTC, EUR].find((asset) => asset.id === id)!
  const ground = { clock, ids, rates, usd: USD, bookAsset: BTC, assets: [BTC, EUR], assetOf }
  const { books } = openLedger(ground, { journal: memoryJournal() })
  const records = createBreakRecords(books, assetOf)
  const sent = createSentPayments(books)
  const told = createToldMovements({ books, clock })
  const node = {
    holds: msat(1_000n),
    asked: async () => node.holds,
    strangers: [] as Stranger[],
    outcome: undefined as Outcome | ((id: string) => Outcome) | undefined,
  }
  const asked: string[] = []
  const log = { warn: () => undefined, error: () => undefined }
  const context = { books, clock, ids, assetOf, records, expected: createExpected(books), closing: [], tolerances: [], log, lookAgainMs: 1 }
  const statement = {
    balances: async () => [{ place: 'node', amount: await node.asked(), at: now, inFlight: [] }],
    strangers: async () => node.strangers,
  }
  const look = createRailLooks(context, {
    books,
    sent,
    told,
    settledMs: 1_000,
    settleMs: 5,
    inFlight: () => [],
    statements: [{ rail: 'lightning', statement }],
    payouts: {
      lookAgain: async (id) => {
        asked.push(id)
        return { amount: msat(100n), outcome: typeof node.outcome === 'function' ? node.outcome(id) : node.outcome! }
      },
    },
  })
  await books.start()
  const legs = [{ kind: 'move', debit: ACCOUNT, credit: 'capital:opening', ...msat(1_000n) }] as const
  await books.submit({ entry: { id: ids.entry(), payment: 'opening', legs } })
  /** The ledger has a payment as gone, with a fee of 3 msat. */
  async function paid(): Promise<AttemptId> {
    const id = ids.next('at_') as AttemptId
    const data = {
      payout: ids.next('po_') as PayoutId,
      evidence: { rail: 'lightning', id: 'hash', at: now },
      fee: { asset: BTC, units: '3' },
    } as const
    await books.submit({ facts: [toFact({ type: 'attempt.settled', id, at: now, data })] })
    return id
  }
  const breaks = () =>
    records.list({ limit: 9, after: undefined }).map(({ kind, status, expected, moved }) => [kind, status, expected.units, moved.units])
  return { context, books, node, asked, told, sent, look, paid, breaks, records, later: (ms: number) => (now += ms) }
}

const stranger = (id: string, units: bigint): Stranger => {
  return { id, place: 'node', kind: 'payment', side: 'out', amount: msat(units), day: '2027-01-15', names: [id, 'hash-of-it'] }
}
const settlement = (id: string, amount: Money, movement?: string): Settlement => {
  return { kind: 'received', id, cursor: id, rail: 'lightning', place: 'node', amount, at: 1, ...(movement ? { movement } : {}) }
}

test('what left and nothing here sent is one break by its own name; it ends when the rail does not show it any more', async () => {
  const w = await openLookWorld()
  w.node.strangers = [stranger('tx:4:block', 250n)]
  w.node.holds = msat(750n)
  for (let n = 0; n < 3; n++) await w.look()
  expect(w.breaks()).toEqual([['unexpected', 'open', 0n, 250n]])
  expect(w.records.list({ limit: 1, after: undefined })[0]).toMatchObject({
    movements: ['lightning:stranger:tx:4:block'],
    account: ACCOUNT,
    proposal: { debit: 'capital:claimed_from_rails', credit: ACCOUNT },
  })
  // The chain went another way.
  w.node.strangers = []
  w.node.holds = msat(1_000n)
  for (let n = 0; n < 3; n++) await w.look()
  expect(w.breaks()).toEqual([['unexpected', 'resolved', 0n, 250n]])
})

test('what is missing on a rail without a movement to name is a break once two looks found it, and ends with the difference', async () => {
  const w = await openLookWorld()
  w.node.holds = msat(990n)
  expect(await w.look()).toEqual([{ rail: 'lightning', matched: 0, breaks: 0 }])
  expect(await w.look()).toEqual([{ rail: 'lightning', matched: 0, breaks: 1 }])
  expect(await w.look()).toEqual([{ rail: 'lightning', matched: 0, breaks: 0 }])
  w.later(60_000)
  w.node.holds = msat(1_005n)
  for (let n = 0; n < 2; n++) await w.look()
  expect(w.breaks()).toEqual([
    ['unexpected', 'open', 0n, 5n],
    ['unexpected', 'resolved', 0n, 10n],
  ])
  w.node.holds = msat(1_000n)
  await w.look()
  expect(w.breaks().map(([, status]) => status)).toEqual(['resolved', 'resolved'])
})

test('a payment that its rail confirms is answered; one that it says failed is missing until it shows it; another fee is a break', async () => {
  const w = await openLookWorld()
  await w.paid()
  const settled = (fee: bigint): Outcome => ({ kind: 'settled', evidence: { rail: 'lightning', id: 'hash', at: 1 }, fee: msat(fee) })
  w.node.outcome = settled(3n)
  expect(await w.look()).toMatchObject([{ matched: 0 }])
  w.later(1_000)
  expect(await w.look()).toMatchObject([{ matched: 1, breaks: 0 }])
  expect(await w.look()).toMatchObject([{ matched: 0 }])
  await w.paid()
  w.later(1_000)
  w.node.outcome = { kind: 'unknown', checkAfterMs: 1 }
  expect(await w.look()).toMatchObject([{ breaks: 0 }])
  w.node.outcome = { kind: 'failed', reason: 'no_route' }
  for (let n = 0; n < 2; n++) await w.look()
  expect(w.breaks()).toEqual([['missing', 'open', 100n, 0n]])
  w.node.outcome = settled(3n)
  expect(await w.look()).toMatchObject([{ matched: 1 }])
  expect(w.breaks()).toEqual([['missing', 'resolved', 100n, 0n]])
  await w.paid()
  w.later(1_000)
  w.node.outcome = settled(5n)
  expect(await w.look()).toMatchObject([{ matched: 0, breaks: 1 }])
  expect(w.breaks()[0]).toEqual(['fee_mismatch', 'open', 3n, 5n])
  expect(await w.look()).toMatchObject([{ matched: 0, breaks: 0 }])
})

test('a movement that is told under two names, with another amount, or that the books do not take, is a break of its kind', async () => {
  const w = await openLookWorld()
  const rows = [settlement('1:a', msat(40n), '1'), settlement('1:b', msat(40n), '1'), settlement('2', msat(7n)), settlement('3', msat(9n))]
  const receiver: Receiver = {
    rail: 'lightning',
    asset: BTC,
    offer: () => Promise.reject(new Error('none')),
    async *settlements() {
      yield* rows
    },
  }
  // The books take the first two as they are, the third with another amount, and the last not.
  const booked = { '1:a': 40n, '1:b': 40n, '2': 8n } as Readonly<Record<string, bigint>>
  for await (const { id } of w.told.beside(receiver).settlements('', { signal: AbortSignal.timeout(20_000) })) {
    const units = booked[id]
    if (units === undefined) break
    await w.books.submit({ claims: [{ key: `settlement:lightning:received:${id}`, fingerprint: `received:${BTC.id}:${units}` }] })
  }
  w.later(1_000)
  await w.look()
  expect(w.breaks().sort()).toEqual([
    ['amount', 'open', 8n, 7n],
    ['duplicate', 'open', 40n, 0n],
    ['unexpected', 'open', 0n, 9n],
  ])
  await w.books.submit({ claims: [{ key: 'settlement:lightning:received:3', fingerprint: `received:${BTC.id}:9` }] })
  await w.look()
  expect(w.breaks().filter(([kind]) => kind === 'unexpected')).toEqual([['unexpected', 'resolved', 0n, 9n]])
})

test('what is gone while payments go by is a break too, as far as each of ten looks has found it, and grows with it', async () => {
  const w = await openLookWorld()
  for (let n = 0n; n < 9n; n++) {
    w.node.holds = msat(500n - (n % 7n))
    await w.look()
  }
  expect(w.breaks()).toEqual([])
  w.node.holds = msat(505n)
  await w.look()
  expect(w.breaks()).toEqual([['unexpected', 'open', 0n, 495n]])
  // More is gone, and still no two looks find the same.
  for (let n = 0n; n < 20n; n++) {
    w.node.holds = msat(300n - (n % 7n))
    await w.look()
  }
  expect(w.breaks().filter(([, status]) => status === 'open')).toEqual([['unexpected', 'open', 0n, 700n]])
})

test('what is booked between two reads is no break, however long it goes on', async () => {
  const w = await openLookWorld()
  let paid = 0n
  const pay = async (units: bigint) => {
    const legs = [{ kind: 'move', debit: ACCOUNT, credit: 'capital:opening', ...msat(units) }] as const
    await w.books.submit({ entry: { id: uuidIds({ now: () => 1 }).entry(), payment: 'more', legs } })
    paid += units
  }
  for (let n = 1n; n <= 15n; n++) {
    // The node says what it has, and is paid more before the books are read.
    const before = msat(1_000n + paid)
    w.node.asked = async () => {
      await pay(n)
      return before
    }
    await w.look()
  }
  expect(w.breaks()).toEqual([])
})

test('what ended because the rail showed otherwise begins anew when it shows it again; what a person ended does not', async () => {
  const w = await openLookWorld()
  const shown = [stranger('tx:4:block', 250n)]
  for (const strangers of [shown, [], shown, [], shown]) {
    w.node.strangers = strangers
    w.node.holds = msat(1_000n - BigInt(strangers.length) * 250n)
    await w.look()
  }
  expect(w.breaks().map(([kind, status, , units]) => [kind, status, units])).toEqual([
    ['unexpected', 'open', 250n],
    ['unexpected', 'resolved', 250n],
    ['unexpected', 'resolved', 250n],
  ])
  const [one] = w.records.list({ limit: 1, after: undefined })
  await resolveAccepted(w.context, one!, {
    by: 'second',
    grounds: { reason: 'moved by hand', evidence: {} },
    along: () => ({ claims: [], facts: [] }),
  })
  for (const strangers of [[], shown, shown]) {
    w.node.strangers = strangers
    w.node.holds = msat(1_000n)
    await w.look()
  }
  expect(w.breaks().length).toBe(3)
})

const UNKNOWN: Outcome = { kind: 'unknown', checkAfterMs: 1 }

test('payments that a rail does not know hide none that came after them', async () => {
  const w = await openLookWorld()
  for (let n = 0; n < 2_000; n++) await w.paid()
  const last = await w.paid()
  w.later(1_000)
  w.node.outcome = (id) => (id === last ? { kind: 'failed', reason: 'no_route' } : UNKNOWN)
  await w.look()
  expect(w.breaks()).toEqual([])
  await w.look()
  expect(w.breaks()).toEqual([['missing', 'open', 100n, 0n]])
  // And then the oldest again.
  const before = w.asked.length
  await w.look()
  expect(w.asked.slice(before, before + 1)).toEqual(w.asked.slice(0, 1))
})

test('a rail that says nothing is asked for few payments at a look, and none of them is missing for that', async () => {
  const w = await openLookWorld()
  for (let n = 0; n < 100; n++) await w.paid()
  w.later(5 * 3_600_000)
  w.node.outcome = { ...UNKNOWN, silent: true }
  await w.look()
  expect([w.asked.length, w.breaks()]).toEqual([8, []])
  w.later(24 * 3_600_000)
  await w.look()
  expect(w.breaks().length).toBe(8)
})

test('with a new payment at each look, one that stays unknown is missing after its hour, and is not any more once the rail shows it', async () => {
  const w = await openLookWorld()
  const first = await w.paid()
  let said: Outcome = UNKNOWN
  const settled: Outcome = { kind: 'settled', evidence: { rail: 'lightning', id: 'hash', at: 1 }, fee: msat(3n) }
  w.node.outcome = (id) => (id === first ? said : settled)
  const lookAgain = async () => {
    await w.paid()
    w.later(60_000)
    await w.look()
  }
  for (let n = 0; n < 62; n++) await lookAgain()
  expect(w.breaks()).toEqual([['missing', 'open', 100n, 0n]])
  said = settled
  for (let n = 0; n < 2; n++) await lookAgain()
  expect(w.breaks()).toEqual([['missing', 'resolved', 100n, 0n]])
})

test('payments that a node was silent about are asked for again when it is back, while others come', async () => {
  const w = await openLookWorld()
  const of: string[] = []
  for (let n = 0; n < 20; n++) of.push(await w.paid())
  w.later(60_000)
  w.node.outcome = { ...UNKNOWN, silent: true }
  for (let n = 0; n < 3; n++) {
    await w.look()
    await w.paid()
    w.later(60_000)
  }
  w.node.outcome = { kind: 'settled', evidence: { rail: 'lightning', id: 'hash', at: 1 }, fee: msat(3n) }
  let matched = 0
  for (let n = 0; n < 3; n++) {
    matched += (await w.look())[0]!.matched
    await w.paid()
    w.later(60_000)
  }
  // All but the newest, which is not a minute old.
  expect([of.filter((id) => w.sent.get(id)), matched]).toEqual([[], 25])
})
