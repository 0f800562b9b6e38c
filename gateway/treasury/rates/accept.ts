import { ppmApart, type Ratio } from '../../money/ratio.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import type { Combined, Judged } from './combine.ts'
import { ageMs, lastedMs, type Moment } from './moment.ts'
import type { RatePolicy } from './policy.ts'

/** Dollars for one whole unit, since when, and whose words it was made of. */
export type Price = Readonly<{ value: Ratio; bid: Ratio; ask: Ratio; observed: Moment; judged: readonly Judged[] }>

type Circumstances = Readonly<{ code: PricedCode; now: Moment; policy: RatePolicy }>

/** Why there is no new price: too few markets, they do not agree, it went too far at once, or a coin of one dollar is none. */
export type Lack = 'too_few' | 'apart' | 'jump' | 'off_peg'

/**
 * What is known of one asset. `price`: the last that was believed; `jump`: one that a second round must confirm. Neither may be used while `shut`. `broken`:
 * a coin of one dollar that was none, and since when it has been near a dollar again, where it is.
 */
export type Known = Readonly<{
  price?: Price
  broken?: Readonly<{ nearSince: Moment | undefined }>
  jump?: Ratio
  lack?: Readonly<{ why: Lack; since: number }>
  shut: boolean
}>

export const NOTHING_KNOWN: Known = { shut: true }

const ONE: Ratio = { num: 1n, den: 1n }

/**
 * What is known after a round. Where markets are silent, the last price stays until it is too old; where they say that it is wrong, it is not used a moment
 * longer, because no rate is better than a wrong one.
 */
export function accept(known: Known, heard: Combined, o: Circumstances): Known {
  const { now, policy } = o
  const lacking = (why: Lack): Pick<Known, 'lack'> => ({ lack: { why, since: known.lack?.why === why ? known.lack.since : now.at } })
  const last = known.price && { price: known.price }
  // Who has not been heard near a dollar has not been near it.
  const stillBroken = known.broken && { broken: { nearSince: undefined } }
  if (heard.kind === 'none') return { ...last, ...stillBroken, ...lacking(heard.why), shut: heard.why === 'apart' || known.shut }
  const broken = brokenBy(known.broken, heard.value, o)
  if (broken) return { ...last, ...lacking('off_peg'), broken, shut: true }
  if (isJump(known, heard.value, o) && !confirms(known.jump, heard.value, policy)) {
    return { ...last, ...lacking('jump'), jump: heard.value, shut: true }
  }
  const { value, bid, ask, judged } = heard
  const same = known.price && ageMs(known.price.observed, now) < policy.keepMs && ppmApart(value, known.price.value) <= policy.changePpm
  return { price: same ? known.price! : { value, bid, ask, judged, observed: now }, shut: false }
}

/** Undefined for what is no coin of one dollar, for one that is a dollar, and for one that has been near it again for long enough. */
function brokenBy(broken: Known['broken'], value: Ratio, { code, now, policy: { peg } }: Circumstances): Known['broken'] {
  if (!peg.codes.includes(code)) return undefined
  const apart = ppmApart(value, ONE)
  if (apart > peg.mostPpm) return { nearSince: undefined }
  if (!broken || apart > peg.nearPpm) return broken && { nearSince: undefined }
  const nearSince = broken.nearSince ?? now
  return lastedMs(nearSince, now) >= peg.nearMs ? undefined : { nearSince }
}

/** From nothing, nothing is a jump. How old the last price is does not matter: who lies after a silence, or a restart, waits for it. */
function isJump({ price }: Known, value: Ratio, { code, policy }: Circumstances) {
  return price !== undefined && ppmApart(value, price.value) > policy.jumpPpm[code]
}

function confirms(jump: Ratio | undefined, value: Ratio, policy: RatePolicy): boolean {
  return jump !== undefined && ppmApart(value, jump) <= policy.outlierPpm
}
