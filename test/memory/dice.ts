/** Seeded chance: the same seed throws the same. */
export type Dice = Readonly<{
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** True so many times in a hundred. */
  percent(chance: number): boolean
  pick<T>(from: readonly T[]): T
  hex(bytes: number): string
}>

/** A linear congruential generator; its high bits are good enough to shuffle stories. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
  const below = (end: number) => next() % end
  return {
    below,
    percent: (chance) => below(100) < chance,
    pick: (from) => from[below(from.length)]!,
    hex: (bytes) => Array.from({ length: bytes }, () => below(256).toString(16).padStart(2, '0')).join(''),
  }
}
