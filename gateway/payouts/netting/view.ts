import { formatAmount, money } from '../../money/money.ts'
import type { NetId, PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import { type MoneyView, viewMoney } from '../payoutState/view.ts'
import type { Gain } from './gain.ts'
import { type CloseReason, type Net, savedNano, sharesOf } from './net.ts'

/** A cost in nano-USD shown in dollars, to the nano. */
const NANO_USD = { id: 'USD', code: 'USD', scale: 9, ledger: 0 }

/** A payout that is one of several in one payment. `fee` is its share of the payment's; `expectedSavedUsd` its share of what that was expected to save. */
export type MemberView = Readonly<{
  id: PayoutId
  status: 'collecting' | 'processing' | 'outcome_unknown' | 'settled' | 'failed' | 'returned'
  source: string
  amount: MoneyView
  destinations: readonly Destination[]
  reference: string
  metadata: Metadata
  createdBy: string
  createdAt: string
  netting: Readonly<{
    net: NetId
    payouts: number
    closeBy: string
    closed?: CloseReason
    paidBy?: PayoutId
    expectedSavedUsd?: string
  }>
  rail?: RailName
  fee?: MoneyView
  evidence?: Evidence
}>

export function viewMember(net: Net, id: string): MemberView {
  const place = net.members.findIndex((m) => m.id === id)
  const member = net.members[place]!
  const { closed, paid, destination, bounds } = net
  const saved = savedNano(net)
  return {
    id: member.id,
    status: statusOf(net),
    source: member.source,
    amount: viewMoney(member.amount),
    destinations: [destination],
    reference: member.reference,
    metadata: member.metadata ?? {},
    createdBy: member.createdBy,
    createdAt: time(member.createdAt),
    netting: {
      net: net.id,
      payouts: net.members.length,
      closeBy: time(bounds.closeBy),
      ...(closed && { closed: closed.reason, paidBy: closed.payout }),
      ...(saved !== undefined && { expectedSavedUsd: usd(sharesOf(net, saved)[place]!) }),
    },
    ...(paid && {
      rail: paid.rail,
      fee: viewMoney(money(paid.fee.asset, sharesOf(net, paid.fee.units)[place]!)),
      evidence: paid.evidence,
    }),
  }
}

/** What a party is shown of its gain; undefined when nothing of it was netted. */
export function viewGain({ payouts, payments, savedNano: saved }: Gain) {
  return payouts === 0 ? undefined : { payouts, payments, expected_saved_usd: usd(saved) }
}

/** The payment counts as settled or failed only when its end is booked, so that what is shown is in the balances. */
function statusOf({ closed, ended, payment, returned }: Net): MemberView['status'] {
  if (!closed) return 'collecting'
  if (ended && returned) return 'returned'
  if (payment === 'unknown') return 'outcome_unknown'
  return ended && (payment === 'settled' || payment === 'failed') ? payment : 'processing'
}

function usd(nano: bigint): string {
  return formatAmount(money(NANO_USD, nano))
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
