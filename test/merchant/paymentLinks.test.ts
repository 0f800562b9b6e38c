import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { openPeopleWorld, type PeopleWorld } from '../tenants/peopleWorld.ts'

let w: PeopleWorld
let heron: { id: string; secret: string }
let payer: { id: string; secret: string }

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[heron, payer] = [await w.party('Heron'), await w.party('Payer')]
  await w.fund(payer.id, 100_000_000n)
}, 60_000)
afterAll(() => w?.close())

const usd = (amount: string) => ({ asset: 'USD', amount })
const make = async (payload: object) =>
  (await w.ask('POST', '/v1/payment_links', heron.secret, { payload: { payee: heron.id, ...payload } })).body as {
    id: string
    page: string
  }
const look = (page: string, headers: Record<string, string> = {}) => w.app().inject({ url: page, headers })
const send = (page: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  w.app().inject({
    method: 'POST',
    url: page,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })
const visitIn = (html: string) => /name="visit" value="(vi_[0-9a-f]{32})"/.exec(html)?.[1] ?? ''
const linkOf = async (id: string) => (await w.ask('GET', `/v1/payment_links/${id}`, heron.secret)).body

test('a person looks, which writes nothing, asks to pay, and pays on the page of an intent of his own', async () => {
  const link = await make({
    amount: usd('4.2'),
    description: 'A <b>ticket</b>',
    return_url: 'https://heron.example',
    metadata: { stall: '7' },
  })
  const before = w.gateway().ledger.books.head().seq
  const shown = await look(link.page, { 'accept-language': 'de' })
  expect(w.gateway().ledger.books.head().seq).toBe(before)
  expect([shown.statusCode, shown.headers['content-security-policy']]).toEqual([200, expect.stringContaining("form-action 'self'")])
  expect(shown.body).toContain('A &lt;b&gt;ticket&lt;/b&gt;')
  expect(shown.body).toMatch(/<html lang="de".*<button class="button" type="submit">[^<]*4\.20 USD/s)
  expect(shown.body).not.toMatch(/<script/)
  const visit = visitIn(shown.body)
  const [first, again] = [await send(link.page, { visit }), await send(link.page, { visit })]
  expect([first.statusCode, first.headers.location]).toEqual([303, again.headers.location])
  const id = String(first.headers.location).replace('/pay/', '')
  expect((await look(`/pay/${id}`)).body).toContain('4.20 USD')
  const paid = await w.ask('POST', `/v1/payment_intents/${id}/pay`, payer.secret, { payload: { rail: 'book' } })
  expect(paid.status).toBe(200)
  expect(await linkOf(link.id)).toMatchObject({ paid_count: 1, open_count: 0, status: 'active' })
  const made = (await w.ask('GET', `/v1/payment_intents?reference=${link.id}&metadata_key=stall&metadata_value=7`, heron.secret)).body
  expect(made.data).toEqual([expect.objectContaining({ id, origin: link.id, status: 'settled', return_url: 'https://heron.example' })])
  expect((await w.ask('GET', `/v1/payment_intents?reference=${link.id}`, payer.secret)).body.data).toEqual([])
})

test('what a payer chooses must be between the two amounts, and the page says so in a form that can be sent again', async () => {
  const link = await make({ amount_min: usd('5'), amount_max: usd('20') })
  const { body } = await look(link.page)
  expect(body).toMatch(/<label for="amount">.*5\.00 USD.*20\.00 USD/)
  for (const amount of ['4', '21', '1e1', '', '5.0000001']) {
    const refused = await send(link.page, { visit: visitIn(body), amount })
    expect([amount, refused.statusCode, refused.headers['content-type']]).toEqual([amount, 400, expect.stringContaining('text/html')])
    expect(refused.body).toContain('aria-invalid="true"')
  }
  expect((await linkOf(link.id)).open_count).toBe(0)
  expect((await send(link.page, { visit: visitIn(body), amount: '12.5' })).statusCode).toBe(303)
})

test('of one use the second is told to wait, and nobody is when it was paid or closed', async () => {
  const link = await make({ amount: usd('1'), uses_max: 1 })
  const [one, two] = [visitIn((await look(link.page)).body), visitIn((await look(link.page)).body)]
  const id = String((await send(link.page, { visit: one })).headers.location).replace('/pay/', '')
  const held = await send(link.page, { visit: two })
  expect([held.statusCode, held.body]).toEqual([409, expect.stringContaining('within <bdi>15</bdi> minutes')])
  expect(held.body).not.toContain('<form')
  await w.ask('POST', `/v1/payment_intents/${id}/pay`, payer.secret, { payload: { rail: 'book' } })
  expect([(await linkOf(link.id)).status, (await look(link.page)).body]).toEqual([
    'used_up',
    expect.stringContaining('as often as it may be'),
  ])
  const other = await make({ amount: usd('1') })
  expect((await w.ask('POST', `/v1/payment_links/${other.id}/deactivate`, heron.secret)).body.status).toBe('inactive')
  expect((await send(other.page, { visit: two })).statusCode).toBe(409)
  expect((await w.ask('POST', `/v1/payment_links/${other.id}/activate`, heron.secret)).body.status).toBe('active')
  expect((await send(other.page, { visit: two })).statusCode).toBe(303)
})

test('its payee hears of it, and of its payments, and another hears nothing; what was made stands after a kill', async () => {
  const link = await make({ amount: usd('2'), uses_max: 9 })
  await send(link.page, { visit: visitIn((await look(link.page)).body) })
  await w.ask('POST', `/v1/payment_links/${link.id}/deactivate`, heron.secret)
  const heard = async (secret: string) =>
    ((await w.ask('GET', '/v1/events?limit=100&type=payment_link.*', secret)).body.data as { subject: string; type: string }[])
      .filter(({ subject }) => subject === link.id)
      .map(({ type }) => type)
  expect((await heard(heron.secret)).toSorted()).toEqual(['payment_link.created', 'payment_link.deactivated'])
  expect(await heard(payer.secret)).toEqual([])
  const before = await linkOf(link.id)
  await w.killed()
  expect(await linkOf(link.id)).toEqual(before)
  expect(before).toMatchObject({ open_count: 1, status: 'inactive' })
})

test.each([
  ['no price', {}],
  ['two prices', { amount: usd('1'), amount_min: usd('1'), amount_max: usd('2') }],
  ['half of a choice', { amount_min: usd('1') }],
  ['a choice the wrong way round', { amount_min: usd('2'), amount_max: usd('1') }],
  ['nothing to pay', { amount: usd('0') }],
  ['no uses', { amount: usd('1'), uses_max: 0 }],
  ['a time that is over', { amount: usd('1'), expires_at: '2020-01-01T00:00:00Z' }],
  ['a way back that runs', { amount: usd('1'), return_url: 'javascript:alert(1)' }],
  ['a way back with a password', { amount: usd('1'), return_url: 'https://heron:secret@shop.example/done' }],
  ['a way back with a user', { amount: usd('1'), return_url: 'https://heron@shop.example/done' }],
  ['a name that turns', { amount: usd('1'), seller: '\u202eHeron' }],
  ['a field that is none', { amount: usd('1'), colour: 'red' }],
])('a link with %s is refused', async (_, payload) => {
  expect((await w.ask('POST', '/v1/payment_links', heron.secret, { payload: { payee: heron.id, ...payload } })).status).toBe(400)
})

test('nobody makes a link that pays another, and a form of no page is refused', async () => {
  const payload = { amount: usd('1'), payee: heron.id }
  expect((await w.ask('POST', '/v1/payment_links', payer.secret, { payload })).status).toBe(403)
  const { payee: _, ...rest } = payload
  const split = `sp_${'0'.repeat(32)}`
  expect((await w.ask('POST', '/v1/payment_links', payer.secret, { payload: { ...rest, split } })).status).toBe(404)
  const link = await make(rest)
  expect((await send(link.page, { visit: 'vi_1' })).statusCode).toBe(400)
  expect((await look('/l/pl_1')).statusCode).toBe(404)
  expect((await w.ask('GET', `/v1/payment_links/${link.id}`, OPERATOR_KEY)).status).toBe(200)
})
