import { describe, expect, onTestFinished, test } from 'vitest'
import { USDC } from '../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import { boot, expectSound, ONE, type Outside, outside, PAID, type RefundWorld } from '../../test/refund/refundWorld.ts'
import type { DisputeOutcome } from '../payins/dispute/facts.ts'
import type { Dispute } from './dispute.ts'

/** More appends than any of these disputes makes; reaching it means that a scenario never ends. */
const APPENDS_MAX = 40
/** The seed and its payments. */
const SEEDED = 8

const along = () => ({ claims: [], facts: [] })

/** Whatever is still to be done of it, as those who do it would do it again. */
async function carryOn(w: RefundWorld, outcome: DisputeOutcome): Promise<Dispute> {
  const { id } = w.disputed.list({ limit: 1, after: undefined })[0] ?? (await w.contest('evm'))
  if (w.disputeOf(id) === 'needs_evidence') await w.disputes.submit(id, { text: 'Delivered', references: [], by: ONE, along })
  if (w.disputeOf(id) === 'under_review') await w.disputes.decide(id, { outcome, cause: 'decided', by: 'operator', along })
  const { end } = w.disputes.get(id)
  if (end?.refund) await expect.poll(() => w.statusOf(end.refund!), { timeout: 20_000, interval: 2 }).toBe('succeeded')
  return w.disputes.get(id)
}

/** Lives until the process dies at `death`, or the dispute has its end; true when it died. */
async function live(o: Outside, death: DeathAt, outcome: DisputeOutcome): Promise<boolean> {
  const stopping = stoppingJournal(o.journal, death)
  const first = await boot(o, { journal: stopping.journal })
  const end = carryOn(first, outcome).then(() => false)
  const died = await Promise.race([end, stopping.died.then(() => true)])
  // A process that died never finishes what it began, so this is not awaited then.
  const closed = first.close()
  if (!died) await closed
  end.catch(() => undefined)
  return died
}

describe('a dispute', () => {
  test.each<[DisputeOutcome, bigint, number]>([
    ['won', 2n * PAID, 6],
    ['lost', PAID, 10],
  ])('that is %s ends the same after a death at any append, and moves its money once', async (outcome, has, deathsMin) => {
    let deaths = 0
    for (let append = SEEDED + 1; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const o = outside()
        died = await live(o, { append, moment }, outcome)
        if (died) deaths++
        const w = await boot(o)
        onTestFinished(() => w.close())
        const { end } = await carryOn(w, outcome)
        const sent = outcome === 'lost' ? 1 : 0
        expect([append, moment, end?.outcome, w.has(`party:${ONE}`, USDC), w.outside.rails.evm.paid.length]).toEqual([
          append,
          moment,
          outcome,
          has,
          sent,
        ])
        expect(w.disputed.list({ limit: 9, after: undefined })).toHaveLength(1)
        await expectSound(w)
      }
      if (!died) break
    }
    // Opened, heard and decided, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(deathsMin)
  })
})
