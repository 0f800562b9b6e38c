import { type Money, money } from '../money/money.ts'
import type { SourceOwner } from '../payouts/payout/returnedPayout.ts'
import { fxPath, railPath } from '../payouts/payoutState/entries.ts'
import type { AccountPath, Leg, LegId } from '../ports/books.ts'
import type { RailName } from '../ports/railName.ts'
import type { Exchange, HeldPay } from './exchange.ts'
import type { ExchangeRecords } from './exchangeRecords.ts'

const EXCHANGE = 'exchange:'
const FEE_EARNED: AccountPath = 'fee:earned'
/** Whose loss it is when a payout was made and its payment went back. */
const LOSSES: AccountPath = 'capital:lost:exchange'

/** What an exchange's payout is paid from, and where it goes back to. */
export function exchangePath(x: Pick<Exchange, 'id'>): AccountPath {
  return `${EXCHANGE}${x.id}`
}

/** Who has what comes back to the account of an exchange after its payout was made: its party. */
export function partyOf(records: Pick<ExchangeRecords, 'get'>): SourceOwner {
  return (source, units) => {
    const x = source.startsWith(EXCHANGE) ? records.get(source.slice(EXCHANGE.length)) : undefined
    return x && [{ path: partyPath(x), units }]
  }
}

function partyPath(x: Pick<Exchange, 'party'>): AccountPath {
  return `party:${x.party}`
}

type Holding = Readonly<{ credit: AccountPath; amount: Money }>

/** Where a payment that waits goes when it is taken: the pair's liquidity, our fee, and what came too much to the party. Nothing of it is empty. */
function holdings(x: Exchange, pay: HeldPay, excess: Money): Holding[] {
  const fx = fxPath(pay.amount.asset, x.leg.amount.asset)
  const all: Holding[] = [
    { credit: fx, amount: money(pay.amount.asset, pay.amount.units - pay.fee.units) },
    { credit: FEE_EARNED, amount: pay.fee },
    { credit: partyPath(x), amount: excess },
  ]
  return all.filter(({ amount }) => amount.units > 0n)
}

/** Holds the payment on the rail's account, and gives the payout its funds out of the pair's liquidity: both or neither. */
export function heldLegs(x: Exchange, pay: HeldPay, o: { rail: Exclude<RailName, 'book'>; excess: Money }): Leg[] {
  const debit = railPath(o.rail)
  const holds = holdings(x, pay, o.excess).map(({ credit, amount }): Leg => ({ kind: 'hold', debit, credit, ...amount, timeoutS: 0 }))
  return [...holds, { kind: 'move', debit: fxPath(pay.amount.asset, x.leg.amount.asset), credit: exchangePath(x), ...x.leg.amount }]
}

/** The payment is ours. */
export function takenLegs(x: Exchange, pay: HeldPay): Leg[] {
  return eachHold(x, pay, (pending, amount) => ({ kind: 'post', pending, ...amount }))
}

/** The payment went back. */
export function voidLegs(x: Exchange, pay: HeldPay): Leg[] {
  return eachHold(x, pay, (pending, amount) => ({ kind: 'void', pending, asset: amount.asset }))
}

function eachHold({ held, ...x }: Exchange, pay: HeldPay, leg: (pending: LegId, amount: Money) => Leg): Leg[] {
  if (!held) return []
  return holdings({ ...x, held }, pay, held.excess).map(({ amount }, i) => leg({ entry: held.entry, leg: i }, amount))
}

/** The payout's funds go back to the liquidity that they came from. */
export function fundsBackLegs(x: Exchange, pay: HeldPay): Leg[] {
  return x.held ? [{ kind: 'move', debit: exchangePath(x), credit: fxPath(pay.amount.asset, x.leg.amount.asset), ...x.leg.amount }] : []
}

/** The payment was taken and the payout failed: its amount is the party's. */
export function creditLegs(x: Exchange): Leg[] {
  return [{ kind: 'move', debit: exchangePath(x), credit: partyPath(x), ...x.leg.amount }]
}

/** The payout was made and the payment went back: capital puts back what the liquidity gave. */
export function coverLegs(x: Exchange, pay: HeldPay): Leg[] {
  return [{ kind: 'move', debit: LOSSES, credit: fxPath(pay.amount.asset, x.leg.amount.asset), ...x.leg.amount }]
}

/** A payment that came after its exchange had ended is the party's. */
export function strayLegs(x: Exchange, at: AccountPath, amount: Money): Leg[] {
  return [{ kind: 'move', debit: at, credit: partyPath(x), ...amount }]
}
