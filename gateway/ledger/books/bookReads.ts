import type { Books } from '../../ports/books.ts'
import { createArchive } from '../archive/archive.ts'
import { type BookState, balanceOf, balancesUnder, bookedEntry, takenClaim } from './bookState.ts'

/** What is read of books is read of their state, wherever their entries are booked. */
export function bookReads(state: BookState): Pick<Books, 'claim' | 'balance' | 'accounts' | 'entry' | 'archive'> {
  return {
    claim(key) {
      const taken = takenClaim(state, key)
      return taken && { key, fingerprint: taken.fingerprint, seq: taken.seq }
    },
    balance: (path, asset) => balanceOf(state, path, asset),
    accounts: (path) => balancesUnder(state, path),
    entry: (id) => bookedEntry(state, id),
    archive: (name) => createArchive(state.archive, name),
  }
}
