import type { GatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import { formatAmount, type Money, money } from '../../money/money.ts'

/** `equal`: to the unit. `in_flight`: the difference is within what is named as under way. `break`: an alarm. `silent`: the rail does not answer. */
export type Verdict = 'equal' | 'in_flight' | 'break' | 'silent'
/** One account, ours and theirs side by side, amounts in decimals of their asset. */
export type VerifyRow = Readonly<{
  account: string
  asset: string
  ledger: string
  rail: string
  difference: string
  in_flight: readonly Readonly<{ what: string; amount: string }>[]
  verdict: Verdict
}>

/**
 * The row of an account of which both sides are known; `named` is what may explain a difference: that the rail holds less, or, where it is negative, that
 * it holds more. One direction explains nothing of the other.
 */
export function verifyRow(
  account: string,
  ledger: Money,
  rail: Money,
  named: readonly Readonly<{ what: string; amount: Money }>[],
): VerifyRow {
  const difference = money(ledger.asset, rail.units - ledger.units)
  return {
    account,
    asset: ledger.asset.code,
    ledger: formatAmount(ledger),
    rail: formatAmount(rail),
    difference: formatAmount(difference),
    verdict: difference.units === 0n ? 'equal' : beyond(difference.units, named) === 0n ? 'in_flight' : 'break',
    in_flight: named.map((n) => ({ what: n.what, amount: formatAmount(n.amount) })),
  }
}

/** The rail gave no word, so nothing can be compared. */
export function silentRow(account: string, error: GatewayError): VerifyRow {
  return { account, asset: '', ledger: '', rail: error.shortMessage, difference: '', in_flight: [], verdict: 'silent' }
}

/** What of a difference nothing that is named explains. */
export function beyond(difference: bigint, named: readonly Readonly<{ amount: Money }>[]): bigint {
  const less = named.reduce((sum, n) => sum + max(n.amount.units, 0n), 0n)
  const more = named.reduce((sum, n) => sum + max(-n.amount.units, 0n), 0n)
  return difference < -less ? difference + less : max(difference - more, 0n)
}
