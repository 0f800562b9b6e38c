import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { type MutedEngine, mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { money } from '../../money/money.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'

/** Books over an engine whose link can be cut, and a payout over them. */
async function world(policy: NonNullable<Parameters<typeof boot>[0]>['policy'] = {}): Promise<World & { link: MutedEngine }> {
  const clock = { now: () => Date.now() }
  const link = mutedEngine(machineEngine(clock))
  const w = await boot({ engine: link.engine, clock, policy })
  onTestFinished(async () => {
    await w.payouts.close()
    await w.books.close()
  })
  return { ...w, link }
}

function order(key: string, units = 10_000n): CreatePayout {
  const along = () => ({ claims: [{ key, fingerprint: 'f' }], facts: [] })
  return { source: PAYEE, amount: money(USDC, units), destinations: [to.node], reference: '', createdBy: 'test', along }
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

  test('counts no longer as open when it was not made, also where their queue is full when they know', async () => {
    const w = await world({ openMax: 2 })
    w.link.state = 'mute'
    // More than there is: the engine declines it, and its word is lost. The caller repeats its request, which waits for what becomes of the first.
    const tooMuch = order('k', 2_000_000_000n)
    for (let i = 0; i < 2; i++) await expect(w.payouts.create(tooMuch)).rejects.toMatchObject({ code: 'outcome_unknown' })
    const { submit } = w.books
    let refused = 0
    let full = true
    w.books.submit = async (submission) => {
      if (!full || w.link.state === 'mute') return submit(submission)
      refused++
      throw new GatewayError('too_busy', 'as many submissions wait as may')
    }
    w.link.state = 'whole'
    await expect.poll(() => refused, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
    full = false
    const made = () =>
      w.payouts.create(order('x')).then(
        () => 'made',
        (error: GatewayError) => error.code,
      )
    await expect.poll(made, { timeout: 30_000 }).toBe('made')
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
