import type { Fact } from '../../ports/books.ts'
import { readRequestFact } from './facts.ts'
import type { Answer } from './paidRequest.ts'

/** The answer to the request of this receipt, when it is among these facts. */
export function answerIn(facts: readonly Fact[], receipt: string): Answer | undefined {
  for (const fact of facts) {
    const known = readRequestFact(fact)
    if (known?.type !== 'request.answered' || known.id !== receipt) continue
    const { status, contentType, body } = known.data
    return { status, contentType, body }
  }
  return undefined
}
