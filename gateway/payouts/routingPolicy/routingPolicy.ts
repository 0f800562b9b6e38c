import type { NanoUsd } from '../../costs/policy.ts'
import { isChosen, type RailKind, type RailName } from '../../ports/railName.ts'

/** A rail, or all of a kind: `evm:8453`, `evm`. */
export type RailChoice = RailName | RailKind

/** What a party may say. All are empty or absent where it says nothing. */
export type PolicyTerms = Readonly<{
  /** Only these, when there are any. */
  allow: readonly RailChoice[]
  forbid: readonly RailChoice[]
  /** Every other rail is taken to cost so much more. */
  prefer: readonly RailChoice[]
  preferByNano: NanoUsd
  /** What a second of waiting is worth, in hundredths of what it is worth to the operator. */
  waitPercent: number
  /** The most that the rail may be expected to take. */
  feeMaxNano: NanoUsd | undefined
  attemptsMax: number | undefined
  /** In so many parts a payout may be paid; 1: never in parts. */
  partsMax?: number | undefined
}>

/** The same as it stands: each change is a version more. */
export type RoutingPolicy = PolicyTerms & Readonly<{ version: number }>

/** Why a rail is not to be used, in the words of the rule; undefined when it may. */
export function forbiddenBy({ allow, forbid }: PolicyTerms, rail: RailChoice): string | undefined {
  const named = (choices: readonly RailChoice[]) => choices.find((choice) => isChosen(rail as RailName, choice)) // A kind is chosen by itself.
  const forbidding = named(forbid)
  if (forbidding !== undefined) return `forbid has ${forbidding}`
  return allow.length > 0 && named(allow) === undefined ? `allow has ${allow.join(', ')} alone` : undefined
}

/** What a way costs more for it, because the party prefers others. */
export function preferenceNano({ prefer, preferByNano }: PolicyTerms, rail: RailName): NanoUsd {
  return prefer.length === 0 || prefer.some((choice) => isChosen(rail, choice)) ? 0n : preferByNano
}
