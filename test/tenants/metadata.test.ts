import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

let w: PeopleWorld
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }
/** A name that is no name of ours: nothing spells it anew. */
const metadata = { shopOrder: 'A-7', 'über uns': '' }
const UNITS = 1_000_000n

beforeAll(async () => {
  w = await openPeopleWorld({ nwc: { relays: ['ws://127.0.0.1:9'] } })
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  await w.fund(ann.id, 100n * UNITS)
}, 60_000)
afterAll(() => w?.close())

const worth = (amount: string) => ({ asset: w.gateway().ground.bookAsset.id, amount })
const toBen = () => [{ kind: 'party', party: ben.id }]
const usd = { asset: 'USD', amount: '1' }

/** What a party, or an operator for it, makes; and whether its list can be asked by metadata. */
const MADE: readonly (readonly [name: string, path: string, body: () => object, listed: boolean, by: 'party' | 'operator'])[] = [
  ['an intent', '/v1/payment_intents', () => ({ amount: usd, payee: ann.id }), true, 'party'],
  ['a payment link', '/v1/payment_links', () => ({ amount: usd, payee: ann.id }), true, 'party'],
  ['a payout', '/v1/payouts', () => ({ party: ann.id, amount: worth('0.25'), destinations: toBen() }), true, 'party'],
  [
    'an exchange',
    '/v1/exchanges',
    () => ({ party: ann.id, from: { rails: ['book'], refund_to: [] }, amount: worth('0.25'), destinations: toBen() }),
    true,
    'party',
  ],
  [
    'a standing order',
    '/v1/standing_orders',
    () => ({ asset: worth('1').asset, destination: toBen()[0], every: 'month', when_above: '1000' }),
    true,
    'party',
  ],
  ['a withdrawal link', '/v1/withdraw_links', () => ({ party: ann.id, amount: worth('0.25') }), true, 'party'],
  ['an app', '/v1/wallet_apps', () => ({ party: ann.id, name: 'a player' }), true, 'party'],
  ['a Lightning Address', '/v1/lightning_addresses', () => ({ party: ann.id, name: 'ann', description: 'tips' }), true, 'party'],
  ['a split', '/v1/splits', () => ({ label: 'hers', payees: [{ party: ann.id, shares: 1 }] }), true, 'operator'],
  ['a key', '/v1/keys', () => ({ name: 'hers', can: { payouts: 'read' } }), false, 'party'],
  ['an agent', '/v1/agents', () => ({ name: 'hers', request_usd_max: '1', day_usd_max: '2' }), false, 'party'],
  ['a webhook', '/v1/webhook_endpoints', () => ({ url: 'https://shop.example/hooks' }), false, 'party'],
]

const pathOf = (path: string, { id, name }: Body) => `${path}/${id ?? name}`
const read = async (path: string, secret = ann.secret) => (await w.ask('GET', path, secret)).body
const found = async (path: string, secret: string, value = 'A-7') => {
  const answer = await w.ask('GET', `${path}?metadata_key=shopOrder&metadata_value=${value}`, secret)
  expect([path, answer.status]).toEqual([path, 200])
  return (answer.body.data as Body[]).map((one) => pathOf(path, one))
}

describe('metadata', () => {
  test.each(MADE)('of %s is shown and found as it was given, to whose it is alone, and stays', async (_, path, body, listed, by) => {
    const maker = by === 'operator' ? OPERATOR_KEY : ann.secret
    const made = await w.ask('POST', path, maker, { payload: { ...body(), metadata } })
    expect([made.status, made.body.metadata]).toEqual([201, metadata])
    const own = pathOf(path, made.body)
    expect((await read(own)).metadata).toEqual(metadata)
    if (!listed) return
    expect(await found(path, ann.secret)).toContain(own)
    expect(await found(path, OPERATOR_KEY)).toContain(own)
    expect(await found(path, ann.secret, 'A-8')).toEqual([])
    expect(await found(path, ben.secret)).toEqual([])
  })

  test('of a party is its operator’s word, and found', async () => {
    const { body } = await w.ask('POST', '/v1/parties', OPERATOR_KEY, { payload: { name: 'Cleo', metadata } })
    expect(body.metadata).toEqual(metadata)
    expect(await found('/v1/parties', OPERATOR_KEY)).toEqual([`/v1/parties/${body.id}`])
    expect(await found('/v1/parties', ann.secret)).toEqual([])
    expect((await read(`/v1/parties/${ann.id}`)).metadata).toEqual({})
  })

  test.each(MADE)('of %s is bounded', async (_, path, body, _listed, by) => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (__, i) => [`key ${i}`, 'x']))
    for (const wrong of [many, { long: 'x'.repeat(501) }, { ['k'.repeat(41)]: 'x' }, { number: 7 }, ['x']]) {
      const { status, body: said } = await w.ask('POST', path, by === 'operator' ? OPERATOR_KEY : ann.secret, {
        payload: { ...body(), metadata: wrong },
      })
      expect([status, said.code, JSON.stringify(said.errors)]).toEqual([400, 'invalid_request', expect.stringContaining('metadata')])
    }
  })

  test('of a key goes on with the one that takes its place', async () => {
    const { body } = await w.ask('POST', '/v1/keys', ann.secret, { payload: { name: 'old', metadata } })
    const next = await w.ask('POST', `/v1/keys/${body.id}/rotate`, ann.secret, { payload: { overlap_s: 0 } })
    expect([next.status, next.body.metadata]).toEqual([201, metadata])
  })

  test('of what another person has to agree to is there before and after', async () => {
    const dan = await w.party('Dan')
    await w.fund(dan.id, 100n * UNITS)
    const [admin, approver] = [
      await w.key(dan.secret, { person: 'an admin', role: 'admin' }),
      await w.key(dan.secret, { person: 'an approver', role: 'approver' }),
    ]
    await w.ask('POST', `/v1/parties/${dan.id}/approvals`, dan.secret, { payload: { payouts_usd_max: '1' } })
    const payload = { party: dan.id, amount: worth('50'), destinations: toBen(), metadata }
    const asked = await w.ask('POST', '/v1/payouts', admin.secret, { payload })
    const { id, payout: made } = asked.body
    const payout = `/v1/payouts/${made}`
    expect(await read(payout, dan.secret)).toMatchObject({ status: 'needs_approval', metadata })
    expect((await w.ask('POST', `/v1/approvals/${id}/approve`, approver.secret, {})).status).toBe(200)
    expect(await read(`${payout}?wait=20`, dan.secret)).toMatchObject({ status: 'settled', metadata })
    expect(await found('/v1/payouts', dan.secret)).toEqual([payout])
  })

  test('is as it was after a restart', async () => {
    const before = await Promise.all(LISTED.map((path) => found(path, OPERATOR_KEY)))
    await w.restart()
    for (const [i, path] of LISTED.entries()) {
      expect([path, await found(path, OPERATOR_KEY)]).toEqual([path, before[i]])
      for (const own of before[i]!) expect([own, (await read(own, OPERATOR_KEY)).metadata]).toEqual([own, metadata])
    }
  })
})

const LISTED = [...new Set(MADE.filter(([, , , listed]) => listed).map(([, path]) => path)), '/v1/parties']
