/** Tries whose chance was reckoned in one range: how many, how many paid, and the sum of the chances. */
type Range = Readonly<{ count: number; paid: number; chances: number }>

/** How good the chances were: `brier` and `brierOfRails` are sums of squared errors of ours, and of what the rails said themselves. */
export type Calibration = Readonly<{ ranges: readonly Range[]; count: number; brier: number; brierOfRails: number }>

/** Where each range of chances ends, in millionths; narrow where most chances are. */
export const UPPER_PPM: readonly number[] = [500_000, 800_000, 900_000, 950_000, 980_000, 990_000, 995_000, 998_000, 1_000_000]

export const NO_CALIBRATION: Calibration = {
  ranges: UPPER_PPM.map(() => ({ count: 0, paid: 0, chances: 0 })),
  count: 0,
  brier: 0,
  brierOfRails: 0,
}

/** With one more try that has ended. `chance` is what was reckoned, `word` what the rail said of it. */
export function withTry(calibration: Calibration, o: Readonly<{ chance: number; word: number; paid: boolean }>): Calibration {
  let at = 0
  while (o.chance * 1_000_000 > UPPER_PPM[at]!) at++
  const { count, paid, chances } = calibration.ranges[at]!
  const result = o.paid ? 1 : 0
  const ranges = calibration.ranges.slice()
  ranges[at] = { count: count + 1, paid: paid + result, chances: chances + o.chance }
  return {
    ranges,
    count: calibration.count + 1,
    brier: calibration.brier + (o.chance - result) * (o.chance - result),
    brierOfRails: calibration.brierOfRails + (o.word - result) * (o.word - result),
  }
}
