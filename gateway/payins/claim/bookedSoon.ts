import { setTimeout as pause } from 'node:timers/promises'
import type { Books } from '../../ports/books.ts'
import type { RequestRecords } from './requestRecords.ts'
import { isComing } from './reversal.ts'

/**
 * So long work that failed waits until the money that was collected for it is booked. What is not then goes back when it is, unless the work was done again.
 */
const WITHIN_MS = 10_000
const POLL_MS = 50

/** `bookedWithinMs`: how long it is waited for. */
type Parts = Readonly<{ books: Books; records: Pick<RequestRecords, 'byClaim'>; bookedWithinMs?: number }>

/** Resolves when what was collected for this claim is booked, so that its payee can give it back: a rail tells of it a moment after it was taken. */
export async function bookedSoon(o: Parts, claimKey: string): Promise<void> {
  const { bookedWithinMs = WITHIN_MS } = o
  for (let waitedMs = 0; waitedMs < bookedWithinMs; waitedMs += POLL_MS) {
    const request = o.records.byClaim(claimKey)
    if (!request || !isComing(o.books, request)) return
    await pause(POLL_MS, undefined, { ref: false })
  }
}
