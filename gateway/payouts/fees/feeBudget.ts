import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { max, min } from '../../money/integers.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { FeePolicy } from './policy.ts'
import { type Behalf, type Purse, pursesOf, SET_ASIDE } from './purses.ts'

const DAY_MS = 86_400_000

/** What the purses of a payment have. `purse` is the one that has least. */
export type FeesLeft = Readonly<{ purse: string; units: bigint }>

/** The operator's money for fees, kept in the ledger. */
export type FeeBudget = Readonly<{
  /** Fills the purses of a payment when this is their first use of the day. */
  open(behalf: Behalf): Promise<void>
  /** What can be taken now; of purses that were not opened today, what will be. */
  left(behalf: Behalf): FeesLeft
}>

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset; policy: FeePolicy }>

export function createFeeBudget(o: Parts): FeeBudget {
  const { books, clock, usd, policy } = o

  /** The day is in the books whether or not anything was missing: they alone know, after a restart too, that the purse had its money. */
  async function openOne(purse: Purse): Promise<void> {
    const day = dayOf(clock.now())
    if (!isOpen(purse, day)) await once(dayKey(purse, day), fillLegs(purse))
    const over = overLegs(purse)
    if (over.length > 0 && !books.claim(sizeKey(purse, day))) await once(sizeKey(purse, day), over)
  }

  async function once(key: string, legs: readonly Leg[]): Promise<void> {
    const entry = legs.length > 0 ? { entry: newEntry(o, 'fees', legs) } : {}
    await submitUntilKnown(books, { claims: [{ key, fingerprint: 'filled' }], ...entry })
  }

  /** Earlier versions claimed a day with the size in its key. */
  function isOpen(purse: Purse, day: string): boolean {
    return books.claim(dayKey(purse, day)) !== undefined || books.claim(sizeKey(purse, day)) !== undefined
  }

  /** To its size less what is still held: a try of yesterday that has no end counts for today too. */
  function fillLegs({ path, size }: Purse): Leg[] {
    const { has } = contentOf(path)
    return has < size ? [{ kind: 'move', debit: SET_ASIDE, credit: path, asset: usd, units: size - has }] : []
  }

  /** A smaller size takes back what is free, on the same day too. */
  function overLegs({ path, size }: Purse): Leg[] {
    const { has, free } = contentOf(path)
    const over = min(has - size, free)
    return over > 0n ? [{ kind: 'move', debit: path, credit: SET_ASIDE, asset: usd, units: over }] : []
  }

  function leftIn(purse: Purse): FeesLeft {
    const { held, free } = contentOf(purse.path)
    return { purse: purse.path, units: isOpen(purse, dayOf(clock.now())) ? free : max(purse.size - held, 0n) }
  }

  function contentOf(path: Purse['path']) {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, usd)
    const has = creditsPosted - debitsPosted
    return { has, held: debitsPending, free: has - debitsPending }
  }

  return {
    async open(behalf) {
      await Promise.all(pursesOf(behalf, policy).map(openOne))
    },
    left: (behalf) =>
      pursesOf(behalf, policy)
        .map(leftIn)
        .reduce((least, next) => (next.units < least.units ? next : least)),
  }
}

function dayKey({ path }: Purse, day: string): string {
  return `${path}:${day}`
}

/** Nothing is filled under it, so that a day on which the setting is changed is filled once all the same. */
function sizeKey({ path, size }: Purse, day: string): string {
  return `${path}:${day}:${size}`
}

function dayOf(ms: number): string {
  return String(Math.floor(ms / DAY_MS)) // not money: a day since 1970
}
