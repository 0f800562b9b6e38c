import { expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, makeRails, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'

const OTHER_NODE: Destination = { kind: 'lightning_node', nodeId: `03${'cd'.repeat(32)}` }
const COUNTED = { source: PAYEE, amount: money(USDC, 10_000n), reference: 'x', createdBy: 'test' }

test('when a rail refuses, its other ways are less likely, and the plan is made anew before the next try', async () => {
  const rails = makeRails()
  rails.lightning.manner = 'refuse'
  // A refusal costs twenty minutes: worth it once, and not again with what the first one has told.
  rails.lightning.terms = { secondsToFail: 1_200n }
  const w = await boot({ rails })
  onTestFinished(() => w.payouts.close())
  const { id } = await w.payouts.create({ ...COUNTED, destinations: [to.node, OTHER_NODE, to.evm] })
  const done = await w.payouts.wait(id, { timeoutMs: 20_000 })
  expect(done.attempts.map(({ rail }) => rail)).toEqual(['lightning', 'evm:31337'])
  const [first, second] = done.attempts.map(({ decisionId }) => w.payouts.decision(decisionId))
  expect(first!.order).toEqual([0, 1, 2])
  expect(second!.id).not.toBe(first!.id)
  expect(second!.candidates).toMatchObject([
    { verdict: 'impossible', reason: 'rejected_by_rail' },
    { railPpm: '990000', verdict: 'chosen', rank: 2 },
    { rank: 1 },
  ])
  expect(Number(second!.candidates[1]!.successPpm)).toBeLessThan(960_000)
  await expectBalanced(w)
})

test('what is no relative is tried as it was planned', async () => {
  const rails = makeRails()
  rails.lightning.manner = 'refuse'
  const w = await boot({ rails })
  onTestFinished(() => w.payouts.close())
  const { id } = await w.payouts.create({ ...COUNTED, destinations: [to.node, to.evm] })
  const done = await w.payouts.wait(id, { timeoutMs: 20_000 })
  expect(new Set(done.attempts.map(({ decisionId }) => decisionId)).size).toBe(1)
})
