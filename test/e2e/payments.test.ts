import { fetchWithMpp } from '@getalby/lightning-tools/402'
import { fetchWithL402 } from '@getalby/lightning-tools/402/l402'
import { ExactEvmScheme } from '@x402/evm'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { createPublicClient, createWalletClient, http, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkReceiptProof, type ProvenReceipt } from '../../gateway/audit/log/checkReceiptProof.ts'
import { type EventType, eventSchema } from '../../gateway/events/catalog/catalog.ts'
import { signForHub } from './hubPayment.ts'
import {
  type Answer,
  balanceOf,
  control,
  type Json,
  partyWith,
  splitOnChains,
  startYard,
  undividedUnits,
  units,
  until,
  verified,
  type Yard,
} from './yard.ts'

type Intent = {
  id: string
  status: string
  exception: string
  decision: string
  offers: {
    rail: string
    full_price: { amount: string }
    rail_cost: { amount: string }
    amount: { amount: string }
    pay: Record<string, string>
  }[]
  paid: { rail: string; receipt: string } | null
  surplus: { rail: string; reason: string; amount: { amount: string } }[]
}
type Why = { order: number[]; candidates: { rail: string; verdict: string }[] }
type Payment = { status: string; final: boolean; evidence: { transaction: string; block: string; payment_hash: string; entry: string } }
type Payout = {
  id: string
  status: string
  rail?: string
  decision_id: string
  failure?: unknown
  attempts: { rail: string; outcome: string }[]
}

let yard: Yard
beforeAll(async () => {
  yard = await startYard()
}, 90_000)
afterAll(() => yard?.close(), 30_000)

const intent = (body: Json) => yard.call<Intent>('POST', '/v1/payment_intents', { body })
const intentNow = async (id: string) => (await yard.call<Intent>('GET', `/v1/payment_intents/${id}`)).body
const offerOf = (made: Answer<Intent>, rail: string) => made.body.offers.find((o) => o.rail === rail)!
const payInvoice = (invoice: string) => control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice })
const customer = (i: number) => privateKeyToAccount(yard.chain.customers[i]!.privateKey)

