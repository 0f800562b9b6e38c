import type { RailName } from '../../gateway/ports/railName.ts'

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

/** What a rail says of itself, and how it starts. `say`: the chance that it names, whatever the truth; fees as millionths and a fixed part in nano-USD. */
export type LabRail = Readonly<{
  rail: RailName
  say: number
  start: number
  feeNano: bigint
  feePpm: bigint
  secondsToFunds: number
  secondsToFail: number
}>

/** `driftEvery`: payments between two steps of the chances; `outage`: payments that one lasts, and one in how many steps begins one. */
export type LabWorld = Readonly<{
  name: string
  rails: readonly LabRail[]
  attemptsMax: number
  driftEvery: number
  driftBy: number
  outageMin: number
  outageMax: number
  outageOneIn: number
  /** What is left of a chance in an outage. */
  outageLeaves: number
  /** Payments until an outcome is known, besides what the rail takes. */
  lag: number
}>

type State = { chance: number; outageUntil: number }

/** The truth of a world: what each rail's chance is now, which nobody but the oracle knows. */
export function createTruth(world: LabWorld, seed: number) {
  const uniform = uniformOf(seed)
  const states: State[] = world.rails.map(({ start }) => ({ chance: start, outageUntil: 0 }))

  return {
    /** To be called before each payment, with its number. */
    step(n: number): void {
      if (n === 0 || n % world.driftEvery !== 0) return
      for (const [i, state] of states.entries()) {
        const pull = (world.rails[i]!.start - state.chance) * 0.05
        state.chance = Math.min(0.995, Math.max(0.5, state.chance + pull + (uniform() - 0.5) * 2 * world.driftBy))
        const lasts = world.outageMin + Math.floor(uniform() * (world.outageMax - world.outageMin))
        if (uniform() < 1 / world.outageOneIn && state.outageUntil <= n) state.outageUntil = n + lasts
      }
    },
    chance: (place: number, n: number): number => states[place]!.chance * (states[place]!.outageUntil > n ? world.outageLeaves : 1),
  }
}

const FOUR: readonly LabRail[] = [0.95, 0.93, 0.9, 0.88].map((start, i) => ({
  rail: `custom:rail-${'abcd'[i]}` as RailName,
  say: 0.95,
  start,
  feeNano: 0n,
  feePpm: 0n,
  secondsToFunds: 5,
  secondsToFail: 5,
}))

const dollars = (usd: number) => BigInt(Math.round(usd * 1e9))

/** Six rails as they are: what each says of itself is what its adapter says. */
const SIX: readonly LabRail[] = [
  { rail: 'lightning', say: 0.99, start: 0.95, feeNano: dollars(0.0005), feePpm: 100n, secondsToFunds: 3, secondsToFail: 20 },
  { rail: 'evm:8453', say: 0.999, start: 0.985, feeNano: dollars(0.005), feePpm: 0n, secondsToFunds: 15, secondsToFail: 30 },
  { rail: 'evm:1', say: 0.999, start: 0.99, feeNano: dollars(0.6), feePpm: 0n, secondsToFunds: 180, secondsToFail: 60 },
  { rail: 'bank', say: 0.995, start: 0.97, feeNano: dollars(0.2), feePpm: 0n, secondsToFunds: 43_200, secondsToFail: 43_200 },
  { rail: 'custom:instant', say: 0.98, start: 0.96, feeNano: dollars(0.3), feePpm: 0n, secondsToFunds: 10, secondsToFail: 10 },
  { rail: 'custom:mobile', say: 0.95, start: 0.9, feeNano: dollars(0.02), feePpm: 3_000n, secondsToFunds: 60, secondsToFail: 120 },
]

const CHANGES = { driftEvery: 500, driftBy: 0.02, outageMin: 1_000, outageMax: 5_000, outageLeaves: 0.25 }

/** One try of equal price over four rails, which drift and fail: what is measured elsewhere too, so figures can be compared. */
export const ONE_TRY: LabWorld = { name: 'one try, equal fees', rails: FOUR, attemptsMax: 1, outageOneIn: 40, lag: 50, ...CHANGES }
/** The same rails as they are priced, with four tries. */
export const PRICED: LabWorld = { name: 'six rails, four tries', rails: SIX, attemptsMax: 4, outageOneIn: 40, lag: 50, ...CHANGES }
/** Nothing changes, and rails say of themselves what is true: where there is nothing to learn. */
export const HONEST: LabWorld = {
  ...PRICED,
  name: 'honest and still',
  rails: SIX.map((rail) => ({ ...rail, say: rail.start })),
  driftBy: 0,
  outageOneIn: 1_000_000_000,
}
