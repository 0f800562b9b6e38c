import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { StripeApi } from './api.ts'
import { fromCents } from './cents.ts'
import { STRIPE_RAIL } from './destination.ts'
import { ATTEMPT, type BalanceTransaction, REF } from './wire.ts'

/** What Stripe holds for us, and what has left it for our bank and has not been booked there. */
export const ACCOUNT = 'account'
export const TO_BANK = 'to-bank'

type Parts = Readonly<{
  api: StripeApi
  asset: Asset
  /** What the stream begins behind: the newest transaction when the rail was opened for the first time. */
  beginning: string
  pollMs: number
  failed: (attempt: string) => boolean
  /** Told of each that was read. */
  onRead: (transaction: BalanceTransaction) => void
  /** Told of each that is neither a payment nor one of ours. */
  onStranger: (transaction: BalanceTransaction) => void
}>

/** The end of a cursor behind which the fee of its transaction comes yet. */
const FEE_TO_COME = ':amount'

/**
 * All that moved on the account behind a cursor, until the signal aborts. A cursor is the id of a balance transaction of which everything is told, or, with an
 * ending of ours, of which the fee is not told yet.
 */
export async function* streamTransactions(o: Parts, after: string, signal: AbortSignal): AsyncGenerator<Settlement> {
  let last = after === '' ? o.beginning : after
  if (last.endsWith(FEE_TO_COME)) {
    last = last.slice(0, -FEE_TO_COME.length)
    const begun = await o.api.transactionById(last)
    yield settlementOf(begun, feeOf(begun), o)
  }
  while (!signal.aborted) {
    const page = await o.api.transactionsAfter(last, o.asset.code.toLowerCase())
    for (const transaction of page) {
      o.onRead(transaction)
      const main = await movementOf(transaction, o)
      const withFee = transaction.fee !== 0
      if (main) yield settlementOf(transaction, main, o, withFee ? FEE_TO_COME : '')
      if (withFee) yield settlementOf(transaction, feeOf(transaction), o)
      last = transaction.id
    }
    if (page.length === 0) await sleep(o.pollMs, undefined, { signal }).catch(() => undefined)
  }
}

function settlementOf(t: BalanceTransaction, { cents, ...told }: Told, { asset }: Pick<Parts, 'asset'>, ending = ''): Settlement {
  const amount = fromCents(cents, asset)
  return { place: ACCOUNT, ...told, cursor: `${t.id}${ending}`, rail: STRIPE_RAIL, amount, at: t.created * 1_000 }
}

type Told = Pick<Settlement, 'id' | 'kind'> &
  Readonly<{ cents: number }> &
  Partial<Pick<Settlement, 'place' | 'toPlace' | 'reference' | 'attemptId' | 'proof' | 'reason'>>

/** What Stripe gives back of a fee comes as our own money from outside, as a fee never falls below nothing in the books. */
function feeOf({ id, fee }: BalanceTransaction): Told {
  return fee > 0 ? { id: `${id}:fee`, kind: 'spent', cents: fee } : { id: `${id}:fee`, kind: 'funded', cents: -fee }
}

/** What one transaction is in the words of rails; undefined of a payment that its attempt has booked. */
async function movementOf(t: BalanceTransaction, o: Parts): Promise<Told | undefined> {
  const { id, amount } = t
  if (amount === 0) return undefined
  const source = typeof t.source === 'string' || t.source === null ? undefined : t.source
  const attempt = source?.metadata?.[ATTEMPT]
  const cents = amount < 0 ? -amount : amount
  switch (t.reporting_category) {
    case 'charge': {
      if (amount < 0) break
      const [reference, payment] = [source?.metadata?.[REF], source?.payment_intent]
      return { id, kind: 'received', cents, ...(reference ? { reference } : {}), ...(payment ? { proof: payment } : {}) }
    }
    case 'refund':
    case 'transfer':
      // One that was told as failed and was made all the same was paid by nobody's order.
      if (amount < 0 && attempt !== undefined && !o.failed(attempt)) return undefined
      break
    case 'refund_failure':
      if (amount > 0 && attempt !== undefined) return { id, kind: 'received', cents, attemptId: attempt, reason: 'refund_failure' }
      break
    case 'transfer_reversal': {
      if (amount < 0 || !source?.transfer) break
      const transfer = await o.api.transferById(source.transfer)
      const returned = transfer.metadata?.[ATTEMPT]
      if (returned !== undefined) return { id, kind: 'received', cents, attemptId: returned, reason: 'transfer_reversal' }
      break
    }
    case 'payout':
      if (amount < 0) return { id, kind: 'moved', cents, toPlace: TO_BANK }
      break
    case 'payout_reversal':
      if (amount > 0) return { id, kind: 'moved', cents, place: TO_BANK, toPlace: ACCOUNT }
      break
  }
  o.onStranger(t)
  return { id, kind: amount > 0 ? 'funded' : 'spent', cents }
}
