import type { Blame } from './blame.ts'
import { learn } from './cell.ts'
import type { createCells } from './cells.ts'
import { type createChain, TAKES } from './chain.ts'
import type { OpenTry } from './openTries.ts'
import type { RailRow } from './railRow.ts'

/** How a try ended, as far as chances are concerned; `at` is when we knew (ms). */
type Ended = Readonly<{ at: number; paid: boolean; blame: Blame }>
type Known = Readonly<{ cells: ReturnType<typeof createCells>; railOf: ReturnType<typeof createChain>['railOf'] }>

/** Counts the end of a try in the cells of its rail, of its amount and of its payee, as far as it speaks of each. `row` is what was known of the rail. */
export function learnCells({ cells, railOf }: Known, tried: OpenTry, { row, end }: Readonly<{ row: RailRow; end: Ended }>): void {
  const { owner } = tried
  const { at, paid, blame } = end
  // What may be the rail or the payee is half of each.
  const count = !paid && blame === 'way' && tried.payee !== undefined ? 0.5 : 1
  if (paid || blame !== 'payee') {
    const { word, rail } = railOf(tried.rail, row, { owner, now: at, word: tried.word })
    cells.put(tried.rail, learn(cells.get(tried.rail), { owner, paid, at, count, prior: word.mean }))
    cells.put(tried.band, learn(cells.get(tried.band), { owner, paid, at, count, prior: rail.mean }))
  }
  // A rail that is down is no news of the payee.
  if (tried.payee === undefined || (!paid && blame === 'rail')) return
  cells.putPayee(owner, tried.payee, learn(cells.ofPayee(owner, tried.payee) ?? [], { owner, paid, at, count, prior: TAKES.mean }))
}
