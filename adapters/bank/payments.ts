import { invariant } from '../../gateway/errors/invariant.ts'
import { compare, type Money, showMoney } from '../../gateway/money/money.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import type { BankNetwork } from './files/bankNetwork.ts'
import type { Gathering } from './files/gathering.ts'
import type { Outbox } from './files/outbox.ts'
import type { BankStore, Payment } from './files/store.ts'

const CHECK_MS_MAX = 15 * 60_000
const CHECKS_PER_SETTLEMENT = 4
/** A payment that the bank neither debits nor rejects for this many settlement times waits for a person. */
const STUCK_SETTLEMENTS = 4

export type PaymentOptions = Readonly<{
  store: BankStore
  outbox: Outbox
  gathering: Gathering
  network: BankNetwork
  /** How quickly it is to be there, where the network has more than one way. */
  lane?: string
  feeOf: (amount: Money) => Money
  clock: Clock
  pollMs: number
  days: BankDays
  settlementMs: () => number
}>

function failed(reason: 'never_sent' | 'invalid_destination' | 'rejected_by_rail' | 'fee_above_limit', detail: string): Outcome {
  return { kind: 'failed', reason, detail }
}

/** Refused before anything is written: nothing can be under way. */
function refuse(attempt: Attempt, options: PaymentOptions): Outcome | undefined {
  const { network, lane } = options
  const refused = network.refuse(attempt.destination)
  if (refused) return failed('invalid_destination', refused)
  const amount = network.refuseAmount(attempt.amount, lane)
  if (amount) return failed('rejected_by_rail', amount)
  const fee = options.feeOf(attempt.amount)
  if (compare(fee, attempt.feeMax) > 0) return failed('fee_above_limit', `the bank charges ${showMoney(fee)}`)
  return undefined
}

function underWay(payment: Payment, options: PaymentOptions): Outcome {
  const settlementMs = options.settlementMs()
  const quarter = (settlementMs - (settlementMs % CHECKS_PER_SETTLEMENT)) / CHECKS_PER_SETTLEMENT
  const checkAfterMs = quarter > CHECK_MS_MAX ? CHECK_MS_MAX : quarter < options.pollMs ? options.pollMs : quarter
  const waited = options.clock.now() - payment.createdAt
  const stuck = waited > (options.network.patienceMs ?? STUCK_SETTLEMENTS * settlementMs)
  const detail = payment.detail ?? (stuck ? 'the bank has neither debited nor rejected it' : undefined)
  return { kind: 'unknown', checkAfterMs, ...(detail === undefined ? {} : { stuck: true, detail }) }
}

function outcomeOf(payment: Payment, options: PaymentOptions): Outcome {
  switch (payment.state) {
    case 'booked': {
      const proof = payment.proof === null ? {} : { proof: payment.proof }
      const evidence = {
        rail: options.network.rail,
        id: payment.evidence ?? payment.endToEndId,
        at: payment.settledAt ?? payment.createdAt,
        ...proof,
      }
      return { kind: 'settled', evidence, fee: { asset: options.network.asset, units: 0n } }
    }
    case 'rejected': {
      const { title, reason } = options.network.meaningOf(payment.code ?? '')
      const said = payment.detail && payment.detail !== title ? ` (${payment.detail})` : ''
      const detail = `${payment.code ?? 'no code'}: ${title}${said}`
      if (reason !== 'past_cut_off') return { kind: 'failed', reason, detail }
      return { kind: 'failed', reason, detail, notBefore: options.days.nextDayAt(payment.createdAt) }
    }
    case 'withdrawn':
      return failed('never_sent', 'taken back before it left')
    case 'prepared':
    case 'staged':
    case 'sent':
      return underWay(payment, options)
  }
}

function prepare(attempt: Attempt, options: PaymentOptions): Payment {
  const { network, lane } = options
  const { destination, amount, reference } = attempt
  const to = network.payee(destination)
  invariant(to, 'refuse() lets only those through that the network pays')
  const createdAt = options.clock.now()
  const endToEndId = network.nameOf(attempt.id)
  const document = network.order({ id: endToEndId, amount, destination, reference, lane }, options.store)
  const fee = options.feeOf(amount).units
  const row = { attemptId: attempt.id, endToEndId, units: amount.units, fee, ...to, document, createdAt }
  options.store.transaction(() => {
    options.store.addPayment(row)
    options.store.setTaken(attempt.id)
  })
  const nothing = { messageId: null, code: null, detail: null, evidence: null, settledAt: null, proof: null, transactionId: null }
  return { ...row, state: 'prepared', ...nothing }
}

/** `left`: it is durable here, and this resolves when its file has left; without it nothing is to be done any more. */
type Begun = Readonly<{ outcome: Outcome; left?: Promise<void> }>

