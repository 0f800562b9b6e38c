import { describe, expect, onTestFinished, test } from 'vitest'
import {
  boot,
  command,
  type ExchangeWorld,
  ended,
  expectBalanced,
  HOUR_MS,
  hashOf,
  type Outside,
  outside,
} from '../../test/exchange/exchangeWorld.ts'
import type { Answers } from '../../test/exchange/fakeHolder.ts'
import { type DeathAt, stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import type { Manner } from '../conformance/fakeRecords.ts'

/** More appends than any of these exchanges makes; reaching it means that a scenario never ends. */
const APPENDS_MAX = 40

type Scenario = Readonly<{ name: string; evm: Manner; answers: Answers; ends: 'completed' | 'returned' }>

const PLAINLY: Answers = { kind: 'plainly' }
const scenarios: readonly Scenario[] = [
  { name: 'whose payout is made', evm: 'pay', answers: PLAINLY, ends: 'completed' },
  { name: 'whose payout is refused', evm: 'refuse', answers: PLAINLY, ends: 'returned' },
  { name: 'whose payout is unknown, then made', evm: 'payLater', answers: PLAINLY, ends: 'completed' },
  { name: 'whose payout is unknown, then refused', evm: 'refuseSilently', answers: PLAINLY, ends: 'returned' },
  { name: 'whose node takes and does not say so', evm: 'pay', answers: { kind: 'silently' }, ends: 'completed' },
  { name: 'whose node gives back and does not say so', evm: 'refuse', answers: { kind: 'silently' }, ends: 'returned' },
]

/** Lives until the process dies at `death`, or to the exchange's end; true when it died. The seed is the first append. */
async function live(o: Outside, death: DeathAt): Promise<boolean> {
  const stopping = stoppingJournal(o.journal, death)
  const first = await boot(o, stopping.journal)
  const end = first.exchanges.create(command()).then(async (view) => {
    o.holder.pay(hashOf(view), { decideBy: o.clock.now() + 2 * HOUR_MS })
    await ended(first, view.id)
    return false
  })
  const died = await Promise.race([end, stopping.died.then(() => true)])
  // A process that died never finishes what it began, so this is not awaited then.
  const closed = first.close()
  if (!died) await closed
  end.catch(() => undefined)
  return died
}

async function reborn(o: Outside): Promise<ExchangeWorld> {
  const w = await boot(o)
  onTestFinished(() => w.close())
  return w
}

describe('an exchange', () => {
  test.each(scenarios)('$name ends the same after a death at any append, both or neither', async ({ evm, answers, ends }) => {
    let deaths = 0
    for (let append = 2; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const o = outside()
        o.rails.evm.manner = evm
        o.holder.answers = answers
        died = await live(o, { append, moment })
        if (died) deaths++
        const w = await reborn(o)
        const [view] = w.exchanges.list({ limit: 1 })
        const paid = o.holder.holds().some((hold) => hold.state !== 'open')
        if (!view || !paid) {
          // Nobody was told of the invoice, so nobody can have paid it.
          expect([append, o.rails.evm.heard]).toEqual([2, []])
          o.clock.ahead(HOUR_MS)
          if (view) expect(await ended(w, view.id)).toMatchObject({ status: 'expired' })
          await expectBalanced(w)
          continue
        }
        expect(await ended(w, view.id)).toMatchObject({ status: ends, exceptions: [] })
        expect(o.rails.evm.paid.length).toBe(ends === 'completed' ? 1 : 0)
        expect(o.holder.settlements.length).toBe(ends === 'completed' ? 1 : 0)
        await expectBalanced(w)
      }
      if (!died) break
    }
    // Created, held, and at least four of its payout, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(12)
  })

  test('whose gateway was away until the deadline takes the payment when its payout may have moved', async () => {
    const o = outside()
    o.rails.evm.manner = 'hangPaid'
    // Seed, created, held, payout created, purses, sent: the seventh append would say what the rail's silence means.
    const stopping = stoppingJournal(o.journal, { append: 7, moment: 'before' })
    const first = await boot(o, stopping.journal)
    const view = await first.exchanges.create(command())
    o.holder.pay(hashOf(view), { decideBy: o.clock.now() + 2 * HOUR_MS })
    await stopping.died
    void first.close()
    o.clock.ahead(2 * HOUR_MS)
    const w = await reborn(o)
    expect(await ended(w, view.id)).toMatchObject({ status: 'completed' })
    expect(o.rails.evm.paid.length).toBe(1)
    await expectBalanced(w)
  })

  test('whose gateway was away until the deadline gives the payment back when nothing was sent', async () => {
    const o = outside()
    // Seed, created, held: the fourth append would be the payout.
    const stopping = stoppingJournal(o.journal, { append: 4, moment: 'before' })
    const first = await boot(o, stopping.journal)
    const view = await first.exchanges.create(command())
    o.holder.pay(hashOf(view), { decideBy: o.clock.now() + 2 * HOUR_MS })
    await stopping.died
    void first.close()
    o.clock.ahead(2 * HOUR_MS - 1_000)
    const w = await reborn(o)
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned', returned: 'too_late' })
    expect(o.rails.evm.heard).toEqual([])
    await expectBalanced(w)
  })
})
