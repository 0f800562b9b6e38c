import { z } from 'zod'
import { approval } from './people.ts'
import { answers, idempotent, idOf, listOf, metadata, money, time } from './shapes.ts'

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
const thumbprint = z.string().meta({ description: 'Of the key that has signed it: its JWK thumbprint (RFC 7638).' })
const mandate = z
  .strictObject({
    payment_sha256: sha256.meta({ description: 'Of the payment mandate as it was given.' }),
    checkout_sha256: sha256.nullable(),
    issuer: thumbprint,
    budget_max: money.nullable().meta({ description: 'In all, not each day.' }),
    budget_left: money.nullable(),
    uses_max: z.int().nullable().meta({ description: 'Payments in all.' }),
    uses_left: z.int().nullable(),
    items: z.array(z.string()).nullable().meta({ description: 'The addresses that alone may be bought.' }),
  })
  .meta({ id: 'Mandate', description: 'What somebody has signed that an agent may spend (AP2), beside its policy.' })
const coordinate = z.string()
const keptMandate = z
  .strictObject({
    object: z.literal('mandate'),
    agent: idOf('ag'),
    payment: z.string(),
    checkout: z.string().nullable(),
    issuer_key: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
    issuer: thumbprint,
    payment_sha256: sha256,
    checkout_sha256: sha256.nullable(),
  })
  .meta({ id: 'KeptMandate', description: 'A mandate as it was given, to be shown to others.' })

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
  mandate: mandate.nullable(),
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
  mandate: mandate.nullable(),
  day: z.iso.date().meta({ example: '2026-11-24' }),
  spent: money,
  data: z.array(line),
  has_more: z.boolean(),
  next: z.int().nullable().meta({ description: 'The before of the next page.' }),
})

const deviceCode = z
  .strictObject({
    device_code: z.string().meta({ description: 'The program’s own secret, by which it asks for its key.' }),
    user_code: z.string().meta({ description: 'What a person types.', example: 'WDJB-MJHT' }),
    verification_uri: z.string(),
    verification_uri_complete: z.string().meta({ description: 'The same with the code in it, for a link or a QR code.' }),
    expires_in: z.int().meta({ description: 'Seconds.' }),
    interval: z.int().meta({ description: 'Seconds between two questions for the key.' }),
  })
  .meta({ id: 'DeviceCode', description: 'As RFC 8628 answers, section 3.2.' })
const deviceKey = z
  .strictObject({ access_token: z.string(), token_type: z.literal('Bearer'), agent: idOf('ag') })
  .meta({ id: 'DeviceKey', description: 'The agent’s API key: send it as Authorization: Bearer.' })
const waitingProgram = z
  .strictObject({
    object: z.literal('device_code'),
    user_code: z.string(),
    status: z.enum(['pending', 'denied']),
    name: z.string(),
    request_max: money.nullable(),
    day_max: money.nullable(),
    from: z.string().meta({ description: 'The address that the program asked from.' }),
    expires_at: time,
  })
  .meta({ id: 'WaitingProgram', description: 'What a program without a key asks for: its own words, which nobody has checked.' })

export const agentOperations = {
  'POST /v1/device_codes': answers('createDeviceCode', { 200: deviceCode }),
  'POST /v1/device_codes/token': answers('getDeviceKey', { 200: deviceKey }),
  'GET /v1/device_codes/:id': answers('getDeviceCode', { 200: waitingProgram }),
  'POST /v1/device_codes/:id/grant': idempotent('grantDeviceCode', { 201: agent, 202: approval }),
  'POST /v1/device_codes/:id/deny': answers('denyDeviceCode', { 200: waitingProgram }),
  'POST /v1/agents': idempotent('createAgent', { 201: newAgent, 202: approval }, { secret: 'key' }),
  'GET /v1/agents': answers('listAgents', { 200: listOf(agent) }),
  'GET /v1/agents/:id': answers('getAgent', { 200: agent }),
  'POST /v1/agents/:id/pause': idempotent('pauseAgent', { 200: agent }),
  'POST /v1/agents/:id/resume': idempotent('resumeAgent', { 200: agent }),
  'POST /v1/agents/:id/revoke': idempotent('revokeAgent', { 200: agent }),
  'GET /v1/agents/:id/statement': answers('getAgentStatement', { 200: statement }),
  'GET /v1/agents/:id/mandate': answers('getAgentMandate', { 200: keptMandate }),
}
