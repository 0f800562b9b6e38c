import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessOf, type Who } from '../../gateway/api/contract/access.ts'
import { OPERATIONS } from '../../gateway/api/contract/operations.ts'
import { SENT } from '../../gateway/api/contract/sent.ts'
import { RESOURCES } from '../../gateway/api/http/needs.ts'
import { type Rights, type Role, roleAllows } from '../../gateway/parties/keys/key.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { browserOf } from './browserOf.ts'
import { ownedByAlice } from './ownedByAlice.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

// Every operation with every kind of caller. What is expected comes from the operation's own row (`accessOf`), so a new one is tried from its first day.
type Call = Readonly<{
  name: string
  id: string
  method: 'GET' | 'POST' | 'DELETE' | 'PATCH'
  path: string
  who: Who
  right: string | null
}>

const PEOPLE = ['viewer', 'operator', 'approver'] as const
const keyOfPerson = (role: Role) => `sk_person_in_the_role_${role}`

const CALLS: readonly Call[] = Object.entries(OPERATIONS).map(([name, { id }]) => {
  const [method, path] = name.split(' ') as [Call['method'], string] // As it is written.
  const { who, right } = accessOf(id, name) ?? { who: 'operator', right: 'nobody:said' }
  return { name, id, method, path, who, right }
})
const KEYED = CALLS.filter(({ who }) => who !== 'anyone')
/** What else an operation cannot do without. */
const QUERIES: Readonly<Record<string, string>> = {
  search: '?reference=x',
  listLedgerHistory: '?path=dust&asset=USD',
  findLedgerPayments: '?key=order&value=x',
  getAccountingJournal: '?from=2026-11-01&to=2026-11-02',
  getProfit: '?from=2026-11-01&to=2026-11-02',
  getStatement: '?from=2026-11-01&to=2026-11-02',
  getLightningDestination: '?to=a@shop.example',
  withdrawFacilitatedResource: '?resource=https://shop.example/essay',
}
const needOf = ({ right }: Call) => {
  const [resource, verb] = right!.split(':') as [string, 'read' | 'write'] // Of a call that takes a key.
  return { resource, verb }
}

let w: PeopleWorld
let alice: { id: string; secret: string }
let bob: { id: string; secret: string }
/** What Alice owns, by the path before its id; and Bob has paid her once. */
let ids: Readonly<Record<string, string>>

beforeAll(async () => {
  const operators = PEOPLE.map((role) => ({ name: `one-${role}`, key: keyOfPerson(role), role }))
  w = await openPeopleWorld({ operators, nwc: { relays: ['ws://127.0.0.1:9'] } })
  ;[alice, bob] = [await w.party('Alice'), await w.party('Bob')]
  ids = await ownedByAlice(w, { alice, bob })
}, 60_000)
afterAll(() => w?.close())

const rootOf = (path: string) => path.slice(0, path.indexOf('/:'))
/** The id of what Alice owns of this kind, and one as well formed that is nobody's. */
const idOf = ({ path }: Call) => ids[rootOf(path)] ?? 'pa_00000000000000000000000000000000'
const missing = (id: string) => `${id.slice(0, -4)}${id.endsWith('0000') ? '1111' : '0000'}`
const urlOf = (call: Call, id = idOf(call)) =>
  call.path
    .replace(/:(?:id|name|k1)\b/, id)
    .replace(':day', '2026-11-25')
    .replace(/:[a-z_0-9]+/g, 'at_00000000000000000000000000000000')

/** With a body that its route reads, so that nothing but who asks is in the way. */
async function told(call: Call, secret: string | undefined, id = idOf(call)) {
  const sent = SENT[call.id] as object | undefined // As the contract's examples are.
  const answer = await w.ask(call.method, `${urlOf(call, id)}${QUERIES[call.id] ?? ''}`, secret, sent ? { payload: sent } : {})
  const { request_id: _, ...body } = answer.body
  return { status: answer.status, code: body.code, text: JSON.stringify(body).replaceAll(id, '<id>') }
}

