import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'
import { policyData, readPolicyData, readPolicyFact, toPolicyFact } from './facts.ts'
import type { PolicyTerms, RoutingPolicy } from './routingPolicy.ts'

/** `along` adds the caller's claims and facts, given the policy as it will stand. */
type Setting = Readonly<{ by: string; along: (made: RoutingPolicy) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }> }>

export type RoutingPolicies = ReturnType<typeof createRoutingPolicies>

/** What parties say of how their payouts are to go, one document a party. Make it before the books start. */
export function createRoutingPolicies({ books, clock }: Readonly<{ books: Books; clock: Clock }>) {
  /** The data of the newest fact, by the party. */
  const newest = new Map<string, string>()
  books.remember({
    name: 'payout.policies',
    form: 1,
    tables: { newest },
    apply(fact) {
      const known = readPolicyFact(fact)
      if (known) newest.set(known.id, JSON.stringify(known.data))
    },
  })

  const of = (party: string): RoutingPolicy | undefined => {
    const data = newest.get(party)
    return data === undefined ? undefined : readPolicyData(JSON.parse(data))
  }
  return {
    of,
    /** Resolves when it is durable. Of two that are set at one moment the second is refused with `too_busy`, for it has not seen the first. */
    async set(party: PartyId, terms: PolicyTerms, { by, along }: Setting): Promise<void> {
      const version = (of(party)?.version ?? 0) + 1
      const { claims, facts } = along({ ...terms, version })
      const fact = toPolicyFact({ type: 'routing_policy.set', id: party, at: clock.now(), data: policyData(terms, version, by) })
      const own: Claim = { key: `routing_policy:${party}:${version}`, fingerprint: JSON.stringify(fact.data) }
      const outcome = await submitUntilKnown(books, { claims: [...claims, own], facts: [fact, ...facts] })
      if (outcome.kind !== 'conflict') return
      throw new GatewayError('too_busy', 'The policy was changed at the same moment', { hint: 'Read it, and say what you want again.' })
    },
  }
}
