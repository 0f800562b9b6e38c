import { expect, test } from 'vitest'
import { boot, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'

const order = { source: PAYEE, reference: 'r', createdBy: 'test' }

test('once it is paid, a decision says what it came to, with the fee that the rail told', async () => {
  const w = await boot()
  const { id } = await w.payouts.create({ ...order, amount: money(USDC, 100_000n), destinations: [to.evm, to.node] })
  const { decisionId, rail } = await w.payouts.wait(id, { timeoutMs: 15_000 })
  expect(rail).toBe('lightning')
  const { realised, candidates } = w.payouts.decision(decisionId!)
  const own = candidates.find((c) => c.rail === 'lightning')!
  expect(realised).toMatchObject({ rail: 'lightning', feeUsd: '0.0007', feeIs: 'told', regretUsd: '0' })
  expect(realised!.why).toMatch(/^It cost 0\.\d+ USD, .* as expected; no other way was reckoned to cost less\.$/)
  // Paid within the two seconds that it was expected to take: no dearer than was reckoned.
  const success = Object.entries(own.terms!).filter(([term]) => !['failureFee', 'waitForFailure', 'unknown'].includes(term))
  const expected = success.reduce((sum, [, usd]) => sum + Math.round(Number(usd) * 1e9), 0)
  expect(Math.round(Number(realised!.expectedUsd) * 1e9)).toBe(expected)
  await w.payouts.close()
})

test('a first choice that failed is regretted by what the second cost more than a cheaper one was reckoned to', async () => {
  const w = await boot()
  w.rails.lightning.manner = 'refuse'
  const { id } = await w.payouts.create({ ...order, amount: money(USDC, 100_000n), destinations: [to.evm, to.node] })
  const { decisionId, rail, attempts } = await w.payouts.wait(id, { timeoutMs: 15_000 })
  expect([rail, attempts.map((a) => a.rail)]).toEqual(['evm:31337', ['lightning', 'evm:31337']])
  // Both tries are of one plan or of two, by what failed: the last is the one that paid.
  const { realised } = w.payouts.decision(attempts.at(-1)!.decisionId)
  expect(realised).toMatchObject({ rail: 'evm:31337', feeIs: 'told', feeUsd: '0.002' })
  expect(decisionId).toBe(attempts.at(-1)!.decisionId)
  if (attempts[0]!.decisionId === decisionId) expect(realised!.why).toMatch(/; lightning was reckoned to cost 0\.\d+ USD less\.$/)
  await w.payouts.close()
})

test('a payout that is not paid has come to nothing yet', async () => {
  const w = await boot()
  w.rails.evm.manner = 'stuck'
  const { id } = await w.payouts.create({ ...order, amount: money(USDC, 100_000n), destinations: [to.evm] })
  await expect.poll(() => w.payouts.get(id).attempts.length, { timeout: 15_000 }).toBe(1)
  expect(w.payouts.decision(w.payouts.get(id).decisionId!).realised).toBeUndefined()
  await w.payouts.close()
})
