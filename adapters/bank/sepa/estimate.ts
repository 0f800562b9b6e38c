import type { Asset } from '../../../gateway/money/asset.ts'
import type { Money } from '../../../gateway/money/money.ts'
import type { Estimate, PayoutQuery } from '../../../gateway/ports/sender.ts'
import { bookedBalance } from '../files/bankBalance.ts'
import { markOf } from '../files/codeMeaning.ts'
import type { BankStore } from '../files/store.ts'
import { compactIban, refuseDestination } from './destination.ts'
import { reasonMeaning } from './reasonCodes.ts'

/** Nearly every SCT to a checked IBAN settles; rejections and returns are below 1 %. Stands until the router has learnt better. */
const SUCCESS_PPM = 995_000n

type EstimateOptions = Readonly<{
  store: BankStore
  iban: string
  asset: Asset
  feeOf: (amount: Money) => Money
  seconds: () => bigint
  refuseAmount: (amount: Money) => string | undefined
  now: () => number
  check: () => void
}>

/** What can leave now: the bank's balance less what is handed over and not debited, each with its charge, and the charge of one more. */
function available({ store, asset }: EstimateOptions, own: Money): Money {
  const balance = bookedBalance(store, asset).amount.units
  const leaving = store.openSum() + own.units
  return { asset, units: balance > leaving ? balance - leaving : 0n }
}

function wrongAccount({ destination }: PayoutQuery, o: Readonly<{ store: BankStore; now: number }>): string | undefined {
  return destination.kind === 'iban' ? markOf(compactIban(destination.iban), { ...o, meaningOf: reasonMeaning }) : undefined
}

/**
 * Terms of one transfer. A rejection costs nothing, and is known by when the money would have arrived. Throws `rail_unavailable` while there is no balance or
 * the bank's files are not read: no refusal, it is asked again later.
 */
export function estimateTransfer(query: PayoutQuery, options: EstimateOptions): Estimate {
  const { store, now } = options
  const refused = refuseDestination(query.destination, options.iban) ?? wrongAccount(query, { store, now: now() })
  if (refused) return { kind: 'impossible', reason: 'invalid_destination', detail: refused }
  const amount = options.refuseAmount(query.amount)
  if (amount) return { kind: 'impossible', reason: 'rejected_by_rail', detail: amount }
  options.check()
  const seconds = options.seconds()
  const fee = options.feeOf(query.amount)
  return {
    kind: 'possible',
    fee,
    feeMax: fee,
    failureFee: { asset: options.asset, units: 0n },
    successPpm: SUCCESS_PPM,
    secondsToFunds: seconds,
    secondsToFail: seconds,
    available: available(options, fee),
  }
}
