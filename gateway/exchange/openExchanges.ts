import type { PayinsFace } from '../payins/openPayins.ts'
import type { ArrivalOwners } from '../payins/settlement/arrivalOwners.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Ground } from '../ports/ground.ts'
import { partyOf } from './entries.ts'
import { createExchangeRecords } from './exchangeRecords.ts'
import { createExchanges, type ExchangeOptions, type Exchanges } from './exchanges.ts'
import { holdSecrets } from './holdSecrets.ts'
import { exchangePolicy } from './policy.ts'
import { heldPaymentIn } from './takenBooking.ts'

type Parts = Pick<ExchangeOptions, 'books' | 'holds' | 'payouts' | 'splits' | 'log' | 'onFatal'> &
  Pick<PayinsFace, 'intents'> &
  Readonly<{
    /** Where it says which arrivals were held for an exchange. */
    arrivals: Pick<ArrivalOwners, 'add'>
    payouts: Pick<Payouts, 'addSourceOwner'>
    secrets: Parameters<typeof holdSecrets>[0]
  }>

/** Exchanges, over the node that holds where there is one. Call it before the books start, and `start` after the payouts have been taken up. */
export function openExchanges(ground: Ground, { secrets, arrivals, ...parts }: Parts): Exchanges {
  const { clock, ids, rates, usd, bookAsset } = ground
  const records = createExchangeRecords(parts.books)
  arrivals.add({ heldPayment: heldPaymentIn(records) })
  parts.payouts.addSourceOwner(partyOf(records))
  return createExchanges({ ...parts, clock, ids, rates, usd, bookAsset, records, secrets: holdSecrets(secrets), policy: exchangePolicy })
}
