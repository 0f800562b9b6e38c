import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, ended, expectNetted, payoutOf } from '../../../test/netting/nettingWorld.ts'
import { makeRails } from '../../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import type { Manner } from '../../conformance/fakeRecords.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'

/** More appends than any of these nets makes; reaching it means that a scenario never ends. */
const APPENDS_MAX = 40
const UNITS = [10_000n, 20_000n, 40_001n] as const

const scenarios: readonly { name: string; lightning: Manner; ends: 'settled' | 'failed' }[] = [
  { name: 'whose payment is made', lightning: 'pay', ends: 'settled' },
  { name: 'whose payment is refused', lightning: 'refuse', ends: 'failed' },
  { name: 'whose payment is unknown, then made', lightning: 'payLater', ends: 'settled' },
  { name: 'whose payment is unknown, then refused', lightning: 'refuseSilently', ends: 'failed' },
]

/** Joins three payouts, the same keys after a death as before, and says which they are. */
async function joinAll(w: Awaited<ReturnType<typeof boot>>): Promise<string[]> {
  const ids: string[] = []
  for (const [i, units] of UNITS.entries()) ids.push((await w.netting.join(payoutOf(units, { key: `idem:${i}` }))).id)
  return ids
}

describe('a net', () => {
  test.each(scenarios)('$name ends the same after a death at any append, with at most one payment', async ({ lightning, ends }) => {
    let deaths = 0
    for (let append = 2; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const [rails, journal] = [makeRails(), memoryJournal()]
        rails.lightning.manner = lightning
        const death: DeathAt = { append, moment }
        const stopping = stoppingJournal(journal, death)
        const first = await boot({ rails, journal: stopping.journal })
        const end = joinAll(first).then(async (ids) => {
          await ended(first, ids)
          return false
        })
        end.catch(() => undefined)
        died = await Promise.race([end, stopping.died.then(() => true)])
        const closed = first.closeAll()
        if (!died) await closed
        else deaths++
        const w = await boot({ rails, journal })
        onTestFinished(() => w.closeAll())
        // Who was not answered asks again under the same key.
        const views = await ended(w, await joinAll(w))
        expect(views.map((v) => v.status)).toEqual([ends, ends, ends])
        expect(rails.lightning.paid.map((p) => p.amount.units)).toEqual(ends === 'settled' ? [70_001n] : [])
        await expectNetted(w)
      }
      if (!died) break
    }
    // Three joined, closed, its payout created and decided and tried, and the end, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(16)
  })
})
