import { moneyText } from '../audit/receipt/receipt.ts'
import { nextWord } from '../audit/receipt/receiptChain.ts'
import type { ChainHead } from '../audit/receipt/receiptUpdate.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { type Asset, sameAsset } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import { type RefundFact, toRefundFact } from '../payins/refund/facts.ts'
import { move } from '../payins/settlement/legs.ts'
import type { AccountPath, Claim, Fact, Leg } from '../ports/books.ts'
import type { EntryId, ReceiptId } from '../ports/ids.ts'
import { evolve } from './evolve.ts'
import { type GivenRefund, overAccount, refundAccount } from './givenRefund.ts'
import type { RefundContext } from './refundContext.ts'
import type { Position } from './standing.ts'

export type CreatedFact = Extract<RefundFact, { type: 'refund.created' }>

/** The single use of the next place among the refunds and disputes of a payment, so that of two at once the books let one be. */
export function partClaim({ data }: Readonly<{ data: Readonly<{ receipt: ReceiptId; entry: EntryId }> }>, { parts }: Position): Claim {
  return { key: `refund:${data.receipt}:${parts}`, fingerprint: data.entry }
}

/** What is written of a new refund, and the refund as these facts make it. `gone`: its chain has taken the payment back. */
export function becomes(
  { assetOf, clock }: Pick<RefundContext, 'assetOf' | 'clock'>,
  { fact, head, gone = false }: Readonly<{ fact: CreatedFact; head: ChainHead; gone?: boolean }>,
): Readonly<{ made: GivenRefund; claims: readonly Claim[]; facts: readonly Fact[] }> {
  const said = [fact, ...endedAtOnce(fact)]
  const made = said.reduce<GivenRefund | undefined>((refund, one) => evolve(refund, one, assetOf), undefined)!
  const state = fact.data.way.kind === 'balance' ? 'refunded' : 'refund_due'
  const why = gone ? ({ state: 'held', reason: 'dispute_lost' } as const) : ({ state, reason: 'given_back' } as const)
  const word = nextWord(head, clock.now(), { ...why, entry: fact.data.entry, amount: moneyText(made.amount) })
  return { made, claims: word.claims, facts: [...said.map(toRefundFact), ...word.facts] }
}

/** What a balance has again has its end in the same commit. */
function endedAtOnce({ id, at, data: { request, way, by } }: CreatedFact): RefundFact[] {
  if (way.kind !== 'balance') return []
  return [{ type: 'refund.ended', id, at, data: { request, outcome: 'succeeded', returned: '0', by } }]
}

/** What is taken to pay for it, in the asset that the payees were given. */
type Taken = Readonly<{ takings: readonly Readonly<{ from: AccountPath; units: string }>[]; credit: Asset; amount: Money }>

/** Through the account of the receipt, by whose credits a chain that takes the payment back is told what was given to its payer. */
export function refundLegs({ id, data }: CreatedFact, { takings, credit, amount }: Taken): Leg[] {
  const [byReceipt, own] = [accounts.surplus(data.receipt), refundAccount({ id })]
  const isConverted = !sameAsset(amount.asset, credit)
  const fx = accounts.fx(amount.asset, credit)
  const across = isConverted ? fx : byReceipt
  const taken = takings.filter(({ from }) => from !== across).map(({ from, units }) => move(from, across, money(credit, BigInt(units))))
  const over = money(amount.asset, BigInt(data.over))
  return [
    ...taken,
    ...(isConverted ? [move(fx, byReceipt, amount)] : []),
    move(byReceipt, own, amount),
    ...(over.units > 0n ? [move(overAccount(data), own, over)] : []),
    ...(data.way.kind === 'balance' ? [move(own, data.way.account, money(amount.asset, BigInt(data.units)))] : []),
  ]
}
