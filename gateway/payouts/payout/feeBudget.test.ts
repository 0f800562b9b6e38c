import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, makeRails, PAYEE, posted, START, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { feePolicy } from '../fees/policy.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'

const WAIT = { timeoutMs: 20_000 }
const OTHER = 'party:pa_00000000000000000000000000000002'
const DAY_MS = 86_400_000
/** One msat is a micro-dollar here: 2 cents. */
const LIMIT_MSAT = 20_000n

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World> {
  const made = await boot(o)
  onTestFinished(() => made.payouts.close())
  return made
}

/** Lightning that asks for so much, and says that it might take more. */
function asks(w: World, msat: bigint, max = 10n * msat): void {
  w.rails.lightning.terms = { fee: money(BTC, msat), feeMax: money(BTC, max) }
  w.rails.lightning.fee = money(BTC, msat)
}

function order(more: Partial<CreatePayout> = {}): CreatePayout {
  return { source: PAYEE, amount: money(USDC, 10_000n), destinations: [to.node], reference: '', createdBy: 'test', ...more }
}

async function pay(w: World, more: Partial<CreatePayout> = {}) {
  const { id } = await w.payouts.create(order(more))
  return w.payouts.wait(id, WAIT)
}

const purse = ({ books }: World, of = '') => {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(`budget:fees${of}`, USD)
  return [creditsPosted - debitsPosted, debitsPending]
}

describe('what a payment may cost', () => {
  test('is at most what the policy says, whatever the rail quotes; the quote can lower it', async () => {
    const w = await world()
    asks(w, LIMIT_MSAT)
    expect(await pay(w)).toMatchObject({ status: 'settled', attempts: [{ feeMax: { amount: '0.0000002' } }] })
    asks(w, 100n)
    expect(await pay(w)).toMatchObject({ status: 'settled', attempts: [{ feeMax: { amount: '0.00000001' } }] })
    expect(w.rails.lightning.paid.map(({ feeMax }) => feeMax.units)).toEqual([LIMIT_MSAT, 1_000n])
    // Of a larger payment, a hundredth: 100 USD may cost 1 USD.
    asks(w, 900_000n)
    expect(await pay(w, { amount: money(USDC, 100_000_000n) })).toMatchObject({ attempts: [{ feeMax: { amount: '0.00001' } }] })
    expect(purse(w)).toEqual([feePolicy.dayUnits - LIMIT_MSAT - 100n - 900_000n, 0n])
    expect(w.books.balance('capital:fee-budget', USD).debitsPending).toBe(0n)
  })

  test('is refused above it, with what the rail asked for', async () => {
    const w = await world()
    asks(w, LIMIT_MSAT + 1n)
    const refused = { reason: 'fee_above_budget', detail: expect.stringMatching(/would cost 0.00000020001 BTC.* fee_max /) }
    expect(await pay(w)).toMatchObject({ status: 'failed', failure: { code: 'no_rail', reasons: [refused] } })
    expect([w.rails.lightning.heard, w.rails.lightning.paid]).toEqual([[], []])
    await expectBalanced(w)
  })

  test('is borne by the source above it when it said so, and what it did not cost goes back', async () => {
    const w = await world()
    asks(w, LIMIT_MSAT + 500n)
    expect(await pay(w, { feeMax: 2_000n })).toMatchObject({ status: 'settled', attempts: [{ feeMax: { amount: '0.00000022' } }] })
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 10_500n)
    expect(w.books.balance('fee:charged', USDC).creditsPosted).toBe(500n)
    expect(purse(w)).toEqual([feePolicy.dayUnits - LIMIT_MSAT, 0n])
    asks(w, LIMIT_MSAT + 2_001n)
    expect(await pay(w, { feeMax: 2_000n })).toMatchObject({ status: 'failed' })
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 10_500n)
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(0n)
    const over = w.payouts.create(order({ amount: money(USDC, START.usdc - 10_500n), feeMax: 1n }))
    await expect(over).rejects.toMatchObject({ code: 'insufficient_balance' })
  })
})

