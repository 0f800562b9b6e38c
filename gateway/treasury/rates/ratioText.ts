import { invariant } from '../../errors/invariant.ts'
import type { Ratio } from '../../money/ratio.ts'

/** A ratio as facts have it: two integers, as "194025/2". */
export type RatioText = string

export function ratioText({ num, den }: Ratio): RatioText {
  return `${num}/${den}`
}

export function readRatioText(text: RatioText): Ratio {
  const [num, den] = text.split('/')
  invariant(num !== undefined && den !== undefined, `a rate of the journal is no ratio: ${text}`)
  return { num: BigInt(num), den: BigInt(den) }
}
