import { expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, makeRails, PAYEE, posted, START, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC, EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'
import { payoutLimits } from '../payoutState/limits.ts'
import type { PayoutView } from '../payoutState/view.ts'

const WAIT = { timeoutMs: 20_000 }
const WAIT_POLL = { timeout: 20_000 }
const BOTH: readonly Destination[] = [to.node, to.evm]
/** In units of USDC, which are worth as many millisatoshi. With a fee of up to 2,000 besides, Lightning can send its. */
const [BY_LIGHTNING, BY_CHAIN, AMOUNT] = [500_000n, 400_000n, 850_000n]

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World> {
  const w = await boot(o)
  onTestFinished(() => w.payouts.close())
  w.rails.lightning.terms = { available: money(BTC, BY_LIGHTNING + 2_000n) }
  w.rails.evm.terms = { available: money(USDC, BY_CHAIN) }
  return w
}

function order(units: bigint, destinations = BOTH, more: Partial<CreatePayout> = {}): CreatePayout {
  return { source: PAYEE, amount: money(USDC, units), destinations, reference: 'wages', createdBy: 'test', partsMax: 4, ...more }
}

async function pay({ payouts }: World, units: bigint, destinations = BOTH, more: Partial<CreatePayout> = {}) {
  const { id } = await payouts.create(order(units, destinations, more))
  return payouts.wait(id, WAIT)
}

function free({ books }: World): bigint {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(PAYEE, USDC)
  return creditsPosted - debitsPosted - debitsPending
}

const partsOf = ({ payouts }: World, { parts = [] }: PayoutView) => parts.map(({ id }) => payouts.get(id))

test('a payout that is too much for each rail is paid in parts that sum to it', async () => {
  const w = await world()
  const view = await pay(w, AMOUNT, BOTH, { metadata: { run: '7' } })
  expect(view).toMatchObject({ status: 'settled', paid: { amount: '0.85' }, attempts: [], exceptions: [] })
  const parts = partsOf(w, view)
  expect(
    parts.map(({ status, rail, amount, partOf, reference, metadata }) => [status, rail, amount.amount, partOf, reference, metadata]),
  ).toEqual([
    // The chain converts nothing, so it costs least by the unit and is filled first.
    ['settled', 'evm:31337', '0.4', view.id, 'wages', { run: '7' }],
    ['settled', 'lightning', '0.45', view.id, 'wages', { run: '7' }],
  ])
  expect(view.parts).toEqual(parts.map(({ id, status, rail, amount }) => ({ id, status, rail, amount })))
  // Its decision says in which parts, and what each was expected to cost; a simulation before it says the same and holds nothing.
  const planned = w.payouts.decision(view.decisionId!)!.parts!
  expect(planned.map(({ rail, destination, amount }) => [rail, destination, amount.amount])).toEqual([
    ['evm:31337', 1, '0.4'],
    ['lightning', 0, '0.45'],
  ])
  expect(planned[0]!.why).toBe(`0.4 USDC of it by evm:31337, which is expected to cost ${planned[0]!.expectedCostUsd} USD.`)
  expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - AMOUNT)
  await expectBalanced(w)
})

test('a simulation says in which parts it would be paid, and none where one way can pay it or nobody may', async () => {
  const w = await world()
  const simulate = (units: bigint, partsMax?: number) =>
    w.payouts.simulate({ source: PAYEE, amount: money(USDC, units), destinations: BOTH, lists: [], partsMax })
  const [head, found] = [w.books.head(), await simulate(AMOUNT, 4)]
  expect(found.order).toEqual([])
  expect(found.parts?.map(({ rail, amount }) => [rail, amount.amount])).toEqual([
    ['evm:31337', '0.4'],
    ['lightning', '0.45'],
  ])
  expect([(await simulate(BY_CHAIN, 4)).parts, (await simulate(AMOUNT)).parts]).toEqual([undefined, undefined])
  expect([w.books.head(), w.rails.lightning.heard, w.rails.evm.heard]).toEqual([head, [], []])
})

test.each<[string, readonly Destination[], Partial<CreatePayout>, bigint]>([
  ['that nobody allowed to be paid so', BOTH, { partsMax: undefined }, AMOUNT],
  ['that is more than all rails have room for', BOTH, {}, BY_LIGHTNING + BY_CHAIN + 1n],
  ['that would take more parts than it may', BOTH, { partsMax: 1 }, AMOUNT],
])('a payout %s is not begun, and its money is free again', async (_, destinations, more, units) => {
  const w = await world()
  expect(await pay(w, units, destinations, more)).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
  expect(w.payouts.list({ limit: 10 }).length).toBe(1)
  expect([w.rails.lightning.heard, w.rails.evm.heard]).toEqual([[], []])
  expect(free(w)).toBe(START.usdc)
  await expectBalanced(w)
})

