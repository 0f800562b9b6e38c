import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { KeyTerms } from '../../gateway/parties/keys/key.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// A balance pays for a priced route by a key: one that may not spend buys nothing, here and at a seller elsewhere.
let world: PaidRouteWorld
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
})
afterAll(() => world.close())

function makeKey(holder: string, terms: KeyTerms): Promise<string> {
  return world.keys.create({ holder, name: 'of the test', ...terms }, { by: 'operator', along: () => ({ claims: [], facts: [] }) })
}
const key = (terms: KeyTerms) => makeKey(world.customer.id, terms)
const spent = () => CUSTOMER_UNITS - world.has(accounts.party(world.customer.id), USDC)

async function buy(secret: string) {
  const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': crypto.randomUUID() }
  const answer = await world.app.inject({ method: 'GET', url: '/joke', headers })
  return [answer.statusCode, answer.statusCode === 200 ? undefined : answer.json<{ code: string }>().code]
}

async function buyElsewhere(secret: string, from?: string, sellerKey = world.sellerKey) {
  const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': crypto.randomUUID() }
  const request = { method: 'GET', url: 'https://shop.example/joke', route: '/joke', headers, ...(from ? { from } : {}) }
  const payload = { attempt: crypto.randomUUID(), request, price: { amount: '0.002' } }
  const answer = await world.app.inject({
    method: 'POST',
    url: '/v1/admissions',
    payload,
    headers: { authorization: `Bearer ${sellerKey}` },
  })
  const told = answer.json<{ kind?: string; code?: string; status: number; body: string }>()
  if (told.kind !== 'refused') return [answer.statusCode, told.kind ?? told.code]
  // The seller hands it on to its payer.
  return [told.status, (JSON.parse(told.body) as { code: string }).code]
}

test('a key that may spend, and nothing else, buys', async () => {
  const [ran, before] = [world.ran(), spent()]
  expect(await buy(await key({ can: { spending: 'write' } }))).toEqual([200, undefined])
  expect([world.ran() - ran, spent() - before]).toEqual([1, 2_000n])
})

test.each<[string, KeyTerms]>([
  ['that may do all but spend', { can: { payouts: 'write', payment_intents: 'write', parties: 'write' } }],
  ['that may only read what was spent', { can: { spending: 'read' } }],
  ['of another address', { addresses: ['203.0.113.7'] }],
])('a key %s buys nothing, and no work is done', async (_, terms) => {
  const [ran, before, secret] = [world.ran(), spent(), await key(terms)]
  expect(await buy(secret)).toEqual([403, 'key_not_allowed'])
  expect(await buyElsewhere(secret)).toEqual([403, 'key_not_allowed'])
  expect([world.ran() - ran, spent() - before]).toEqual([0, 0n])
})

test('at a seller elsewhere a key of an address buys from there, as far as the seller says who asks', async () => {
  const secret = await key({ addresses: ['203.0.113.7'] })
  expect(await buyElsewhere(secret)).toEqual([403, 'key_not_allowed'])
  expect(await buyElsewhere(secret, '203.0.113.8')).toEqual([403, 'key_not_allowed'])
  expect(await buyElsewhere(secret, '203.0.113.7')).toEqual([200, 'run'])
})

test('a seller’s app needs a key for admissions only', async () => {
  const [app, reader] = [
    await makeKey(world.seller, { can: { admissions: 'write' } }),
    await makeKey(world.seller, { can: { payouts: 'read' } }),
  ]
  expect(await buyElsewhere(world.customer.key, undefined, app)).toEqual([200, 'run'])
  expect(await buyElsewhere(world.customer.key, undefined, reader)).toEqual([403, 'key_not_allowed'])
})
