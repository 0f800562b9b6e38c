import { GroundError } from '../../errors/groundError.ts'
import { hashText } from '../../split/hashing.ts'
import type { Payee, SplitTable } from '../../split/splitTable.ts'
import type { SplitData } from './facts.ts'

type Row = SplitData['payees'][number]

/**
 * The table that the contract commits to. Payees in the books have one row together, of the gateway's own account, where the first of them stands. Who they are
 * and how they share it is bound by the metadata, so that no other payees' table has its id.
 */
export function contractTable({ payees, label }: Pick<SplitData, 'payees' | 'label'>): SplitTable & Readonly<{ metadata: string }> {
  const inBooks = payees.filter((row) => row.inBooks)
  if (inBooks.length === 0) return { payees: payees.map(leafOf), metadata: label }
  refuseTwice(payees)
  const [first] = inBooks
  const shares = inBooks.reduce((sum, row) => sum + BigInt(row.shares), 0n)
  const leaves = payees.flatMap((row) => (row === first ? [{ account: row.account, shares }] : row.inBooks ? [] : [leafOf(row)]))
  return { payees: leaves, metadata: `${label}\nbooks:${hashText(booksText(inBooks))}` }
}

/** What the metadata binds of payees in the books: `party shares`, a line each, in the table's order. */
function booksText(rows: readonly Row[]): string {
  return rows.map(({ party, shares }) => `${party} ${shares}`).join('\n')
}

function leafOf({ account, shares }: Row): Payee {
  return { account, shares: BigInt(shares) }
}

function refuseTwice(payees: readonly Row[]): void {
  const seen = new Map<string, number>()
  for (const [i, { party, inBooks }] of payees.entries()) {
    const first = inBooks ? seen.get(party) : undefined
    if (first !== undefined) {
      const message = `payee ${i + 1} (${party}) is the same party as payee ${first}, and neither has an account`
      throw new GroundError('invalid_split', message, { meta: { payee: i + 1, first } })
    }
    if (inBooks) seen.set(party, i + 1)
  }
}
