import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { type Body, openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

type Tenant = Readonly<{ id: string; secret: string }>

let w: PeopleWorld
let seller: Tenant
let payer: Tenant

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[seller, payer] = [await w.party('Heron'), await w.party('Mia')]
  await w.fund(payer.id, 100_000_000n)
}, 60_000)
afterAll(() => w?.close())

const usd = (amount: string) => ({ asset: 'USD', amount })
const post = (url: string, secret: string, payload: object = {}, idempotencyKey: string = crypto.randomUUID()) =>
  w.ask('POST', url, secret, { payload, idempotencyKey })
const get = (url: string, secret: string) => w.ask('GET', url, secret)
const intent = async (amount = '4.2') =>
  String((await post('/v1/payment_intents', seller.secret, { amount: usd(amount), payee: seller.id })).body.id)
const said = (payment_intent: string, o: object = {}) => ({
  payment_intent,
  seller: { name: 'Heron', address: { city: 'Berlin', country: 'DE' }, vat_id: 'DE123456789' },
  buyer: { name: 'Mia <b>', address: { country: 'FR' } },
  lines: [{ description: 'An essay', quantity: '2', unit_price: usd('1.75'), tax: { category: 'S', rate: '20' } }],
  ...o,
})

test('whoever is paid issues it, reads it as JSON, as a PDF and as an e-invoice, and is told', async () => {
  const of = await intent()
  const key = crypto.randomUUID()
  const made = await post('/v1/invoices', seller.secret, said(of, { metadata: { shelf: '3' } }), key)
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({
      number: 'INV-000001',
      status: 'open',
      party: seller.id,
      net: usd('3.5'),
      tax: usd('0.7'),
      total: usd('4.2'),
    }),
  ])
  expect((await post('/v1/invoices', seller.secret, said(of, { metadata: { shelf: '3' } }), key)).body).toEqual(made.body)
  const { id, pdf, xml } = made.body as Readonly<Record<string, string>>
  const auth = { headers: { authorization: `Bearer ${seller.secret}` } }
  const paper = await w.app().inject({ url: pdf!, ...auth })
  expect([paper.statusCode, paper.headers['content-type'], paper.body.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-'])
  const drawn = [...paper.rawPayload.toString('latin1').matchAll(/<([0-9a-f]*)> Tj/g)].map(([, hex]) =>
    Buffer.from(hex!, 'hex').toString('latin1'),
  )
  expect(drawn).toEqual(
    expect.arrayContaining(['Invoice INV-000001', 'Mia <b>', '2 x 1.75 USD = 3.50 USD (VAT S 20 %)', '4.20 USD', `/pay/${of}`]),
  )
  const file = await w.app().inject({ url: xml!, ...auth })
  expect([file.statusCode, file.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8'])
  expect(new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(file.body).Invoice).toMatchObject({
    ID: 'INV-000001',
    PaymentMeans: { PaymentID: of },
  })
  await post(`/v1/payment_intents/${of}/pay`, payer.secret, { rail: 'book' })
  expect((await get(`/v1/invoices/${id}`, seller.secret)).body).toEqual({ ...made.body, status: 'paid' })
  // What was issued says what it said.
  expect((await w.app().inject({ url: xml!, ...auth })).body).toBe(file.body)
  for (const query of [`payment_intent=${of}`, 'reference=INV-000001', 'metadata_key=shelf&metadata_value=3'])
    expect(((await get(`/v1/invoices?${query}&wait=20`, seller.secret)).body.data as Body[]).map((one) => one.id)).toEqual([id])
  const told = (await get(`/v1/events?subject=${id}`, seller.secret)).body.data as readonly Body[]
  expect(told.map(({ type }) => type)).toEqual(['invoice.issued'])
  expect((await get(`/v1/invoices/${id}`, OPERATOR_KEY)).status).toBe(200)
})

test('nobody else issues or reads one, and no one without a key', async () => {
  const of = await intent()
  expect((await post('/v1/invoices', payer.secret, said(of))).body.code).toBe('not_found')
  const { id } = (await post('/v1/invoices', seller.secret, said(of))).body
  for (const path of [`/v1/invoices/${id}`, `/v1/invoices/${id}.xml`, `/invoices/${id}.pdf`]) {
    const other = await w.app().inject({ url: path, headers: { authorization: `Bearer ${payer.secret}` } })
    expect([path, other.statusCode, other.json().code]).toEqual([path, 404, 'not_found'])
    expect([path, (await w.app().inject({ url: path })).statusCode]).toEqual([path, 401])
  }
  expect((await get('/v1/invoices?wait=20', payer.secret)).body.data).toEqual([])
})

test('bad input is refused in words, and takes no number', async () => {
  const of = await intent()
  const refused = async (o: object) => {
    const { status, body } = await post('/v1/invoices', seller.secret, said(of, o))
    return [status, body.code]
  }
  const line = said(of).lines[0]!
  for (const wrong of [
    { lines: [] },
    { lines: [{ ...line, quantity: '0.00' }] },
    { lines: [{ ...line, quantity: '-1' }] },
    { lines: [{ ...line, tax: { category: 'X', rate: '20' } }] },
    { lines: Array.from({ length: 101 }, () => line) },
    { buyer: { name: 'Mia', address: { country: 'France' } } },
    { buyer: { name: 'Mia\u0000', address: { country: 'FR' } } },
    { due: '2026-02-30' },
    { due: '2020-01-01' },
    { seller: { name: 'Heron', address: { country: 'DE' } } },
    { colour: 'red' },
  ])
    expect([wrong, ...(await refused(wrong))]).toEqual([wrong, 400, 'invalid_request'])
  const short = await post('/v1/invoices', seller.secret, said(of, { lines: [{ ...line, quantity: '1' }] }))
  expect([short.status, short.body.code, short.body.detail]).toEqual([
    400,
    'invalid_amount',
    expect.stringContaining('come to 2.1 USD, the intent is 4.2 USD'),
  ])
  const { number } = (await post('/v1/invoices', seller.secret, said(of))).body
  expect(number).toBe('INV-000003')
  expect(await refused({})).toEqual([409, 'invoice_exists'])
})

test('of a split its maker or an operator issues the invoice and cancels, not every payee', async () => {
  const small = await w.party('Wren')
  const split = await w.ask('POST', '/v1/splits', OPERATOR_KEY, {
    payload: {
      label: 'both',
      payees: [
        { party: seller.id, account: `0x${'5e'.repeat(20)}`, shares: 99 },
        { party: small.id, account: `0x${'6e'.repeat(20)}`, shares: 1 },
      ],
    },
  })
  const sold = { amount: usd('4.2'), split: split.body.id }
  const by = async (secret: string) => String((await post('/v1/payment_intents', secret, sold)).body.id)
  const link = await post('/v1/payment_links', seller.secret, sold)
  const visited = await w.app().inject({
    method: 'POST',
    url: `/l/${link.body.id}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `visit=vi_${'0'.repeat(32)}`,
  })
  const ofLink = /pi_[\w-]+/.exec(String(visited.headers.location))?.[0]
  expect([visited.statusCode, ofLink]).toEqual([303, expect.any(String)])
  const invoiced = async (secret: string, of: string) => {
    const { status, body } = await post('/v1/invoices', secret, said(of))
    return [status, body.code]
  }
  const canceled = async (secret: string, of: string) => (await post(`/v1/payment_intents/${of}/cancel`, secret)).status
  await w.killed() // Who made it is in the journal.
  for (const [maker, of] of [
    [seller.secret, await by(seller.secret)],
    [seller.secret, ofLink!],
    [OPERATOR_KEY, await by(OPERATOR_KEY)],
    // Who is not paid by it may make one, and has nothing to say of it.
    [OPERATOR_KEY, await by(payer.secret)],
  ] as const) {
    expect(await invoiced(small.secret, of)).toEqual([403, 'forbidden'])
    expect(await canceled(small.secret, of)).toBe(403)
    expect(await invoiced(payer.secret, of)).toEqual([404, 'not_found'])
    expect(await canceled(payer.secret, of)).toBe(404)
    expect(await invoiced(maker, of)).toEqual([201, undefined])
    expect(await canceled(maker, of)).toBe(200)
  }
  // Nor does every payee close what another sells by, or set its price.
  const plan = await post('/v1/plans', seller.secret, { ...sold, interval: 'month' })
  for (const [path, body] of [
    [`payment_links/${link.body.id}/deactivate`, {}],
    [`payment_links/${link.body.id}/activate`, {}],
    [`plans/${plan.body.id}/price`, { amount: usd('0.01') }],
    [`plans/${plan.body.id}/deactivate`, {}],
  ] as const) {
    expect([path, (await post(`/v1/${path}`, small.secret, body)).status]).toEqual([path, 403])
    expect([path, (await post(`/v1/${path}`, payer.secret, body)).status]).toEqual([path, 404])
    expect([path, (await post(`/v1/${path}`, seller.secret, body)).status]).toEqual([path, 200])
  }
  const own = await by(small.secret)
  expect(await canceled(seller.secret, own)).toBe(403)
  expect(await canceled(small.secret, own)).toBe(200)
})

test('the sole payee of a split has the invoice of each of its intents', async () => {
  const payees = [{ party: seller.id, account: `0x${'7e'.repeat(20)}`, shares: 1 }]
  const split = await w.ask('POST', '/v1/splits', OPERATOR_KEY, { payload: { label: 'alone', payees } })
  const made = await post('/v1/payment_intents', OPERATOR_KEY, { amount: usd('4.2'), split: split.body.id })
  const of = String(made.body.id)
  expect((await post('/v1/invoices', seller.secret, said(of))).status).toBe(201)
  expect((await post(`/v1/payment_intents/${of}/cancel`, seller.secret)).status).toBe(200)
})
