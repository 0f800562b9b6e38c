import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { disagreements, type SignedProof } from '../../gateway/audit/reconcile/threeWay.ts'
import { localConfig, OPERATOR_KEY } from '../../test/localConfig.ts'
import { startStripe, TEST_KEY } from '../../world/stripe/startStripe.ts'
import { railFindings } from '../cli/doctor/rails.ts'
import { serve } from '../cli/serve.ts'
import { checkConfig } from '../config/config.ts'

const SOON = { timeout: 50_000, interval: 50 }
const RETURN = 'https://shop.example/thanks'

type Intent = Readonly<{
  id: string
  status: string
  offers: readonly Readonly<{ rail: string; amount: object; pay: { fields: Record<string, string> } }>[]
}>
type Payout = Readonly<{ id: string; status: string; code?: string; detail?: string }>
type Verification = Readonly<{ rails: readonly Readonly<{ account: string; verdict: string }>[] }>
type Suspense = Readonly<{ data: readonly object[]; problems: readonly Readonly<{ rail: string; detail: string }>[] }>

/** A gateway whose one rail is an account at Stripe that held 100 euros before. */
async function stripeGateway() {
  const base = mkdtempSync(join(tmpdir(), 'switchyard-stripe-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const stripe = await startStripe({
    currency: 'eur',
    openingCents: 10_000,
    feeOf: (cents) => 25 + Math.round(cents * 0.015),
    now: () => Date.now(),
  })
  onTestFinished(() => stripe.close())
  const account = { secretKey: TEST_KEY, currency: 'EUR', returnUrl: RETURN, url: stripe.url, pollMs: 1_000 }
  const config = checkConfig(localConfig(join(base, 'data'), { evm: [], stripe: account }))
  const server = await serve(config)
  onTestFinished(() => server.close())
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const response = await fetch(server.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return (await response.json()) as T
  }
  const verdicts = async () => (await call<Verification>('GET', '/v1/verify')).rails.map((one) => `${one.account} ${one.verdict}`)
  return { stripe, call, verdicts, config, base: server.url }
}

test('a card pays an intent, its fee is booked, a connected account is paid, and the payer gets money back', async () => {
  const { stripe, call, verdicts, config, base } = await stripeGateway()
  const equal = ['rail:custom:stripe:account equal', 'rail:custom:stripe:to-bank equal']
  await expect.poll(verdicts, SOON).toEqual(equal)
  expect(await railFindings(config)).toMatchObject([{ what: 'stripe', state: 'good' }])
  const { id: seller } = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const made = await call<Intent>('POST', '/v1/payment_intents', { amount: { asset: 'USD', amount: '20' }, payee: seller })
  const offer = made.offers.find(({ rail }) => rail === 'custom:stripe')
  expect(offer).toMatchObject({ amount: { asset: 'EUR' }, pay: { kind: 'custom' } })
  const url = offer!.pay.fields['Pay by card']!
  const page = await (await fetch(`${base}/pay/${made.id}`, { headers: { accept: 'text/html' } })).text()
  expect(page).toContain(`href="${url}" rel="noreferrer">Pay by card</a>`)
  const payment = stripe.account.pay(url)
  await expect.poll(async () => (await call<Intent>('GET', `/v1/payment_intents/${made.id}`)).status, SOON).toBe('settled')
  await expect.poll(verdicts, SOON).toEqual(equal)

  const payTo = async (account: string, amount: string) => {
    const destination = { kind: 'custom', rail: 'custom:stripe', account }
    const body = { party: seller, amount: { asset: 'EUR', amount }, destinations: [destination] }
    const { id, ...refused } = await call<Payout>('POST', '/v1/payouts', body)
    expect(id, JSON.stringify(refused)).toBeDefined()
    await expect.poll(async () => (await call<Payout>('GET', `/v1/payouts/${id}`)).status, SOON).toBe('settled')
  }
  await payTo('acct_1234567890', '5')
  await payTo(payment, '3')
  expect([stripe.account.got('acct_1234567890'), stripe.account.gotBack(payment)]).toEqual([500, 300])
  await expect.poll(verdicts, SOON).toEqual(equal)

  // What others do is in the books, and told; what goes to our bank is on its way until somebody finds it there.
  stripe.account.move('dispute', -2_000, 1_500)
  stripe.account.payOut(1_000)
  await expect
    .poll(async () => (await call<Suspense>('GET', '/v1/suspense')).problems.map(({ detail }) => detail), SOON)
    .toEqual([expect.stringContaining('dispute: 20 EUR out')])
  await expect.poll(verdicts, SOON).toEqual(equal)
  const today = await call<SignedProof>('GET', `/v1/reconciliation_proofs/${new Date().toISOString().slice(0, 10)}`)
  expect(disagreements(today.proof)).toEqual([])
})

test('less than Stripe takes is not offered, and a wrong account is told what is right', async () => {
  const { call } = await stripeGateway()
  const { id: seller } = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const made = await call<Intent>('POST', '/v1/payment_intents', { amount: { asset: 'USD', amount: '0.49' }, payee: seller })
  expect(JSON.stringify(made)).toContain('amount_too_small')
  const destination = { kind: 'custom', rail: 'custom:stripe', account: 'cus_123' }
  const body = { party: seller, amount: { asset: 'EUR', amount: '1' }, destinations: [destination] }
  expect(JSON.stringify(await call('POST', '/v1/payouts', body))).toContain('acct_... of a connected account')
})
