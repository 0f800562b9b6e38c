import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { PolicyTerms, RailChoice, RoutingPolicy } from './routingPolicy.ts'

type PolicyData = Readonly<{
  version: number
  by: string
  allow: readonly RailChoice[]
  forbid: readonly RailChoice[]
  prefer: readonly RailChoice[]
  preferByNano: string
  waitPercent: number
  feeMaxNano?: string
  attemptsMax?: number
  partsMax?: number
}>

/** A party says how its payouts are to go. */
type RoutingPolicyFact = FactOf<'routing_policy.set', PartyId, PolicyData>

const kinds = factKinds<RoutingPolicyFact>({ 'routing_policy.set': true })
export const toPolicyFact = kinds.write
export const readPolicyFact = kinds.read

export function policyData(terms: PolicyTerms, version: number, by: string): PolicyData {
  const { allow, forbid, prefer, preferByNano, waitPercent, feeMaxNano, attemptsMax, partsMax } = terms
  return {
    version,
    by,
    allow,
    forbid,
    prefer,
    preferByNano: preferByNano.toString(),
    waitPercent,
    ...(feeMaxNano === undefined ? {} : { feeMaxNano: feeMaxNano.toString() }),
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(partsMax === undefined ? {} : { partsMax }),
  }
}

export function readPolicyData({
  version,
  allow,
  forbid,
  prefer,
  preferByNano,
  waitPercent,
  feeMaxNano,
  attemptsMax,
  partsMax,
}: PolicyData): RoutingPolicy {
  return {
    version,
    allow,
    forbid,
    prefer,
    preferByNano: BigInt(preferByNano),
    waitPercent,
    feeMaxNano: feeMaxNano === undefined ? undefined : BigInt(feeMaxNano),
    attemptsMax,
    partsMax,
  }
}
