import type { Books } from '../../ports/books.ts'
import { createArchive } from '../archive/archive.ts'
import { ACCOUNTS_MAX } from '../rows/accountTable.ts'
import { PLACES_MAX } from '../rows/hashTable.ts'
import { type BookState, balanceOf, balancesFrom, balancesUnder, bookedEntry, takenClaim } from './bookState.ts'

/** What is read of books is read of their state, wherever their entries are booked. */
export function bookReads(
  state: BookState,
): Pick<Books, 'claim' | 'balance' | 'accounts' | 'accountsFrom' | 'entry' | 'archive' | 'limits'> {
  return {
    claim(key) {
      const taken = takenClaim(state, key)
      return taken && { key, fingerprint: taken.fingerprint, seq: taken.seq }
    },
    balance: (path, asset) => balanceOf(state, path, asset),
    accounts: (path) => balancesUnder(state, path),
    accountsFrom: (place, count) => balancesFrom(state, place, count),
    entry: (id) => bookedEntry(state, id),
    limits: () => [
      { what: 'ledger records', used: state.machine.state.log.count, most: PLACES_MAX },
      { what: 'places for claims and entries', used: state.keyStore.end, most: PLACES_MAX },
      { what: 'places for what has ended', used: state.archive.end, most: PLACES_MAX },
      { what: 'accounts', used: state.machine.state.accounts.count, most: ACCOUNTS_MAX },
    ],
    archive: (name) => createArchive(state.archive, name),
  }
}
