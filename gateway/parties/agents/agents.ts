import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { createUnderWay } from '../../ledger/process/underWay.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import { type Agent, agentOf, type NewAgent } from './agent.ts'
import { type AgentId, type AgentStatus, type MandateData, readAgentFact, toAgentFact } from './facts.ts'
import { spending } from './spending.ts'

/** Of one party, those that have not been revoked. */
const AGENTS_MAX = 50
/** Of those that have been revoked the newest of a party, to be seen. */
const REVOKED_KEPT = 50

type Along = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
/**
 * `onConflict` is told which claim was taken by another: of two at once with one mandate the second is refused. `during` makes it durable: it counts as one
 * from the start.
 */
type Begun = Readonly<{
  agent: Agent
  fact: Fact
  claims: readonly Claim[]
  onConflict: (taken: Claim) => void
  during: <T>(make: () => Promise<T>) => Promise<T>
}>
type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset }>

export type Agents = ReturnType<typeof createAgents>

/** The register of agents, and what they may spend. Make it before the books start. */
export function createAgents(o: Parts) {
  const { books, clock } = o
  const { byId, list } = agentRecords(o)
  const making = createUnderWay()

  function get(id: string): Agent {
    const agent = byId.get(id)
    if (!agent) throw new GatewayError('not_found', `There is no agent ${id.slice(0, 60)}`)
    return agent
  }

  return {
    get,
    /** In the order in which they were made. */
    list,
    /**
     * What becomes durable with the key of a new one. Refuses with `too_many_keys`, and with `mandate_invalid` a mandate that was given before: its budget
     * would begin anew.
     */
    begin({ party, name, policy, mandate, metadata, by }: NewAgent): Begun {
      if (list(party).filter(({ status }) => status !== 'revoked').length + making.of(party) >= AGENTS_MAX)
        throw new GatewayError('too_many_keys', `This party has ${AGENTS_MAX} agents`)
      const { requestMax, dayMax, approvalAbove, payees, endsAt } = policy
      const [id, at]: [AgentId, number] = [o.ids.next('ag_'), clock.now()]
      const limits = {
        requestUsdMax: requestMax.units.toString(),
        dayUsdMax: dayMax.units.toString(),
        ...(approvalAbove ? { approvalAboveUsd: approvalAbove.units.toString() } : {}),
      }
      const chosen = { ...(payees ? { payees } : {}), ...(endsAt === undefined ? {} : { endsAt }), ...saidMetadata(metadata) }
      const data = { party, name, ...limits, ...chosen, ...(mandate ? { mandate } : {}), by }
      const made = { type: 'agent.created' as const, id, at, data }
      const once = mandate && { key: mandateKey(party, mandate), fingerprint: id }
      const before = once && books.claim(once.key)?.fingerprint
      if (before !== undefined) throw givenBefore(before)
      return {
        agent: agentOf(made, o.usd),
        fact: toAgentFact(made),
        claims: once ? [once] : [],
        onConflict({ key, fingerprint }) {
          if (key === once?.key) throw givenBefore(fingerprint)
        },
        during: (make) => making.during([party], make),
      }
    },
    /** One that is revoked stays so. */
    async change(id: string, status: AgentStatus, { by, along }: Readonly<{ by: string; along: (agent: Agent) => Along }>): Promise<void> {
      const agent = get(id)
      if (agent.status === 'revoked' && status !== 'revoked') throw new GatewayError('key_ended', `The agent ${agent.id} was revoked`)
      const { claims, facts } = along({ ...agent, status })
      const changed = toAgentFact({ type: 'agent.changed', id: agent.id, at: clock.now(), data: { status, by } })
      await submitUntilKnown(books, { claims, facts: [changed, ...facts] })
    },
    ...spending(o, get),
  }
}

/** The agents as facts make them. */
function agentRecords({ books, usd }: Pick<Parts, 'books' | 'usd'>) {
  const byId = new Map<string, Agent>()
  const ofParty = new Map<string, Set<string>>()

  books.remember({
    name: 'parties.agents',
    form: 3,
    tables: { byId },
    apply(fact) {
      const known = readAgentFact(fact)
      if (!known) return
      const before = byId.get(known.id)
      const agent = known.type === 'agent.created' ? agentOf(known, usd) : before && { ...before, status: known.data.status }
      if (agent) byId.set(agent.id, agent)
      if (agent) index(agent)
      if (agent?.status === 'revoked') forgetRevoked(agent.party)
    },
    derive() {
      ofParty.clear()
      for (const agent of byId.values()) index(agent)
    },
  })

  function index({ id, party }: Agent): void {
    const others = ofParty.get(party)
    if (others) others.add(id)
    else ofParty.set(party, new Set([id]))
  }

  function forgetRevoked(party: string): void {
    const revoked = list(party).filter(({ status }) => status === 'revoked')
    for (const { id } of revoked.slice(0, -REVOKED_KEPT)) {
      byId.delete(id)
      ofParty.get(party)?.delete(id)
    }
  }

  const list = (party: string): readonly Agent[] => [...(ofParty.get(party) ?? [])].flatMap((id) => byId.get(id) ?? [])

  return { byId, list }
}

/** A party gives a mandate once. What another one has given is not to be learned. */
const mandateKey = (party: string, { signedSha256 }: MandateData): string => `mandate:${party}:${signedSha256}`

function givenBefore(agent: string): GatewayError {
  return new GatewayError('mandate_invalid', `The mandate is not taken: it was given before, to ${agent}`)
}
