import { describe, expect, onTestFinished, test } from 'vitest'
import {
  boot,
  expectBalanced,
  makeRails,
  PAYEE,
  posted,
  quickPolicy,
  type Rails,
  START,
  to,
  USDC,
  type World,
} from '../../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import type { Manner } from '../../conformance/fakeRecords.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import { viewMoney } from '../payoutState/view.ts'

const AMOUNT = money(USDC, 10_000n)
const ID = 'po_00000000000000000000000000000009'
/** More appends than any of these payouts makes; reaching it means that a scenario never ends. */
const APPENDS_MAX = 30

/** In parts: what Lightning and the chain have room for, besides a fee of Lightning's. */
const [BY_LIGHTNING, BY_CHAIN] = [6_000n, 4_500n]

/** Another node of the payee: what refused the first says something of it, so the plan is made anew. */
const OTHER_NODE: Destination = { kind: 'lightning_node', nodeId: `03${'cd'.repeat(32)}` }

type Scenario = Readonly<{
  name: string
  destinations: readonly Destination[]
  lightning: Manner
  evm: Manner
  ends: 'settled' | 'partly_settled' | 'failed'
  /** How many payments leave, where it is too much for each rail. */
  inParts?: number
}>

const scenarios: readonly Scenario[] = [
  { name: 'that the rail pays', destinations: [to.node, to.evm], lightning: 'pay', evm: 'pay', ends: 'settled' },
  { name: 'that falls back', destinations: [to.node, to.evm], lightning: 'refuse', evm: 'pay', ends: 'settled' },
  { name: 'that is unknown, then paid', destinations: [to.node, to.evm], lightning: 'payLater', evm: 'pay', ends: 'settled' },
  { name: 'that is unknown, then refused', destinations: [to.node, to.evm], lightning: 'refuseSilently', evm: 'pay', ends: 'settled' },
  { name: 'that all rails refuse', destinations: [to.node, to.evm], lightning: 'refuse', evm: 'refuse', ends: 'failed' },
  { name: 'in parts', destinations: [to.node, to.evm], lightning: 'pay', evm: 'pay', ends: 'settled', inParts: 2 },
  {
    name: 'in parts of which one is refused',
    destinations: [to.node, to.evm],
    lightning: 'pay',
    evm: 'refuse',
    ends: 'settled',
    inParts: 2,
  },
  {
    name: 'in parts of which one is not paid',
    destinations: [to.node, to.evm],
    lightning: 'refuse',
    evm: 'pay',
    ends: 'partly_settled',
    inParts: 1,
  },
  {
    name: 'in parts of which one is unknown, then paid',
    destinations: [to.node, to.evm],
    lightning: 'payLater',
    evm: 'pay',
    ends: 'settled',
    inParts: 2,
  },
  { name: 'that plans anew', destinations: [to.node, OTHER_NODE, to.evm], lightning: 'refuse', evm: 'pay', ends: 'settled' },
  { name: 'by the book rail', destinations: [to.party], lightning: 'pay', evm: 'pay', ends: 'settled' },
]

/** Lives until the process dies at `death`, or to the payout's end; true when it died. The seed is the first append. */
async function live(rails: Rails, journal: ReturnType<typeof memoryJournal>, scenario: Scenario, death: DeathAt): Promise<boolean> {
  const stopping = stoppingJournal(journal, death)
  const w = await boot({ rails, journal: stopping.journal })
  const ended = w.payouts
    .create({
      id: ID,
      source: PAYEE,
      amount: AMOUNT,
      destinations: scenario.destinations,
      reference: '',
      createdBy: 'test',
      ...(scenario.inParts && { partsMax: 4 }),
    })
    .then(() => w.payouts.wait(ID, { timeoutMs: 20_000 }))
    .then(() => false)
  const died = await Promise.race([ended, stopping.died.then(() => true)])
  // A process that died never finishes what it began, so this is not awaited then.
  const closed = w.payouts.close()
  if (!died) await closed
  return died
}

async function reborn(rails: Rails, journal: ReturnType<typeof memoryJournal>): Promise<World> {
  const w = await boot({ rails, journal })
  onTestFinished(() => w.payouts.close())
  await w.payouts.resume()
  return w
}

/** What left and what is free again are the amount, each part with its own end. */
function expectWhole({ payouts, books }: World, rails: Rails, ends: Scenario['ends']): void {
  const { parts = [], paid } = payouts.get(ID)
  expect(parts.length).toBe(2)
  expect(new Set(parts.map(({ status }) => status))).toEqual(new Set(ends === 'settled' ? ['settled'] : ['settled', 'failed']))
  // At these rates a millisatoshi is a unit of USDC.
  const left = rails.lightning.sent() + rails.evm.sent()
  expect(paid).toEqual(viewMoney(money(USDC, left)))
  expect(posted(books, PAYEE, USDC)).toBe(START.usdc - left)
  if (ends === 'settled') expect(left).toBe(AMOUNT.units)
}

