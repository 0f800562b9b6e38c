import type { Books, Fact, Json } from '../../ports/books.ts'
import type { PayeeInvoice } from './payeeInvoice.ts'
import { type OpenedSuccess, openSuccess, type SuccessAction } from './successAction.ts'

/** The invoice by which an attempt pays an address, as the journal keeps it. */
export type TakenInvoice = Readonly<{ invoice: string; host: string; successAction: SuccessAction | undefined }>

export type TakenInvoices = ReturnType<typeof createTakenInvoices>

/** Success texts kept in memory for those who ask; older ones stand in the journal only. */
const OPENED_MAX = 10_000

/** The invoices that attempts pay addresses by, from the journal's facts: an attempt that is sent again is sent with the same one. */
export function createTakenInvoices(books: Books) {
  const byAttempt = new Map<string, TakenInvoice>()
  const opened = new Map<string, OpenedSuccess>()

  books.remember({
    ...{ name: 'lnurl.takenInvoices', form: 1, tables: { byAttempt, opened } },
    apply(fact) {
      if (fact.type === 'lnurl.invoice_taken') {
        const { invoice, host, successAction } = fact.data as unknown as { invoice: string; host: string; successAction?: SuccessAction }
        byAttempt.set(fact.id, { invoice, host, successAction })
      } else if (fact.type === 'attempt.settled' || fact.type === 'attempt.failed') ended(fact)
    },
  })

  /** An attempt that has ended is never sent again. What the payee shows after it can be read from now on. */
  function ended(fact: Fact): void {
    const taken = byAttempt.get(fact.id)
    if (!taken) return
    byAttempt.delete(fact.id)
    const { evidence } = fact.data as unknown as { evidence?: { proof?: string } }
    const success = taken.successAction && evidence?.proof !== undefined ? openSuccess(taken.successAction, evidence.proof) : undefined
    if (!success) return
    opened.set(fact.id, success)
    if (opened.size > OPENED_MAX) opened.delete(opened.keys().next().value!)
  }

  return {
    get: (attempt: string): TakenInvoice | undefined => byAttempt.get(attempt),
    /** What the payee shows for a settled attempt, if it does. */
    success: (attempt: string): OpenedSuccess | undefined => opened.get(attempt),
    /** The fact that makes an invoice the attempt's, for ever. */
    fact(o: { attempt: string; host: string; at: number; taken: PayeeInvoice }): Fact {
      const { invoice, read, successAction } = o.taken
      const data = {
        invoice,
        host: o.host,
        paymentHash: read.paymentHash,
        ...(successAction ? { successAction: successAction as Json } : {}),
      }
      return { type: 'lnurl.invoice_taken', id: o.attempt, at: o.at, data }
    },
  }
}
