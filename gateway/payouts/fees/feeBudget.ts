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
  /** Purses that this process has opened today. The claim is what makes it once a day. */
  const opened = new Set<string>()
  let today = ''

  function isOpen(path: string): boolean {
    const day = dayOf(clock.now())
    if (day !== today) opened.clear()
    today = day
    return opened.has(path)
  }

  async function openOne(purse: Purse): Promise<void> {
    if (isOpen(purse.path)) return
    const day = today
    const legs = fillLegs(purse)
    if (legs.length > 0) {
      const key = `${purse.path}:${day}:${purse.size}`
      await submitUntilKnown(books, { claims: [{ key, fingerprint: 'filled' }], entry: newEntry(o, 'fees', legs) })
    }
    if (isOpen(purse.path) || today !== day) return
    opened.add(purse.path)
  }

  /** To its size less what is still held: a try of yesterday that has no end counts for today too. A smaller size takes back what is free. */
  function fillLegs({ path, size }: Purse): Leg[] {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, usd)
    const [has, free] = [creditsPosted - debitsPosted, creditsPosted - debitsPosted - debitsPending]
    if (has < size) return [{ kind: 'move', debit: SET_ASIDE, credit: path, asset: usd, units: size - has }]
    const over = min(has - size, free)
    return over > 0n ? [{ kind: 'move', debit: path, credit: SET_ASIDE, asset: usd, units: over }] : []
  }

  function leftIn({ path, size }: Purse): FeesLeft {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, usd)
    const units = isOpen(path) ? creditsPosted - debitsPosted - debitsPending : max(size - debitsPending, 0n)
    return { purse: path, units }
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

function dayOf(ms: number): string {
  return String(Math.floor(ms / DAY_MS)) // not money: a day since 1970
}