describe('a payout', () => {
  test.each(scenarios)('$name ends the same after a death at any append, with at most one payment', async (scenario) => {
    let deaths = 0
    for (let append = 2; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const rails = makeRails()
        rails.lightning.manner = scenario.lightning
        rails.evm.manner = scenario.evm
        if (scenario.inParts) rails.lightning.terms = { available: money(BTC, BY_LIGHTNING + 2_000n) }
        if (scenario.inParts) rails.evm.terms = { available: money(USDC, BY_CHAIN) }
        const journal = memoryJournal()
        died = await live(rails, journal, scenario, { append, moment })
        if (died) deaths++
        const w = await reborn(rails, journal)
        if (append === 2 && died && moment === 'before') {
          expect(w.payouts.list({ limit: 1 })).toEqual([])
          await expectBalanced(w)
          continue
        }
        expect(await w.payouts.wait(ID, { timeoutMs: 20_000 })).toMatchObject({ status: scenario.ends, exceptions: [] })
        const payments = rails.lightning.paid.length + rails.evm.paid.length
        expect(payments).toBe(scenario.inParts ?? (scenario.ends === 'settled' && scenario.destinations[0] !== to.party ? 1 : 0))
        if (scenario.inParts) expectWhole(w, rails, scenario.ends)
        await expectBalanced(w)
      }
      if (!died) break
    }
    // Created, and decided with its first try, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(4)
  })

  test.each([
    ['hangPaid', 'after the rail has paid', 1],
    ['hangUnheard', 'before the rail has heard', 2],
  ] as const)('that dies in the middle of a send (%s: %s) is paid once, under the same attempt', async (manner, _, heard) => {
    const rails = makeRails()
    rails.lightning.manner = manner
    const journal = memoryJournal()
    // The fourth append, behind the purses of the day, is the decision with attempt.sent; the next one would be the outcome.
    const stopping = stoppingJournal(journal, { append: 5, moment: 'before' })
    const first = await boot({ rails, journal: stopping.journal })
    await first.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations: [to.node, to.evm], reference: '', createdBy: 'test' })
    await stopping.died
    void first.payouts.close()

    rails.lightning.manner = 'pay'
    const w = await reborn(rails, journal)
    expect(await w.payouts.wait(ID, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled', rail: 'lightning' })
    expect(rails.lightning.heard.length).toBe(heard)
    expect(new Set(rails.lightning.heard).size).toBe(1)
    expect(rails.lightning.paid.length + rails.evm.paid.length).toBe(1)
    await expectBalanced(w)
  })

  test('that was never sent and has grown old is priced again, not sent at a stale rate', async () => {
    const rails = makeRails()
    rails.lightning.manner = 'hangUnheard'
    const journal = memoryJournal()
    const stopping = stoppingJournal(journal, { append: 5, moment: 'before' })
    let now = 1_800_000_000_000
    const clock = { now: () => now }
    const first = await boot({ rails, journal: stopping.journal, clock })
    await first.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations: [to.node], reference: '', createdBy: 'test' })
    await stopping.died
    void first.payouts.close()

    now += 61_000
    rails.lightning.manner = 'pay'
    const w = await boot({ rails, journal, clock })
    onTestFinished(() => w.payouts.close())
    await w.payouts.resume()
    const view = await w.payouts.wait(ID, { timeoutMs: 20_000 })
    expect(view).toMatchObject({ status: 'settled', attempts: [{ outcome: 'failed', reason: 'never_sent' }, { outcome: 'settled' }] })
    expect(rails.lightning.paid.length).toBe(1)
    await expectBalanced(w)
  })

  test.each([
    ['on a rail', [to.node], 3],
    ['by the book rail', [to.party], 2],
  ] as const)('%s waits for as few commits as there are moments that must be durable', async (_, destinations, commits) => {
    const counting = stoppingJournal(memoryJournal(), { append: APPENDS_MAX, moment: 'before' })
    const w = await boot({ rails: makeRails(), journal: counting.journal })
    onTestFinished(() => w.payouts.close())
    const first = await w.payouts.create({ source: PAYEE, amount: AMOUNT, destinations, reference: '', createdBy: 'test' })
    expect(await w.payouts.wait(first.id, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
    // The purses of the day are open now.
    const before = counting.appends()
    await w.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations, reference: '', createdBy: 'test' })
    expect(await w.payouts.wait(ID, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
    expect(counting.appends() - before).toBe(commits)
  })

  test('that is closed while rails name their terms begins no try, and is taken up at the next start', async () => {
    const rails = makeRails()
    const journal = memoryJournal()
    const [asked, closing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { estimate } = rails.lightning
    rails.lightning.estimate = async (query) => {
      asked.resolve()
      await closing.promise
      return estimate(query)
    }
    const first = await boot({ rails, journal, policy: { ...quickPolicy, estimateDeadlineMs: 30_000 } })
    await first.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations: [to.node], reference: '', createdBy: 'test' })
    await asked.promise
    const closed = first.payouts.close()
    closing.resolve()
    await closed
    expect(rails.lightning.heard).toEqual([])
    const w = await reborn(rails, journal)
    expect(await w.payouts.wait(ID, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
    expect(rails.lightning.paid.length).toBe(1)
  })

  test('that is open at the start is asked for before the gateway accepts', async () => {
    const rails = makeRails()
    rails.lightning.manner = 'stuck'
    const journal = memoryJournal()
    const first = await boot({ rails, journal })
    await first.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations: [to.node], reference: '', createdBy: 'test' })
    await first.payouts.wait(ID, { timeoutMs: 100 })
    await first.payouts.close()
    const w = await boot({ rails, journal })
    onTestFinished(() => w.payouts.close())
    expect(w.payouts.inFlight().length).toBe(1)
    expect(await w.payouts.resume()).toEqual({ open: 1, left: 1 })
    expect(w.payouts.get(ID).status).toBe('outcome_unknown')
  })
})
