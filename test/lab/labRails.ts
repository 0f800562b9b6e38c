import type { Scheme } from '../../gateway/payouts/calendar/schemes.ts'
import type { FailureReason } from '../../gateway/ports/outcome.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import type { Destination } from '../../gateway/ports/sender.ts'

/** Uniform numbers from 0 to below 1; the same seed gives the same (mulberry32). */
export type Uniform = () => number

export function uniformOf(seed: number): Uniform {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** How often of a million orders a rail tells less than it knows, denies what it pays later, or pays twice. */
type Lies = Readonly<{ silentPpm: number; deniesPpm: number; twicePpm: number }>

/**
 * A rail and where the payee is paid on it. `say`: the chance that it names, whatever the truth, and `start` the true one at first; its fee in units of USDC
 * and millionths, the most that it takes in whole dollars; `scheme` where a calendar says when the money is there, in place of `secondsToFunds`.
 */
export type LabRail = Readonly<{
  rail: Exclude<RailName, 'book'>
  destination: Destination
  says: FailureReason
  say: number
  start: number
  feeUnits: bigint
  feePpm: bigint
  secondsToFunds: number
  secondsToFail: number
  maxUsd: number
  scheme?: Scheme
  lies: Lies
}>

/**
 * `everyMs`: between two payments; `driftEvery`: payments between two steps of the chances; `outage`: payments that one lasts, and one in how many steps
 * begins one.
 */
export type LabWorld = Readonly<{
  name: string
  rails: readonly LabRail[]
  everyMs: number
  attemptsMax: number
  driftEvery: number
  driftBy: number
  outageMin: number
  outageMax: number
  outageOneIn: number
  /** What is left of a chance in an outage. */
  outageLeaves: number
}>

type State = { chance: number; outageUntil: number }

/** The truth of a world: what each rail's chance is now, which nobody but the oracle knows. */
export function createTruth(world: LabWorld, seed: number) {
  const uniform = uniformOf(seed)
  const states: State[] = world.rails.map(({ start }) => ({ chance: start, outageUntil: 0 }))
  let now = 0

  return {
    /** To be called before each payment, with its number. */
    step(n: number): void {
      now = n
      if (n === 0 || n % world.driftEvery !== 0) return
      for (const [i, state] of states.entries()) {
        const pull = (world.rails[i]!.start - state.chance) * 0.05
        state.chance = Math.min(0.995, Math.max(0.5, state.chance + pull + (uniform() - 0.5) * 2 * world.driftBy))
        const lasts = world.outageMin + Math.floor(uniform() * (world.outageMax - world.outageMin))
        if (uniform() < 1 / world.outageOneIn && state.outageUntil <= n) state.outageUntil = n + lasts
      }
    },
    chance: (place: number): number => states[place]!.chance * (states[place]!.outageUntil > now ? world.outageLeaves : 1),
    isDown: (place: number): boolean => states[place]!.outageUntil > now,
    /** A number from 0 to below 1 that is this payment's on this rail, whoever chooses: it is paid when that is below the chance. */
    luck: (n: number, place: number, of: 'paid' | 'lies'): number =>
      uniformOf((seed * 31 + n) * 64 + place * 2 + (of === 'lies' ? 1 : 0))(),
  }
}
export type Truth = ReturnType<typeof createTruth>

const HONEST_WORDS: Lies = { silentPpm: 0, deniesPpm: 0, twicePpm: 0 }
const FALSE_WORDS: Lies = { silentPpm: 10_000, deniesPpm: 3_000, twicePpm: 1_000 }
const NO_LIMIT = 1_000_000

const FOUR: readonly LabRail[] = [0.95, 0.93, 0.9, 0.88].map((start, i) => {
  const rail = `custom:rail-${'abcd'[i]}` as const
  return {
    rail,
    destination: { kind: 'custom', rail, account: 'a payee' },
    says: 'rejected_by_rail',
    say: 0.95,
    start,
    feeUnits: 0n,
    feePpm: 0n,
    // As many payments are sent until the first is known to have an end.
    secondsToFunds: 50,
    secondsToFail: 50,
    maxUsd: NO_LIMIT,
    lies: HONEST_WORDS,
  }
})

const base = { feePpm: 0n, maxUsd: NO_LIMIT, lies: HONEST_WORDS }
const onChain = (chain: number): Pick<LabRail, 'rail' | 'destination' | 'says'> => ({
  rail: `evm:${chain}`,
  destination: { kind: 'evm_address', address: `0x${'22'.repeat(20)}`, on: `evm:${chain}` },
  says: 'reverted',
})
const custom = (name: 'instant' | 'mobile'): Pick<LabRail, 'rail' | 'destination' | 'says'> => ({
  rail: `custom:${name}`,
  destination: { kind: 'custom', rail: `custom:${name}`, account: 'a payee' },
  says: 'rejected_by_rail',
})
const node: Pick<LabRail, 'rail' | 'destination' | 'says'> = {
  rail: 'lightning',
  destination: { kind: 'lightning_node', nodeId: `02${'ab'.repeat(32)}` },
  says: 'insufficient_liquidity',
}
const bank: Pick<LabRail, 'rail' | 'destination' | 'says'> = {
  rail: 'bank',
  destination: { kind: 'iban', iban: 'DE89370400440532013000', name: 'A payee' },
  says: 'rejected_by_rail',
}

/** Six rails as they are: what each says of itself is what its adapter says. Lightning takes small payments only, and the bank has its hours. */
const SIX: readonly LabRail[] = [
  { ...base, ...node, say: 0.99, start: 0.95, feeUnits: 500n, feePpm: 100n, secondsToFunds: 3, secondsToFail: 20, maxUsd: 200 },
  { ...base, ...onChain(8453), say: 0.999, start: 0.985, feeUnits: 5_000n, secondsToFunds: 15, secondsToFail: 30 },
  { ...base, ...onChain(1), say: 0.999, start: 0.99, feeUnits: 600_000n, secondsToFunds: 180, secondsToFail: 60 },
  { ...base, ...bank, say: 0.995, start: 0.97, feeUnits: 200_000n, secondsToFunds: 0, secondsToFail: 43_200, scheme: 'ach_same_day' },
  { ...base, ...custom('instant'), say: 0.98, start: 0.96, feeUnits: 300_000n, secondsToFunds: 10, secondsToFail: 10 },
  {
    ...base,
    ...custom('mobile'),
    say: 0.95,
    start: 0.9,
    feeUnits: 20_000n,
    feePpm: 3_000n,
    secondsToFunds: 60,
    secondsToFail: 120,
    maxUsd: 500,
  },
]

const CHANGES = { driftEvery: 500, driftBy: 0.02, outageMin: 1_000, outageMax: 5_000, outageLeaves: 0.25, outageOneIn: 40 }

/** One try of equal price over four rails, which drift and fail: what is measured elsewhere too, so figures can be compared. */
export const ONE_TRY: LabWorld = { name: 'one try, equal fees', rails: FOUR, attemptsMax: 1, everyMs: 1_000, ...CHANGES }
/** The same changes on rails as they are priced, with four tries. */
export const PRICED: LabWorld = { name: 'six rails, four tries', rails: SIX, attemptsMax: 4, everyMs: 10_000, ...CHANGES }
/** And rails that say nothing, deny what they pay later, and pay twice. */
export const LYING: LabWorld = { ...PRICED, name: 'six rails that lie', rails: SIX.map((rail) => ({ ...rail, lies: FALSE_WORDS })) }
/** Nothing changes, and rails say of themselves what is true: where there is nothing to learn. */
export const HONEST: LabWorld = {
  ...PRICED,
  name: 'honest and still',
  rails: SIX.map((rail) => ({ ...rail, say: rail.start })),
  driftBy: 0,
  outageOneIn: 1_000_000_000,
}
