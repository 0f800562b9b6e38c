import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { Hex } from '../ports/ids.ts'
import { createParties, type Parties } from './party/parties.ts'
import { createSplits, type Splits } from './party/splits.ts'

/** What the parties' wing shows: who, and how revenue is shared among them. */
export type PartiesFace = Readonly<{ parties: Parties; splits: Splits }>

type Parts = Readonly<{
  books: Books
  /** The gateway's own account on chain. */
  operator: Hex
  /** Makes the bank reference that tops up a party's balance, where there is a bank. */
  topUpReference: ((party: string) => Promise<string>) | undefined
}>

/** Parties and splits as the journal's facts make them. Call it before the books start. */
export function openParties({ clock, ids }: Ground, { books, operator, topUpReference }: Parts): PartiesFace {
  return { parties: createParties({ books, clock, ids, topUpReference }), splits: createSplits({ books, clock, ids, operator }) }
}
