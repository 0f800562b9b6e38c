import { GatewayError } from '../errors/gatewayError.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { compare, showMoney } from '../money/money.ts'
import type { Along } from '../parties/party/parties.ts'
import type { Intent } from '../payins/intent/intent.ts'
import { unitsData } from '../payins/intent/intentData.ts'
import type { Intents } from '../payins/intent/intents.ts'
import type { FindPayment } from '../payins/status/statusReader.ts'
import type { Books } from '../ports/books.ts'
import type { Clock, IdSource } from '../ports/clock.ts'
import { type InvoiceData, toInvoiceFact } from './facts.ts'
import type { Invoice, InvoiceStatus } from './invoice.ts'
import type { InvoiceRecords } from './invoiceRecords.ts'
import { checkTaxes } from './taxRules.ts'
import { moneyOfCents, totalsOf } from './totals.ts'

/** Another process of this gateway may be quicker, so often. */
const TRIES_MAX = 5

/** What its payee says of it; the rest is its intent's. `dueOn`: the day until which the intent is open when absent. */
export type NewInvoice = Pick<InvoiceData, 'intent' | 'seller' | 'buyer' | 'lines' | 'exemption' | 'metadata'> &
  Readonly<{ dueOn: string | undefined }>
type Issuing = Readonly<{ by: string; along: Along<Invoice> }>
type Parts = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  intents: Pick<Intents, 'get'>
  findPayment: FindPayment
  records: InvoiceRecords
}>

export type Invoices = ReturnType<typeof createInvoices>

/** Invoices of intents. `records` must have been made before the books started. */
export function createInvoices(o: Parts) {
  const { books, clock, ids, intents, records } = o
  const inTurn = createInTurn()

  function get(id: string): Invoice {
    const invoice = records.get(id)
    if (!invoice) throw new GatewayError('not_found', `There is no invoice ${id.slice(0, 60)}`)
    return invoice
  }

  async function statusOf(intent: Intent): Promise<InvoiceStatus> {
    if (intent.status === 'open') return 'open'
    if (!intent.paid) return 'void'
    const payment = await o.findPayment(intent.paid.receipt)
    return payment?.status.state === 'refunded' ? 'refunded' : 'paid'
  }

  return {
    get,
    statusOf: ({ data }: Invoice) => statusOf(intents.get(data.intent)),
    /**
     * The one invoice of an intent, under the next number of its payee: the number, the intent and the invoice are one commit, so that no number is missing
     * and none is given twice. Throws `invoice_exists`, `intent_closed`, `invalid_amount` and `invalid_request`.
     */
    async issue(fresh: NewInvoice, { by, along }: Issuing): Promise<void> {
      checkTaxes(fresh)
      const { payee } = intents.get(fresh.intent)
      await inTurn(payee.id, async () => {
        for (let tries = 0; tries < TRIES_MAX; tries++) {
          const intent = intents.get(fresh.intent)
          requireNew(books, intent, await statusOf(intent))
          const invoice = invoiceOf({ fresh, intent, by }, { id: ids.invoice(), at: clock.now(), number: records.countOf(payee.id) + 1 })
          const { id, data, issuedAt: at } = invoice
          const { claims, facts } = along(invoice)
          const keys = [intentKey(intent), `invoice:payee:${payee.id}:number:${data.number}`]
          const outcome = await submitUntilKnown(books, {
            claims: [...keys.map((key) => ({ key, fingerprint: id })), ...claims],
            facts: [toInvoiceFact({ type: 'invoice.issued', id, at, data }), ...facts],
          })
          if (outcome.kind !== 'conflict') return
        }
        throw new GatewayError('request_in_progress', 'Other invoices of this payee were issued at the same time')
      })
    },
  }
}

/** Issued once, and of what is paid or may be. */
function requireNew(books: Pick<Books, 'claim'>, intent: Intent, status: InvoiceStatus): void {
  const standing = books.claim(intentKey(intent))?.fingerprint
  if (standing !== undefined)
    throw new GatewayError('invoice_exists', `${intent.id} has the invoice ${standing}`, { meta: { invoice: standing } })
  if (status === 'void' || status === 'refunded')
    throw new GatewayError('intent_closed', `The intent is ${status === 'void' ? intent.status : status}, so there is nothing to invoice`, {
      meta: { intent: intent.id },
    })
}

type Made = Readonly<{ fresh: NewInvoice; intent: Intent; by: string }>

function invoiceOf({ fresh, intent, by }: Made, { id, at, number }: Readonly<{ id: Invoice['id']; at: number; number: number }>): Invoice {
  const total = moneyOfCents(totalsOf(fresh.lines).total)
  if (compare(total, intent.amount) !== 0)
    throw new GatewayError(
      'invalid_amount',
      `The lines and their taxes come to ${showMoney(total)}, the intent is ${showMoney(intent.amount)}`,
      {
        hint: 'Each line is quantity times unit_price in whole cents, each tax its rate of the sum of its lines in whole cents; half a cent is rounded up.',
      },
    )
  const issuedOn = dayOf(at)
  const dueOn = fresh.dueOn ?? dayOf(intent.expiresAt > at ? intent.expiresAt : at)
  if (dueOn < issuedOn) throw new GatewayError('invalid_request', `due: ${dueOn} is before the day of issue, ${issuedOn}`)
  const { seller, buyer, lines, exemption, metadata } = fresh
  const data: InvoiceData = {
    intent: intent.id,
    payee: intent.payee,
    number,
    amount: unitsData(intent.amount),
    seller,
    buyer,
    lines,
    ...(exemption === undefined ? {} : { exemption }),
    issuedOn,
    dueOn,
    paid: intent.status === 'settled',
    metadata,
    by,
  }
  return { id, data, issuedAt: at }
}

const intentKey = ({ id }: Pick<Intent, 'id'>) => `invoice:intent:${id}`
/** The day of a time, in UTC. */
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)
