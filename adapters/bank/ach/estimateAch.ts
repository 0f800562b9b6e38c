import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { USD } from '../../../gateway/money/asset.ts'
import { type Money, money } from '../../../gateway/money/money.ts'
import type { Estimate, PayoutQuery } from '../../../gateway/ports/sender.ts'
import { bookedBalance } from '../files/bankBalance.ts'
import type { BankNetwork } from '../files/bankNetwork.ts'
import { markOf } from '../files/codeMeaning.ts'
import type { BankStore } from '../files/store.ts'
import { FILES_A_DAY } from './achFile.ts'
import { achLimit } from './achNetwork.ts'
import { newYork } from './wallClock.ts'

/** About one credit in a hundred comes back; returns are weighed apart. Stands until the router has learnt better. */
const SUCCESS_PPM = 990_000n
type EstimateOptions = Readonly<{
  store: BankStore
  network: BankNetwork
  lane: string | undefined
  feeOf: (amount: Money) => Money
  seconds: bigint
  now: number
  check: () => void
}>

/**
 * Terms of one credit. A rejection costs nothing, and is known by when the money would have arrived. Throws `rail_unavailable` while there is no balance, the
 * bank's files are not read, or the day has no file left: no refusal, it is asked again later.
 */
export function estimateAch(query: PayoutQuery, options: EstimateOptions): Estimate {
  const { store, network, lane, now, seconds } = options
  const refused =
    network.refuse(query.destination) ?? markOf(network.payee(query.destination)?.iban, { store, meaningOf: network.meaningOf, now })
  if (refused) return { kind: 'impossible', reason: 'invalid_destination', detail: refused }
  const amount = network.refuseAmount(query.amount, lane)
  if (amount) {
    const most = achLimit(lane, now)
    const tooLarge = most !== undefined && query.amount.units > most.units
    return { kind: 'impossible', reason: 'rejected_by_rail', detail: amount, ...(tooLarge ? { upTo: most, again: true } : {}) }
  }
  options.check()
  const { date } = newYork(now)
  if (store.filesOn(date) >= FILES_A_DAY)
    throw new GatewayError('rail_unavailable', `${FILES_A_DAY} files have left for the bank on ${date}, the most of a day`)
  const fee = options.feeOf(query.amount)
  const balance = bookedBalance(store, USD).amount.units
  const leaving = store.openSum() + fee.units
  return {
    kind: 'possible',
    fee,
    feeMax: fee,
    failureFee: money(USD, 0n),
    successPpm: SUCCESS_PPM,
    secondsToFunds: seconds,
    secondsToFail: seconds,
    available: money(USD, balance > leaving ? balance - leaving : 0n),
  }
}
