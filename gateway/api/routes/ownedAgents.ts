import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { money } from '../../money/money.ts'
import type { Agent } from '../../parties/agents/agent.ts'
import { readAgentFact } from '../../parties/agents/facts.ts'
import type { Fact } from '../../ports/books.ts'
import type { ChangeView, ReadFact } from '../../ports/readModel.ts'
import { withApproval } from '../http/approving.ts'
import { callerId, findOfParty, KEY_HEADER, requireAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { SPENDING } from '../http/needs.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { shownNow } from '../http/shownNow.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { keptMandateView, mandateView } from './agentMandate.ts'
import { agentView, keyTermsOf, orderOf, wholeOf } from './agentOrder.ts'
import { agentsQuery, createAgent, statementQuery } from './agentWire.ts'

const HINT = `The agent’s key is in the header ${KEY_HEADER} of the first answer to this request, and nowhere else. Where it is lost, rotate it.`

type Needs = Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'ledger' | 'parties'>

/** Agents of a party: made, seen, paused, revoked, and what each has spent. */
export function ownedAgentRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addChanges(app, faces)
    addStatement(app, faces)
    addMandate(app, faces)
  }
}

function addCreation(app: RouteApp, { approvals, callers, ground, parties }: Needs): void {
  const summary = 'Make an agent that spends a balance within a policy; its key is in a header of this answer, this once'
  app.post('/v1/agents', { schema: { body: createAgent, tags: ['agents'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    return callers.idempotent(request, reply, caller, (plain) => {
      const { about, ...matter } = orderOf({ ground, parties }, caller, request.body)
      return withApproval(approvals, { request, caller, record: plain }, matter, async (record) => {
        const by = callerId(caller)
        const { agent, fact, claims, onConflict, during } = parties.agents.begin({ ...about, by })
        const recorded = record(201, { ...agentView(agent, wholeOf(agent)), hint: HINT })
        const along = () => ({ claims: [...recorded.claims, ...claims], facts: [fact, ...recorded.facts] })
        const secret = await during(() => parties.keys.create(keyTermsOf(agent), { by, along, onConflict }))
        reply.header(KEY_HEADER, secret)
      })
    })
  })
}

function addReading(app: RouteApp, { callers, parties }: Needs): void {
  const view = (agent: Agent) => agentView(agent, parties.agents.left(agent))
  const summary = 'The agents of a party, in the order in which they were made'
  app.get('/v1/agents', { schema: { querystring: agentsQuery, tags: ['agents'], summary } }, async (request) => {
    const caller = callers.authenticate(request)
    const { party } = request.query
    if (party !== undefined) requireParty(caller, party)
    const owner = caller.kind === 'party' ? caller.party.id : party
    if (owner === undefined) throw new GatewayError('invalid_request', 'Name the party whose agents they are')
    return { data: parties.agents.list(owner).map(view) }
  })
  app.get(
    '/v1/agents/:id',
    { schema: { params: byId, tags: ['agents'], summary: 'One agent, and what it has left today' } },
    async (request) => view(findOfParty(callers.authenticate(request), () => parties.agents.get(request.params.id))),
  )
}

function addChanges(app: RouteApp, { callers, parties }: Needs): void {
  const changes = [
    ['pause', 'paused', 'Let it spend nothing for a while'],
    ['resume', 'active', 'Let a paused one spend again'],
    ['revoke', 'revoked', 'End it at once and for good; what it has paid stays paid'],
  ] as const
  for (const [word, status, summary] of changes)
    app.post(`/v1/agents/:id/${word}`, { schema: { params: byId, tags: ['agents'], summary } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = findOfParty(caller, () => parties.agents.get(request.params.id))
      if (status === 'active') requireAlso(caller, SPENDING)
      return callers.idempotent(request, reply, caller, async (record) => {
        const along = (agent: Agent) => record(200, agentView(agent, parties.agents.left(agent)))
        await parties.agents.change(id, status, { by: callerId(caller), along })
      })
    })
}

function addStatement(app: RouteApp, { audit, callers, ground, ledger, parties }: Needs): void {
  const summary = 'What it has spent on a day, the newest first, each with its receipt'
  app.get(
    '/v1/agents/:id/statement',
    { schema: { params: byId, querystring: statementQuery, tags: ['agents'], summary } },
    async (request) => {
      const agent = findOfParty(callers.authenticate(request), () => parties.agents.get(request.params.id))
      const { limit, before, day = new Date(ground.clock.now()).toISOString().slice(0, 10) } = request.query
      const reads = await shownNow({ audit, ledger })
      const path = accounts.agentDay(agent.id, day)
      const account = reads.balances(path, { limit: 1 }).find((one) => one.path === path)
      const found = account ? reads.history(account.n, { limit: limit + 1, ...(before === undefined ? {} : { before }) }) : []
      const page = found.slice(0, limit)
      const lines = page.filter(({ payment }) => payment !== agent.id).map((change) => lineOf(change, path))
      const spent = money(ground.usd, account ? account.creditsPosted : 0n)
      const next = found.length > limit ? page.at(-1)?.n : undefined
      return {
        object: 'agent_statement',
        agent: agent.id,
        mandate: agent.mandate ? mandateView(agent.mandate, parties.agents.left(agent)) : null,
        day,
        spent: moneyView(spent),
        data: lines,
        has_more: next !== undefined,
        next: next ?? null,
      }
    },
  )
}

/** Read back from the journal's copy, so that it is there also of an agent that was revoked long ago. */
function addMandate(app: RouteApp, { audit, callers, ledger }: Needs): void {
  const summary = 'The mandate that an agent was made with: its tokens as they were given, and the key that has signed them'
  app.get('/v1/agents/:id/mandate', { schema: { params: byId, tags: ['agents'], summary } }, async (request) => {
    const caller = callers.authenticate(request)
    const { id } = request.params
    const reads = await shownNow({ audit, ledger })
    const made = findOfParty(caller, () => madeBy(reads.facts(id, 1)[0], id))
    if (!made.mandate) throw new GatewayError('not_found', `The agent ${id} was made without a mandate`)
    return keptMandateView(id, made.mandate)
  })
}

/** What made an agent is what is first said of it. */
function madeBy(first: ReadFact | undefined, id: string) {
  const known = first && readAgentFact({ type: first.type, id: first.id, at: first.at, data: JSON.parse(first.data) as Fact['data'] }) // As the journal has it.
  if (known?.type !== 'agent.created') throw new GatewayError('not_found', `There is no agent ${id.slice(0, 60)}`)
  return known.data
}

/** A payment counts against the budget, and one that was not served goes back to it. */
function lineOf({ n, at, payment, units, asset, creditPath }: ChangeView, path: string) {
  const kind = creditPath === path ? 'paid' : 'returned'
  return { n, at: new Date(Number(at / 1_000_000n)).toISOString(), receipt: payment, kind, amount: moneyView(money(asset, units)) } // not money: a time
}
