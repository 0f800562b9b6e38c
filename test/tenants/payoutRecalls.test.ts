import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }
beforeAll(async () => {
  w = await openPeopleWorld({})
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  await w.fund(ann.id, 5_000_000n)
})
afterAll(() => w?.close())

test('a payout is asked back by whose it is and by operators, by a key that may write payouts', async () => {
  const amount = { asset: w.gateway().ground.bookAsset.id, amount: '1' }
  const order = { party: ann.id, amount, destinations: [{ kind: 'party', party: ben.id }] }
  const { body } = await w.ask('POST', '/v1/payouts', ann.secret, { payload: order })
  const url = `/v1/payouts/${body.id}/recalls`
  await w.ask('GET', `/v1/payouts/${body.id}?wait=20`, ann.secret)
  const asks = async (secret: string, payload: object = { reason: 'CUST' }) => {
    const { status, body } = await w.ask('POST', url, secret, { payload })
    return [status, body.code]
  }
  // It was paid within the books, which know no such question: that is said to whom it belongs alone.
  expect(await asks(ann.secret)).toEqual([409, 'recall_refused'])
  expect(await asks('sk_operator_of_the_test')).toEqual([409, 'recall_refused'])
  expect(await asks(ben.secret)).toEqual([404, 'not_found'])
  expect(await asks(ann.secret, { reason: 'AC99' })).toEqual([400, 'invalid_request'])
  expect(await asks(ann.secret, { reason: 'CUST', details: 'x'.repeat(106) })).toEqual([400, 'invalid_request'])
  const limited = (can: object) => w.key(ann.secret, { can }).then(({ secret }) => secret)
  const reader = await limited({ payouts: 'read' })
  expect(await asks(reader)).toEqual([403, 'key_not_allowed'])
  const lists = [reader, ann.secret, ben.secret, await limited({ refunds: 'write' })]
  const read = await Promise.all(lists.map((secret) => w.ask('GET', url, secret)))
  expect(read.map(({ status }) => status)).toEqual([200, 200, 404, 403])
  expect(read[0]?.body).toEqual({ data: [] })
})
