import { type Asset, sameAsset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { AccountPath, Entry, Leg } from '../../ports/books.ts'
import type { IdSource } from '../../ports/clock.ts'
import { accountRail, type RailKind, type RailName, railKind } from '../../ports/railName.ts'
import { type Purse, type Taken, takeLegs, useLegs } from '../fees/purses.ts'
import { feeUsed } from './feeShares.ts'
import type { AttemptState, Payout, PayoutException, Quote } from './payout.ts'

/** Where a rail's money for payouts is; a balance held here is in none. */
const PLACE: Readonly<Record<RailKind, string>> = { evm: 'wallet', lightning: 'node', bank: 'account', book: '', custom: 'account' }
/** Out of its source, and not yet on a rail. */
export const TRANSIT: AccountPath = 'transit:payout'
/** What sources bear of fees that are above the operator's budget. */
const CHARGED: AccountPath = 'fee:charged'

/** The account of a rail that payouts leave from. */
export function railPath(rail: Exclude<RailName, 'book'>): AccountPath {
  return `rail:${accountRail(rail)}:${railPlace(rail)}`
}

export function railPlace(rail: Exclude<RailName, 'book'>): string {
  return PLACE[railKind(rail)]
}

/** The liquidity of a pair, one path in both assets, the codes in order. */
export function fxPath(a: Money['asset'], b: Money['asset']): AccountPath {
  return `fx:${[a.code, b.code].sort().join('/')}`
}

/** Reserves the amount on its source, and behind it what it bears of a fee, without an end: only the payout's own outcome takes or releases it. */
export function holdLegs({ source, amount, feeMax }: { source: AccountPath; amount: Money; feeMax: bigint }): Leg[] {
  const legs: Leg[] = [{ kind: 'hold', debit: source, credit: TRANSIT, ...amount, timeoutS: 0 }]
  if (feeMax > 0n) legs.push({ kind: 'hold', debit: source, credit: CHARGED, asset: amount.asset, units: feeMax, timeoutS: 0 })
  return legs
}

/** What holds a payout's money: as `holdLegs`, and only where `keep` stays on its source besides. That is held and let go in the same entry. */
export function holdEntry(
  { ids }: Readonly<{ ids: IdSource }>,
  payment: string,
  o: Readonly<{ source: AccountPath; amount: Money; feeMax: bigint; keep?: bigint | undefined }>,
): Entry {
  const { source, amount, keep = 0n } = o
  const [id, legs] = [ids.entry(), holdLegs(o)]
  if (keep === 0n) return { id, payment, legs }
  const kept: Leg = { kind: 'hold', debit: source, credit: TRANSIT, asset: amount.asset, units: keep, timeoutS: 0 }
  return { id, payment, legs: [...legs, kept, { kind: 'void', pending: { entry: id, leg: legs.length }, asset: amount.asset }] }
}

/**
 * Reserves what a try will take from the rail, and from the liquidity of the pair when it converts, before the rail hears of it. So a settlement
 * cannot be declined for want of either: two payouts never count on the same coin. Leg 1 is the fee's limit when the outcome will name the fee; behind it
 * come the purses that the operator's part of the fee is taken from.
 */
export function reserveLegs(
  payout: Payout,
  quote: Quote & { rail: Exclude<RailName, 'book'> },
  { feeHeld, purses, usd }: { feeHeld: boolean; purses: readonly Purse[]; usd: Asset },
): Leg[] {
  const from = sameAsset(payout.amount.asset, quote.amount.asset) ? TRANSIT : fxPath(payout.amount.asset, quote.amount.asset)
  const legs: Leg[] = [{ kind: 'hold', debit: from, credit: railPath(quote.rail), ...quote.amount, timeoutS: 0 }]
  if (feeHeld) legs.push({ kind: 'hold', debit: `fee:paid:${quote.rail}`, credit: railPath(quote.rail), ...quote.feeMax, timeoutS: 0 })
  return [...legs, ...takeLegs(purses, usd, quote.shares?.ownUsd ?? 0n)]
}

/** Where in a reservation the purses begin. */
export function firstPurse(feeHeld: boolean): number {
  return feeHeld ? 2 : 1
}

function takenBy({ reservation, feeHeld, purses }: AttemptState): Taken | undefined {
  return reservation && purses > 0 ? { entry: reservation, first: firstPurse(feeHeld), purses } : undefined
}

/** Releases a try's reservation. `lostUsd`: what of the purses is gone all the same. */
export function releaseLegs(attempt: AttemptState, { usd, lostUsd }: { usd: Asset; lostUsd: bigint }): Leg[] {
  const { reservation: entry } = attempt
  const taken = takenBy(attempt)
  if (!entry) return []
  const legs: Leg[] = [{ kind: 'void', pending: { entry, leg: 0 }, asset: attempt.amount.asset }]
  if (attempt.feeHeld) legs.push({ kind: 'void', pending: { entry, leg: 1 }, asset: attempt.feeMax.asset })
  return taken ? [...legs, ...useLegs(taken, usd, lostUsd)] : legs
}

/** Gives the money back to its source. */
export function voidHoldLegs(payout: Payout): Leg[] {
  return [
    { kind: 'void', pending: { entry: payout.hold, leg: payout.holdLeg ?? 0 }, asset: payout.amount.asset },
    ...chargeLegs(payout, 0n),
  ]
}

/** Takes so much of what the source bears of a fee, and gives the rest back. */
function chargeLegs({ hold, holdLeg = 0, feeMax, amount: { asset } }: Payout, units: bigint): Leg[] {
  if (feeMax === 0n) return []
  const pending = { entry: hold, leg: holdLeg + 1 }
  return [units > 0n ? { kind: 'post', pending, asset, units } : { kind: 'void', pending, asset }]
}

/** The book rail: takes the hold and credits the payee, free and final. */
export function bookLegs(payout: Payout, payee: AccountPath): Leg[] {
  return [
    postHold(payout, payout.amount.units),
    ...chargeLegs(payout, 0n),
    { kind: 'move', debit: TRANSIT, credit: payee, ...payout.amount },
  ]
}

/** One way to book a settled try, and what a person must see to when it is the one that was taken. */
type SettleVariant = Readonly<{ exceptions: readonly PayoutException[]; legs: readonly Leg[] }>

/**
 * Ways to book a try that has settled, the complete one first. The money has left, so the books must follow: a variant that is declined gives way to one
 * that leaves out what stands in the way and says so, and the last books nothing but the fact. Each of them balances.
 */
export function settleVariants(payout: Payout, attempt: AttemptState, fee: Money, usd: Asset): SettleVariant[] {
  const [taken, used] = [takenBy(attempt), feeUsed(payout, attempt, fee)]
  const rail = [...railLegs(payout, attempt), ...(taken ? useLegs(taken, usd, used.usd) : [])]
  const sent = sameAsset(payout.amount.asset, attempt.amount.asset) ? attempt.amount.units : payout.amount.units
  const source = [postHold(payout, sent), ...chargeLegs(payout, used.charge)]
  const { held, excess } = feeLegs(attempt, fee)
  const variants: SettleVariant[] = [{ exceptions: [], legs: [...source, ...rail, ...held, ...excess] }]
  if (excess.length > 0) variants.push({ exceptions: ['fee_not_booked'], legs: [...source, ...rail, ...held] })
  variants.push({ exceptions: ['hold_lost'], legs: [...rail, ...held, ...excess] })
  if (excess.length > 0) variants.push({ exceptions: ['hold_lost', 'fee_not_booked'], legs: [...rail, ...held] })
  variants.push({ exceptions: ['not_booked'], legs: [] })
  return variants
}

function postHold(payout: Payout, units: bigint): Leg {
  return { kind: 'post', pending: { entry: payout.hold, leg: payout.holdLeg ?? 0 }, asset: payout.amount.asset, units }
}

/** Takes the reservation; a conversion also moves the source's asset into the pair's liquidity, with what rounding left. */
function railLegs(payout: Payout, attempt: AttemptState): Leg[] {
  const { amount, reservation } = attempt
  if (!reservation) return []
  const legs: Leg[] = [{ kind: 'post', pending: { entry: reservation, leg: 0 }, ...amount }]
  if (!sameAsset(payout.amount.asset, amount.asset)) {
    legs.push({ kind: 'move', debit: TRANSIT, credit: fxPath(payout.amount.asset, amount.asset), ...payout.amount })
  }
  return legs
}

/** The fee out of its hold up to the limit, and what the rail took beyond it or in another asset. */
function feeLegs(attempt: AttemptState, fee: Money): { held: Leg[]; excess: Leg[] } {
  if (attempt.feesComeBy === 'stream' || attempt.rail === 'book') return { held: [], excess: [] }
  const { feeMax, feeHeld, reservation, rail } = attempt
  const covered = feeHeld && sameAsset(fee.asset, feeMax.asset) ? min(fee.units, feeMax.units) : 0n
  const held: Leg[] = []
  if (feeHeld && reservation) {
    const pending = { entry: reservation, leg: 1 }
    held.push(
      covered > 0n ? { kind: 'post', pending, asset: feeMax.asset, units: covered } : { kind: 'void', pending, asset: feeMax.asset },
    )
  }
  const beyond = fee.units - covered
  const excess: Leg[] =
    beyond > 0n ? [{ kind: 'move', debit: `fee:paid:${rail}`, credit: railPath(rail), asset: fee.asset, units: beyond }] : []
  return { held, excess }
}
