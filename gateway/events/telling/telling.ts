import type { MoneyText } from '../../audit/receipt/moneyText.ts'
import type { Fact } from '../../ports/books.ts'
import type { EventSubject } from '../../ports/readModel.ts'
import type { EventData, EventType } from '../catalog/catalog.ts'

/** What a fact means to others. `parties`: whose it is, each of whom may read all of `data`; the operator reads everything. */
export type Told = { [T in EventType]: Readonly<{ type: T; subject: string; parties: readonly string[]; data: EventData<T> }> }[EventType]

/** What a mapping may ask about facts that came before, and what it wants to be known to those that come later. */
export type Scene = Readonly<{
  recall: (id: string) => EventSubject | undefined
  note: (id: string, subject: EventSubject) => void
  /** The parties behind the name of a payee: itself, or those of a split. */
  partiesOf: (payee: string) => readonly string[]
  /** Units of an asset, by its id, as an amount of the API. */
  amount: (units: Readonly<{ asset: string; units: string }>) => MoneyText
}>

/** A mapping: what a fact of its rooms means to others; nothing for any other fact. It follows from the facts before alone. */
export type Telling = (fact: Fact, scene: Scene) => readonly Told[]

/** Whose a subject is that was noted; nobody's but the operator's when it was not. */
export function ownersOf(scene: Scene, id: string): readonly string[] {
  return scene.recall(id)?.parties ?? []
}

/** A text that was noted of a subject, or null. */
export function noted(subject: EventSubject | undefined, key: string): string | null {
  const value = subject?.data[key]
  return typeof value === 'string' ? value : null
}

/** The party of an account of the books, where it is one's. */
export function partyOf(account: string): readonly string[] {
  return account.startsWith('party:') ? [account.slice('party:'.length)] : []
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
