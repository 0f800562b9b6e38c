import { invariant } from '../../errors/invariant.ts'
import { max, min } from '../../money/integers.ts'
import type { Blame } from './blame.ts'
import type { Chance } from './cell.ts'
import { createCells } from './cells.ts'
import { type Asked, createChain } from './chain.ts'
import { createKeeping } from './keeping.ts'
import { learnCells } from './learnCells.ts'
import { createOpenTries, type Measured, type OpenTry } from './openTries.ts'
import { NEW_ROW, type RailRow, withEnd } from './railRow.ts'
import { bandKey, railKey, type Way } from './way.ts'

const LEAST = 0.001
const MOST = 0.9999

/** A try as it is sent; chances in fractions of one. `seconds` and `amount` as in `OpenTry`. */
type Sent = Readonly<{ way: Way }> & Pick<OpenTry, 'owner' | 'at' | 'chance' | 'word'> & Partial<Pick<OpenTry, 'seconds' | 'amount'>>
/** How it ended. `at` is when we knew, `endedAt` when it was by the rail's clock, which may differ from ours (ms); `fee` what the rail took. */
type Ended = Readonly<{ at: number; endedAt: number; paid: boolean; blame: Blame; fee?: Measured }>

/** What tries have taught. `tables` follow from what it was told alone. */
export type Learned = ReturnType<typeof createLearned>

export function createLearned() {
  const cells = createCells()
  const rails = new Map<string, RailRow>()
  const keeping = createKeeping()
  const open = createOpenTries()

  const { railOf, chainOf } = createChain({ cells, rails, open })

  return {
    tables: { cells: cells.tables.shared, own: cells.tables.own, rails, kept: keeping.table, fees: keeping.tapes, open: open.table },
    keeping,
    /** After the tables were filled. */
    derive: open.derive,
    sent(id: string, { way, word, owner, at, chance, seconds, amount }: Sent): void {
      const keys = { rail: railKey(way), band: bandKey(way), payee: way.payee }
      open.add(id, { owner, at, chance, seconds, amount, ...keys, word: bounded(word) })
    },
    /** A try that was not told of as sent, such as one by the book rail, teaches nothing. */
    ended(id: string, end: Ended): void {
      const tried = open.take(id)
      if (!tried || (end.blame === 'nobody' && !end.paid)) return
      const row = rails.get(tried.rail) ?? NEW_ROW
      learnCells({ cells, railOf }, tried, { row, end })
      if (end.paid) keeping.paid(tried, end)
      rails.set(tried.rail, withEnd(row, tried, end))
    },
    /** What this party may expect in the cells of these keys, with nothing that a rail says of one try. */
    expected: (keys: Pick<OpenTry, 'rail' | 'band'>, { owner, now }: Omit<Asked, 'word'>) =>
      chainOf({ rail: keys.rail, band: keys.band, payee: undefined }, { owner, now, word: 1 }),
    /** What this party may expect of this way now, when the rail says `word` of it. With nothing learned that is its word. */
    chance(way: Way, asked: Asked): Chance {
      invariant(way.rail !== 'book', 'a transfer between two balances is certain')
      const { word, band, payee } = chainOf({ rail: railKey(way), band: bandKey(way), payee: way.payee }, asked)
      const weight = band.weight + payee.weight
      const { word: said } = asked
      if (weight === 0) return { mean: said, weight, known: said, changed: 0, fresh: said }
      const here = (mean: number) => shifted(mean, bounded(said), word.mean) * payee.mean
      return { mean: here(band.mean), weight, known: here(band.known), changed: band.changed, fresh: here(band.fresh) }
    },
  }
}

function bounded(chance: number): number {
  return max(LEAST, min(chance, MOST))
}

/** A rail that says more or less than usual of this try is believed in proportion: the odds rise and fall with those of its word. */
function shifted(mean: number, word: number, usual: number): number {
  const [chance, before] = [bounded(mean), bounded(usual)]
  const odds = ((chance / (1 - chance)) * (word / (1 - word)) * (1 - before)) / before
  return bounded(odds / (1 + odds))
}
