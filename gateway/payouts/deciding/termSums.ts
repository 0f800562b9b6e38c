import type { NanoUsd } from '../../costs/policy.ts'
import type { TermsData } from '../payoutState/facts.ts'

const OF_FAILURE: readonly string[] = ['failureFee', 'waitForFailure', 'unknown']
const OF_FEE: readonly string[] = ['fee', 'gas', 'batchShare']

/** Of a decision's recorded terms: what a try costs that pays, but for those that `without` names. */
export function successSum(terms: TermsData, without: readonly string[] = []): NanoUsd {
  return sumOf(terms, (name) => !OF_FAILURE.includes(name) && !without.includes(name))
}

/** What a try costs that does not pay. */
export function failureSum(terms: TermsData): NanoUsd {
  return sumOf(terms, (name) => OF_FAILURE.includes(name))
}

/** What the rail takes of a try that pays. */
export function feeSum(terms: TermsData): NanoUsd {
  return sumOf(terms, (name) => OF_FEE.includes(name))
}

function sumOf(terms: TermsData, wanted: (name: string) => boolean): NanoUsd {
  return Object.entries(terms).reduce((sum, [name, nano]) => (wanted(name) ? sum + BigInt(nano) : sum), 0n)
}
