import { GatewayError } from '../errors/gatewayError.ts'
import { compare, type Money, showMoney } from '../money/money.ts'
import type { IntentAbout, PayeeRef } from '../payins/intent/intent.ts'
import type { LinkId } from '../ports/ids.ts'

/** What a payment by it costs: always the same, or what its payer chooses between two amounts, both included. */
export type LinkPrice = Readonly<{ kind: 'fixed'; amount: Money }> | Readonly<{ kind: 'chosen'; least: Money; most: Money }>

/** Times in ms. Of the intents that it made, `open` may still be paid, and `paid` were. */
export type PaymentLink = Readonly<{
  id: LinkId
  payee: PayeeRef
  price: LinkPrice
  about: IntentAbout
  metadata: Readonly<Record<string, string>>
  /** How long each payer has. */
  payWithinS: number
  usesMax: number | undefined
  expiresAt: number | undefined
  active: boolean
  createdBy: string
  createdAt: number
  made: number
  open: number
  paid: number
}>

/** `held`: what is left is being paid by others, who may yet let their time pass. */
export type LinkStatus = 'active' | 'inactive' | 'expired' | 'used_up' | 'held'

export function statusOf({ active, usesMax, expiresAt, paid, open }: PaymentLink, now: number): LinkStatus {
  if (usesMax !== undefined && paid >= usesMax) return 'used_up'
  if (!active) return 'inactive'
  if (expiresAt !== undefined && expiresAt <= now) return 'expired'
  return usesMax !== undefined && paid + open >= usesMax ? 'held' : 'active'
}

/** What a payer pays who has chosen `chosen`, or could not choose. Throws `invalid_amount`. */
export function priceFor({ price }: PaymentLink, chosen: Money | undefined): Money {
  if (price.kind === 'fixed') {
    if (chosen && compare(chosen, price.amount) !== 0) throw new GatewayError('invalid_amount', `This costs ${showMoney(price.amount)}`)
    return price.amount
  }
  const { least, most } = price
  if (chosen && compare(chosen, least) >= 0 && compare(chosen, most) <= 0) return chosen
  throw new GatewayError('invalid_amount', `Choose an amount from ${showMoney(least)} to ${showMoney(most)}`)
}
