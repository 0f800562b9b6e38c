import { compare, type Money, subtract } from '../money/money.ts'

/**
 * What an amount costs that is `worth` so much, and with its rail's fee takes `most` from the wallet: the greater of that and the server's word, which may
 * include a fee of its own.
 */
export function costsOf(worth: Money, most: Money, stated: Money | undefined): Readonly<{ cost: Money; fee: Money }> {
  const cost = stated && compare(stated, most) > 0 ? stated : most
  return { cost, fee: subtract(cost, worth) }
}
