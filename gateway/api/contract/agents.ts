import { z } from 'zod'
import { approval } from './people.ts'
import { answers, idempotent, idOf, listOf, metadata, money, time } from './shapes.ts'

const fields = {
  id: idOf('ag'),
  object: z.literal('agent'),
  party: idOf('pa'),
  name: z.string(),
  status: z.enum(['active', 'paused', 'revoked']),
  request_max: money,
  day_max: money,
  approval_above: money.nullable().meta({ description: 'To a request that costs more a person of the party agrees.' }),
  left_today: money,
  payees: z.array(idOf('pa')).nullable(),
  metadata,
  created_at: time,
  ends_at: time.nullable(),
}
const agent = z.strictObject(fields).meta({ id: 'Agent', description: 'A program that spends a balance within a policy.' })
const newAgent = z.strictObject({ ...fields, hint: z.string() }).meta({ id: 'NewAgent' })
const line = z.strictObject({
  n: z.int(),
  at: time,
  receipt: z.string(),
  kind: z.enum(['paid', 'returned']),
  amount: money,
})
const statement = z.strictObject({
  object: z.literal('agent_statement'),
  agent: idOf('ag'),
  day: z.iso.date().meta({ example: '2026-11-24' }),
  spent: money,
  data: z.array(line),
  has_more: z.boolean(),
  next: z.int().nullable().meta({ description: 'The before of the next page.' }),
})

export const agentOperations = {
  'POST /v1/agents': idempotent('createAgent', { 201: newAgent, 202: approval }, { secret: 'key' }),
  'GET /v1/agents': answers('listAgents', { 200: listOf(agent) }),
  'GET /v1/agents/:id': answers('getAgent', { 200: agent }),
  'POST /v1/agents/:id/pause': idempotent('pauseAgent', { 200: agent }),
  'POST /v1/agents/:id/resume': idempotent('resumeAgent', { 200: agent }),
  'POST /v1/agents/:id/revoke': idempotent('revokeAgent', { 200: agent }),
  'GET /v1/agents/:id/statement': answers('getAgentStatement', { 200: statement }),
}
