import { z } from 'zod'
import { ROLES } from '../../parties/keys/key.ts'
import { ROW_STATES } from '../../payins/shareClaims/lookAtRow.ts'
import { RESOURCES } from '../http/needs.ts'
import { approval } from './people.ts'
import { answers, decimal, hex, idempotent, idOf, integerText, listOf, metadata, money, pageOf, time } from './shapes.ts'

const balance = z.strictObject({ asset: z.string(), code: z.string(), available: decimal, held: decimal, coming: decimal })
const gained = z.record(z.string(), z.unknown())
const partyFields = {
  id: idOf('pa'),
  object: z.literal('party'),
  name: z.string(),
  metadata,
  top_up_reference: z.string().nullable(),
  balances: z.array(balance),
  netting: gained.optional(),
  created_at: time,
}
const party = z.strictObject(partyFields).meta({ id: 'Party' })
const newParty = z.strictObject({ ...partyFields, hint: z.string() }).meta({ id: 'NewParty' })

const keyFields = {
  id: idOf('key'),
  object: z.literal('key'),
  name: z.string(),
  status: z.enum(['active', 'ending', 'expired', 'revoked']),
  kind: z.enum(['secret', 'publishable']),
  party: idOf('pa').nullable(),
  person: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  operator: z.string().nullable(),
  agent: idOf('ag').nullable(),
  can: z.partialRecord(z.enum(RESOURCES), z.enum(['read', 'write'])).nullable(),
  addresses: z.array(z.string()).nullable(),
  ends_with: z.string().nullable(),
  metadata,
  created_at: time,
  ends_at: time.nullable(),
  last_used_at: time.nullable(),
}
const key = z.strictObject(keyFields).meta({ id: 'Key' })
const newKey = z.strictObject({ ...keyFields, hint: z.string() }).meta({ id: 'NewKey' })

const splitFields = {
  id: idOf('sp'),
  object: z.literal('split'),
  split_id: hex,
  root: hex,
  total_shares: integerText,
  metadata_hash: hex,
  metadata,
  payees: z.array(z.strictObject({ party: idOf('pa'), account: hex, paid_by: z.enum(['contract', 'books']), shares: integerText })),
  created_at: time,
}
const split = z.strictObject(splitFields).meta({ id: 'Split' })
const entitlement = z.strictObject({ party: idOf('pa'), account: hex, amount: decimal })
const splitOnChain = z.strictObject({
  rail: z.string(),
  asset: z.string(),
  undivided: decimal,
  dust: decimal,
  entitlements: z.array(entitlement),
  to_books: z.strictObject({ state: z.enum(ROW_STATES), since: time.nullable() }).nullable(),
})
const splitRail = z.strictObject({ rail: z.string(), taken: z.boolean(), divided_by: z.enum(['contract', 'books']), why: z.string() })
const heldSplit = z.strictObject({ ...splitFields, rails: z.array(splitRail), chains: z.array(splitOnChain) }).meta({ id: 'HeldSplit' })
const channelTerms = z.strictObject({
  rail: z.string(),
  chain_id: z.int(),
  hub: hex,
  split_id: hex,
  closer: hex,
  token: z.strictObject({ address: hex, name: z.string(), version: z.string() }),
  deposit_min: money.extend({ units: integerText }),
})

export const partyOperations = {
  'POST /v1/parties': idempotent('createParty', { 201: newParty }, { secret: 'key' }),
  'GET /v1/parties': answers('listParties', { 200: pageOf(party) }),
  'GET /v1/parties/:id': answers('getParty', { 200: party }),
  'POST /v1/keys': idempotent('createKey', { 201: newKey, 202: approval }, { secret: 'key' }),
  'GET /v1/keys': answers('listKeys', { 200: pageOf(key) }),
  'GET /v1/keys/:id': answers('getKey', { 200: key }),
  'POST /v1/keys/:id/rotate': idempotent('rotateKey', { 201: newKey }, { secret: 'key' }),
  'POST /v1/keys/:id/revoke': idempotent('revokeKey', { 200: key }),
  'POST /v1/splits': idempotent('createSplit', { 201: split }),
  'GET /v1/splits': answers('listSplits', { 200: pageOf(split) }),
  'GET /v1/splits/:id': answers('getSplit', { 200: heldSplit }),
  'GET /v1/splits/:id/channel_terms': answers('getChannelTerms', { 200: listOf(channelTerms) }),
}