/**
 * Takes an order, once, which then leaves in a file with those that come at the same time. The same id with other terms is never sent: its first sending
 * stands, and a person must look.
 */
export async function beginPayment(attempt: Attempt, options: PaymentOptions, signal: AbortSignal): Promise<Begun> {
  const before = options.store.payment(attempt.id)
  if (!before && (await isLost(attempt, options))) return { outcome: restore(attempt, options) }
  if (before) return repeat(attempt, before, options)
  if (signal.aborted) return { outcome: failed('never_sent', 'the deadline had passed') }
  const refused = refuse(attempt, options)
  if (refused) return { outcome: refused }
  const payment = prepare(attempt, options)
  return { outcome: underWay(payment, options), left: options.gathering.join(payment) }
}

async function repeat(attempt: Attempt, before: Payment, options: PaymentOptions): Promise<Begun> {
  const to = options.network.payee(attempt.destination)
  if (before.units !== attempt.amount.units || before.iban !== to?.iban) {
    const detail = 'this attempt was sent before with another amount or account'
    return { outcome: { kind: 'unknown', checkAfterMs: CHECK_MS_MAX, stuck: true, detail } }
  }
  if (options.gathering.has(before.attemptId)) return { outcome: underWay(before, options), left: options.gathering.join(before) }
  return { outcome: await afterLeaving(before, options) }
}

/** True when the bank, or the folder between us, shows that it has had an order, though this file has no payment for it. */
async function hasTrace(id: string, { store, outbox, network }: PaymentOptions): Promise<boolean> {
  const endToEndId = network.nameOf(id)
  return store.unexplained(endToEndId).length > 0 || store.stray(endToEndId) !== undefined || (await outbox.mayHaveLeft(endToEndId))
}

/** True of an attempt without a payment that was announced to a file, and not to this one as it is, or of which there is a trace. */
async function isLost({ id, railKey }: Attempt, options: PaymentOptions): Promise<boolean> {
  return (railKey !== undefined && !options.store.isAnnounced(id)) || hasTrace(id, options)
}

/**
 * The file was lost, or is an older copy, so the order may be with the bank. The journal knows its terms: with them the bank's own reports end it, by the
 * end-to-end id, also one that was read already.
 */
function restore(attempt: Attempt, options: PaymentOptions): Outcome {
  const { store, network } = options
  const to = network.payee(attempt.destination)
  if (!to) return { kind: 'unknown', checkAfterMs: CHECK_MS_MAX, stuck: true, detail: 'it names no account of this network' }
  const endToEndId = network.nameOf(attempt.id)
  const row = {
    attemptId: attempt.id,
    endToEndId,
    units: attempt.amount.units,
    fee: options.feeOf(attempt.amount).units,
    ...to,
    createdAt: options.clock.now(),
  }
  const detail =
    `the bank rail's own file does not know it: the file was lost, or is an older copy. It is not sent again. The bank's next report of it ends it; ` +
    `else look for a debit of ${showMoney(attempt.amount)} with the end-to-end id ${endToEndId} to ${to.iban}, then end it by hand`
  store.transaction(() => {
    store.restorePayment(row, detail)
    store.setTaken(attempt.id)
    const stray = store.stray(endToEndId)
    store.endStray(endToEndId)
    const [debit, second] = store.unexplained(endToEndId)
    if (!debit && stray?.state === 'rejected') store.setRejected(attempt.id, stray.code, stray.detail)
    if (!debit || second || debit.units !== row.units) return
    store.setExplained(debit.id, attempt.id)
    store.setBooked(attempt.id, debit.id, debit.at, debit.proof)
  })
  const payment = store.payment(attempt.id)
  invariant(payment, `${attempt.id} has its row again`)
  return outcomeOf(payment, options)
}

/** What the bank's files say of it. A file that a crash kept from leaving is taken back, and only then `never_sent`. */
export async function lookupPayment(id: string, sent: Attempt | undefined, options: PaymentOptions): Promise<Outcome> {
  const payment = options.store.payment(id)
  if (!payment && sent && (await isLost(sent, options))) return restore(sent, options)
  if (!payment && (await hasTrace(id, options)))
    return { kind: 'unknown', checkAfterMs: CHECK_MS_MAX, stuck: true, detail: 'its terms are not known' }
  if (!payment) return failed('never_sent', 'no file was written for it')
  return options.gathering.has(payment.attemptId) ? underWay(payment, options) : afterLeaving(payment, options)
}

/** Of an order that no file waits for: one that was kept from leaving is taken back. */
async function afterLeaving(payment: Payment, options: PaymentOptions): Promise<Outcome> {
  if (payment.state === 'prepared' || payment.state === 'staged') await options.outbox.withdraw(payment)
  return outcomeOf(options.store.payment(payment.attemptId) ?? payment, options)
}
