import { invariant } from '../../errors/invariant.ts'
import { max, min } from '../../money/integers.ts'
import type { Blame } from './blame.ts'
import { type Chance, chanceIn, learn } from './cell.ts'
import { createCells } from './cells.ts'
import { doubtsOf } from './doubts.ts'
import { createKeeping } from './keeping.ts'
import { createOpenTries, type Measured, type OpenTry } from './openTries.ts'
import { NEW_ROW, type RailRow, withEnd } from './railRow.ts'
import { bandKey, railKey, type Way } from './way.ts'
import { usualWord } from './words.ts'

/** A payee is expected to take what comes. */
const TAKES: Chance = { mean: 1, weight: 0, known: 1, changed: 0, fresh: 1 }
const LEAST = 0.001
const MOST = 0.9999

/** A try as it is sent; chances in fractions of one. `seconds` and `amount` as in `OpenTry`. */
type Sent = Readonly<{ way: Way }> & Pick<OpenTry, 'owner' | 'at' | 'chance' | 'word' | 'seconds' | 'amount'>
/** How it ended. `at` is when we knew, `endedAt` when it was by the rail's clock, which may differ from ours (ms); `fee` what the rail took. */
type Ended = Readonly<{ at: number; endedAt: number; paid: boolean; blame: Blame; fee?: Measured }>
type Asked = Readonly<{ owner: string; now: number; word: number }>

/** What tries have taught. `tables` follow from what it was told alone. */
export type Learned = ReturnType<typeof createLearned>

export function createLearned() {
  const cells = createCells()
  const rails = new Map<string, RailRow>()
  const keeping = createKeeping()
  const open = createOpenTries()

  function inCell(key: string, row: RailRow, o: { owner: string; now: number; prior: Chance; fresh: number }): Chance {
    const tries = open.in(key)
    const { halfMs, paid, failed } = row
    const doubts = tries && doubtsOf(tries, { now: o.now, chance: o.prior.mean, halfMs, paid, failed })
    return chanceIn(cells.get(key), { owner: o.owner, at: o.now, prior: o.prior, fresh: o.fresh, doubts })
  }

  /** From the rail's usual word down; each cell is drawn towards the one above it. `payee`: how often it takes what the rail could pay. */
  function chainOf(keys: Pick<OpenTry, 'rail' | 'band' | 'payee'>, { owner, now, word: said }: Asked) {
    const row = rails.get(keys.rail) ?? NEW_ROW
    const fresh = usualWord(row.words, owner) ?? said
    const word: Chance = { mean: fresh, weight: 0, known: fresh, changed: 0, fresh }
    const rail = inCell(keys.rail, row, { owner, now, prior: word, fresh })
    const band = inCell(keys.band, row, { owner, now, prior: rail, fresh })
    const mine = cells.ofPayee(owner, keys.payee)
    return { word, rail, band, payee: mine ? chanceIn(mine, { owner, at: now, prior: TAKES, fresh: 1 }) : TAKES }
  }

  function learnCells(tried: OpenTry, { at, paid, blame }: Ended): void {
    const { owner } = tried
    const chain = chainOf(tried, { owner, now: at, word: tried.word })
    // What may be the rail or the payee is half of each.
    const count = !paid && blame === 'way' && tried.payee !== undefined ? 0.5 : 1
    const told = (prior: Chance) => ({ owner, paid, at, count, prior: prior.mean })
    if (paid || blame !== 'payee') {
      cells.put(tried.rail, learn(cells.get(tried.rail), told(chain.word)))
      cells.put(tried.band, learn(cells.get(tried.band), told(chain.rail)))
    }
    // A rail that is down is no news of the payee.
    if (tried.payee === undefined || (!paid && blame === 'rail')) return
    cells.putPayee(owner, tried.payee, learn(cells.ofPayee(owner, tried.payee) ?? [], told(TAKES)))
  }

  return {
    tables: { cells: cells.tables.shared, own: cells.tables.own, rails, kept: keeping.table, fees: keeping.tapes, open: open.table },
    keeping,
    /** After the tables were filled. */
    derive: open.derive,
    sent(id: string, { way, word, ...tried }: Sent): void {
      open.add(id, { ...tried, rail: railKey(way), band: bandKey(way), payee: way.payee, word: bounded(word) })
    },
    /** A try that was not told of as sent, such as one by the book rail, teaches nothing. */
    ended(id: string, end: Ended): void {
      const tried = open.take(id)
      if (!tried || (end.blame === 'nobody' && !end.paid)) return
      learnCells(tried, end)
      if (end.paid) keeping.paid(tried, end)
      rails.set(tried.rail, withEnd(rails.get(tried.rail) ?? NEW_ROW, tried, end))
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
