import type { Money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { Decision } from './decision.ts'
import { fromBase64Json } from './offers/bytes.ts'
import { toPrintable } from './printable.ts'
import type { PaidBid } from './wallet.ts'

/**
 * What was paid for a response. `id` names the gateway's signed receipt, when the server is one; `proof` names the payment (payment hash, nonce of the
 * authorization, idempotency key); `transaction` is the chain's, when it has one already, and `statusUrl` says what became of it when not; `refundUrl` pays it
 * back where the work failed, to whoever has it; `reference` is the server's own word in MPP; `decision` says why it was paid so, where it was paid by this
 * very call. Prints as JSON, with amounts as decimal strings.
 */
export type PaidReceipt = Readonly<{
  id: string | undefined
  url: string
  offer: string
  rail: RailName
  cost: Money
  amount: Money
  payee: string
  proof: string
  transaction: string | undefined
  statusUrl: string | undefined
  refundUrl: string | undefined
  reference: string | undefined
  decision: Decision | undefined
  toJSON: () => unknown
}>

type Paid = Readonly<{ url: string; proof: string; response: Response; decision?: Decision | undefined }>

/** The receipt of a bid that was paid, with what the answer says about it. */
export function receiptOf(bid: PaidBid, paid: Paid): PaidReceipt {
  const { offer, rail, cost, amount, payee } = bid
  const { url, proof, response, decision } = paid
  const { headers } = response
  const x402 = fromBase64Json(headers.get('payment-response') ?? headers.get('x-payment-response') ?? '')
  const mpp = fromBase64Json(headers.get('payment-receipt') ?? '')
  const known = { id: headers.get('switchyard-receipt') ?? undefined, url, offer, rail, cost, amount, payee, proof }
  const shown = {
    ...known,
    transaction: textIn(x402, 'transaction', /^0x[0-9a-fA-F]{64}$/),
    statusUrl: addressIn(headers.get('switchyard-status')),
    refundUrl: addressIn(headers.get('switchyard-refund')),
    reference: textIn(mpp, 'reference', /^.{1,200}$/),
    decision,
  }
  return { ...shown, toJSON: () => toPrintable(shown) }
}

/** An address that may be asked; a server may say anything. */
function addressIn(text: string | null): string | undefined {
  return text !== null && text.length <= 500 && URL.canParse(text) && /^https?:/.test(text) ? text : undefined
}

/** A text of a server's JSON; the transaction is empty while the gateway has yet to collect. */
function textIn(json: unknown, key: string, pattern: RegExp): string | undefined {
  const value = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined // Any object may be read so.
  return typeof value === 'string' && pattern.test(value) ? value : undefined
}
