import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { type MutedEngine, mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { money } from '../../money/money.ts'
import type { CreatePayout } from './createPayout.ts'

/** Books over an engine whose link can be cut, and a payout over them. */
async function world(): Promise<World & { link: MutedEngine }> {
  const clock = { now: () => Date.now() }
  const link = mutedEngine(machineEngine(clock))
  const w = await boot({ engine: link.engine, clock })
  onTestFinished(async () => {
    await w.payouts.close()
    await w.books.close()
  })
  return { ...w, link }
}

function order(key: string): CreatePayout {
  const along = () => ({ claims: [{ key, fingerprint: 'f' }], facts: [] })
  return { source: PAYEE, amount: money(USDC, 10_000n), destinations: [to.node], reference: '', createdBy: 'test', along }
}

/** The only payout, once there is one. */
async function theOne({ payouts }: World): Promise<string> {
  for (;;) {
    const [one, ...more] = payouts.list({ limit: 10 })
    expect(more).toEqual([])
    if (one) return one.id
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('a payout over books that do not know', () => {
  test.each(['mute', 'deaf'] as const)('is never refused as not taken, and goes on by itself when they know: %s', async (state) => {
    const w = await world()
    w.link.state = state
    await expect(w.payouts.create(order('k'))).rejects.toMatchObject({ code: 'outcome_unknown' })
    // The caller repeats its request.
    await expect(w.payouts.create(order('k'))).rejects.toMatchObject({ code: 'outcome_unknown' })
    await expect(w.payouts.create(order('other'))).rejects.toMatchObject({ code: 'ledger_unavailable' })
    w.link.state = 'whole'
    const id = await theOne(w)
    expect((await w.payouts.wait(id, { timeoutMs: 60_000 })).status).toBe('settled')
    expect((await w.payouts.create(order('k'))).id).toBe(id)
    expect(w.rails.lightning.paid).toHaveLength(1)
    await expectBalanced(w)
  })

  test('is paid once and goes on without a restart when its try was unknown', async () => {
    const w = await world()
    const { estimate } = w.rails.lightning
    // The plan is made; then the books fall silent under the try.
    w.rails.lightning.estimate = (query) => {
      w.link.state = 'mute'
      return estimate(query)
    }
    const { id } = await w.payouts.create(order('k'))
    // Longer than a request would be kept waiting.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(w.rails.lightning.heard).toEqual([])
    w.rails.lightning.estimate = estimate
    w.link.state = 'whole'
    expect((await w.payouts.wait(id, { timeoutMs: 60_000 })).status).toBe('settled')
    expect(w.rails.lightning.paid).toHaveLength(1)
    await expectBalanced(w)
  })
})
