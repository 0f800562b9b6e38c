import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { floorDivCount } from '../money/integers.ts'
import type { Books } from '../ports/books.ts'
import type { PartyId } from '../ports/ids.ts'
import type { Errand } from './errand.ts'
import { type ErrandFact, errandAfter, readErrandFact } from './facts.ts'

const DAY_MS = 86_400_000

/** Of one seller: how many errands have no end, and of the day (UTC, days since 1970) how many were taken and how many have failed. */
type Count = Readonly<{ open: number; day: number; taken: number; failed: number }>

export type ErrandRecords = Records<Errand> & Readonly<{ countOf: (seller: PartyId, now: number) => Count }>

/** Errands as the journal's facts make them. Make it before the books start. */
export function createErrandRecords(books: Pick<Books, 'archive' | 'remember'>, { endedKept }: { endedKept?: number } = {}): ErrandRecords {
  /** One row a seller who ever had one. */
  const counts = new Map<PartyId, Count>()

  function countOf(seller: PartyId, now: number): Count {
    const day = floorDivCount(now, DAY_MS)
    const known = counts.get(seller)
    return known?.day === day ? known : { open: known?.open ?? 0, day, taken: 0, failed: 0 }
  }

  function count(fact: ErrandFact, { seller }: Errand): void {
    const { open, day, taken, failed } = countOf(seller, fact.at)
    if (fact.type === 'errand.taken') counts.set(seller, { open: open + 1, day, taken: taken + 1, failed })
    else counts.set(seller, { open: open - 1, day, taken, failed: fact.type === 'errand.failed' ? failed + 1 : failed })
  }

  const records = recordsOf<Errand, ErrandFact>({
    books,
    name: 'facilitator.errands',
    form: 1,
    read: readErrandFact,
    idOf: (fact) => fact.id,
    evolve: errandAfter,
    isOpen: ({ state }) => state === 'open',
    names: (fact, { claimKey }) => (fact.type === 'errand.taken' ? [claimKey] : []),
    beside: { tables: { counts }, apply: count },
    endedKept,
  })
  return { ...records, countOf }
}
