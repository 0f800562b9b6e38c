import { expect } from 'vitest'
import { mandateIssuer } from '../mandateIssuer.ts'
import type { PeopleWorld } from './peopleWorld.ts'

type Tenant = Readonly<{ id: string; secret: string }>
/** A dollar in the smallest units of the asset of balances here, euros of six places. */
const UNITS = 1_000_000n

/** One of everything that a party can own, by the path before its id. Bob has paid her for one thing, of which she has given a part back. */
export async function ownedByAlice(
  w: PeopleWorld,
  { alice, bob }: Readonly<{ alice: Tenant; bob: Tenant }>,
): Promise<Readonly<Record<string, string>>> {
  const made = async (path: string, payload: object, secret = alice.secret) => {
    const { status, body } = await w.ask('POST', path, secret, { payload })
    expect([path, status, body]).toEqual([path, path.endsWith('/pay') ? 200 : 201, expect.anything()])
    return body as Readonly<Record<string, string>>
  }
  const id = async (path: string, payload: object) => (await made(path, payload)).id!
  const party = alice.id
  for (const { id: one } of [alice, bob]) await w.fund(one, 100n * UNITS)
  const worth = { asset: w.gateway().ground.bookAsset.id, amount: '0.25' }
  const toBob = [{ kind: 'party', party: bob.id }]
  const price = { asset: 'USD', amount: '0.25' }
  const intent = await id('/v1/payment_intents', { amount: price, payee: party })
  await made(`/v1/payment_intents/${intent}/pay`, { rail: 'book' }, bob.secret)
  const payout = await id('/v1/payouts', { party, amount: worth, destinations: toBob })
  const { decision_id } = (await w.ask('GET', `/v1/payouts/${payout}?wait=20`, alice.secret)).body as { decision_id?: string }
  const event = await w.ask('GET', `/v1/events?subject=${payout}`, alice.secret)
  const split = await w.ask('POST', '/v1/splits', 'sk_operator_of_the_test', {
    payload: { label: 'hers', payees: [{ party, account: `0x${'5e'.repeat(20)}`, shares: 1 }] },
  })
  await made('/v1/lightning_addresses', { party, name: 'alice-of-the-yard', description: 'tips' })
  const plan = await id('/v1/plans', { amount: price, interval: 'month', trial_days: 30, payee: party })
  const owned = {
    '/v1/plans': plan,
    '/v1/subscriptions': await id('/v1/subscriptions', { plan }),
    '/v1/parties': party,
    '/v1/splits': String(split.body.id),
    '/v1/payment_intents': await id('/v1/payment_intents', { amount: price, payee: party }),
    '/v1/invoices': await id('/v1/invoices', {
      payment_intent: intent,
      seller: { name: 'Alice', address: { country: 'DE' } },
      buyer: { name: 'Bob', address: { country: 'FR' } },
      lines: [{ description: 'An essay', quantity: '1', unit_price: price, tax: { category: 'O' } }],
    }),
    '/v1/payment_links': await id('/v1/payment_links', { amount: price, payee: party }),
    '/v1/payouts': payout,
    '/v1/payout_batches': await id('/v1/payout_batches', { party, asset: worth.asset, rows: [{ amount: '0.25', destinations: toBob }] }),
    '/v1/quotes': await id('/v1/quotes', { party, send: worth, destinations: toBob }),
    '/v1/decisions': String(decision_id),
    '/v1/refunds': await id('/v1/refunds', {
      payment_intent: intent,
      amount: { ...worth, amount: '0.1' },
      to: 'link',
      metadata: { ticket: '7' },
    }),
    '/v1/disputes': (
      await made(
        '/v1/disputes',
        { payment_intent: intent, amount: { ...worth, amount: '0.1' }, reason: 'not_received', metadata: { ticket: '7' } },
        'sk_operator_of_the_test',
      )
    ).id!,
    '/v1/events': (event.body.data as { id: string }[])[0]!.id,
    '/v1/keys': await id('/v1/keys', { name: 'hers', can: { payouts: 'read' } }),
    '/v1/agents': await id('/v1/agents', { name: 'hers', request_usd_max: '0.05', day_usd_max: '1', mandate: mandateOfCent() }),
    '/v1/standing_orders': await id('/v1/standing_orders', {
      asset: worth.asset,
      destination: toBob[0]!,
      every: 'month',
      reference: 'hers',
    }),
    '/v1/webhook_endpoints': await id('/v1/webhook_endpoints', { url: 'https://shop.example/hooks', types: ['payout.*'] }),
    '/v1/lightning_addresses': 'alice-of-the-yard',
    '/v1/withdraw_links': await id('/v1/withdraw_links', { party, amount: worth, uses: 1, description: 'a prize' }),
    '/v1/wallet_apps': await id('/v1/wallet_apps', {
      party,
      name: 'a player',
      budget: { asset: 'BTC', amount: '0.0001' },
      period: 'daily',
    }),
    '/v1/logins': (await made('/v1/logins', { action: 'login' })).k1!,
    '/v1/exchanges': await id('/v1/exchanges', {
      party,
      from: { rails: ['book'], refund_to: [{ kind: 'party', party }] },
      amount: worth,
      destinations: toBob,
      reference: 'hers',
    }),
  }
  // What is above the party's own limit waits for another of its people.
  for (const role of ['admin', 'approver']) await w.key(alice.secret, { person: `an ${role}`, role })
  await w.ask('POST', `/v1/parties/${party}/approvals`, alice.secret, { payload: { payouts_usd_max: '10' } })
  const order = { party, amount: { asset: worth.asset, amount: '50' }, destinations: toBob }
  const asked = await w.ask('POST', '/v1/payouts', alice.secret, { payload: order })
  expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ object: 'approval' })])
  return { ...owned, '/v1/approvals': String(asked.body.id) }
}

function mandateOfCent() {
  const { issuerKey, mandate } = mandateIssuer()
  const constraints = [{ type: 'payment.amount_range', currency: 'USD', max: 1 }]
  return { payment: mandate({ vct: 'mandate.payment.open.1', constraints, cnf: { jwk: issuerKey } }), issuer_key: issuerKey }
}
