import type { RequestFact } from './facts.ts'

/** A request that was not served and whose money did not go back, for a person to see. */
type RequestException = Readonly<{ id: string; rail: string; what: string; at: number }>

/** The newest are kept in memory, about 3 MB; the journal has all. Each costs who makes one the price of a request. */
const EXCEPTIONS_KEPT = 10_000

/** Requests that were not served and whose payees hold the money, as the facts tell of them. */
export function createUnservedExceptions() {
  /** By the receipt; the newest last. */
  const exceptions = new Map<string, RequestException>()
  return {
    tables: { exceptions },
    all: (): readonly RequestException[] => [...exceptions.values()],
    /** What is done again may be served yet, and what is booked late goes back then; if not, it is an exception anew. */
    note(fact: RequestFact): void {
      if (!ends(fact)) return
      exceptions.delete(fact.id)
      const exception = exceptionOf(fact)
      if (exception) exceptions.set(fact.id, exception)
      for (const [oldest] of exceptions) {
        if (exceptions.size <= EXCEPTIONS_KEPT) break
        exceptions.delete(oldest)
      }
    },
  }
}

/** After it nothing holds any more that was listed of this request before. */
function ends({ type, data }: RequestFact): boolean {
  return type === 'request.interrupted' || type === 'request.handler_failed' || (type === 'request.started' && data.again !== undefined)
}

function exceptionOf(fact: RequestFact): RequestException | undefined {
  if (fact.type !== 'request.interrupted' && fact.type !== 'request.handler_failed') return undefined
  const { rail, exception } = fact.data
  return exception ? { id: fact.id, rail, what: exception, at: fact.at } : undefined
}
