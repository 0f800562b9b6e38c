import type { BankFile, BookedEntry, BookedPart, DayStatement, Notice, PaymentStatus } from './bankFile.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import { BankFileToCome } from './bankFileToCome.ts'
import type { CodeMeaning } from './codeMeaning.ts'
import { correctEntry, correctedBy, type Reported, wasCorrection } from './correction.ts'
import { applyRecallAnswer } from './recallAnswers.ts'
import { placeStatement } from './statementOrder.ts'
import type { BankStore, EntryKind, Payment, Source } from './store.ts'

/**
 * A crash can come between a file's leaving and the row's saying so, and the row may be an older copy's: that the bank speaks of an order proves that
 * it left.
 */
const HANDED_OVER: ReadonlySet<Payment['state']> = new Set(['prepared', 'staged', 'sent'])

/** A payee has seen our end-to-end id and may write it on a transfer, so only the bank's own mark makes a credit a return. */
function kindOf(entry: BookedEntry, part: BookedPart, payment: Payment | undefined): EntryKind {
  if (entry.side === 'credit') return part.returned ? 'returned' : 'received'
  if (part.charge) return 'charge'
  return payment && payment.state !== 'booked' && part.units >= payment.units ? 'paid' : 'unexplained'
}

/** A debit above what we ordered is the payment and, for the rest, a charge the bank did not name; beyond its price nobody knows what it is. */
function splitExcess(part: BookedPart, payment: Payment): BookedPart[] {
  const excess = part.units - payment.units
  return excess === 0n
    ? [part]
    : [
        { ...part, units: payment.units },
        { ...part, units: excess, charge: excess <= payment.fee },
      ]
}

/** A payment has one name, also as an instruction; a file of one payment has it too. So whichever of a file's names the bank repeats, it is the payment's. */
function paymentOf(store: BankStore, part: BookedPart): Payment | undefined {
  const ids = part.endToEndId ? [part.endToEndId] : part.returned ? (part.ourIds ?? []) : []
  for (const id of ids) {
    const payment = store.paymentByEndToEndId(id)
    if (payment) return payment
  }
  return undefined
}

/** What is taken from a file: where it is of, what the network's codes mean, and the last day that it may speak of. */
type Told = Source & Readonly<{ meaningOf: (code: string) => CodeMeaning; lastDay: string }>

/** A bank may date a booking with its next day of business: Easter has four closed days in a row. */
const AHEAD_DAYS_MAX = 7
const DAY_MS = 86_400_000

