import { expect, test } from 'vitest'
import { createBooks } from '../ledger/books/createBooks.ts'
import { memoryJournal } from '../ledger/books/memoryJournal.ts'
import type { TestClock } from '../ports/clock.ts'
import type { Block } from '../ports/journal.ts'
import type { LocalWorld } from '../ports/localWorld.ts'
import { createClockMoves } from './clockMoves.ts'

const MACHINE = 1_800_000_000_000
const DAY_S = 86_400
const nothing = { by: 'operator', along: () => ({ claims: [], facts: [] }) }

/** A clock over a machine's that stands still. */
function standingClock(): TestClock {
  let ahead = 0
  return {
    now: () => MACHINE + ahead * 1_000,
    aheadS: () => ahead,
    shared: new SharedArrayBuffer(4),
    putAhead(seconds) {
      ahead = seconds > ahead ? seconds : ahead
    },
  }
}

async function started(blocks: Block[], world: Pick<LocalWorld, 'moveTo'>) {
  const clock = standingClock()
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  const moves = createClockMoves({ books, clock, world })
  await books.start()
  moves.start()
  return { clock, books, moves }
}

test('the world goes first, and a gateway that starts again goes on at the later time', async () => {
  const blocks: Block[] = []
  const asked: [at: number, gateway: number][] = []
  const one = await started(blocks, { moveTo: async (at) => void asked.push([at, one.clock.now()]) })
  await one.moves.advance({ byS: DAY_S }, nothing)
  await one.moves.advance({ to: MACHINE + DAY_S * 1_000 + 1_500 }, nothing)
  expect(asked).toEqual([
    [MACHINE + DAY_S * 1_000, MACHINE],
    [MACHINE + DAY_S * 1_000 + 2_000, MACHINE + DAY_S * 1_000],
  ])
  expect(one.moves.view()).toEqual({ now: MACHINE + DAY_S * 1_000 + 2_000, aheadS: DAY_S + 2 })
  await one.books.close()
  const two = await started(blocks, { moveTo: async () => undefined })
  expect(two.moves.view().aheadS).toBe(DAY_S + 2)
  await two.books.close()
})

test('what does not come along, goes back or goes too far moves nothing, and the next step is not held up by it', async () => {
  const blocks: Block[] = []
  let isAway = true
  const { moves, books } = await started(blocks, {
    moveTo: async () => {
      if (isAway) throw new Error('away')
    },
  })
  await expect(moves.advance({ byS: 5 }, nothing)).rejects.toThrow('away')
  isAway = false
  for (const wanted of [{ to: MACHINE }, { to: MACHINE - 1 }, { byS: 367 * DAY_S }])
    await expect(moves.advance(wanted, nothing)).rejects.toMatchObject({ code: 'invalid_request' })
  expect([moves.view().aheadS, blocks.length]).toEqual([0, 0])
  for (let year = 0; year < 10; year++) await moves.advance({ byS: 366 * DAY_S }, nothing)
  await expect(moves.advance({ byS: 1 }, nothing)).rejects.toMatchObject({ code: 'invalid_request' })
  await books.close()
})
