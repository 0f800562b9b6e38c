import { expect, onTestFinished, test } from 'vitest'
import { type DeathAt, stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import { bootRow, type OutsideRow, outsideRow } from '../../../test/split/booksRowWorld.ts'

/** More appends than a sweep and a claim make; reaching it means that it never ends. */
const APPENDS_MAX = 60
const PAID = 9_001n
const GATHER_MS = 600_000

type World = Awaited<ReturnType<typeof bootRow>>

/** Rounds until the payees in the books have what is theirs. */
async function fetched(o: OutsideRow, w: World): Promise<void> {
  for (let i = 0; i < 400 && w.wallet() === 0n; i++) {
    await w.claims.round()
    await new Promise((resolve) => setTimeout(resolve, 1))
    o.time.ms += 15_000
  }
}

/** Lives until the process dies at `death`, or all is fetched; true when it died. */
async function live(o: OutsideRow, death: DeathAt): Promise<boolean> {
  const stopping = stoppingJournal(o.journal, death)
  const end = bootRow(o, { journal: stopping.journal }).then(async (w) => {
    o.hub.pays(w.split.splitId, PAID, 'receiver')
    o.time.ms += GATHER_MS
    await fetched(o, w)
    return w
  })
  const died = await Promise.race([end.then(() => false), stopping.died.then(() => true)])
  // A process that died never finishes what it began.
  if (!died) await (await end).close()
  end.catch(() => undefined)
  return died
}

test('payees in the books have what is theirs once after a death at any append, and nothing is sent twice', async () => {
  let deaths = 0
  for (let append = 1; append < APPENDS_MAX; append++) {
    let died = false
    for (const moment of ['before', 'after'] as const) {
      const o = outsideRow()
      died = await live(o, { append, moment })
      if (died) deaths++
      const w = await bootRow(o)
      onTestFinished(() => w.close())
      if (o.hub.told.length === 0) o.hub.pays(w.split.splitId, PAID, 'receiver')
      o.time.ms += GATHER_MS
      await fetched(o, w)
      await w.caughtUp()
      // floor(9001 * 4 / 6) is 6000, of which three quarters are the writer's.
      expect([append, moment, w.balances(), w.owed(), w.wallet()]).toEqual([append, moment, [4_500n, 1_500n], 0n, 6_000n])
      expect([append, moment, o.hub.sent, w.errors]).toEqual([append, moment, ['sweep', 'claim'], []])
    }
    if (!died) break
  }
  // At least the table, what was paid, and begun and booked or ended of both steps; each before and after.
  expect(deaths).toBeGreaterThanOrEqual(12)
})
