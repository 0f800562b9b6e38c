import type { z } from 'zod'
import { mostOf } from '../../approvals/budgets.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Agent, NewAgent } from '../../parties/agents/agents.ts'
import type { Key } from '../../parties/keys/key.ts'
import type { PartyId } from '../../ports/ids.ts'
import { approversOf, KEYS_MAX } from '../http/approvers.ts'
import { type Caller, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { requireNoWider } from '../http/requireNoWider.ts'
import { moneyView } from '../http/views.ts'
import type { createAgent } from './agentWire.ts'

const MS_PER_S = 1_000
/** All that the key of an agent may do. */
const SPENDS = { spending: 'write' } as const

/** An agent that somebody wants made: for whose balance, what it is, and the most that may leave by it. */
type AgentOrder = Readonly<{ whose: PartyId; amount: Money; about: Omit<NewAgent, 'by'> }>

/** What a body asks for, of a caller who may. Refuses a limit of zero, an operator who names nobody, and a key that could not spend so itself. */
export function orderOf(
  { ground, parties }: Pick<Faces, 'ground' | 'parties'>,
  caller: Caller,
  body: z.output<typeof createAgent>,
): AgentOrder {
  const { name, party, request_usd_max, day_usd_max, approval_above_usd: above, payees, expires_in_s: lifeS, metadata } = body
  if (party !== undefined) requireParty(caller, party)
  if (caller.kind === 'operator' && party === undefined) throw new GatewayError('invalid_request', 'Name the party whose balance it spends')
  const whose = caller.kind === 'party' ? caller.party.id : parties.parties.get(party!).id
  for (const payee of payees ?? []) parties.parties.get(payee)
  const endsAt = lifeS === undefined ? undefined : ground.clock.now() + lifeS * MS_PER_S
  requireNoWider({ can: SPENDS, endsAt }, caller)
  const [requestMax, dayMax] = [parseAmount(request_usd_max, ground.usd), parseAmount(day_usd_max, ground.usd)]
  if (requestMax.units === 0n || dayMax.units === 0n) throw new GatewayError('invalid_amount', 'A limit of zero lets it spend nothing')
  const approvalAbove = above === undefined ? undefined : parseAmount(above, ground.usd)
  if (approvalAbove) requireSomebody(parties.keys.list({ limit: KEYS_MAX, holder: whose }), ground.clock.now())
  const policy = { requestMax, dayMax, approvalAbove, payees: payees as readonly PartyId[] | undefined, endsAt } // As the pattern matched them.
  const amount = mostOf(dayMax, { period: 'daily', lifeMs: lifeS === undefined ? undefined : lifeS * MS_PER_S })
  return { whose, amount, about: { party: whose, name, policy, metadata } }
}

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

export function agentView({ id, party, name, status, policy, metadata = {}, createdAt }: Agent, leftToday: Agent['policy']['dayMax']) {
  return {
    id,
    object: 'agent',
    party,
    name,
    status,
    request_max: moneyView(policy.requestMax),
    day_max: moneyView(policy.dayMax),
    approval_above: policy.approvalAbove ? moneyView(policy.approvalAbove) : null,
    left_today: moneyView(leftToday),
    payees: policy.payees ?? null,
    metadata,
    created_at: new Date(createdAt).toISOString(),
    ends_at: policy.endsAt === undefined ? null : new Date(policy.endsAt).toISOString(),
  }
}