/** What is of a day far ahead would be the bank's last word on the account until that day has come, so it waits. */
function holdToCome(day: string, { lastDay }: Pick<Told, 'lastDay'>, what: string): void {
  if (day <= lastDay) return
  const why = `${what} is of ${day}, which is still to come: the file's date, or the clock here, is wrong`
  throw new BankFileToCome(why, Date.parse(day) - AHEAD_DAYS_MAX * DAY_MS)
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Why a payment failed or came back: an account that is wrong is not paid again as it is. */
function markPayment(store: BankStore, { attemptId, iban }: Payment, code: string, { at, meaningOf }: Told): void {
  store.setCode(attemptId, code)
  if (meaningOf(code).next === 'correct') store.markAccount(iban, code, at)
}

function bookPart(store: BankStore, entry: BookedEntry, part: BookedPart, id: string, source: Told): void {
  const payment = paymentOf(store, part)
  const kind = kindOf(entry, part, payment)
  const named = kind === 'returned' && payment ? payment.endToEndId : part.reference
  store.addEntry({
    id,
    key: entry.key,
    side: entry.side,
    kind,
    units: part.units,
    bookedOn: entry.bookedOn,
    at: source.at,
    attemptId: kind === 'received' ? null : (payment?.attemptId ?? null),
    reference: named ?? null,
    payer: part.payer ?? null,
    payerIban: part.payerIban ?? null,
    proof: source.hash,
    reason: kind === 'returned' ? (part.reason ?? null) : null,
    remittance: part.text ?? null,
    endToEndId: part.endToEndId ?? null,
    batch: part.endToEndId === undefined ? (part.batch ?? null) : null,
  })
  if (kind === 'paid' && payment) {
    if (!HANDED_OVER.has(payment.state)) {
      const detail = `${payment.attemptId} was ${payment.state} (${payment.code ?? 'no code'}) and was then debited as ${id}`
      store.addProblem({ id: `contradiction:${id}`, at: source.at, what: 'debited after it had failed', detail })
    }
    store.setBooked(payment.attemptId, id, source.at, source.hash)
    if (part.transactionId) store.setTransactionId(payment.attemptId, part.transactionId)
  }
  if (kind === 'returned' && payment) store.setRecallReturned(payment.attemptId, source.at)
  // What a notice has said already is not said again: a correction may have come since.
  if (kind === 'returned' && payment && part.reason && payment.code !== part.reason) markPayment(store, payment, part.reason, source)
  if (kind === 'charge' && payment && part.units > payment.fee) {
    const detail = `${payment.attemptId}: a charge of ${part.units} units on ${entry.bookedOn}, by the list ${payment.fee}`
    store.addProblem({ id: `charge:${id}`, at: source.at, what: 'the bank charged more than its price', detail })
  }
  if (kind === 'unexplained') {
    const detail = `debit of ${part.units} units on ${entry.bookedOn}: ${part.text ?? part.endToEndId ?? 'no text'}`
    store.addProblem({ id: `unexplained:${id}`, at: source.at, what: 'a debit that no payment of ours explains', detail })
  }
}

/** Books an entry once, whichever report names it first. `reported`: the keys of all entries of its report. */
function bookEntry(store: BankStore, entry: BookedEntry, source: Told, reported: Reported): void {
  holdToCome(entry.bookedOn, source, `entry ${entry.key}`)
  if (store.isBooked(entry.key)) return
  const before = correctedBy(store, entry, reported)
  if (before.length > 0) {
    correctEntry(store, entry, before, source)
    return
  }
  const parts = entry.parts.flatMap((part) => {
    const payment = entry.side === 'debit' && !part.charge && part.endToEndId ? store.paymentByEndToEndId(part.endToEndId) : undefined
    return payment && part.units > payment.units ? splitExcess(part, payment) : [part]
  })
  for (const [i, part] of parts.entries()) bookPart(store, entry, part, i === 0 ? entry.key : `${entry.key}/${i}`, source)
}

/** Few entries look like a correction, so the keys are gathered for the first that does. */
function keysOf(entries: Iterable<BookedEntry>): Reported {
  let keys: Set<string> | undefined
  return {
    has(key) {
      keys ??= new Set(Array.from(entries, (entry) => entry.key))
      return keys.has(key)
    },
  }
}

/** A statement comes again as it was, or it is another one under a name that is taken. */
function refuseOther(store: BankStore, statement: DayStatement, known: Pick<DayStatement, 'closing' | 'closingOn'>): void {
  if (known.closing !== statement.closing || known.closingOn !== statement.closingOn)
    throw new BankFileRefused(`statement ${statement.id} was read before with another closing balance`)
  for (const { key } of statement.entries)
    if (!store.isBooked(key) && !wasCorrection(store, key))
      throw new BankFileRefused(`statement ${statement.id} was read before without the entry ${key}`)
}

function applyStatement(store: BankStore, statement: DayStatement, source: Told): void {
  holdToCome(statement.closingOn, source, `statement ${statement.id}`)
  const known = store.statement(statement.id)
  if (known) {
    refuseOther(store, statement, known)
    return
  }
  const reported = keysOf(statement.entries)
  for (const entry of statement.entries) {
    bookEntry(store, entry, source, reported)
    store.listEntry(entry.key, statement.id)
    store.endUnlisted(entry.key)
    noteDay(store, statement, entry, source)
    // What it corrects is not missing from the statement.
    const corrected = correctedBy(store, entry, reported).filter((row) => row.statementId === null && row.bookedOn <= statement.closingOn)
    for (const { key } of corrected) store.listEntry(key, statement.id)
  }
  placeStatement(store, statement, source.at)
  for (const entry of store.unlistedUntil(statement.closingOn)) {
    const detail = `${entry.side} ${entry.id} of ${entry.units} units, notified for ${entry.bookedOn}, is not in statement ${statement.id}`
    store.addProblem({ id: `unlisted:${entry.id}`, at: source.at, what: 'notified but not in the statement', detail })
  }
}

/** A bank lists what it has booked, so a day that has not come is one that somebody has mistyped. */
function noteDay(store: BankStore, { id, closingOn }: DayStatement, { key, units, bookedOn }: BookedEntry, { at }: Source): void {
  if (bookedOn <= closingOn) return
  const detail = `${key} of ${units} units has the day ${bookedOn}, and stands in ${id}, which ends on ${closingOn}`
  store.addProblem({ id: `ahead:${id}:${key}`, at, what: 'an entry has a day after that of its statement', detail })
}

/** Those that a status speaks of: one, or all of a file. */
function statedPayments(store: BankStore, messageId: string, { endToEndId }: PaymentStatus): readonly Payment[] {
  if (endToEndId === undefined) {
    const payments = store.paymentsOf(messageId)
    if (payments.length > 0) return payments
  }
  const payment = store.paymentByEndToEndId(endToEndId ?? messageId)
  return payment ? [payment] : []
}

function applyStatus(store: BankStore, messageId: string, status: PaymentStatus, source: Told): void {
  const payments = statedPayments(store, messageId, status)
  if (payments.length === 0) {
    const endToEndId = status.endToEndId ?? messageId
    const { state, code, detail = null } = status
    store.addStray({ endToEndId, state, code, detail, at: source.at })
    const said = `${endToEndId} is ${state} (${code})`
    store.addProblem({ id: `stray:${endToEndId}`, at: source.at, what: 'the bank speaks of an order that is not known here', detail: said })
  }
  if (status.state === 'rejected') for (const payment of payments) reject(store, payment, status, source)
}

function reject(store: BankStore, payment: Payment, status: PaymentStatus, source: Told): void {
  if (HANDED_OVER.has(payment.state)) {
    store.setRejected(payment.attemptId, status.code, status.detail ?? null)
    markPayment(store, payment, status.code, source)
  } else if (payment.state !== 'rejected') {
    const detail = `${payment.attemptId} is ${payment.state}, the bank now rejects it (${status.code})`
    store.addProblem({ id: `late:${payment.attemptId}:${status.code}`, at: source.at, what: 'rejected after it was final', detail })
  }
}

/** The bookings come apart; here is why they will, and what is to be done otherwise the next time. */
function applyNotice(store: BankStore, notice: Notice, source: Told): void {
  const { at } = source
  const { endToEndId, code, detail } = notice
  const payment = store.paymentByEndToEndId(endToEndId)
  if (!payment) {
    const words = notice.kind === 'returned' ? source.meaningOf(code).title : ''
    const said = `${endToEndId}: ${code} (${[words, detail].filter((text) => text !== '').join(': ')})`
    store.addProblem({ id: `notice:${endToEndId}:${code}`, at, what: 'the bank speaks of an order that is not known here', detail: said })
    return
  }
  if (notice.kind === 'returned') {
    markPayment(store, payment, code, source)
    return
  }
  if (notice.correction !== undefined) store.correctAccount(payment.iban, { code, correction: notice.correction, at })
  const what =
    notice.correction === undefined ? 'the bank asks for a change that is made by hand' : 'the bank has corrected the account of a payee'
  store.addProblem({ id: `change:${payment.attemptId}:${code}`, at, what, detail: `${payment.name}, ${payment.iban}: ${code} ${detail}` })
}

/** `now`: in ms, by our own clock. */
type From = Readonly<{ hash: string; meaningOf: Told['meaningOf']; now: number }>

/** Puts a file's content into the store; runs inside one transaction, so a refusal half way leaves nothing. Throws BankFileRefused, and BankFileToCome. */
export function applyBankFile(store: BankStore, file: BankFile, { now, ...from }: From): void {
  const source = { ...from, at: file.at, lastDay: dayOf(now + AHEAD_DAYS_MAX * DAY_MS) }
  holdToCome(dayOf(file.at), source, 'the file')
  if (file.kind === 'notification') {
    const reported = keysOf(file.entries)
    for (const entry of file.entries) bookEntry(store, entry, source, reported)
  } else if (file.kind === 'statement') for (const statement of file.statements) applyStatement(store, statement, source)
  else if (file.kind === 'answers') for (const answer of file.answers) applyRecallAnswer(store, answer, source)
  else if (file.kind === 'notices') for (const notice of file.notices) applyNotice(store, notice, source)
  else for (const status of file.statuses) applyStatus(store, file.messageId, status, source)
}
