import { type BankBooks, createBooks, type Holder } from './books.ts'
import { executeOrder, executeTransfer, giveBack, returnOrder, type Transfer } from './executeOrder.ts'
import { createFaults } from './faults.ts'
import { type Order, readOrderFile } from './orders.ts'
import { isRecallFile, openRecallDesk } from './recalls.ts'
import { fileRefused, inOtherCurrency, notification, type OrderStatus, orderStatuses, statement } from './reports.ts'
import { aboutOrder, createReturns } from './returns.ts'
import { createStatementDelivery } from './statementDelivery.ts'

/** A file for the customer's inbox. */
export type BankReport = Readonly<{ kind: 'pain002' | 'camt029' | 'camt054' | 'camt053'; text: string }>

/** Bookings that one notification has at most. */
const BOOKINGS_MAX = 2_000

export type BankSetup = Readonly<{
  own: Holder
  customers: readonly Holder[]
  openingCents: bigint
  customerCents: bigint
  chargeCents: bigint
  startDate: string
  closedIban: string
  returnedIban: string
  /** Orders to it are taken, and nothing is ever said of them. */
  silentIban: string
  /** Whose holder gives nothing back, and whose bank never says whether; all others give back after so many days of TARGET. */
  refusesRecallsIban?: string
  ignoresRecallsIban?: string
  recallDays?: number
  now: () => Date
}>

export type Bank = ReturnType<typeof createBank>

/** What was booked since the last ones. */
function notifications(books: BankBooks, iban: string): BankReport[] {
  books.checkSum()
  const reports: BankReport[] = []
  for (let booked = books.unreported(); booked.length > 0; booked = booked.slice(BOOKINGS_MAX))
    reports.push({ kind: 'camt054', text: notification(books.head('N'), iban, booked.slice(0, BOOKINGS_MAX)) })
  return reports
}

/** One report of each file whose orders these are. */
function statusReports(books: BankBooks, statuses: readonly OrderStatus[]): BankReport[] {
  const files = Map.groupBy(statuses, ({ order }) => order.messageId)
  return [...files.values()].map((of) => ({ kind: 'pain002', text: orderStatuses(books.head('R'), of) }))
}

function statementForms(text: string): Parameters<ReturnType<typeof createStatementDelivery<BankReport>>['close']>[1] {
  return {
    report: { kind: 'camt053', text },
    cut: (report) => ({ ...report, text: report.text.slice(0, report.text.length >> 1) }),
    otherCurrency: (report) => ({ ...report, text: inOtherCurrency(report.text) }),
  }
}

const answers = (texts: readonly string[]) => texts.map((text): BankReport => ({ kind: 'camt029', text }))

function recallReports(books: BankBooks, heard: ReturnType<ReturnType<typeof openRecallDesk>['hear']>): BankReport[] {
  if (heard.refusal) return [{ kind: 'pain002', text: fileRefused(books.head('R'), 'NOTPROVIDED', heard.refusal) }]
  const status = { code: 'CUST', text: 'taken back before it was executed' }
  return [...answers(heard.answers), ...(heard.canceled ? statusReports(books, [{ order: heard.canceled, status }]) : [])]
}

type Queue = Pick<BankSetup, 'customers'> & Readonly<{ transfers: Transfer[] }>

function queueTransfer(one: Transfer, books: BankBooks, { customers, transfers }: Queue): string | undefined {
  if (!customers.some(({ id }) => id === one.customer)) return `there is no customer ${one.customer}`
  const queued = transfers.filter(({ customer }) => customer === one.customer).reduce((sum, { cents }) => sum + cents, 0n)
  if (books.balance(one.customer) < queued + one.cents) return `${one.customer} has not enough money`
  transfers.push(one)
  return undefined
}