test('two payees have no more room on one rail than it has: a payout that is more is not begun', async () => {
  const w = await world()
  w.rails.lightning.terms = {}
  const other: Destination = { ...to.node, nodeId: `03${'cd'.repeat(32)}` }
  // The liquidity of the pair is 500 for both.
  expect(await pay(w, 850_000_000n, [to.node, other])).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
  expect([w.rails.lightning.heard, free(w)]).toEqual([[], START.usdc])
  // With what the chain has it is enough.
  w.rails.evm.terms = { available: money(USDC, 400_000_000n) }
  const view = await pay(w, 850_000_000n, [to.node, other, to.evm])
  expect(view).toMatchObject({ status: 'settled', parts: [{ rail: 'lightning' }, { rail: 'evm:31337' }] })
  await expectBalanced(w)
})

test('what one rail pays whole is not paid in parts', async () => {
  const w = await world()
  const view = await pay(w, BY_LIGHTNING)
  expect(view).toMatchObject({ status: 'settled', rail: 'lightning' })
  expect(view.parts).toBeUndefined()
})

test('a part keeps to the way that it was planned for: the cheapest way for the small one is the only one for the large one', async () => {
  const w = await world()
  // What the liquidity of the pair has for Lightning is half of this, and both parts would rather go there.
  w.rails.lightning.terms = {}
  w.rails.evm.terms = { available: money(USDC, 400_000_000n) }
  // The large part asks its rail last.
  const { estimate } = w.rails.lightning
  w.rails.lightning.estimate = async (query) => {
    if (query.amount.units === START.btc / 2n) await new Promise((resolve) => setTimeout(resolve, 20))
    return estimate(query)
  }
  const view = await pay(w, 850_000_000n)
  expect(view).toMatchObject({ status: 'settled', parts: [{ rail: 'lightning' }, { rail: 'evm:31337' }] })
  await expectBalanced(w)
})

test('a part that its rail refuses goes by another that has room for it', async () => {
  const w = await world()
  w.rails.evm.manner = 'refuse'
  const view = await pay(w, AMOUNT)
  expect(view.status).toBe('settled')
  expect(partsOf(w, view).map(({ attempts }) => attempts.map(({ rail }) => rail))).toEqual([['evm:31337', 'lightning'], ['lightning']])
  expect(w.rails.lightning.sent()).toBe(AMOUNT)
  await expectBalanced(w)
})

test('a part that no rail pays leaves the payout paid in part, with the rest on the balance', async () => {
  const w = await world()
  w.rails.lightning.manner = 'refuse'
  const view = await pay(w, AMOUNT)
  expect(view).toMatchObject({ status: 'partly_settled', paid: { amount: '0.4' }, parts: [{ status: 'settled' }, { status: 'failed' }] })
  expect(free(w)).toBe(START.usdc - BY_CHAIN)
  await expectBalanced(w)
  // The rest may be paid again, as a payout of its own.
  w.rails.lightning.manner = 'pay'
  expect(await pay(w, AMOUNT - BY_CHAIN)).toMatchObject({ status: 'settled', rail: 'lightning' })
})

test('a part that is too much for each of the rails that are left is paid in parts itself', async () => {
  const w = await world()
  w.rails.bank.terms = { available: money(EUR, 300_000n) }
  w.rails.lightning.manner = 'refuse'
  const view = await pay(w, 900_000n, [to.node, to.evm, to.iban])
  expect(view).toMatchObject({ status: 'settled', paid: { amount: '0.9' } })
  const inner = partsOf(w, view).find(({ parts }) => parts !== undefined)!
  expect(inner).toMatchObject({ status: 'settled', partOf: view.id, amount: { amount: '0.5' }, attempts: [{ rail: 'lightning' }] })
  expect(partsOf(w, inner).map(({ rail }) => rail)).toEqual(['evm:31337', 'bank'])
  await expectBalanced(w)
})

test('a payout none of whose parts is paid has failed, and all its money is free', async () => {
  const w = await world()
  w.rails.lightning.manner = 'refuse'
  w.rails.evm.manner = 'refuse'
  const view = await pay(w, AMOUNT)
  expect(view).toMatchObject({ status: 'failed', failure: { code: 'attempts_failed' }, paid: { amount: '0' } })
  expect(free(w)).toBe(START.usdc)
  await expectBalanced(w)
})

