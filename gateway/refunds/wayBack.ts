import { isGatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import type { Money } from '../money/money.ts'
import type { Way } from '../payins/refund/facts.ts'
import { readSettlementFact } from '../payins/settlement/facts.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import { REFUSED_FOR_GOOD } from '../payouts/payout/createPayout.ts'
import type { Hex } from '../ports/ids.ts'
import { type EvmRailName, railKind } from '../ports/railName.ts'
import type { Destination } from '../ports/sender.ts'
import { BATCH_SETTLEMENT } from '../ports/x402Channels.ts'
import { paidFrom } from './refund.ts'
import type { RefundContext } from './refundContext.ts'

const ACCOUNT = /^0x[0-9a-f]{40}$/i
/** As long as a transfer names its payee. */
const NAME_MAX = 70

/**
 * How money goes back that came by this payment: to the balance or the account that paid, where the rail has named one that can be paid, else to where its
 * payer says by the link.
 */
export async function wayBack(
  context: Pick<RefundContext, 'books' | 'factsOf' | 'payouts'>,
  payment: KnownPayment,
  amount: Money,
): Promise<Way> {
  const { receipt } = payment
  if (railKind(receipt.rail) === 'book') {
    const first = context.books.entry(receipt.entry)?.legs[0]
    invariant(first && 'debit' in first, `the entry of ${receipt.id} is booked, and says which balance paid`)
    return { kind: 'balance', account: first.debit }
  }
  const to = await knownPayer(context, payment)
  return to && isPayable(context, to, amount) ? { kind: 'to', to } : { kind: 'link' }
}

async function knownPayer({ factsOf }: Pick<RefundContext, 'factsOf'>, { receipt, facts }: KnownPayment): Promise<Destination | undefined> {
  const from = paidFrom(receipt)
  if (from) return { kind: 'evm_address', address: from.account, on: from.rail }
  const settled = facts.find(({ type }) => type === 'intent.settled')?.data.settlementId
  if (typeof settled !== 'string') return undefined
  for (const fact of await factsOf(settled)) {
    const booked = readSettlementFact(fact)
    if (booked?.type !== 'settlement.booked' || booked.data.kind === 'opening') continue
    const { payer, payerIban } = booked.data
    if (railKind(receipt.rail) === 'evm' && payer && ACCOUNT.test(payer) && payer.toLowerCase() !== BATCH_SETTLEMENT.toLowerCase())
      return { kind: 'evm_address', address: payer as Hex, on: receipt.rail as EvmRailName } // Both were looked at.
    if (payerIban) return { kind: 'iban', iban: payerIban, name: (payer ?? payerIban).slice(0, NAME_MAX) }
  }
  return undefined
}

/** Refuses what could never be paid. */
export function checkWay({ payouts }: Pick<RefundContext, 'payouts'>, to: Destination, amount: Money): void {
  payouts.check({ source: 'surplus:refund', amount, destinations: [to], reference: '', createdBy: 'refund' })
}

/** An account of our own, or one that no rail here pays, is no way back. */
function isPayable(context: Pick<RefundContext, 'payouts'>, to: Destination, amount: Money): boolean {
  try {
    checkWay(context, to, amount)
    return true
  } catch (error) {
    if (REFUSED_FOR_GOOD.some((code) => isGatewayError(error, code))) return false
    throw error
  }
}
