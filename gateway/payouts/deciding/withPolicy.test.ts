import { expect, test } from 'vitest'
import { boot, expectBalanced, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { PolicyTerms } from '../routingPolicy/routingPolicy.ts'

const PARTY = 'pa_00000000000000000000000000000001' as const
const NOTHING: PolicyTerms = {
  allow: [],
  forbid: [],
  prefer: [],
  preferByNano: 0n,
  waitPercent: 100,
  feeMaxNano: undefined,
  attemptsMax: undefined,
}
const alone = { by: 'operator', along: () => ({ claims: [], facts: [] }) }
const say = (w: World, terms: Partial<PolicyTerms>) => w.payouts.policies.set(PARTY, { ...NOTHING, ...terms }, alone)

async function pay(w: World, units = 100_000n) {
  const order = { source: PAYEE, amount: money(USDC, units), reference: 'r', createdBy: 'test' }
  const { id } = await w.payouts.create({ ...order, destinations: [to.iban, to.evm, to.node] })
  return w.payouts.wait(id, { timeoutMs: 15_000 })
}

test('a party’s policy decides which rail is taken, each change is a version more, and the decision names it', async () => {
  const w = await boot()
  expect((await pay(w)).rail).toBe('lightning')
  await say(w, { forbid: ['lightning'] })
  const second = await pay(w)
  expect(second.rail).toBe('evm:31337')
  const decision = w.payouts.decision(second.decisionId!)
  expect(decision.policy).toEqual({ party: PARTY, version: 1 })
  expect(decision.candidates[2]).toMatchObject({ verdict: 'impossible', reason: 'excluded_by_policy' })
  expect(decision.candidates[2]!.why).toContain("version 1 of the party's routing policy: forbid has lightning")
  await say(w, { prefer: ['bank'], preferByNano: 10_000_000_000n })
  const third = await pay(w, 1_100_000n)
  expect([third.rail, w.payouts.decision(third.decisionId!).policy?.version]).toEqual(['bank', 2])
  expect(w.payouts.decision(third.decisionId!).candidates[2]!.terms).toMatchObject({ preference: '10' })
  await expectBalanced(w)
})

test('a policy that excludes all rails fails the payout, says which rule of each, and gives the money back', async () => {
  const w = await boot()
  await say(w, { allow: ['book'], feeMaxNano: 0n })
  const view = await pay(w)
  expect(view).toMatchObject({ status: 'failed', failure: { code: 'no_rail' }, attempts: [] })
  for (const { reason, detail } of view.failure!.reasons)
    expect([reason, detail]).toEqual(['excluded_by_policy', expect.stringContaining('allow has book alone')])
  await say(w, { feeMaxNano: 1n })
  expect((await pay(w)).failure!.reasons[1]!.detail).toContain('fee_max_usd is 0.000000001, and evm:31337 would take 0.002')
  await expectBalanced(w)
})

test('it is tried no more often than the party lets it be', async () => {
  const w = await boot()
  await say(w, { attemptsMax: 1 })
  w.rails.lightning.manner = 'refuse'
  const view = await pay(w)
  expect(view).toMatchObject({ status: 'failed', failure: { code: 'attempts_failed' } })
  expect([view.attempts.length, w.rails.evm.heard, w.rails.bank.heard]).toEqual([1, [], []])
  await expectBalanced(w)
})

test('of two changes at one moment the second has not seen the first, and is told so', async () => {
  const w = await boot()
  const both = await Promise.allSettled([say(w, { forbid: ['bank'] }), say(w, { forbid: ['evm'] })])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(w.payouts.policies.of(PARTY)).toMatchObject({ version: 1, forbid: ['bank'] })
})

test('a dry run says what the decisions of the week would have come to, and changes nothing', async () => {
  const w = await boot()
  for (let n = 0; n < 3; n++) expect((await pay(w)).rail).toBe('lightning')
  const head = w.books.head()
  const same = w.payouts.dryRun(PAYEE, { ...NOTHING, version: 0 })
  expect(same).toEqual({ judged: 3, otherwise: 0, excluded: 0, rules: [], costsMoreNano: 0n, slowerSeconds: 0n, isWhole: true })
  const without = w.payouts.dryRun(PAYEE, { ...NOTHING, forbid: ['lightning'], version: 0 })
  expect(without).toMatchObject({ judged: 3, otherwise: 3, excluded: 0, rules: ['forbid has lightning'], slowerSeconds: 0n })
  expect(without.costsMoreNano).toBeGreaterThan(0n)
  const none = w.payouts.dryRun(PAYEE, { ...NOTHING, allow: ['book'], version: 0 })
  expect(none).toMatchObject({ judged: 3, otherwise: 3, excluded: 3, costsMoreNano: 0n })
  expect(w.payouts.dryRun('party:pa_00000000000000000000000000000009', { ...NOTHING, version: 0 }).judged).toBe(0)
  expect([w.books.head(), w.payouts.policies.of(PARTY)]).toEqual([head, undefined])
})
