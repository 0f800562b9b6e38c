import { describe, expect, onTestFinished, test } from 'vitest'
import { USDC } from '../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import { boot, expectSound, ONE, type Outside, outside, PAID, type RefundWorld } from '../../test/refund/refundWorld.ts'
import type { Manner } from '../conformance/fakeRecords.ts'
import type { RefundStatus } from './givenRefund.ts'

/** More appends than any of these refunds makes; reaching it means that a scenario never ends. */
const APPENDS_MAX = 40
/** The seed and its payments. */
const SEEDED = 8

type Scenario = Readonly<{ name: string; manner: Manner; rests: RefundStatus; paid: number }>
const scenarios: readonly Scenario[] = [
  { name: 'that is paid', manner: 'pay', rests: 'succeeded', paid: 1 },
  { name: 'that is refused', manner: 'refuse', rests: 'needs_claim', paid: 0 },
  { name: 'that is unknown, then paid', manner: 'payLater', rests: 'succeeded', paid: 1 },
  { name: 'that is unknown, then refused', manner: 'refuseSilently', rests: 'needs_claim', paid: 0 },
  { name: 'that is paid in silence', manner: 'hangPaid', rests: 'succeeded', paid: 1 },
]

async function rested(w: RefundWorld, id: string, status: RefundStatus): Promise<void> {
  await expect.poll(() => w.statusOf(id), { timeout: 20_000, interval: 2 }).toBe(status)
}

/** Lives until the process dies at `death`, or the refund rests; true when it died. */
async function live(o: Outside, death: DeathAt, rests: RefundStatus): Promise<boolean> {
  const stopping = stoppingJournal(o.journal, death)
  const first = await boot(o, { journal: stopping.journal })
  const end = first.give('evm').then(async ({ id }) => {
    await rested(first, id, rests)
    return false
  })
  const died = await Promise.race([end, stopping.died.then(() => true)])
  // A process that died never finishes what it began, so this is not awaited then.
  const closed = first.close()
  if (!died) await closed
  end.catch(() => undefined)
  return died
}

describe('a refund', () => {
  test.each(scenarios)('$name rests the same after a death at any append, paid once or not at all', async ({ manner, rests, paid }) => {
    let deaths = 0
    for (let append = SEEDED + 1; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const o = outside()
        o.rails.evm.manner = manner
        died = await live(o, { append, moment }, rests)
        if (died) deaths++
        const w = await boot(o)
        onTestFinished(() => w.close())
        const [made] = w.records.list({ limit: 9, after: undefined })
        if (!made) {
          expect([append, moment, o.rails.evm.heard, w.has(`party:${ONE}`, USDC)]).toEqual([SEEDED + 1, 'before', [], 2n * PAID])
          continue
        }
        await rested(w, made.id, rests)
        expect([append, moment, o.rails.evm.paid.length, w.has(`party:${ONE}`, USDC)]).toEqual([append, moment, paid, PAID])
        expect(w.has(`surplus:${made.id}`, USDC)).toBe(paid === 1 ? 0n : PAID)
        await expectSound(w)
      }
      if (!died) break
    }
    // Given, and at least three of its payout, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(8)
  })
})
