import { setTimeout as sleep } from 'node:timers/promises'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Books, Submission } from '../../ports/books.ts'
import { type Submitted, submitSurely } from './submitSurely.ts'

/** What must be recorded waits for room in the queue of the books for up to 10 seconds. */
const TRIES_MAX = 200
const WAIT_MS = 50

/** Submits what follows from something that has happened already, so that a full queue is waited for and not refused. */
export async function submitPatiently(books: Books, submission: Submission): Promise<Submitted> {
  for (let tried = 1; ; tried++) {
    try {
      return await submitSurely(books, submission)
    } catch (error) {
      if (!isGatewayError(error, 'too_busy') || tried >= TRIES_MAX) throw error
    }
    await sleep(WAIT_MS)
  }
}