/** All that are answered otherwise than `expected`, each with its answer. */
async function unlike(calls: readonly Call[], secret: string | undefined, expected: (call: Call) => string | RegExp): Promise<string[]> {
  const found: string[] = []
  for (const call of calls) {
    const { status, code, text } = await told(call, secret)
    const said = `${status} ${code ?? ''}`.trim()
    if (!said.match(expected(call))) found.push(`${call.name}: ${said} ${text.slice(0, 300)}`)
  }
  return found
}

describe('access', () => {
  test('a stranger is refused by all that takes a key, and by nothing else', async () => {
    expect(await unlike(KEYED, undefined, () => /^401 unauthorized$/)).toEqual([])
    const open = CALLS.filter(({ who }) => who === 'anyone')
    expect(await unlike(open, undefined, () => /^(?!401|403 key)/)).toEqual([])
  })

  test('a key that everybody may know reads what a payer reads, and nothing else', async () => {
    const { secret } = await w.key(alice.secret, { publishable: true })
    const may = (call: Call) => call.method === 'GET' && call.who === 'payer'
    expect(
      await unlike(
        KEYED.filter((call) => !may(call)),
        secret,
        () => /^403 key_not_allowed$/,
      ),
    ).toEqual([])
    expect(KEYED.filter(may).map(({ name }) => name)).toEqual(['GET /v1/payment_intents/:id'])
  })

  test('a key with every right but the one that is needed is refused, before anything else is said', async () => {
    const without = ({ resource, verb }: ReturnType<typeof needOf>) => {
      const { [resource]: _, ...others } = Object.fromEntries(RESOURCES.map((one) => [one, 'write'])) as Rights
      return w.key(bob.secret, { can: verb === 'write' ? { ...others, [resource]: 'read' } : others })
    }
    for (const [, calls] of Map.groupBy(KEYED, ({ right }) => right)) {
      const { id, secret } = await without(needOf(calls[0]!))
      expect(await unlike(calls, secret, () => /^403 key_not_allowed$/)).toEqual([])
      await w.ask('POST', `/v1/keys/${id}/revoke`, bob.secret)
    }
  })

  test('an agent’s key spends, and can do nothing else', async () => {
    const made = await w.ask('POST', '/v1/agents', bob.secret, { payload: { name: 'a', request_usd_max: '0.05', day_usd_max: '1' } })
    expect(await unlike(KEYED, made.secret, () => /^403 key_not_allowed$/)).toEqual([])
  })

  test.each(PEOPLE)('a person in the role %s is refused what the role does not hold', async (role) => {
    const mayNot = KEYED.filter((call) => !roleAllows(role, needOf(call)))
    expect(mayNot.length).toBeGreaterThan(0)
    expect(await unlike(mayNot, keyOfPerson(role), () => /^403 key_not_allowed$/)).toEqual([])
    const may = KEYED.filter(({ method, who }) => method === 'GET' && who !== 'seller')
    expect(await unlike(may, keyOfPerson(role), () => /^(?!401|403)/)).toEqual([])
  })

  test('what only a party sells is refused to an operator', async () => {
    const calls = KEYED.filter(({ who }) => who === 'seller')
    expect(await unlike(calls, OPERATOR_KEY, () => /^403 forbidden$/)).toEqual([])
  })

  test('what is the operator’s is refused to a party', async () => {
    const calls = KEYED.filter(({ who }) => who === 'operator')
    expect(await unlike(calls, alice.secret, () => /^403 forbidden$/)).toEqual([])
    for (const call of calls.filter(({ path }) => path.includes('/:')))
      expect(await told(call, alice.secret, missing(idOf(call)))).toEqual(await told(call, alice.secret))
  })

  test('what is Alice’s is to Bob, who has paid her, as if it were not there', async () => {
    const calls = KEYED.filter(({ who }) => who === 'owner')
    expect(calls.filter(({ path }) => ids[rootOf(path)] === undefined).map(({ name }) => name)).toEqual([])
    expect(await unlike(calls, bob.secret, () => /^404 not_found$/)).toEqual([])
    for (const call of calls)
      expect([call.name, await told(call, bob.secret, missing(idOf(call)))]).toEqual([call.name, await told(call, bob.secret)])
    const reads = calls.filter(({ method, who }) => method === 'GET' && who === 'owner')
    expect(await unlike(reads, alice.secret, () => /^200$/)).toEqual([])
    const isBetweenTwo = (call: Call) => call.id === 'getLogin'
    expect(
      await unlike(
        reads.filter((call) => !isBetweenTwo(call)),
        OPERATOR_KEY,
        () => /^200$/,
      ),
    ).toEqual([])
  })

  test('what opens money is shown to a key that may move it, and to none that reads', async () => {
    const reader = await w.key(alice.secret, { can: { refunds: 'read', withdraw_links: 'read', wallet_apps: 'read' } })
    const opens = { '/v1/refunds': 'claim_url', '/v1/withdraw_links': 'lnurlw', '/v1/wallet_apps': 'connection' }
    for (const [path, field] of Object.entries(opens)) {
      const told = async (secret: string) => (await w.ask('GET', `${path}/${ids[path]}`, secret)).body
      expect((await told(alice.secret))[field]).toMatch(/^(?:https?|lnurlw|nostr\+walletconnect):/)
      for (const secret of [reader.secret, keyOfPerson('viewer'), keyOfPerson('approver')])
        expect(await told(secret)).toMatchObject({ id: ids[path], [field]: null })
    }
  })

  test('a payee of the same payment sees what another gives back, and neither claims it nor takes it back', async () => {
    const { dora, erik, intent } = await paidToTwo()
    const amount = { asset: w.gateway().ground.bookAsset.id, amount: '0.5' }
    const give = (secret: string) => w.ask('POST', '/v1/refunds', secret, { payload: { payment_intent: intent.id, amount, to: 'link' } })
    for (const giver of [erik.secret, OPERATOR_KEY]) {
      const { status, body } = await give(giver)
      expect(status).toBe(201)
      const see = async (secret: string) => (await w.ask('GET', `/v1/refunds/${body.id}`, secret)).body
      expect(await see(dora.secret)).toMatchObject({ id: body.id, status: 'needs_claim', claim_url: null })
      const taken = await w.ask('POST', `/v1/refunds/${body.id}/cancel`, dora.secret)
      expect([taken.status, taken.body.code]).toEqual([403, 'forbidden'])
      expect(await see(giver)).toMatchObject({ status: 'needs_claim', claim_url: expect.stringContaining(String(body.id)) })
      expect((await w.ask('POST', `/v1/refunds/${body.id}/cancel`, giver)).body.status).toBe('canceled')
    }
  })

  test('a key gives back to what paid by its right to refunds, and anywhere else by the right to pay out alone', async () => {
    const { erik, carol, intent } = await paidToTwo()
    const payload = { payment_intent: intent.id, amount: { asset: w.gateway().ground.bookAsset.id, amount: '0.5' } }
    const limited = (can: object) => w.key(erik.secret, { can }).then(({ secret }) => secret)
    const give = async (secret: string, to?: unknown) => {
      const { status, body } = await w.ask('POST', '/v1/refunds', secret, { payload: to === undefined ? payload : { ...payload, to } })
      return [status, body.code ?? body.destination]
    }
    const [refunds, both] = [await limited({ refunds: 'write' }), await limited({ refunds: 'write', payouts: 'write' })]
    const elsewhere = { kind: 'party', party: erik.id }
    const books = () => w.gateway().ledger.books.accounts('surplus').length
    const before = books()
    for (const to of [elsewhere, 'link']) expect(await give(refunds, to)).toEqual([403, 'key_not_allowed'])
    expect(books()).toBe(before)
    expect((await give(refunds))[0]).toBe(201)
    expect(await give(both, elsewhere)).toEqual([201, elsewhere])
    expect([carol.id === erik.id, await give(both, 'link')]).toEqual([false, [201, null]])
  })

  test('the link of a refund, whose holder says where it goes, is told to a key that may pay out, and not to one for refunds alone', async () => {
    const { erik, intent } = await paidToTwo()
    const amount = { asset: w.gateway().ground.bookAsset.id, amount: '0.5' }
    const given = await w.ask('POST', '/v1/refunds', erik.secret, { payload: { payment_intent: intent.id, amount, to: 'link' } })
    expect(given.status).toBe(201)
    const seen = async (can: object) =>
      (await w.ask('GET', `/v1/refunds/${given.body.id}`, (await w.key(erik.secret, { can })).secret)).body
    expect(await seen({ refunds: 'write' })).toMatchObject({ status: 'needs_claim', claim_url: null, claim_page: null })
    const url = expect.stringContaining(String(given.body.id))
    expect(await seen({ refunds: 'write', payouts: 'write' })).toMatchObject({ claim_url: url, claim_page: url })
  })

  test('a payee reads of another’s refund that it is and what it bears itself, not where it goes, what is noted of it, or why', async () => {
    const { dora, erik, carol, intent } = await paidToTwo()
    const [asset, to] = [w.gateway().ground.bookAsset.id, { kind: 'party', party: carol.id }]
    const secrets = { metadata: { case: 'c-4711' }, reason: 'a word of Erik' }
    const payload = { payment_intent: intent.id, amount: { asset, amount: '0.5' }, to, ...secrets }
    const { status, body } = await w.ask('POST', '/v1/refunds', erik.secret, { payload })
    expect([status, body]).toEqual([201, expect.anything()])
    const see = async (secret: string) => (await w.ask('GET', `/v1/refunds/${body.id}`, secret)).body
    await expect.poll(async () => (await see(erik.secret)).status, { timeout: 60_000 }).toBe('succeeded')
    const told = { destination: { kind: 'party', party: carol.id }, ...secrets, tries: [expect.objectContaining({ state: 'settled' })] }
    for (const giver of [erik.secret, OPERATOR_KEY]) expect(await see(giver)).toMatchObject(told)
    const listed = await w.ask('GET', `/v1/refunds?payment_intent=${intent.id}`, dora.secret)
    const seen = [await see(dora.secret), (listed.body.data as object[])[0]]
    for (const one of seen) {
      expect(one).toMatchObject({ id: body.id, amount: { asset, amount: '0.5' }, status: 'succeeded', created_by: erik.id, sources: [] })
      expect(one).toMatchObject({ destination: null, tries: [], metadata: {}, reason: '' })
      for (const secret of [carol.id, 'c-4711', 'a word of Erik', `party:${erik.id}`]) expect(JSON.stringify(one)).not.toContain(secret)
    }
    const query = 'metadata_key=case&metadata_value=c-4711'
    const byMetadata = async (secret: string) => (await w.ask('GET', `/v1/refunds?${query}`, secret)).body.data as object[]
    expect([(await byMetadata(dora.secret)).length, (await byMetadata(erik.secret)).length]).toEqual([0, 1])
    const page = (await (await browserOf(w.app(), dora.secret)).get(`/dashboard/payments/${body.id}`)).body
    for (const secret of [carol.id, 'c-4711', 'a word of Erik']) expect(page).not.toContain(secret)
    const whole = await w.ask('POST', '/v1/refunds', OPERATOR_KEY, { payload: { ...payload, amount: { asset, amount: '1' }, to: 'link' } })
    const ofDora = (await w.ask('GET', `/v1/refunds/${whole.body.id}`, dora.secret)).body
    expect(ofDora).toMatchObject({ sources: [{ from: `party:${dora.id}` }], metadata: {} })
  })
})

