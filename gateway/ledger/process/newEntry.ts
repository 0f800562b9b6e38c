import type { Entry, Leg } from '../../ports/books.ts'
import type { IdSource } from '../../ports/clock.ts'

/** An entry of these legs, under a new id, about the thing `payment`. */
export function newEntry({ ids }: Readonly<{ ids: IdSource }>, payment: string, legs: readonly Leg[]): Entry {
  return { id: ids.entry(), payment, legs }
}
