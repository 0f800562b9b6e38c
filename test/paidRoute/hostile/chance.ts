/** What a run leaves to chance, the same for the same seed. Not for secrets. */
export type Chance = Readonly<{
  /** A whole number from 0 up to and without `limit`. */
  below: (limit: number) => number
  oneOf: <T>(choices: readonly T[]) => T
}>

/** Marsaglia's xorshift of 32 bits ("Xorshift RNGs", 2003). */
export function chanceOf(seed: number): Chance {
  let state = seed | 1
  const below = (limit: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  return { below, oneOf: (choices) => choices[below(choices.length)]! }
}
