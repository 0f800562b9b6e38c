import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { AccountPath, Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PassLimit } from '../challenge/passToken.ts'
import { move } from '../settlement/legs.ts'
import { toPassFact } from './facts.ts'
import type { Pass } from './pass.ts'

/** Parts of one pass that are counted, and parts of each of those: each is an account, and accounts stay. */
const PARTS_MAX = [32, 8] as const
/** What limits are counted against: no money of a rail. */
const COUNTED: AccountPath = 'capital:passes'

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset }>
type Limits = Readonly<{ limits: readonly PassLimit[]; most: bigint }>

/** What there is of a pass, or of a part of it: `all` with what requests hold that run, of which most comes back. */
export type Room = Readonly<{ all: bigint; held: bigint }>

/**
 * The legs that count a use against the parts of a pass that its holder was given; the ledger declines where one of them is used up. A part is opened at its
 * first use, once all parts that it is a part of have room, and counts among the parts of the one above it alone: so nobody takes the places of others by a
 * part that is used up, or by one that lies beside theirs. `most`: what the whole pass was sold with. `counts`: uses, or units of USD, which this use takes.
 * Throws `token_spent`.
 */
export async function limitLegs(o: Parts, pass: Pass, { counts, ...limits }: Limits & Readonly<{ counts: bigint }>): Promise<Leg[]> {
  const counted = countedOf(limits)
  const isShort = (limit: PassLimit) => {
    const { all, held } = roomOf(o, limit)
    return all - held < counts
  }
  if (counted.some(isShort)) throw spent()
  let above: string = pass.id
  for (const [depth, limit] of counted.entries()) {
    await open(o, pass, { limit, above, most: PARTS_MAX[depth]! })
    above = limit.id
  }
  return counted.map((limit) => move(COUNTED, pathOf(limit), money(o.usd, counts)))
}

/** The parts that a use is counted against, the outermost first, and what there is of each. Throws `token_spent`. */
export function partsOf(o: Pick<Parts, 'books' | 'usd'>, limits: Limits): readonly Readonly<{ id: string; room: () => Room }>[] {
  return countedOf(limits).map((limit) => ({ id: limit.id, room: () => roomOf(o, limit) }))
}

/** Those that allow less than what they are a part of; the others are kept by what is above them. */
function countedOf({ limits, most }: Limits): PassLimit[] {
  const counted: PassLimit[] = []
  for (const limit of limits) if (limit.units < (counted.at(-1)?.units ?? most)) counted.push(limit)
  if (counted.length <= PARTS_MAX.length) return counted
  throw new GatewayError('token_spent', 'no parts of a part of a part are counted: use the part that this one was made of')
}

/** Nothing of the pass, or of the part that its holder was given, is left for this request. */
export function spent(): GatewayError {
  return new GatewayError('token_spent', 'the pass has too little left for this request')
}

/** An account whose credits are limited by what was debited when it was opened. */
function pathOf({ id }: PassLimit): AccountPath {
  return accounts.passPart(id)
}

/** What a part still has; one that was never used has all of it. */
function roomOf({ books, usd }: Pick<Parts, 'books' | 'usd'>, limit: PassLimit): Room {
  const { debitsPosted, creditsPosted, creditsPending: held } = books.balance(pathOf(limit), usd)
  return debitsPosted === 0n ? { all: limit.units, held: 0n } : { all: debitsPosted - creditsPosted, held }
}

/** Opens a part in a free place among the `most` that there are under what is `above` it; of two that want the same place the books give it to one. */
async function open(
  o: Parts,
  pass: Pass,
  { limit, above, most }: Readonly<{ limit: PassLimit; above: string; most: number }>,
): Promise<void> {
  const path = pathOf(limit)
  if (o.books.balance(path, o.usd).debitsPosted > 0n) return
  const key = `pass:limit:${limit.id}`
  const units = limit.units.toString()
  const fact = toPassFact({ type: 'pass.narrowed', id: pass.id, at: o.clock.now(), data: { limit: limit.id, units } })
  for (let n = 0; n < most; n++) {
    const place = `pass:part:${above}:${n}`
    if (o.books.claim(place)) continue
    const claims = [
      { key, fingerprint: units },
      { key: place, fingerprint: limit.id },
    ]
    const entry = newEntry(o, pass.id, [move(path, COUNTED, money(o.usd, limit.units))])
    const outcome = await submitUntilKnown(o.books, { claims, facts: [fact], entry })
    // Whoever was first has opened it, with the same number: the name is a hash over it.
    if (outcome.kind !== 'conflict' || outcome.with.key === key || o.books.claim(key)) return
  }
  throw new GatewayError(
    'token_spent',
    `${most} parts of this pass, or of this part of it, were given away already, and no more are counted`,
  )
}
