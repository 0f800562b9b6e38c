import { compareRatios, medianOf, midOf, ppmApart, type Ratio } from '../../money/ratio.ts'
import { ageMs, type Moment } from './moment.ts'
import type { RatePolicy } from './policy.ts'

/** What a market said, and when it was heard. `still`: it has said just that for long, while the price went elsewhere. */
export type Heard = Readonly<{
  source: string
  bid: Ratio
  ask: Ratio
  heard: Moment
  saidAt: number | undefined
  saidAgeMsMax: number
  still: boolean
}>

/** `used`, or why a market's word counts for nothing this time. */
export type Verdict = 'used' | 'old' | 'ahead' | 'crossed' | 'wide' | 'still' | 'outlier'

export type Judged = Heard & Readonly<{ verdict: Verdict }>

/** `too_few`: not enough markets have a usable word; `apart`: they do not agree. `judged` says of each what became of its word. */
export type Combined = Readonly<{ judged: readonly Judged[] }> &
  (Readonly<{ kind: 'price'; value: Ratio; bid: Ratio; ask: Ratio }> | Readonly<{ kind: 'none'; why: 'too_few' | 'apart' }>)

type Bounds = Readonly<{ now: Moment; policy: RatePolicy }>

/** One price of the words of several markets: the median of those that are fresh, make sense by themselves and are near each other. */
export function combine(heard: readonly Heard[], o: Bounds): Combined {
  const { policy } = o
  const first = heard.map((one) => ({ ...one, verdict: alone(one, o) }))
  const usable = first.filter(({ verdict }) => verdict === 'used')
  const counted = usable.length < policy.enough ? usable.filter(({ saidAgeMsMax }) => saidAgeMsMax <= policy.closeAgeMsMax) : usable
  if (counted.length < policy.enough - 1) return { kind: 'none', why: 'too_few', judged: first }
  const median = medianOf(usable.map(mid))
  const judged = first.map(
    (one): Judged => (one.verdict === 'used' && ppmApart(mid(one), median) > policy.outlierPpm ? { ...one, verdict: 'outlier' } : one),
  )
  const used = judged.filter(({ verdict }) => verdict === 'used')
  if (!agree(used, usable.length, policy)) return { kind: 'none', why: 'apart', judged }
  return {
    kind: 'price',
    value: medianOf(used.map(mid)),
    bid: medianOf(used.map(({ bid }) => bid)),
    ask: medianOf(used.map(({ ask }) => ask)),
    judged,
  }
}

/** What can be said of one word without the others. */
function alone({ bid, ask, heard, saidAt, saidAgeMsMax, still }: Heard, { now, policy }: Bounds): Verdict {
  if (ageMs(heard, now) > policy.heardAgeMsMax) return 'old'
  if (saidAt !== undefined && saidAt > heard.at + policy.aheadMsMax) return 'ahead'
  if (saidAt !== undefined && heard.at - saidAt > saidAgeMsMax) return 'old'
  if (compareRatios(bid, ask) > 0) return 'crossed'
  if (ppmApart(ask, bid) > policy.spreadPpmMax) return 'wide'
  return still ? 'still' : 'used'
}

/** Not more than half may be outliers; and where they are one fewer than enough, all must be close together. */
function agree(used: readonly Heard[], usable: number, policy: RatePolicy): boolean {
  if (used.length < policy.enough - 1 || 2 * used.length < usable) return false
  if (used.length >= policy.enough) return true
  const mids = used.map(mid).sort(compareRatios)
  return ppmApart(mids.at(-1)!, mids[0]!) <= policy.closePpm
}

function mid({ bid, ask }: Pick<Heard, 'bid' | 'ask'>): Ratio {
  return midOf(bid, ask)
}
