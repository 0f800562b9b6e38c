import { max, min } from '../../money/integers.ts'
import type { FailureReason } from '../../ports/outcome.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'

const PPM = 1_000_000
/** Whatever was learned, nothing is certain and nothing is hopeless: what is never tried again is never seen to be well again. */
export const LEAST_PPM = 5_000
export const MOST_PPM = 999_900

/**
 * What two ways of one payout share: `rail`, to another destination; `payee`, the same destination by another rail, such as an address on two chains; `both`
 * is the same way, tried again with a change that speaks to why it failed.
 */
export type Kinship = 'rail' | 'payee' | 'both'
type Way = Readonly<{ rail: RailName; destination: number }>

/**
 * What is left of the odds of a relative after a failure, in hundredths; what is not named stays as it was. A node that finds no way to one node of a payee
 * seldom finds one to another; a rail that refuses, or has nothing left, does so whoever is paid; an address that is frozen or refused on one chain mostly is
 * on the next. What speaks of one invoice alone says nothing of others.
 */
const ODDS_LEFT: Readonly<Partial<Record<FailureReason, Readonly<Partial<Record<Kinship, number>>>>>> = {
  no_route: { rail: 20, both: 20 },
  fee_above_limit: { rail: 50, both: 50 },
  insufficient_liquidity: { rail: 10, both: 20 },
  rejected_by_rail: { rail: 20 },
  reverted: { rail: 50, payee: 30 },
  rejected_by_payee: { payee: 50, both: 20 },
  invalid_destination: { payee: 30 },
}

/** Why rails of a kind refuse a payout, as their adapters say. A plan takes each reason of a row to be as likely as the next: nobody has counted them. */
export const REASONS: Readonly<Record<RailKind, readonly FailureReason[]>> = {
  lightning: [
    'no_route',
    'fee_above_limit',
    'insufficient_liquidity',
    'rejected_by_payee',
    'rejected_by_rail',
    'invalid_destination',
    'expired',
    'already_used',
  ],
  evm: ['fee_above_limit', 'insufficient_liquidity', 'rejected_by_rail', 'invalid_destination', 'reverted'],
  bank: ['insufficient_liquidity', 'rejected_by_payee', 'rejected_by_rail', 'invalid_destination', 'past_cut_off'],
  custom: [
    'no_route',
    'fee_above_limit',
    'insufficient_liquidity',
    'rejected_by_payee',
    'rejected_by_rail',
    'invalid_destination',
    'expired',
    'already_used',
    'reverted',
  ],
  book: ['rejected_by_rail'],
}

/** Shares of reasons are whole parts of this: each row above has a number of reasons that divides it. */
export const ALL_REASONS = 360
const UNCHANGED = 100

/** What a failure may tell: how many of `ALL_REASONS` say so, and the hundredths that they leave of the odds of relatives, by how they are related. */
export type Telling = Readonly<{ share: number } & Record<Kinship, number>>

/** How the ways that are left to try are related to one that fails, if at all. */
export type Kin = Readonly<Record<Kinship, boolean>>
const placeOf = ({ rail, payee, both }: Kin) => (rail ? 1 : 0) + (payee ? 2 : 0) + (both ? 4 : 0)
const EACH = [false, true]
const KINS: readonly Kin[] = EACH.flatMap((both) => EACH.flatMap((payee) => EACH.map((rail) => ({ rail, payee, both }))))

/** By kind of rail and by `placeOf`: reasons that leave those ways the same are one row. */
const TELLINGS: Readonly<Record<RailKind, readonly (readonly Telling[])[]>> = {
  lightning: KINS.map((kin) => tellingsOf(REASONS.lightning, kin)),
  evm: KINS.map((kin) => tellingsOf(REASONS.evm, kin)),
  bank: KINS.map((kin) => tellingsOf(REASONS.bank, kin)),
  custom: KINS.map((kin) => tellingsOf(REASONS.custom, kin)),
  book: KINS.map((kin) => tellingsOf(REASONS.book, kin)),
}

function tellingsOf(reasons: readonly FailureReason[], kin: Kin): readonly Telling[] {
  const rows = new Map<string, Telling>([['100 100 100', { share: 0, rail: UNCHANGED, payee: UNCHANGED, both: UNCHANGED }]])
  for (const reason of reasons) {
    const left = (by: Kinship) => (kin[by] ? (ODDS_LEFT[reason]?.[by] ?? UNCHANGED) : UNCHANGED)
    const [rail, payee, both] = [left('rail'), left('payee'), left('both')]
    const key = `${rail} ${payee} ${both}`
    rows.set(key, { share: (rows.get(key)?.share ?? 0) + ALL_REASONS / reasons.length, rail, payee, both })
  }
  return [...rows.values()]
}

/** What a failure on a rail of this kind may tell. The first row is the one that says nothing of relatives, though no reason may be in it. */
export function mayTell(kind: RailKind, kin: Kin): readonly Telling[] {
  return TELLINGS[kind][placeOf(kin)]!
}

function kinshipOf(a: Way, b: Way): Kinship | undefined {
  if (a.rail === b.rail) return a.destination === b.destination ? 'both' : 'rail'
  return a.destination === b.destination ? 'payee' : undefined
}

/** The factor of the odds of a way after one of the same payout has failed for this reason; 1 where that says nothing of it. */
export function oddsAfter(failed: Way & Readonly<{ reason: string }>, way: Way): number {
  const kinship = kinshipOf(failed, way)
  const left = kinship && ODDS_LEFT[failed.reason as FailureReason]?.[kinship] // Reasons of our own are in no row.
  return left === undefined ? 1 : left / 100
}

/** A chance in millionths at so many hundredths of its odds, within the bounds of what is reckoned with, and no more than it was. */
export function ppmLeft(ppm: number, hundredths: number): number {
  if (hundredths === UNCHANGED) return ppm
  const odds = ppm * hundredths
  const left = Math.round((odds * PPM) / ((PPM - ppm) * UNCHANGED + odds)) // not money: a chance
  return min(ppm, max(LEAST_PPM, min(left, MOST_PPM)))
}

/** The chance whose odds are a factor of these. */
export function withOdds(chance: number, factor: number): number {
  return (chance * factor) / (1 - chance + chance * factor)
}
