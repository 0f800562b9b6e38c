import type { Books, Fact } from '../../ports/books.ts'
import { toRateFact } from './facts.ts'
import type { RateTable } from './rateTable.ts'

/**
 * Writes each table once, when the first rate of it is read: before whatever is priced by it, because the books take what is submitted in its order. What
 * they could not take is submitted again after the next round.
 */
export function createTableWriter() {
  let books: Pick<Books, 'submit'> | undefined
  let last: RateTable | undefined
  const waiting: Fact[] = []

  function write(fact: Fact): void {
    if (!books) return void waiting.push(fact)
    // Books that can take nothing now are heard of by whoever is priced: a payment is submitted to the same ones.
    books.submit({ facts: [fact] }).then(
      ({ kind }) => kind === 'unknown' && waiting.push(fact),
      () => waiting.push(fact),
    )
  }

  function again(): void {
    for (const fact of waiting.splice(0)) write(fact)
  }

  return {
    write,
    used(table: RateTable): void {
      if (table === last) return
      last = table
      write(toRateFact(table))
    },
    again,
    into(into: Pick<Books, 'submit'>): void {
      books = into
    },
  }
}