describe('the purses of a day', () => {
  /** Room for one payment at the limit, of the party; for two in all. */
  const fees = { ...feePolicy, dayUnits: 2n * LIMIT_MSAT, accountDayUnits: LIMIT_MSAT, allowanceDayUnits: LIMIT_MSAT / 2n }

  test('are taken from by each try before its rail hears of it, and what it did not cost goes back', async () => {
    const w = await world({ policy: { fees } })
    asks(w, 1_000n)
    w.rails.lightning.manner = 'stuck'
    await w.payouts.create(order())
    const bothPurses = () => [purse(w), purse(w, `:${PAYEE}`)]
    await expect.poll(bothPurses, { timeout: 60_000 }).toEqual([
      [2n * LIMIT_MSAT, 10_000n],
      [LIMIT_MSAT, 10_000n],
    ])
    w.rails.lightning.manner = 'refuse'
    expect(await pay(w)).toMatchObject({ status: 'failed' })
    w.rails.lightning.manner = 'pay'
    expect(await pay(w)).toMatchObject({ status: 'settled' })
    expect([purse(w), purse(w, `:${PAYEE}`)]).toEqual([
      [2n * LIMIT_MSAT - 1_000n, 10_000n],
      [LIMIT_MSAT - 1_000n, 10_000n],
    ])
  })

  test('refuse a party that has used its own, and no other; the next day it is filled again', async () => {
    let now = 1_800_000_000_000
    const w = await world({ policy: { fees, replanMaxMs: 5 }, clock: { now: () => now } })
    await w.books.submit({
      entry: {
        id: `en_${'2'.repeat(32)}`,
        payment: 'seed',
        legs: [{ kind: 'move', debit: PAYEE, credit: OTHER, asset: USDC, units: 1_000_000n }],
      },
    })
    asks(w, LIMIT_MSAT / 2n)
    expect(await pay(w)).toMatchObject({ status: 'settled' })
    asks(w, LIMIT_MSAT, LIMIT_MSAT)
    const waits = await w.payouts.create(order())
    const shown = await w.payouts.wait(waits.id, { timeoutMs: 200 })
    expect(shown).toMatchObject({ status: 'processing', attempts: [] })
    expect(w.payouts.decision(shown.decisionId!)).toMatchObject({ candidates: [{ reason: 'fee_budget_used' }] })
    expect(await pay(w, { source: OTHER })).toMatchObject({ status: 'settled' })
    expect(w.rails.lightning.paid.length).toBe(2)
    now += DAY_MS
    expect(await w.payouts.wait(waits.id, WAIT)).toMatchObject({ status: 'settled' })
    expect(purse(w)).toEqual([LIMIT_MSAT, 0n])
  })

  test('refuse a link or an app that has used its own', async () => {
    const w = await world({ policy: { fees, replanMaxMs: 5 } })
    asks(w, LIMIT_MSAT / 2n, LIMIT_MSAT / 2n)
    const behalf = { account: PAYEE, allowance: 'wl_1' }
    expect(await pay(w, { behalf })).toMatchObject({ status: 'settled' })
    const { id } = await w.payouts.create(order({ behalf }))
    expect(await w.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing', attempts: [] })
    expect(await pay(w)).toMatchObject({ status: 'settled' })
  })

  test('hold over restarts, and many at once never take more than there is', async () => {
    const rails = makeRails()
    const w = await world({ rails, policy: { fees } })
    asks(w, LIMIT_MSAT)
    w.rails.lightning.manner = 'stuck'
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await w.payouts.create(order())).id))
    await expect.poll(() => w.rails.lightning.heard.length, { timeout: 15_000 }).toBe(1)
    await Promise.all(ids.map((id) => w.payouts.wait(id, { timeoutMs: 200 })))
    expect(w.rails.lightning.heard.length).toBe(1)
    await w.payouts.close()
    const again = await world({ rails, journal: w.journal, policy: { fees } })
    await again.payouts.resume()
    expect(purse(again, `:${PAYEE}`)).toEqual([LIMIT_MSAT, LIMIT_MSAT])
    expect(w.rails.lightning.heard.length).toBe(1)
  })

  test('are filled once a day, also when the first use of the day finds them full', async () => {
    let now = 1_800_000_000_000
    const o = { rails: makeRails(), policy: { fees, replanMaxMs: 5 }, clock: { now: () => now } }
    const w = await world(o)
    asks(w, 0n)
    expect(await pay(w)).toMatchObject({ status: 'settled' })
    now += DAY_MS
    asks(w, LIMIT_MSAT)
    expect(await pay(w)).toMatchObject({ status: 'settled' })
    await w.payouts.close()
    const again = await world({ ...o, journal: w.journal })
    const { id } = await again.payouts.create(order())
    expect(await again.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing', attempts: [] })
    expect([purse(again), purse(again, `:${PAYEE}`)]).toEqual([
      [LIMIT_MSAT, 0n],
      [0n, 0n],
    ])
  })

  test('are not filled again the same day because their size was changed; a smaller one takes back what is free', async () => {
    const o = { rails: makeRails(), policy: { fees, replanMaxMs: 5 }, clock: { now: () => 1_800_000_000_000 } }
    const w = await world(o)
    asks(w, LIMIT_MSAT)
    expect(await pay(w)).toMatchObject({ status: 'settled' })
    await w.payouts.close()
    const changed = { ...fees, dayUnits: LIMIT_MSAT / 2n, accountDayUnits: 2n * LIMIT_MSAT }
    const again = await world({ ...o, journal: w.journal, policy: { ...o.policy, fees: changed } })
    const { id } = await again.payouts.create(order())
    expect(await again.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing', attempts: [] })
    expect([purse(again), purse(again, `:${PAYEE}`)]).toEqual([
      [LIMIT_MSAT / 2n, 0n],
      [0n, 0n],
    ])
  })

  test('are not filled again on a day that an earlier version had claimed with their size', async () => {
    const now = 1_800_000_000_000
    const w = await world({ policy: { fees, replanMaxMs: 5 }, clock: { now: () => now } })
    const path = `budget:fees:${PAYEE}`
    await w.books.submit({ claims: [{ key: `${path}:${Math.floor(now / DAY_MS)}:${fees.accountDayUnits}`, fingerprint: 'filled' }] })
    asks(w, 1_000n)
    const { id } = await w.payouts.create(order())
    expect(await w.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing', attempts: [] })
    expect(purse(w, `:${PAYEE}`)).toEqual([0n, 0n])
  })
})
