import { GatewayError } from '../../errors/gatewayError.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { compare, type Money, money, showMoney } from '../../money/money.ts'
import type { AccountPath, Books, Claim, Fact, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import { type AgentFact, type AgentId, type AgentStatus, readAgentFact, toAgentFact } from './facts.ts'

/** Of one party, those that have not been revoked. */
const AGENTS_MAX = 50
/** Of those that have been revoked the newest of a party, to be seen. */
const REVOKED_KEPT = 50
/** What days are counted against: no money of a rail. */
const COUNTED: AccountPath = 'capital:agents'

/** What an agent may spend. Amounts in USD; to what costs more than `approvalAbove` a person agrees. */
type Policy = Readonly<{
  requestMax: Money
  dayMax: Money
  approvalAbove?: Money | undefined
  payees: readonly PartyId[] | undefined
  endsAt: number | undefined
}>
/** A program that spends a party's balance. Times in ms. */
export type Agent = Readonly<{
  id: AgentId
  party: PartyId
  name: string
  status: AgentStatus
  policy: Policy
  metadata?: Metadata
  createdAt: number
}>
/** What a new one is made of. */
export type NewAgent = Readonly<{ party: PartyId; name: string; policy: Policy; metadata?: Metadata; by: string }>

type Along = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset }>

/** The account of what an agent may still spend on a UTC day, written as 2026-11-24. */
export const agentDay = (agent: string, day: string): AccountPath => `ceiling:agent:${agent}:${day}`

export type Agents = ReturnType<typeof createAgents>

/** The register of agents, and what they may spend. Make it before the books start. */
export function createAgents(o: Parts) {
  const { books, clock } = o
  const { byId, list } = agentRecords(o)

  function get(id: string): Agent {
    const agent = byId.get(id)
    if (!agent) throw new GatewayError('not_found', `There is no agent ${id.slice(0, 60)}`)
    return agent
  }

  return {
    get,
    /** In the order in which they were made. */
    list,
    /** What becomes durable with the key of a new one. Refuses with `too_many_keys`. */
    begin({ party, name, policy, metadata, by }: NewAgent): Readonly<{ agent: Agent; fact: Fact }> {
      if (list(party).filter(({ status }) => status !== 'revoked').length >= AGENTS_MAX)
        throw new GatewayError('too_many_keys', `This party has ${AGENTS_MAX} agents`)
      const { requestMax, dayMax, approvalAbove, payees, endsAt } = policy
      const [id, at]: [AgentId, number] = [o.ids.next('ag_'), clock.now()]
      const limits = {
        requestUsdMax: requestMax.units.toString(),
        dayUsdMax: dayMax.units.toString(),
        ...(approvalAbove ? { approvalAboveUsd: approvalAbove.units.toString() } : {}),
      }
      const chosen = { ...(payees ? { payees } : {}), ...(endsAt === undefined ? {} : { endsAt }), ...saidMetadata(metadata) }
      const data = { party, name, ...limits, ...chosen, by }
      const made = { type: 'agent.created' as const, id, at, data }
      return { agent: agentOf(made, o.usd), fact: toAgentFact(made) }
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
    form: 2,
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

/** What an agent may spend, and has left. */
function spending(o: Parts, get: (id: string) => Agent) {
  const { books, clock, usd } = o
  const today = () => new Date(clock.now()).toISOString().slice(0, 'yyyy-mm-dd'.length)

  function left({ id, policy }: Agent, day: string): Money {
    const { debitsPosted, creditsPosted, creditsPending } = books.balance(agentDay(id, day), usd)
    return debitsPosted === 0n ? policy.dayMax : money(usd, debitsPosted - creditsPosted - creditsPending)
  }

  return {
    /**
     * What counts a payment against the budget of the day, to be booked with it: the ledger declines what is above it, also of many at once. Refuses with
     * `agent_limit`, and says whom to ask.
     */
    async spend(id: string, { price, payee }: Readonly<{ price: Money; payee: string }>): Promise<Leg[]> {
      const [agent, day] = [get(id), today()]
      requireAllowed(agent, { price, payee, now: clock.now() })
      await openDay(o, agent, day)
      if (compare(left(agent, day), price) < 0) throw dayIsSpent(agent)
      return [{ kind: 'move', debit: COUNTED, credit: agentDay(agent.id, day), asset: usd, units: price.units }]
    },
    /** What it has left today. */
    leftToday: (agent: Agent): Money => left(agent, today()),
    /** Today has too little left for a payment. */
    dayIsSpent: (id: string): GatewayError => dayIsSpent(get(id)),
  }
}

function agentOf({ id, at, data }: Extract<AgentFact, { type: 'agent.created' }>, usd: Asset): Agent {
  const { party, name, requestUsdMax, dayUsdMax, approvalAboveUsd, payees, endsAt, metadata } = data
  const of = (units: string) => money(usd, BigInt(units))
  const above = approvalAboveUsd === undefined ? {} : { approvalAbove: of(approvalAboveUsd) }
  const policy = { requestMax: of(requestUsdMax), dayMax: of(dayUsdMax), ...above, payees, endsAt }
  return { id, party, name, status: 'active', policy, ...saidMetadata(metadata), createdAt: at }
}

/** Opens the budget of a day, once, with what the policy says. */
async function openDay(o: Parts, { id, policy }: Agent, day: string): Promise<void> {
  const path = agentDay(id, day)
  if (o.books.balance(path, o.usd).debitsPosted > 0n) return
  const legs: Leg[] = [{ kind: 'move', debit: path, credit: COUNTED, asset: o.usd, units: policy.dayMax.units }]
  const claims = [{ key: `agent:${id}:day:${day}`, fingerprint: policy.dayMax.units.toString() }]
  // Of two at once one opens it, with the same sum: the other meets its claim.
  await submitUntilKnown(o.books, { claims, entry: newEntry(o, id, legs) })
}

function requireAllowed({ id, party, status, policy }: Agent, a: Readonly<{ price: Money; payee: string; now: number }>): void {
  const whom = `ask whoever answers for ${party}`
  if (status !== 'active') throw limit(`The agent ${id} is ${status}; ${whom}`, id)
  if (policy.endsAt !== undefined && policy.endsAt <= a.now) throw limit(`The time of the agent ${id} is over; ${whom}`, id)
  if (compare(a.price, policy.requestMax) > 0)
    throw limit(
      `The agent ${id} may spend ${showMoney(policy.requestMax)} for a request, and this one costs ${showMoney(a.price)}; ${whom}`,
      id,
    )
  if (policy.payees && !policy.payees.some((payee) => payee === a.payee)) throw limit(`The agent ${id} may not pay ${a.payee}; ${whom}`, id)
}

function dayIsSpent({ id, party, policy }: Agent): GatewayError {
  return limit(
    `The agent ${id} may spend ${showMoney(policy.dayMax)} a day, and has too little of it left; ask whoever answers for ${party}`,
    id,
  )
}

function limit(words: string, agent: string): GatewayError {
  return new GatewayError('agent_limit', words, { meta: { agent } })
}
