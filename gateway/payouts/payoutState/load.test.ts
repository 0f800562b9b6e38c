import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, makeRails, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import { payoutLimits } from './limits.ts'

const WAIT = { timeoutMs: 20_000 }
const HOUR_MS = 3_600_000
const OTHER_NODE: Destination = { kind: 'lightning_node', nodeId: `03${'cd'.repeat(32)}` }

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World> {
  const made = await boot(o)
  onTestFinished(() => made.payouts.close())
  return made
}

function create(w: World, destinations: readonly Destination[] = [to.node], units = 10_000n) {
  return w.payouts.create({ source: PAYEE, amount: money(USDC, units), destinations, reference: '', createdBy: 'test' })
}

const shareOf = (more: Partial<typeof payoutLimits.party>) => ({ ...payoutLimits, party: { ...payoutLimits.party, ...more } })

describe('what one party has under way', () => {
  test('is no more Lightning payments at once than its slots; the next waits, over a restart too, and is paid when one has ended', async () => {
    const rails = makeRails()
    rails.lightning.manner = 'stuck'
    const policy = { limits: shareOf({ slotsMax: 2 }), replanMaxMs: 5 }
    const w = await world({ rails, policy })
    const ids = []
    for (let i = 0; i < 3; i++) ids.push((await create(w)).id)
    for (const id of ids) await w.payouts.wait(id, { timeoutMs: 100 })
    expect(rails.lightning.heard.length).toBe(2)
    const last = w.payouts.get(ids[2]!)
    expect(last).toMatchObject({ status: 'processing', attempts: [] })
    expect(w.payouts.decision(last.decisionId!)).toMatchObject({ candidates: [{ reason: 'slots_used' }] })
    await w.payouts.close()

    const again = await world({ rails, journal: w.journal, policy })
    await again.payouts.resume()
    await again.payouts.wait(ids[2]!, { timeoutMs: 100 })
    expect(again.payouts.get(ids[2]!)).toMatchObject({ status: 'processing', attempts: [] })
    rails.lightning.manner = 'pay'
    rails.lightning.release()
    expect(await again.payouts.wait(ids[2]!, WAIT)).toMatchObject({ status: 'settled' })
  })

  test('is refused more Lightning payouts, and no others, when payments were kept waiting for too long; time gives it back', async () => {
    let now = 1_800_000_000_000
    const w = await world({ clock: { now: () => now }, policy: { limits: shareOf({ slotHoursADay: 2 }) } })
    w.rails.lightning.manner = 'stuck'
    const held = await Promise.all([create(w), create(w)])
    for (const { id } of held) await w.payouts.wait(id, { timeoutMs: 100 })
    now += HOUR_MS
    const third = await create(w, [OTHER_NODE])
    await w.payouts.wait(third.id, { timeoutMs: 100 })
    now += HOUR_MS / 10
    await expect(create(w)).rejects.toMatchObject({ code: 'too_many_open', status: 429, meta: { of: PAYEE } })
    const elsewhere = await create(w, [to.evm])
    expect(await w.payouts.wait(elsewhere.id, WAIT)).toMatchObject({ status: 'settled' })
    w.rails.lightning.release()
    for (const { id } of [...held, third]) expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled' })
    now += 24 * HOUR_MS
    await create(w)
  })

  test('is refused beyond what it may be worth', async () => {
    const w = await world({ policy: { limits: shareOf({ openNanoMax: 15_000_000n }) } })
    w.rails.lightning.manner = 'stuck'
    await create(w)
    await expect(create(w)).rejects.toMatchObject({ code: 'too_many_open' })
    await create(w, [to.node], 5_000n)
  })
})
