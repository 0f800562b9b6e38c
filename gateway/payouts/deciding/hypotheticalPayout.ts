import type { EntryId, PayoutId } from '../../ports/ids.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'
import type { Payout } from '../payoutState/payout.ts'

export type Wanted = Pick<CreatePayout, 'source' | 'amount' | 'destinations' | 'promised' | 'partsMax'>

/** A payout that is not made: what rails are asked about, and nothing of it is kept. */
export function hypotheticalPayout(wanted: Wanted, at: number): Payout {
  return {
    source: wanted.source,
    amount: wanted.amount,
    destinations: wanted.destinations,
    id: 'po_quote' as PayoutId,
    hold: 'en_quote' as EntryId,
    behalf: { account: wanted.source },
    feeMax: 0n,
    ...(wanted.partsMax === undefined ? {} : { partsMax: wanted.partsMax }),
    ...(wanted.promised ? { promised: wanted.promised } : {}),
    reference: '',
    createdBy: '',
    createdAt: at,
    sendBy: undefined,
    status: 'open',
    decision: undefined,
    attempts: [],
    exceptions: [],
    failure: undefined,
    returned: undefined,
  }
}
