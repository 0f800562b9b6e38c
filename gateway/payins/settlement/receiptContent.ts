import { moneyText, type Receipt } from '../../audit/receipt/receipt.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { creditLegs } from './legs.ts'

/**
 * What a receipt says of a payment that cost its payer no fee. `price` in USD or the rail's asset; `credit` is what the payee got for `converted`, the
 * part of `paid` that was asked.
 */
export function receiptContent(o: {
  id: ReceiptId
  payment: string
  resource: string
  price: Money
  rail: RailName
  paid: Money
  converted: Money
  credit: Money
  state: Receipt['state']
  /** `paid` is the most that is taken. */
  upto?: boolean
  payee: Payee
  entry: EntryId
}): Omit<Receipt, 'issued_at'> {
  const { id, payment, resource, rail, paid, credit, state, payee, entry } = o
  return {
    id,
    payment,
    resource,
    price: moneyText(o.price),
    rail,
    paid: moneyText(paid),
    fee: moneyText(money(paid.asset, 0n)),
    rate: rateText(o.converted, credit),
    state,
    ...(o.upto ? { upto: true as const } : {}),
    payee: payee.kind === 'party' ? payee.party : payee.split.key,
    split: payee.split.splitId,
    parts: partsOf(payee, credit),
    entry,
  }
}

/** The rate that was used, as the two amounts. */
function rateText(paid: Money, credit: Money): string {
  const [a, b] = [moneyText(paid), moneyText(credit)]
  return `${a.amount} ${a.asset} = ${b.amount} ${b.asset}`
}

/** Who gets what. */
function partsOf(payee: Payee, credit: Money): Receipt['parts'] {
  return creditLegs(payee, credit, 'transit:receipt').map((leg) => {
    if (leg.kind !== 'move') return { to: '', amount: '0' }
    return { to: leg.credit.slice('party:'.length), amount: moneyText({ asset: leg.asset, units: leg.units }).amount }
  })
}