describe('the demo route', () => {
  test('is paid by @x402/fetch, and the money reaches the receiver of the split', async () => {
    const client = x402Client.fromConfig({
      schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(customer(0)) }],
      spendControls: false,
    })
    const response = await wrapFetchWithPayment(fetch, client)(yard.route())
    expect(response.status).toBe(200)
    expect(await response.json()).toHaveProperty('joke')
    const id = response.headers.get('switchyard-receipt')
    const said = decodePaymentResponseHeader(response.headers.get('payment-response')!)
    expect(said).toMatchObject({ success: false, errorReason: 'settlement_pending', transaction: '' })
    expect(response.headers.get('switchyard-status')).toBe(`${yard.url()}/v1/payments/${id}`)
    const receipt = await yard.call<{ receipt: { state: string; rail: string; paid: Json } }>('GET', `/v1/receipts/${id}`, { key: null })
    expect(receipt.body.receipt).toMatchObject({ rail: 'evm:31338', state: 'authorised', paid: { amount: '0.002' } })
    await until('the collection', async () => (await undividedUnits(yard)) > 0n)
    const payment = await until('the settlement', async () => {
      const { body } = await yard.call<Payment>('GET', new URL(response.headers.get('switchyard-status')!).pathname, { key: null })
      return body.status === 'settled' && body
    })
    expect(payment.evidence.transaction).toMatch(/^0x[0-9a-f]{64}$/)
    const proven = await until('the chain of the receipt in the log', async () => {
      const { body } = await yard.call<ProvenReceipt>('GET', `/v1/receipts/${id}`, { key: null })
      return body.updates?.[0]?.inclusion !== undefined && body
    })
    const { transaction, block } = payment.evidence
    expect(proven.updates).toMatchObject([{ update: { receipt: id, n: 2, state: 'settled', transaction, block } }])
    const pem = await (await fetch(`${yard.url()}/.well-known/switchyard/receipt-key.pem`)).text()
    expect(checkReceiptProof(proven, pem).filter(({ holds }) => !holds)).toEqual([])
    expect(checkReceiptProof(proven, pem).map(({ what }) => what)).toContain('chain')
  })

  test.each([
    ['L402', fetchWithL402, {}],
    ['MPP lightning', fetchWithMpp, { 'accept-payment': 'lightning/charge' }],
  ] as const)("is paid by Alby's %s client over real channels, and three payees have exact parts", async (_name, pay, headers) => {
    const { body: split } = await yard.call<{ payees: { party: string }[] }>('GET', `/v1/splits/${yard.split()}`)
    const before = await Promise.all(split.payees.map((p) => balanceOf(yard, p.party, 'USDC')))
    const wallet = { payInvoice: ({ invoice }: { invoice: string }) => payInvoice(invoice) }
    const response = await pay(yard.route(), { headers: { ...headers } }, { wallet })
    expect(response.status).toBe(200)
    const after = await Promise.all(split.payees.map((p) => balanceOf(yard, p.party, 'USDC')))
    expect(after.map((a, i) => units(a) - units(before[i]!))).toEqual([1400n, 400n, 200n])
    const { body } = await yard.call<Payment>('GET', `/v1/payments/${response.headers.get('switchyard-receipt')}`, { key: null })
    expect(body).toMatchObject({ status: 'settled', final: true, evidence: { payment_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  })

  test('is paid from a balance that a bank transfer filled, once per Idempotency-Key', async () => {
    const payer = await partyWith(yard, { name: 'payer', eur: '1.00' })
    const headers = { 'idempotency-key': 'the-same-key-0001' }
    const first = await yard.call('GET', '/demo/joke', { key: payer.key, headers })
    const again = await yard.call('GET', '/demo/joke', { key: payer.key, headers })
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.headers.get('switchyard-receipt')).toBe(first.headers.get('switchyard-receipt'))
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await balanceOf(yard, payer.id, 'EUR')).toBe('0.998148')
    const { body } = await yard.call<Payment>('GET', `/v1/payments/${first.headers.get('switchyard-receipt')}`, { key: null })
    expect(body).toMatchObject({ status: 'settled', final: true, evidence: { entry: expect.stringMatching(/^en_/) } })
  })

  test('has one 402 with all three schemes, within the sizes that clients take', async () => {
    const response = await fetch(yard.route())
    expect(response.status).toBe(402)
    const authenticate = response.headers.get('www-authenticate')!
    expect(authenticate).toMatch(/^L402 macaroon=.*Payment .*method="lightning".*Payment .*method="evm"/s)
    expect(response.headers.get('payment-required')!.length).toBeLessThan(2_900)
    const total = [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0)
    expect(total).toBeLessThan(8_192)
    expect(((await response.json()) as { offers: { rail: string }[] }).offers.map((o) => o.rail).sort()).toEqual([
      'book',
      'evm:31337',
      'evm:31338',
      'lightning',
    ])
  })
})