/** The bank without files, time or network: what goes in is text, what comes out are reports. */
export function createBank(setup: BankSetup) {
  const { own, customers } = setup
  const opening = [[own.id, setup.openingCents] as const, ...customers.map(({ id }) => [id, setup.customerCents] as const)]
  const faults = createFaults()
  const books = createBooks(opening, { own: own.id, startDate: setup.startDate, now: setup.now, faults })
  const delivery = createStatementDelivery<BankReport>(faults)
  const seenMessages = new Set<string>()
  let accepted: Order[] = []
  const returns = createReturns({ faults, date: books.date, returnedIban: setup.returnedIban })
  let transfers: Transfer[] = []
  const desk = openRecallDesk({ books, rules: setup, iban: own.iban }, (one) => giveBack(books, one, setup))

  function execute(order: Order): OrderStatus {
    const result = executeOrder(books, order, setup)
    if ('refusal' in result) return { order, status: result.refusal }
    returns.note(order, result.reference)
    desk.note({ order, ...result })
    return { order, status: 'ACSC' }
  }

  return {
    accounts: () => books.all().map(({ id, cents }) => ({ id, cents, iban: [own, ...customers].find((holder) => holder.id === id)?.iban })),
    date: books.date,
    /** The statement of the day before the first, so that a new reader knows the balance. */
    openingStatement: (): BankReport => ({ kind: 'camt053', text: statement(books.head('S'), own.iban, books.dayBefore()) }),
    /** Reads a file of orders; answers with ACSP or RJCT. What is instant is executed at once, and answered with ACSC. */
    take(text: string): BankReport[] {
      if (isRecallFile(text)) return recallReports(books, desk.hear(text, accepted))
      const file = readOrderFile(text, { iban: own.iban, date: books.date(), isDuplicate: (id) => seenMessages.has(id) })
      if (file.refusal) return [{ kind: 'pain002', text: fileRefused(books.head('R'), file.messageId, file.refusal) }]
      seenMessages.add(file.messageId)
      const statuses = file.orders.flatMap(({ order, refusal: found }): OrderStatus[] => {
        const fault = found ? undefined : faults.ofOrder(['reject'], aboutOrder(order, books.date()))
        const refusal = fault ? { code: fault.code, text: 'refused by order' } : found
        if (refusal) return [{ order, status: refusal }]
        if (order.instant) return order.iban === setup.silentIban ? [] : [execute(order)]
        accepted.push(order)
        return [{ order, status: 'ACSP' }]
      })
      return [...statusReports(books, statuses), ...(file.orders.some(({ order }) => order.instant) ? notifications(books, own.iban) : [])]
    },
    /** Queues a customer's transfer for the next cycle, or says why not. */
    order: (one: Transfer) => queueTransfer(one, books, { customers, transfers }),
    /** What is to go wrong from now on; says why not. */
    addFault: faults.add,
    faults: faults.left,
    /** Corrects the amount of today's booking with this text; the next report says so. Says why not. */
    correct: (text: string, cents: bigint): string | undefined =>
      books.correct(text, cents) ? undefined : `nothing was booked today with the text "${text}"`,
    /** Executes what waits: returns of earlier cycles, customers' transfers, orders. Reports each order and all that was booked. */
    cycle(): BankReport[] {
      const work = { accepted, transfers }
      accepted = []
      transfers = []
      for (const { order, original, code } of returns.takeDue()) returnOrder(books, order, { ...setup, original, code })
      for (const one of work.transfers) executeTransfer(books, one, setup)
      const statuses = statusReports(books, work.accepted.filter(({ iban }) => iban !== setup.silentIban).map(execute))
      return [...statuses, ...answers(desk.cycle()), ...notifications(books, own.iban)]
    },
    /** Ends the day with its statement. */
    dayEnd(): BankReport[] {
      const [head, date] = [books.head('S'), books.date()]
      for (const { side, cents, text } of faults.linesOf(date)) books.bookOwn({ credit: side === 'credit', cents, text })
      return delivery.close(date, statementForms(statement(head, own.iban, books.closeDay())))
    },
  }
}
