import { expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import { healthPolicy } from '../health/policy.ts'
import type { PayoutPolicy } from '../payoutState/policy.ts'

const WAIT = { timeoutMs: 20_000 }
const EVER_MS = 3_600_000
const SOON_MS = 60
/** Lightning takes 700,000 nano-USD and is planned; the bank takes 0.22 USD. */
const PLANNED = { rail: 'lightning' as const, destination: 0, preferNano: 100_000n, costNano: 2_000_000n }

async function world(policy: Partial<PayoutPolicy> = {}, clock = { now: () => Date.now() }): Promise<World> {
  const w = await boot({ clock, policy: { waitForPlannedMs: EVER_MS, ...policy } })
  onTestFinished(() => w.payouts.close())
  return w
}

const create = async (w: World, more: object = {}) => {
  const order = { source: PAYEE, amount: money(USDC, 1_000_000n), destinations: [to.node, to.iban], reference: '', createdBy: 'test' }
  return (await w.payouts.create({ ...order, planned: PLANNED, ...more })).id
}
const whyBank = (w: World, id: string) => {
  const { decisionId } = w.payouts.get(id)
  return decisionId && w.payouts.decision(decisionId).candidates.find(({ rail }) => rail === 'bank')
}

test('a planned way that gives no terms just now is waited for, which the decision says, and then it pays', async () => {
  const w = await world()
  w.rails.lightning.estimates = 'hang'
  const id = await create(w)
  await expect
    .poll(() => whyBank(w, id), { timeout: 20_000 })
    .toMatchObject({
      reason: 'waits_for_planned',
      why: expect.stringMatching(
        /^Impossible: it costs 0\.2\d+ USD more than lightning, which is slow just now and is waited for first\.$/,
      ),
    })
  w.rails.lightning.estimates = 'answer'
  expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', rail: 'lightning' })
  expect(w.rails.bank.paid).toEqual([])
  await expectBalanced(w)
})

test('so is one that has all the calls under way that it may', async () => {
  const w = await world({ sendDeadlineMs: EVER_MS, health: { ...healthPolicy, callsMax: 4 } })
  w.rails.lightning.manner = 'hangUnheard'
  for (let i = 0; i < 2; i++) await create(w, { destinations: [to.node] })
  await expect.poll(() => w.rails.lightning.heard.length, { timeout: 20_000 }).toBe(2)
  const id = await create(w)
  await expect.poll(() => whyBank(w, id), { timeout: 20_000 }).toMatchObject({ reason: 'waits_for_planned' })
  expect(w.payouts.get(id)).toMatchObject({ status: 'processing', attempts: [] })
})

test('one that stays silent is not waited for longer than it may be, and the dearer way pays', async () => {
  const w = await world({ waitForPlannedMs: SOON_MS })
  w.rails.lightning.estimates = 'hang'
  expect(await w.payouts.wait(await create(w), WAIT)).toMatchObject({ status: 'settled', rail: 'bank' })
  expect(w.rails.lightning.heard).toEqual([])
  await expectBalanced(w)
})

test.each<[string, object, (w: World) => void]>([
  ['was refused', {}, (w) => (w.rails.lightning.estimates = 'refuse')],
  ['would save less than waiting costs', { planned: { ...PLANNED, costNano: 10n ** 12n } }, (w) => (w.rails.lightning.estimates = 'hang')],
  ['is of a plan that says no cost', { planned: { ...PLANNED, costNano: undefined } }, (w) => (w.rails.lightning.estimates = 'hang')],
])('one that %s is not waited for', async (_, more, silence) => {
  const w = await world()
  silence(w)
  const ended = await w.payouts.wait(await create(w, more), WAIT)
  const reasons = w.payouts.decision(ended.decisionId!).candidates.map(({ reason }) => reason)
  expect(reasons).not.toContain('waits_for_planned')
  expect(w.rails.lightning.heard).toEqual([])
})

test('one whose other way would be too late after the waiting is not waited for', async () => {
  const now = 1_800_000_000_000
  const w = await world({}, { now: () => now })
  w.rails.lightning.estimates = 'hang'
  w.rails.bank.terms = { secondsToFunds: 0n }
  expect(await w.payouts.wait(await create(w, { deliverBy: now + 1 }), WAIT)).toMatchObject({ status: 'settled', rail: 'bank' })
})
