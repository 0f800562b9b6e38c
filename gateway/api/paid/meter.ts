import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money, parseAmount } from '../../money/money.ts'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'
import type { Price } from '../../seller/price.ts'

/** What the work of one request has used of the maximum that its payer has promised, in USD. */
export type Meter = Readonly<{
  /** Counts what was used, and answers what is left. What goes beyond the maximum is not paid: work in steps stops when nothing is left. */
  add(used: Money | Price): Money
  /** What is charged for, never above the maximum. */
  spent(): Money
  left(): Money
}>

export function createMeter({ price }: Pick<PaidRequest, 'price'>): Meter {
  let used = 0n
  const spent = () => money(USD, min(used, price))
  const left = () => money(USD, price - spent().units)
  return {
    add(more) {
      const units = unitsOf(more)
      if (units < 0n) throw new GatewayError('invalid_amount', 'What was used is not less than nothing')
      used += units
      return left()
    },
    spent,
    left,
  }
}

function unitsOf(amount: Money | Price): bigint {
  if ('units' in amount) {
    if (amount.asset.id !== USD.id) throw new GatewayError('invalid_amount', `A meter counts USD, and not ${amount.asset.id}`)
    // A handler without types can say anything, and a text would be put behind the number.
    if (typeof amount.units !== 'bigint') throw new GatewayError('invalid_amount', 'Units are a bigint')
    return amount.units
  }
  if (amount.asset !== USD.code) throw new GatewayError('invalid_amount', `A meter counts USD, and not ${amount.asset}`)
  return parseAmount(amount.amount, USD).units
}
