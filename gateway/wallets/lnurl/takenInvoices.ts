import { readFact } from '../../payouts/payoutState/facts.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { AttemptId } from '../../ports/ids.ts'
import { readLnurlFact, toLnurlFact } from './facts.ts'
import type { PayeeInvoice } from './payeeInvoice.ts'
import { type OpenedSuccess, openSuccess, type SuccessAction } from './successAction.ts'

/** The invoice by which an attempt pays an address, as the journal keeps it. */
type TakenInvoice = Readonly<{ invoice: string; host: string; successAction: SuccessAction | undefined }>

export type TakenInvoices = ReturnType<typeof createTakenInvoices>

/** Success texts kept in memory for those who ask; older ones stand in the journal only. */
const OPENED_MAX = 10_000

/** The invoices that attempts pay addresses by, from the journal's facts: an attempt that is sent again is sent with the same one. */
export function createTakenInvoices(books: Books) {
  const byAttempt = new Map<string, TakenInvoice>()
  const opened = new Map<string, OpenedSuccess>()

  books.remember({ name: 'lnurl.takenInvoices', form: 1, tables: { byAttempt, opened }, apply })

  function apply(fact: Fact): void {
    const own = readLnurlFact(fact)
    if (own) {
      const { invoice, host, successAction } = own.data
      byAttempt.set(own.id, { invoice, host, successAction })
      return
    }
    const attempt = readFact(fact)
    if (attempt?.type === 'attempt.settled') ended(attempt.id, attempt.data.evidence.proof)
    else if (attempt?.type === 'attempt.failed') ended(attempt.id, undefined)
  }

  /** An attempt that has ended is never sent again. What the payee shows after it can be read from now on. */
  function ended(attempt: string, preimage: string | undefined): void {
    const taken = byAttempt.get(attempt)
    if (!taken) return
    byAttempt.delete(attempt)
    const success = taken.successAction && preimage !== undefined ? openSuccess(taken.successAction, preimage) : undefined
    if (!success) return
    opened.set(attempt, success)
    if (opened.size > OPENED_MAX) opened.delete(opened.keys().next().value!)
  }

  return {
    get: (attempt: string): TakenInvoice | undefined => byAttempt.get(attempt),
    /** What the payee shows for a settled attempt, if it does. */
    success: (attempt: string): OpenedSuccess | undefined => opened.get(attempt),
    /** The fact that makes an invoice the attempt's, for ever. */
    fact(o: { attempt: AttemptId; host: string; at: number; taken: PayeeInvoice }): Fact {
      const { invoice, read, successAction } = o.taken
      const data = { invoice, host: o.host, paymentHash: read.paymentHash, ...(successAction ? { successAction } : {}) }
      return toLnurlFact({ type: 'lnurl.invoice_taken', id: o.attempt, at: o.at, data })
    },
  }
}