test('a part whose outcome is not known keeps the payout unknown, and is never paid again', async () => {
  const w = await world()
  w.rails.lightning.manner = 'stuck'
  const { id } = await w.payouts.create(order(AMOUNT))
  await expect.poll(() => w.payouts.get(id).status, WAIT_POLL).toBe('outcome_unknown')
  expect(free(w)).toBe(START.usdc - AMOUNT)
  expect(w.payouts.inFlight().length).toBe(1)
  await expect(w.payouts.cancel(id, { by: 'test', along: () => ({ claims: [], facts: [] }) })).rejects.toThrow(/is paid in parts/)
  w.rails.lightning.release()
  expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled' })
  expect([w.rails.lightning.paid.length, w.rails.evm.paid.length]).toEqual([1, 1])
  await expectBalanced(w)
})

test('a rail with a largest payment is sent several, each of whole cents, and nothing of the amount is lost', async () => {
  const rails = makeRails()
  const { estimate } = rails.bank
  rails.bank.estimate = async (query) =>
    query.amount.units > 1_000_000n
      ? { kind: 'impossible', reason: 'rejected_by_rail', detail: '1 EUR at most', upTo: money(EUR, 1_000_000n), again: true }
      : estimate(query)
  const w = await world({ rails })
  // 2.50 EUR at 1.10 USD: what a whole payment would send.
  const view = await pay(w, 2_750_000n, [to.iban])
  expect(view.status).toBe('settled')
  expect(rails.bank.paid.map(({ amount }) => amount.units).toSorted()).toEqual([1_000_000n, 1_000_000n, 500_000n].toSorted())
  expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 2_750_000n)
  await expectBalanced(w)
  expect(await pay(w, 4_500_000n, [to.iban])).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
})

test('what a party forbids is no way that could pay the whole: the others pay it in parts', async () => {
  const w = await world()
  const terms = { allow: [], prefer: [], preferByNano: 0n, waitPercent: 100, feeMaxNano: undefined, attemptsMax: undefined }
  const party = PAYEE.slice('party:'.length) as `pa_${string}`
  const set = (forbid: readonly 'bank'[]) =>
    w.payouts.policies.set(party, { ...terms, forbid }, { by: 'test', along: () => ({ claims: [], facts: [] }) })
  const all = [...BOTH, to.iban]
  await set([])
  expect(await pay(w, AMOUNT, all)).toMatchObject({ status: 'settled', rail: 'bank' })
  await set(['bank'])
  expect(await pay(w, AMOUNT, all)).toMatchObject({ status: 'settled', parts: [{ rail: 'evm:31337' }, { rail: 'lightning' }] })
  await expectBalanced(w)
})

test('each party says in how many parts at most, and what its source bears of fees is shared by the parts', async () => {
  const w = await world()
  const terms = { allow: [], forbid: [], prefer: [], preferByNano: 0n, waitPercent: 100, feeMaxNano: undefined, attemptsMax: undefined }
  const party = PAYEE.slice('party:'.length) as `pa_${string}`
  const set = (partsMax: number) =>
    w.payouts.policies.set(party, { ...terms, partsMax }, { by: 'test', along: () => ({ claims: [], facts: [] }) })
  await set(1)
  expect(await pay(w, AMOUNT, BOTH)).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
  await set(2)
  const view = await pay(w, AMOUNT, BOTH, { feeMax: 301n, feeBearer: 'payer' })
  expect(view).toMatchObject({ status: 'settled' })
  expect(partsOf(w, view).map(({ feeFixed }) => feeFixed?.amount)).toEqual(['0.000142', '0.000159'])
  expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - AMOUNT - 301n)
})

test('its parts count for what a party has under way, in its place', async () => {
  // As much as the payout is worth, and no more.
  const limits = { ...payoutLimits, party: { ...payoutLimits.party, openNanoMax: AMOUNT * 1_000n } }
  const w = await world({ policy: { limits } })
  w.rails.lightning.manner = 'stuck'
  const view = await w.payouts.create(order(AMOUNT))
  await expect.poll(() => w.payouts.get(view.id).parts?.map(({ status }) => status), WAIT_POLL).toEqual(['settled', 'outcome_unknown'])
  const more = await w.payouts.create(order(BY_CHAIN, [to.evm]))
  expect(await w.payouts.wait(more.id, WAIT)).toMatchObject({ status: 'settled', rail: 'evm:31337' })
  await expect(w.payouts.create(order(BY_CHAIN + 1n, [to.evm]))).rejects.toMatchObject({ code: 'too_many_open' })
  w.rails.lightning.release()
  await w.payouts.wait(view.id, WAIT)
})
