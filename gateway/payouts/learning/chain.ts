import { type Chance, chanceIn } from './cell.ts'
import type { createCells } from './cells.ts'
import { doubtsOf } from './doubts.ts'
import type { createOpenTries, OpenTry } from './openTries.ts'
import { NEW_ROW, type RailRow } from './railRow.ts'
import { usualWord } from './words.ts'

/** A payee is expected to take what comes. */
export const TAKES: Chance = { mean: 1, weight: 0, known: 1, changed: 0, fresh: 1 }

/** Who asks, when (ms), and what the rail says of this try. */
export type Asked = Readonly<{ owner: string; now: number; word: number }>
type Known = Readonly<{
  cells: Pick<ReturnType<typeof createCells>, 'get' | 'ofPayee'>
  rails: ReadonlyMap<string, RailRow>
  open: Pick<ReturnType<typeof createOpenTries>, 'in'>
}>

/** What a party may expect, cell by cell: from what the rail mostly says down to the payee. */
export function createChain({ cells, rails, open }: Known) {
  function inCell(key: string, row: RailRow, o: { owner: string; now: number; prior: Chance; fresh: number }): Chance {
    const tries = open.in(key)
    const { halfMs, paid, failed } = row
    const doubts = tries && doubtsOf(tries, { now: o.now, chance: o.prior.mean, halfMs, paid, failed })
    return chanceIn(cells.get(key), { owner: o.owner, at: o.now, prior: o.prior, fresh: o.fresh, doubts })
  }

  /** What the rail mostly says, and in the cell of all that it sends. */
  function railOf(key: string, row: RailRow, { owner, now, word: said }: Asked) {
    const fresh = usualWord(row.words, owner) ?? said
    const word: Chance = { mean: fresh, weight: 0, known: fresh, changed: 0, fresh }
    return { word, rail: inCell(key, row, { owner, now, prior: word, fresh }) }
  }

  /** From the rail's usual word down; each cell is drawn towards the one above it. `payee`: how often it takes what the rail could pay. */
  function chainOf(keys: Pick<OpenTry, 'rail' | 'band' | 'payee'>, asked: Asked) {
    const { owner, now } = asked
    const row = rails.get(keys.rail) ?? NEW_ROW
    const { word, rail } = railOf(keys.rail, row, asked)
    const band = inCell(keys.band, row, { owner, now, prior: rail, fresh: word.fresh })
    const mine = cells.ofPayee(owner, keys.payee)
    return { word, rail, band, payee: mine ? chanceIn(mine, { owner, at: now, prior: TAKES, fresh: 1 }) : TAKES }
  }

  return { railOf, chainOf }
}
