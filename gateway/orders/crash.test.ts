import { describe, expect, onTestFinished, test } from 'vitest'
import { type OrderOutside, type OrderWorld, openOrderWorld, orderOutside } from '../../test/payout/orderWorld.ts'
import { expectBalanced, START, to } from '../../test/payout/payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import type { Manner } from '../conformance/fakeRecords.ts'
import type { Destination } from '../ports/sender.ts'

/** The seed and the order. */
const MADE = 2
/** More appends than any of these runs makes; reaching it means that one never ends. */
const APPENDS_MAX = 30
const DAY = '2027-01-31T07:00Z'

type Scenario = Readonly<{ name: string; destination: Destination; manner: Manner; paid: number; left: bigint; dayMax?: string }>
const scenarios: readonly Scenario[] = [
  { name: 'that its rail pays', destination: to.evm, manner: 'pay', paid: 1, left: 0n },
  { name: 'that is unknown, then paid', destination: to.evm, manner: 'payLater', paid: 1, left: 0n },
  { name: 'that its rail refuses', destination: to.evm, manner: 'refuse', paid: 0, left: START.usdc },
  { name: 'to another balance', destination: to.party, manner: 'pay', paid: 0, left: 0n },
  { name: 'that another person must agree to', destination: to.evm, manner: 'pay', paid: 0, left: 0n, dayMax: '1' },
]

/** Lives until the process dies at `death`, or the run has its end; true when it died. */
async function live(o: OrderOutside, { destination, dayMax }: Scenario, death: DeathAt): Promise<boolean> {
  const stopping = stoppingJournal(o.journal, death)
  const limit = dayMax === undefined ? {} : { dayMax }
  const w = await openOrderWorld(o, { journal: stopping.journal, ...limit })
  const end = w
    .make({ destination })
    .then(() => w.at(DAY))
    .then(() => false)
  const died = await Promise.race([end, stopping.died.then(() => true)])
  // A process that died never finishes what it began, so this is not awaited then.
  const closed = w.close()
  if (!died) await closed
  return died
}

const orderOf = (w: OrderWorld) => w.facts.find(({ type }) => type === 'standing_order.created')?.id

describe('a run', () => {
  test.each(scenarios)('$name is made once after a death at any append', async (scenario) => {
    let deaths = 0
    for (let append = MADE; append < APPENDS_MAX; append++) {
      let died = false
      for (const moment of ['before', 'after'] as const) {
        const o = orderOutside('2027-01-01T00:00Z')
        o.rails.evm.manner = scenario.manner
        died = await live(o, scenario, { append, moment })
        if (died) deaths++
        const w = await openOrderWorld(o, scenario.dayMax === undefined ? {} : { dayMax: scenario.dayMax })
        onTestFinished(() => w.close())
        if (orderOf(w) === undefined) {
          expect([append, moment, w.free()]).toEqual([MADE, 'before', START.usdc])
          continue
        }
        await w.at(DAY)
        await w.at('2027-01-31T09:00Z')
        const runs = w.said().filter((one) => one === 'ran').length
        expect([append, moment, runs, w.rails.evm.paid.length, w.free()]).toEqual([append, moment, 1, scenario.paid, scenario.left])
        expect(w.approvals.open().length).toBe(scenario.dayMax === undefined ? 0 : 1)
        if (scenario.dayMax === undefined) await expectBalanced(w)
      }
      if (!died) break
    }
    // The order and its run at least, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(4)
  })
})
