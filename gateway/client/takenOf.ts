import { money, mulDiv } from '../money/money.ts'
import { fromBase64Json } from './offers/bytes.ts'
import type { PaidBid } from './wallet.ts'

/**
 * The bid as it was taken: of a maximum so much as the server's PAYMENT-RESPONSE says, and all of it where that says nothing that can be, such as more. It is
 * the word of whom the budget allows to be paid, as all of a receipt is until the chain has it.
 */
export function takenOf(bid: PaidBid, { headers }: Pick<Response, 'headers'>): PaidBid {
  const said = bid.most && (fromBase64Json(headers.get('payment-response') ?? '') as Partial<Record<string, unknown>> | undefined) // Any object may be read so.
  if (!said || !(said.success === true || said.errorReason === 'settlement_pending') || !/^\d{1,78}$/.test(`${said.amount}`)) return bid
  const { offer, rail, payee, amount, cost } = bid
  const units = BigInt(`${said.amount}`)
  if (units > amount.units) return bid
  return { offer, rail, payee, cost: money(cost.asset, mulDiv(cost.units, units, amount.units, 'up')), amount: money(amount.asset, units) }
}
