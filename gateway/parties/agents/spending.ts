import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { compare, type Money, money, showMoney } from '../../money/money.ts'
import type { AccountPath, Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Agent } from './agent.ts'

const NEW_MANDATE = 'ask whoever has signed it for another'
const ITEM_SHOWN_MAX = 200

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; usd: Asset }>
/** `item`: the address that is bought. */
type Buying = Readonly<{ price: Money; payee: string; item: string }>
/** An account that bounds an agent: what it opens with, and how much of it a payment takes. `once` names its opening. */
type Bound = Readonly<{ path: AccountPath; units: bigint; once: string; takes: (price: Money) => bigint; spent: () => GatewayError }>
/** What an agent may still spend: today, and of its mandate, where that says so. `uses`: payments. */
export type AgentLeft = Readonly<{ today: Money; budget: Money | undefined; uses: number | undefined }>

/** What an agent may spend, and has left. */
export function spending({ books, clock, ids, usd }: Parts, get: (id: string) => Agent) {
  const today = () => new Date(clock.now()).toISOString().slice(0, 'yyyy-mm-dd'.length)
  const boundsOf = (agent: Agent): readonly Bound[] => [...mandateBounds(agent), dayBound(agent, today())]

  function left({ path, units }: Bound): bigint {
    const { debitsPosted, creditsPosted, creditsPending } = books.balance(path, usd)
    return debitsPosted === 0n ? units : debitsPosted - creditsPosted - creditsPending
  }

  /** Opens an account, once, with what the policy or the mandate says. */
  async function open(agent: Agent, { path, units, once }: Bound): Promise<void> {
    if (books.balance(path, usd).debitsPosted > 0n) return
    const legs: Leg[] = [{ kind: 'move', debit: path, credit: accounts.agents, asset: usd, units }]
    const claims = [{ key: `agent:${agent.id}:${once}`, fingerprint: units.toString() }]
    // Of two at once one opens it, with the same sum: the other meets its claim.
    await submitUntilKnown(books, { claims, entry: newEntry({ ids }, agent.id, legs) })
  }

  return {
    /**
     * What counts a payment against the budget of the day and what the mandate allows in all, to be booked with it: the ledger declines what is above them,
     * also of many at once. Refuses with `agent_limit`, and says whom to ask.
     */
    async spend(id: string, buying: Buying): Promise<Leg[]> {
      const [agent, { price }] = [get(id), buying]
      requireAllowed(agent, buying, clock.now())
      const bounds = boundsOf(agent)
      for (const bound of bounds) await open(agent, bound)
      for (const bound of bounds) if (left(bound) < bound.takes(price)) throw bound.spent()
      return bounds.map(({ path, takes }) => ({ kind: 'move', debit: accounts.agents, credit: path, asset: usd, units: takes(price) }))
    },
    left(agent: Agent): AgentLeft {
      const ofMandate = new Map(mandateBounds(agent).map((bound) => [bound.path, left(bound)]))
      const [budget, uses] = [ofMandate.get(accounts.agentBudget(agent.id)), ofMandate.get(accounts.agentUses(agent.id))]
      return {
        today: money(usd, left(dayBound(agent, today()))),
        budget: budget === undefined ? undefined : money(usd, budget),
        uses: uses === undefined ? undefined : Number(uses), // not money: a count
      }
    },
    /** Too little is left for a payment, of what it names. */
    spent(id: string, price: Money): GatewayError {
      const bounds = boundsOf(get(id))
      return (bounds.find((bound) => left(bound) < bound.takes(price)) ?? bounds.at(-1)!).spent() // There is the day's.
    },
  }
}

function dayBound({ id, party, policy }: Agent, day: string): Bound {
  return {
    path: accounts.agentDay(id, day),
    units: policy.dayMax.units,
    once: `day:${day}`,
    takes: ({ units }) => units,
    spent: () =>
      limit(
        `The agent ${id} may spend ${showMoney(policy.dayMax)} a day, and has too little of it left; ask whoever answers for ${party}`,
        id,
      ),
  }
}

/** What its mandate allows in all. */
function mandateBounds({ id, mandate }: Agent): Bound[] {
  const bounds: Bound[] = []
  if (mandate?.usesMax !== undefined)
    bounds.push({
      path: accounts.agentUses(id),
      units: BigInt(mandate.usesMax),
      once: 'uses',
      takes: () => 1n,
      spent: () => limit(`The mandate of the agent ${id} is for ${mandate.usesMax} payments, and they were made; ${NEW_MANDATE}`, id),
    })
  const { budgetMax } = mandate ?? {}
  if (budgetMax)
    bounds.push({
      path: accounts.agentBudget(id),
      units: budgetMax.units,
      once: 'budget',
      takes: ({ units }) => units,
      spent: () =>
        limit(`The mandate of the agent ${id} is for ${showMoney(budgetMax)} in all, and too little of it is left; ${NEW_MANDATE}`, id),
    })
  return bounds
}

function requireAllowed({ id, party, status, policy, mandate }: Agent, { price, payee, item }: Buying, now: number): void {
  const whom = `ask whoever answers for ${party}`
  if (status !== 'active') throw limit(`The agent ${id} is ${status}; ${whom}`, id)
  if (policy.endsAt !== undefined && policy.endsAt <= now) throw limit(`The time of the agent ${id} is over; ${whom}`, id)
  if (compare(price, policy.requestMax) > 0)
    throw limit(
      `The agent ${id} may spend ${showMoney(policy.requestMax)} for a request, and this one costs ${showMoney(price)}; ${whom}`,
      id,
    )
  if (policy.payees && !policy.payees.some((one) => one === payee)) throw limit(`The agent ${id} may not pay ${payee}; ${whom}`, id)
  if (mandate?.items && !mandate.items.includes(item))
    throw limit(`The mandate of the agent ${id} does not name ${item.slice(0, ITEM_SHOWN_MAX)}; ${NEW_MANDATE}`, id)
}

function limit(words: string, agent: string): GatewayError {
  return new GatewayError('agent_limit', words, { meta: { agent } })
}
