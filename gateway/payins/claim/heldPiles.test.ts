import { expect, test } from 'vitest'
import { holdPolicy } from '../regime/holding.ts'
import { createHeldPiles } from './heldPiles.ts'

const RAIL = 'evm:8453'
/** Of each 0.002 USD, and collecting it costs more than a tenth of that in any company. */
const [WORTH, COST] = [2_000_000n, { beside: 608_000n, row: 827_000n }]

function openPiles() {
  const went: number[] = []
  const clock = { now: () => 1_000_000 }
  const piles = createHeldPiles({ policy: holdPolicy, costOf: () => COST, clock, go: (items) => void went.push(items.length) })
  return {
    went,
    hold(count: number) {
      for (let n = 0; n < count; n++) {
        const who = { claimKey: `${went.length} ${piles.size()}`, rail: RAIL, payee: 'a', payer: 'b' } as const
        piles.add({ ...who, endsAt: 1_300_000, since: 1_000_000, worth: WORTH })
      }
    },
    join: (isCrowded: boolean) => piles.join(RAIL, { isCrowded }),
    close: piles.close,
  }
}

test('what would cost more than its share waits when another goes, and goes for want of room once more company saves nothing', () => {
  const { went, hold, join, close } = openPiles()
  hold(99)
  join(false)
  join(true)
  expect(went).toEqual([])
  hold(1)
  join(false)
  expect(went).toEqual([])
  join(true)
  expect(went).toEqual([100])
  close()
})