describe('an intent', () => {
  test('offers every rail in the order of its decision, and is settled once by Lightning', async () => {
    const made = await intent({ amount: { asset: 'USD', amount: '0.50' }, split: yard.split() })
    expect(made.status).toBe(201)
    const { body: why } = await yard.call<Why>('GET', `/v1/decisions/${made.body.decision}`)
    expect(why.order.map((place) => why.candidates[place]!.rail)).toEqual(made.body.offers.map((o) => o.rail))
    expect(why.candidates.map((one) => one.verdict)).toEqual(why.candidates.map(() => 'chosen'))
    expect(made.body.offers.map((o) => o.rail).sort()).toEqual(['bank', 'book', 'evm:31337', 'evm:31338', 'lightning'])
    await payInvoice(offerOf(made, 'lightning').pay.invoice!)
    const settled = await until('settlement', async () => {
      const now = await intentNow(made.body.id)
      return now.status === 'settled' && now
    })
    expect(settled).toMatchObject({ paid: { rail: 'lightning' }, exception: 'none' })
    const { body } = await yard.call<Payment>('GET', `/v1/payments/${settled.paid!.receipt}`, { key: null })
    expect(body).toMatchObject({ status: 'settled', evidence: { payment_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  })

  test('that is paid on a second rail keeps the second payment as a surplus that can be refunded', async () => {
    const payee = await partyWith(yard, { name: 'seller' })
    const made = await intent({ amount: { asset: 'USD', amount: '1.08' }, payee: payee.id })
    const { remittance } = offerOf(made, 'bank').pay
    await payInvoice(offerOf(made, 'lightning').pay.invoice!)
    await until('settlement', async () => (await intentNow(made.body.id)).status === 'settled')
    await control(yard.world.bank.controlUrl, '/transfers', { customer: yard.world.bank.customers[1]!.id, amount: '1.00', remittance })
    const over = await until('surplus', async () => {
      const now = await intentNow(made.body.id)
      return now.surplus.length > 0 && now
    })
    expect(over).toMatchObject({ status: 'settled', exception: 'paid_over', surplus: [{ rail: 'bank', amount: { amount: '1' } }] })
    expect(await balanceOf(yard, payee.id, 'USDC')).toBe('1.08')
    const iban = yard.world.bank.customers[1]!.iban
    const refund = await yard.call<Payout>('POST', '/v1/payouts', {
      body: { surplus: made.body.id, amount: { asset: 'EUR', amount: '1.00' }, destinations: [{ kind: 'iban', iban, name: 'Customer 2' }] },
    })
    expect(refund.status).toBe(201)
    const done = await until('refund', async () => {
      const { body } = await yard.call<Payout>('GET', `/v1/payouts/${refund.body.id}`)
      return (body.status === 'settled' || body.status === 'failed') && body
    })
    expect(done).toMatchObject({ status: 'settled', rail: 'bank' })
  })

  test('is settled by a signature over money, split and intent that is handed to the gateway', async () => {
    const made = await intent({ amount: { asset: 'USD', amount: '0.30' }, split: yard.split(), rails: ['evm:31337'] })
    const { pay } = offerOf(made, 'evm:31337')
    const authorization = await signForHub(yard.chain, { customer: 2, value: 300_000n, splitId: pay.split_id!, ref: pay.ref! })
    const paid = await yard.call('POST', `/v1/payment_intents/${made.body.id}/pay`, { body: { rail: 'evm', authorization } })
    expect(paid).toMatchObject({ status: 202, body: { outcome: 'settled' } })
    const settled = await until('settlement', async () => {
      const now = await intentNow(made.body.id)
      return now.status === 'settled' && now
    })
    expect(settled.paid).toMatchObject({ rail: 'evm:31337' })
  })

  test('that is cancelled refuses a balance, and what arrives late is kept as surplus', async () => {
    const payee = await partyWith(yard, { name: 'seller two' })
    const made = await intent({ amount: { asset: 'USD', amount: '0.25' }, payee: payee.id })
    const invoice = offerOf(made, 'lightning').pay.invoice!
    expect((await yard.call('POST', `/v1/payment_intents/${made.body.id}/cancel`)).body).toMatchObject({ status: 'canceled' })
    const payer = await partyWith(yard, { name: 'late payer', eur: '1.00' })
    const refused = await yard.call('POST', `/v1/payment_intents/${made.body.id}/pay`, { body: { rail: 'book' }, key: payer.key })
    expect(refused).toMatchObject({ status: 409, body: { code: 'intent_closed' } })
    await payInvoice(invoice)
    const late = await until('surplus', async () => {
      const now = await intentNow(made.body.id)
      return now.surplus.length > 0 && now
    })
    expect(late).toMatchObject({ status: 'canceled', exception: 'paid_late' })
  })

  test('is paid from a balance', async () => {
    const [payer, payee] = await Promise.all([
      partyWith(yard, { name: 'payer three', eur: '2.00' }),
      partyWith(yard, { name: 'seller three' }),
    ])
    const made = await intent({ amount: { asset: 'USD', amount: '1.00' }, payee: payee.id })
    const paid = await yard.call('POST', `/v1/payment_intents/${made.body.id}/pay`, { body: { rail: 'book' }, key: payer.key })
    expect(paid).toMatchObject({ status: 200, body: { status: 'settled', rail: 'book' } })
    expect(await balanceOf(yard, payee.id, 'USDC')).toBe('1')
    expect(await balanceOf(yard, payer.id, 'EUR')).toBe('1.074074')
  })
})

describe('money in and out', () => {
  test('a bank transfer without a known reference stands in suspense and is listed', async () => {
    await control(yard.world.bank.controlUrl, '/transfers', {
      customer: yard.world.bank.customers[0]!.id,
      amount: '3.21',
      remittance: 'thanks a lot',
    })
    const found = await until('suspense', async () => {
      const { body } = await yard.call<{ data: { rail: string; amount: { amount: string } }[] }>('GET', '/v1/suspense')
      return body.data.find((u) => u.rail === 'bank' && u.amount.amount === '3.21')
    })
    expect(found).toMatchObject({ note: 'no reference', remittance: 'thanks a lot' })
  })

  test('a payout takes the rail that costs least in full, and says why', async () => {
    const { body: split } = await yard.call<{ payees: { party: string }[] }>('GET', `/v1/splits/${yard.split()}`)
    const made = await intent({ amount: { asset: 'USD', amount: '5.00' }, split: yard.split() })
    await payInvoice(offerOf(made, 'lightning').pay.invoice!)
    await until('settlement', async () => (await intentNow(made.body.id)).status === 'settled')
    const { invoice } = await control<{ invoice: string }>(yard.world.lightning.controlUrl, '/invoice', {
      amountMsat: '1000000',
      description: 'payout',
    })
    const address = '0x00000000000000000000000000000000000b0b01'
    const iban = { kind: 'iban', iban: yard.world.bank.customers[0]!.iban, name: 'Payee' }
    const sets = [[{ kind: 'lightning_invoice', invoice }, iban], [{ kind: 'evm_address', address }, iban], [iban]]
    const bodies = sets.map((destinations, i) => ({
      party: split.payees[i]!.party,
      amount: { asset: 'USDC', amount: i === 0 ? '1' : '0.5' },
      destinations,
    }))
    const created = await Promise.all(bodies.map((body) => yard.call<Payout>('POST', '/v1/payouts', { body })))
    expect(created.map((c) => c.status)).toEqual([201, 201, 201])
    const done = await Promise.all(
      created.map((c) =>
        until('payout', async () => {
          const { body } = await yard.call<Payout>('GET', `/v1/payouts/${c.body.id}`)
          return (body.status === 'settled' || body.status === 'failed') && body
        }),
      ),
    )
    expect(done.map((d) => [d.status, d.rail])).toEqual([
      ['settled', 'lightning'],
      ['settled', 'evm:31338'],
      ['settled', 'bank'],
    ])
    const decision = await yard.call<{ candidates: { rail: string; terms: Json }[] }>('GET', `/v1/decisions/${done[0]!.decision_id}`)
    expect(decision.body.candidates.map((c) => c.rail).sort()).toEqual(['bank', 'lightning'])
  })

  test('who waits for a payout is shown how it stands when the time is up, and its end when that comes first', async () => {
    const { body: split } = await yard.call<{ payees: { party: string }[] }>('GET', `/v1/splits/${yard.split()}`)
    const lightning = <T>(path: string, body: Json) => control<T>(yard.world.lightning.controlUrl, path, body)
    const { invoice, paymentHash } = await lightning<{ invoice: string; paymentHash: string }>('/hold', { amountMsat: '100000' })
    const order = { amount: { asset: 'USDC', amount: '0.1' }, destinations: [{ kind: 'lightning_invoice', invoice }] }
    const made = await yard.call<Payout>('POST', '/v1/payouts', { body: { party: split.payees[0]!.party, ...order } })
    expect(made.status).toBe(201)
    const waited = (seconds: number) => yard.call<Payout>('GET', `/v1/payouts/${made.body.id}?wait=${seconds}`)
    await until('the payment', async () => (await lightning<{ state?: string }>('/held', { paymentHash })).state === 'held')
    expect(['processing', 'outcome_unknown']).toContain((await waited(1)).body.status)
    expect(await waited(21)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    const ending = waited(20)
    await lightning('/settle', { paymentHash })
    await until('the end', async () => (await waited(20)).body.status === 'settled')
    expect((await ending).status).toBe(200)
  })

  test('a sweep divides what the receiver held, and a payee takes its share out of the hub', async () => {
    const swept = await yard.call('POST', `/v1/splits/${yard.split()}/sweep`)
    expect(swept).toMatchObject({ status: 200, body: { outcome: 'settled' } })
    const { account, amount } = await until('entitlements', async () => {
      const [main] = await splitOnChains(yard)
      return (await undividedUnits(yard)) === 0n && main!.entitlements.every((e) => e.amount !== '0') && main!.entitlements[0]!
    })
    const chain = createPublicClient({ transport: http(yard.chain.rpcUrl) })
    const abi = parseAbi(['function balanceOf(address) view returns (uint256)'])
    const held = () => chain.readContract({ address: yard.chain.token, abi, functionName: 'balanceOf', args: [account as `0x${string}`] })
    const before = await held()
    expect(await yard.call('POST', `/v1/splits/${yard.split()}/claims/${account}?rail=evm:31337`)).toMatchObject({ status: 200 })
    const got = (await held()) - before
    expect(got).toBe(units(amount))
  })

  test('money sent straight to the gateway wallet is not lost: it stands in suspense', async () => {
    const wallet = createWalletClient({ account: customer(3), transport: http(yard.chain.rpcUrl) })
    const operator = privateKeyToAccount(yard.chain.operatorKey).address
    const abi = parseAbi(['function transfer(address,uint256) returns (bool)'])
    await wallet.writeContract({ chain: null, address: yard.chain.token, abi, functionName: 'transfer', args: [operator, 7_777n] })
    await until('suspense', async () => {
      const { body } = await yard.call<{ data: { rail: string; amount: { amount: string } }[] }>('GET', '/v1/suspense')
      return body.data.some((u) => u.rail === 'evm:31337' && u.amount.amount === '0.007777')
    })
  })

  test('all of this is told as events, in the words of the catalog and in order, and a payment’s story is its own', async () => {
    const told: { id: string; type: EventType; subject: string }[] = []
    for (let after = 'first'; ; ) {
      const { body } = await yard.call<{ data: typeof told; has_more: boolean; next: string }>('GET', `/v1/events?limit=100&after=${after}`)
      told.push(...body.data)
      if (!body.has_more) break
      after = body.next
    }
    expect(told.flatMap((event) => eventSchema(event.type).safeParse(event).error?.message ?? [])).toEqual([])
    expect(told.map(({ id }) => id)).toEqual([...new Set(told.map(({ id }) => id))].sort())
    const stories = new Map<string, string[]>()
    for (const { subject, type } of told) stories.set(subject, [...(stories.get(subject) ?? []), type])
    const kinds = new Set([...stories.values()].map((story) => [...new Set(story)].join(' ')))
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'payment.held payment.settled',
        'payment.settled',
        'payment_intent.created payment_intent.settled',
        'payout.created payout.sent payout.settled',
        'suspense.opened',
      ]),
    )
  })

  test('every balance agrees with every rail in the end', async () => {
    const verification = await verified(yard)
    expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
    expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
  })
})
