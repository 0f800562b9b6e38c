import { runSeed, type Seam, type SeedResult } from './runSeed.ts'

type Played = Omit<SeedResult, 'wrong'> & Readonly<{ seeds: number; wrong: readonly string[] }>

/** Plays the seeds 1 to `count`, up to the first in which something is wrong. */
export async function playSeeds(count: number, seam: Seam = {}): Promise<Played> {
  let sums: Played = {
    seeds: 0,
    deaths: 0,
    attempts: 0,
    healing: 0,
    falseWords: 0,
    settled: 0,
    waitingForTime: 0,
    waitingForWay: 0,
    wrong: [],
  }
  while (sums.seeds < count && sums.wrong.length === 0) {
    const seed = sums.seeds + 1
    const one = await runSeed(seed, seam)
    sums = {
      seeds: seed,
      deaths: sums.deaths + one.deaths,
      attempts: sums.attempts + one.attempts,
      healing: sums.healing + one.healing,
      falseWords: sums.falseWords + one.falseWords,
      settled: sums.settled + one.settled,
      waitingForTime: sums.waitingForTime + one.waitingForTime,
      waitingForWay: sums.waitingForWay + one.waitingForWay,
      wrong: one.wrong.map((sentence) => `seed ${seed}: ${sentence}`),
    }
  }
  return sums
}
