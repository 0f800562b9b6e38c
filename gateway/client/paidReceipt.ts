import type { Money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { Bid } from './wallet.ts'

/** What was paid for a response. `id` names the gateway's signed receipt, when the server is one; `transaction` is the chain's, when it has one already. */
export type PaidReceipt = Readonly<{
  id: string | undefined
  rail: RailName
  cost: Money
  amount: Money
  payee: string
  transaction: string | undefined
}>

/** The receipt of a bid that was paid, with what the answer says about it. */
export function receiptOf(bid: Bid, response: Response): PaidReceipt {
  const { rail, cost, amount, payee } = bid
  return { id: response.headers.get('switchyard-receipt') ?? undefined, rail, cost, amount, payee, transaction: transactionOf(response) }
}

/** The transaction that x402's PAYMENT-RESPONSE names; it is empty while the gateway has yet to collect. */
function transactionOf(response: Response): string | undefined {
  const text = Buffer.from(response.headers.get('payment-response') ?? '', 'base64').toString('utf8')
  return /"transaction"\s*:\s*"(0x[0-9a-fA-F]{64})"/.exec(text)?.[1]
}
