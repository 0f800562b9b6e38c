import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { fetchWithdrawTerms, withdrawTo } from '../lnurl/withdrawClient.ts'
import { control, partyWith, startYard, until, verified, type Yard } from './yard.ts'

// Work of a seller elsewhere that failed after its payer had paid over Lightning: a wallet of the payer's takes the money back, on real nodes.
const URL_SOLD = 'http://shop.test/slow'
const PRICE_MSAT_MIN = 1_000n
const ASKED_AT_ONCE = 50

let yard: Yard
let seller: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard()
  seller = await partyWith(yard, { name: 'seller' })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type Run = { kind: string; claim: string; receipt: string; headers: { failed: [string, string][] } | [string, string][] }
type Refund = { state: string; left: { amount: string } | null; lnurl?: string }
const lightning = <T>(path: string, body?: unknown) => control<T>(yard.world.lightning.controlUrl, path, body)
const customerInvoice = (amountMsat: bigint) => lightning<{ invoice: string }>('/invoice', { amountMsat: String(amountMsat) })

async function admit(attempt: string, headers: Record<string, string> = {}): Promise<Run> {
  const request = { method: 'GET', url: URL_SOLD, route: '/slow', headers }
  const body = { attempt, request, price: { amount: '0.05' }, payee: seller.id }
  const { status, body: answer } = await yard.call<Run>('POST', '/v1/admissions', { key: seller.key, body })
  expect([status, answer]).toEqual([200, expect.anything()])
  return answer
}

/** Pays for work that then answers 500; the link that its payer is given. */
async function failedWork(): Promise<string> {
  const asked = (await admit(crypto.randomUUID())).headers as [string, string][]
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="([^"]*)"/.exec(asked.map(([, value]) => value).join('\n'))!
  const { preimage } = await lightning<{ preimage: string }>('/pay', { invoice })
  const attempt = crypto.randomUUID()
  const run = await admit(attempt, { authorization: `L402 ${macaroon}:${preimage}` })
  const body = { claim: run.claim, attempt, status: 500 }
  expect((await yard.call('POST', '/v1/admissions/answers', { key: seller.key, body })).status).toBe(200)
  const { failed } = run.headers as { failed: [string, string][] }
  return failed.find(([name]) => name === 'switchyard-refund')![1]
}

/** Pays for work that is done; its receipt. */
async function servedWork(): Promise<string> {
  const asked = (await admit(crypto.randomUUID())).headers as [string, string][]
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="([^"]*)"/.exec(asked.map(([, value]) => value).join('\n'))!
  const { preimage } = await lightning<{ preimage: string }>('/pay', { invoice })
  const attempt = crypto.randomUUID()
  const run = await admit(attempt, { authorization: `L402 ${macaroon}:${preimage}` })
  expect(
    (await yard.call('POST', '/v1/admissions/answers', { key: seller.key, body: { claim: run.claim, attempt, status: 200 } })).status,
  ).toBe(200)
  return run.receipt
}

const look = async (link: string) => (await yard.call<Refund>('GET', new URL(link).pathname, { key: null })).body
const parts = () => ({ http: openPublicHttp({ localHosts: [new URL(yard.url()).host] }), readInvoice: readBolt11 })
const termsOf = async (link: string) => fetchWithdrawTerms((await look(link)).lnurl!, parts())
const stateOf = async (link: string) => (await look(link)).state

/** What the customer's node has, with what it has taken and the channel does not count yet. */
async function customerMsat(): Promise<bigint> {
  const { customer } = await lightning<{ customer: { ownMsat: string; claimedMsat: string } }>('/status')
  return BigInt(customer.ownMsat) + BigInt(customer.claimedMsat)
}

describe('the payer of work that failed', () => {
  test('takes back by its wallet what it paid, once of 50 at the same time', async () => {
    const link = await failedWork()
    const terms = await termsOf(link)
    expect(terms.maxMsat > PRICE_MSAT_MIN).toBe(true)
    const before = await customerMsat()
    const invoices = await Promise.all(Array.from({ length: ASKED_AT_ONCE }, () => customerInvoice(terms.maxMsat)))
    const answers = await Promise.allSettled(invoices.map(({ invoice }) => withdrawTo(invoice, terms, parts())))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await until('the refund', async () => (await stateOf(link)) === 'refunded')
    await until('the money', async () => (await customerMsat()) === before + terms.maxMsat)
    expect((await verified(yard)).rails.filter(({ verdict }) => verdict !== 'equal')).toEqual([])
  })

  test('has it once though the gateway is killed while it pays', async () => {
    const link = await failedWork()
    const terms = await termsOf(link)
    const before = await customerMsat()
    const invoices = await Promise.all(Array.from({ length: ASKED_AT_ONCE }, () => customerInvoice(terms.maxMsat)))
    const asked = invoices.map(({ invoice }) => withdrawTo(invoice, terms, parts()))
    await Promise.any(asked).catch(() => undefined)
    await yard.kill()
    await Promise.allSettled(asked)
    await yard.start()
    // Whoever asks again is told how it stands, and nothing leaves twice.
    await Promise.allSettled(invoices.map(({ invoice }) => withdrawTo(invoice, terms, parts())))
    await until('the refund', async () => (await stateOf(link)) === 'refunded', 90_000)
    await until('the money', async () => (await customerMsat()) === before + terms.maxMsat)
    expect((await verified(yard)).rails.filter(({ verdict }) => verdict !== 'equal')).toEqual([])
  })
})

test('the payer of work that was done takes back what its seller gives, though the gateway is killed before', async () => {
  const receipt = await servedWork()
  const body = { receipt, reason: 'not what was asked for' }
  const give = () =>
    fetch(`${yard.url()}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${seller.key}`, 'idempotency-key': `give-${receipt}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const asked = [give(), give(), give()].map((one) => one.catch(() => undefined))
  await Promise.race(asked)
  await yard.kill()
  await Promise.all(asked)
  await yard.start()
  const given = await give()
  const link = given.headers.get('switchyard-refund')!
  expect([given.status, await given.json()]).toMatchObject([201, { receipt, rail: 'lightning' }])
  const terms = await termsOf(link)
  const before = await customerMsat()
  await withdrawTo((await customerInvoice(terms.maxMsat)).invoice, terms, parts())
  await until('the refund', async () => (await stateOf(link)) === 'refunded')
  await until('the money', async () => (await customerMsat()) === before + terms.maxMsat)
  const { body: payment } = await yard.call<{ status: string; reason: string }>('GET', `/v1/payments/${receipt}`, { key: null })
  expect([payment.status, payment.reason]).toEqual(['refunded', 'given_back'])
  expect((await verified(yard)).rails.filter(({ verdict }) => verdict !== 'equal')).toEqual([])
})