/** What Carol has paid to a split of Dora and Erik. */
async function paidToTwo() {
  const [dora, erik, carol] = [await w.party('Dora'), await w.party('Erik'), await w.party('Carol')]
  const payees = [dora, erik].map(({ id }) => ({ party: id, account: `0x${randomBytes(20).toString('hex')}`, shares: 1 }))
  const split = (await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload: { label: 'both', payees } })).body.id
  const price = { amount: { asset: 'USD', amount: '4' }, split }
  const { body: intent } = await w.ask('POST', '/v1/payment_intents', OPERATOR_KEY, { payload: price })
  await w.fund(carol.id, 10_000_000n)
  await w.ask('POST', `/v1/payment_intents/${intent.id}/pay`, carol.secret, { payload: { rail: 'book' } })
  return { dora, erik, carol, intent }
}

test('a refund is found by all that a list is asked by, by whose it is', async () => {
  const id = ids['/v1/refunds']!
  const { receipt, payment_intent: intent } = (await w.ask('GET', `/v1/refunds/${id}`, alice.secret)).body
  const found = async (query: string, secret = alice.secret) => {
    const { status, body } = await w.ask('GET', `/v1/refunds?${query}`, secret)
    expect([query, status]).toEqual([query, 200])
    return (body.data as { id: string }[]).map((one) => one.id)
  }
  const asset = encodeURIComponent(w.gateway().ground.bookAsset.id)
  const all = `status=needs_claim&rail=book&asset=${asset}&amount_min=0.1&amount_max=0.1&created_from=2020-01-01T00:00:00Z`
  expect(await found('')).toContain(id)
  for (const query of [
    all,
    `${all}&metadata_key=ticket&metadata_value=7`,
    `payment=${receipt}`,
    `payment_intent=${intent}`,
    `reference=${id}`,
  ])
    expect([query, await found(query)]).toEqual([query, query.startsWith('reference') ? [] : [id]])
  for (const query of ['status=succeeded', 'rail=bank', `asset=${asset}&amount_min=0.2`, 'metadata_key=ticket&metadata_value=8'])
    expect(await found(query), query).not.toContain(id)
  expect(await found(`party=${alice.id}`, OPERATOR_KEY)).toContain(id)
  for (const seen of [await found('', bob.secret), await found(`party=${bob.id}`, OPERATOR_KEY)]) expect(seen).not.toContain(id)
  const search = await w.ask('GET', `/v1/search?reference=${intent}`, alice.secret)
  expect(search.body.data).toContainEqual({ object: 'search_result', type: 'refund', id, url: `/v1/refunds/${id}` })
  for (const query of [
    `payment=${receipt}&reference=x`,
    `after=${ids['/v1/payouts']}`,
    'colour=red',
    'rail=pigeon',
    'rail=evm:x',
    'rail=bank:1',
  ])
    expect([query, (await w.ask('GET', `/v1/refunds?${query}`, alice.secret)).status]).toEqual([query, 400])
})

test('the page of a payment links to what has gone back of it, and that one has a page of its own for whose it is', async () => {
  const id = ids['/v1/refunds']!
  const { payment_intent: intent } = (await w.ask('GET', `/v1/refunds/${id}`, alice.secret)).body
  const [hers, his] = [await browserOf(w.app(), alice.secret), await browserOf(w.app(), bob.secret)]
  expect((await hers.get(`/dashboard/payments/${intent}`)).body).toMatch(new RegExp(`<h2>Given back</h2>.*/dashboard/payments/${id}"`, 's'))
  const page = (await hers.get(`/dashboard/payments/${id}`)).body
  for (const said of [
    'needs claim',
    'where its payer says',
    'Metadata: ticket',
    `/dashboard/payments/${intent}"`,
    `path=party%3A${alice.id}`,
  ])
    expect(page).toContain(said)
  expect(page).not.toMatch(/undefined|NaN|\[object/)
  const refused = (await his.get(`/dashboard/payments/${id}`)).body
  expect([refused.includes('not_found'), refused.includes('ticket')]).toEqual([true, false])
})
