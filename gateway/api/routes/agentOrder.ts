import type { z } from 'zod'
import { mostOf } from '../../approvals/budgets.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Agent, NewAgent } from '../../parties/agents/agent.ts'
import type { AgentLeft } from '../../parties/agents/spending.ts'
import type { Key } from '../../parties/keys/key.ts'
import type { PartyId } from '../../ports/ids.ts'
import { approversOf, KEYS_MAX } from '../http/approvers.ts'
import { type Caller, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { requireNoWider } from '../http/requireNoWider.ts'
import { moneyView } from '../http/views.ts'
import { leastOf, mandateIn, mandateView, mostBy, payeesOf, shownMandate } from './agentMandate.ts'
import type { createAgent } from './agentWire.ts'

const MS_PER_S = 1_000
/** All that the key of an agent may do. */
const SPENDS = { spending: 'write' } as const

/** An agent that somebody wants made: for whose balance, what it is, and the most that may leave by it. */
type AgentOrder = Readonly<{ whose: PartyId; amount: Money; shown?: Readonly<Record<string, unknown>>; about: Omit<NewAgent, 'by'> }>

/**
 * What a body asks for, of a caller who may; with a mandate the lesser of both. Refuses a limit of zero, an operator who names nobody, a key that could not
 * spend so itself, and a mandate that could not be held.
 */
export function orderOf(
  { ground, parties }: Pick<Faces, 'ground' | 'parties'>,
  caller: Caller,
  body: z.output<typeof createAgent>,
): AgentOrder {
  const { name, party, request_usd_max, day_usd_max, approval_above_usd: above, payees, expires_in_s: lifeS, mandate, metadata } = body
  if (party !== undefined) requireParty(caller, party)
  if (caller.kind === 'operator' && party === undefined) throw new GatewayError('invalid_request', 'Name the party whose balance it spends')
  const whose = caller.kind === 'party' ? caller.party.id : parties.parties.get(party!).id
  for (const payee of payees ?? []) parties.parties.get(payee)
  const signed = mandate && mandateIn(mandate, ground.clock.now())
  const endsAt = earlier(lifeS === undefined ? undefined : ground.clock.now() + lifeS * MS_PER_S, signed?.limits.endsAt)
  requireNoWider({ can: SPENDS, endsAt }, caller)
  const [asked, dayMax] = [parseAmount(request_usd_max, ground.usd), parseAmount(day_usd_max, ground.usd)]
  const requestMax = leastOf(asked, signed?.limits.requestMax)
  if (requestMax.units === 0n || dayMax.units === 0n) throw new GatewayError('invalid_amount', 'A limit of zero lets it spend nothing')
  const approvalAbove = above === undefined ? undefined : parseAmount(above, ground.usd)
  if (approvalAbove) requireSomebody(parties.keys.list({ limit: KEYS_MAX, holder: whose }), ground.clock.now())
  const allowed = payeesOf(payees as readonly PartyId[] | undefined, signed?.limits.payees, parties.parties) // As the pattern matched them.
  const policy = { requestMax, dayMax, approvalAbove, payees: allowed, endsAt }
  // By the time that was asked for, which is the same when it is used as when another person was asked.
  const daily = mostOf(dayMax, { period: 'daily', lifeMs: lifeS === undefined ? undefined : lifeS * MS_PER_S })
  const about = { party: whose, name, policy, mandate: signed?.data, metadata }
  if (!signed) return { whose, amount: daily, about }
  return { whose, amount: mostBy(signed.limits, daily, requestMax), shown: { ...body, mandate: shownMandate(signed) }, about }
}

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : min(a, b)

/** What nobody could agree to the agent could never pay. */
function requireSomebody(keys: readonly Key[], now: number): void {
  if (approversOf(keys, now).length > 0) return
  throw new GatewayError('invalid_request', 'Nobody of this party could agree to what the agent asks for', {
    hint: 'Invite an approver first (POST /v1/keys with person and role), or leave approval_above_usd out.',
  })
}

/** The key of an agent: it spends, and does nothing else. */
export function keyTermsOf({ id, party, name, policy }: Agent) {
  return { holder: party, name, can: SPENDS, endsAt: policy.endsAt, agent: id }
}

/** What it has left before it has spent anything. */
export function wholeOf({ policy, mandate }: Agent): AgentLeft {
  return { today: policy.dayMax, budget: mandate?.budgetMax, uses: mandate?.usesMax }
}

export function agentView({ id, party, name, status, policy, mandate, metadata = {}, createdAt }: Agent, left: AgentLeft) {
  return {
    id,
    object: 'agent',
    party,
    name,
    status,
    request_max: moneyView(policy.requestMax),
    day_max: moneyView(policy.dayMax),
    approval_above: policy.approvalAbove ? moneyView(policy.approvalAbove) : null,
    left_today: moneyView(left.today),
    payees: policy.payees ?? null,
    mandate: mandate ? mandateView(mandate, left) : null,
    metadata,
    created_at: new Date(createdAt).toISOString(),
    ends_at: policy.endsAt === undefined ? null : new Date(policy.endsAt).toISOString(),
  }
}
