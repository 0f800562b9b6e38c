import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Recaller, RecallOrder, RecallReason, RecallWord } from '../../gateway/ports/recaller.ts'
import type { RecallRow } from './files/recallTable.ts'
import type { BankStore, Payment } from './files/store.ts'
import { writeCamt056 } from './sepa/camt056.ts'
import type { OwnAccount } from './sepa/ownAddress.ts'
import { answerWords } from './sepa/recallAnswerCodes.ts'
import { recallNameOf } from './sepa/recallName.ts'
import { answerDue, RECALL_LIMITS, recallableUntil } from './sepa/recallRules.ts'

/** The bank's answers lie in its folder, which is looked into that often; asking more often tells nothing. */
const CHECK_POLLS = 15

/** `handOver` lets a file leave once by its name; `days` are of the bank, and `bankingDays` those that the scheme counts limits in. */
type RecallerOptions = Readonly<{
  store: BankStore
  account: OwnAccount
  asset: Asset
  clock: Clock
  days: BankDays
  bankingDays: BankDays
  pollMs: number
  check: () => void
  handOver: (name: string, text: string) => Promise<void>
}>

/** The day on which the bank has debited it, or is to. */
function debitedOn({ evidence, createdAt }: Payment, { store, days }: RecallerOptions): string {
  return (evidence === null ? undefined : store.bookedOn(evidence)) ?? days.executionDay(createdAt)
}

/** Why a payment can not be asked back, as far as it is the payment's own fault. */
function refuse(payment: Payment | undefined, reason: RecallReason, options: RecallerOptions): string | undefined {
  if (!payment) return 'the bank rail’s own file does not know the payment'
  if (payment.state === 'prepared' || payment.state === 'staged') return 'its file has not left yet'
  if (payment.state !== 'sent' && payment.state !== 'booked') return 'the bank has never made it'
  const day = debitedOn(payment, options)
  const until = recallableUntil(reason, day, options.bankingDays)
  if (options.clock.now() < until) return undefined
  return `it was debited on ${day}, and could be asked back for ${reason} until ${new Date(until - 1).toISOString().slice(0, 10)}`
}

function prepare(order: RecallOrder, payment: Payment, options: RecallerOptions): RecallRow {
  const { store, account, asset, clock, bankingDays } = options
  const { id, attempt, reason, details } = order
  const [name, askedAt] = [recallNameOf(id), clock.now()]
  const { endToEndId, transactionId, iban, units } = payment
  const document = writeCamt056(
    {
      name,
      reason,
      details,
      createdAt: askedAt,
      original: {
        endToEndId,
        messageId: payment.messageId ?? endToEndId,
        transactionId,
        amount: { asset, units },
        debitedOn: debitedOn(payment, options),
        iban,
        name: payment.name,
      },
    },
    account,
  )
  const row = { id, name, attemptId: attempt, reason, document, askedAt, answerBy: answerDue(bankingDays, askedAt) }
  store.addRecall(row)
  return { ...row, sentAt: null, answer: null, code: null, detail: null, answeredAt: null, returnedAt: null }
}

function wordOf({ answer, code, detail, answeredAt, askedAt }: RecallRow): RecallWord {
  if (answer === null) return { kind: 'sent' }
  const said = { ...(code === null ? {} : { code }), ...(detail === null ? {} : { detail }) }
  return { kind: answer, at: answeredAt ?? askedAt, ...said, words: answerWords({ answer, code }) }
}

/** A disk or a data file that fails says nothing of the question: it is asked again under the same id. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isGatewayError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError('rail_unavailable', `the bank could not be asked for a payment back: ${why}`, { cause })
  }
}

/** Once for each id: a row without `sent_at` is handed over again, and a name that was handed over is not. */
async function ask(order: RecallOrder, options: RecallerOptions): Promise<RecallWord> {
  const { store, clock, handOver } = options
  const payment = store.payment(order.attempt)
  const known = store.recall(order.id)
  // What is too late by now was asked in time: the gateway decides that once.
  if (!known && payment?.state !== 'sent' && payment?.state !== 'booked') return { kind: 'impossible' }
  const recall = known ?? prepare(order, payment!, options)
  if (recall.sentAt === null) {
    await handOver(recall.name, recall.document)
    store.setRecallSent(recall.id, clock.now())
  }
  return wordOf(store.recall(order.id) ?? recall)
}

/** Asks for SEPA credit transfers back by camt.056. The row is durable before its file can leave, and the file leaves once by its name. */
export function sepaRecaller(options: RecallerOptions): Pick<Recaller, 'recallable' | 'recall'> {
  const { store, clock, bankingDays, pollMs, check } = options
  return {
    recallable(attempt, reason) {
      check()
      const refused = refuse(store.payment(attempt), reason, options)
      if (refused !== undefined) return { refused }
      return { kind: RECALL_LIMITS[reason].kind, answerBy: answerDue(bankingDays, clock.now()) }
    },
    async recall(order) {
      check()
      const word = await orUnavailable(() => ask(order, options))
      return { word, checkAfterMs: pollMs * CHECK_POLLS }
    },
  }
}
