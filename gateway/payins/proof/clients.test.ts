import { generateKeyPairSync } from 'node:crypto'
import { fetch402, fetchWithMpp } from '@getalby/lightning-tools/402'
import { fetchWithL402 } from '@getalby/lightning-tools/402/l402'
import { ExactEvmScheme } from '@x402/evm'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import Fastify, { type FastifyInstance } from 'fastify'
import { Receipt } from 'mppx'
import { evm, Mppx } from 'mppx/client'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EXAMPLE_HASH, EXAMPLE_PREIMAGE, exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { headerRecord } from '../../../test/challenge/headerRecord.ts'
import { receiptSigner } from '../../audit/receipt/receipt.ts'
import { bookWallet } from '../../client/bookWallet.ts'
import { evmWallet } from '../../client/evmWallet.ts'
import { lightningWallet } from '../../client/lightningWallet.ts'
import { createPayer } from '../../client/payer.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readAcceptPayment } from '../challenge/acceptPayment.ts'
import { buildChallenge } from '../challenge/buildChallenge.ts'
import { routeDigest } from '../challenge/requestDigest.ts'
import { readProof } from './readProof.ts'
import { receiptHeaders } from './receiptHeaders.ts'
import type { VerifiedProof } from './verifiedProof.ts'
import { verifyProof } from './verifyProof.ts'

const TRANSACTION = `0x${'7a'.repeat(32)}` as const
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const signer = receiptSigner({ privateKeyPem, clock: { now: Date.now }, ids: { receipt: () => 'rc_1' } })

const answered = (at: number) => ({
  receiptId: 'rc_1' as const,
  statusUrl: 'http://127.0.0.1/v1/payments/rc_1',
  at,
  collection: { kind: 'settled', transaction: TRANSACTION } as const,
  signJws: signer.jws,
})

/** Unmodified clients of other people pay the same 402. Nothing settles here: a signature and a preimage are all that the formats need. */
describe('one 402', () => {
  let app: FastifyInstance
  let url: string
  let paid: VerifiedProof[]
  const account = privateKeyToAccount(generatePrivateKey())
  let invoices: string[]
  // Not a node: it reveals the preimage that belongs to the example invoice.
  const wallet = {
    payInvoice: async ({ invoice }: { invoice: string }) => {
      invoices.push(invoice)
      return { preimage: EXAMPLE_PREIMAGE }
    },
  }

  beforeAll(async () => {
    app = Fastify()
    app.get('/joke', (request, reply) => {
      const now = Date.now()
      const { input, expected } = exampleChallenge(now)
      const realm = request.host
      const resource = { method: 'GET', url: `http://${request.host}${request.url}`, description: 'A joke about tolls' }
      const route = routeDigest('GET', '/joke')
      try {
        const proof = readProof(request.headers)
        if (request.headers.authorization === 'Bearer sk_1') {
          return reply.headers(headerRecord(receiptHeaders(answered(now)))).send({ key: request.headers['idempotency-key'] })
        }
        if (proof) {
          const verified = verifyProof(proof, { ...expected, realm, route, resourceUrl: resource.url })
          paid.push(verified)
          return reply
            .headers(headerRecord(receiptHeaders({ ...answered(now), proof: verified })))
            .send({ joke: 'Two sats walk into a channel.' })
        }
      } catch (error) {
        if (!isGatewayError(error)) throw error
        const challenge = buildChallenge({ ...input, realm, resource, route, refusal: error })
        return reply.code(challenge.status).headers(headerRecord(challenge.headers)).send(challenge.body)
      }
      const accepts = readAcceptPayment(String(request.headers['accept-payment'] ?? ''))
      const challenge = buildChallenge({ ...input, realm, resource, route, ...(accepts ? { accepts } : {}) })
      return reply.code(402).headers(headerRecord(challenge.headers)).send(challenge.body)
    })
    url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/joke?kind=toll`
  })
  beforeEach(() => {
    paid = []
    invoices = []
  })
  afterAll(() => app.close())

  test('is paid by @x402/fetch with its exact EVM scheme', async () => {
    const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })
    const response = await wrapFetchWithPayment(fetch, client)(url)
    expect(response.status).toBe(200)
    expect(paid).toMatchObject([{ scheme: 'x402', rail: 'evm:31337', payer: account.address.toLowerCase(), amount: { units: 2000n } }])
    const receipt = decodePaymentResponseHeader(response.headers.get('payment-response')!)
    expect(receipt).toMatchObject({ success: true, network: 'eip155:31337', payer: account.address.toLowerCase(), amount: '2000' })
    expect(receipt.transaction).toBe(TRANSACTION)
  })

  test('is paid by mppx as an evm charge', async () => {
    const mppx = Mppx.create({ polyfill: false, methods: [evm({ account, authorization: { name: 'USD Coin', version: '2' } })] })
    const response = await mppx.fetch(url)
    expect(response.status).toBe(200)
    expect(paid).toMatchObject([{ scheme: 'mpp-evm', payer: account.address.toLowerCase(), price: { units: 2000n } }])
    expect(Receipt.fromResponse(response)).toMatchObject({ status: 'success', method: 'evm', reference: TRANSACTION })
  })

  const named = { 'accept-payment': 'lightning/charge' }
  test.each([
    ['fetch402', fetch402, 'l402', {}],
    ['fetch402 that asks for the charge', fetch402, 'mpp-lightning', named],
    ['fetchWithMpp that asks for the charge', fetchWithMpp, 'mpp-lightning', named],
    ['fetchWithL402', fetchWithL402, 'l402', {}],
  ] as const)("is paid by Alby's %s", async (_name, pay, scheme, headers) => {
    const response = await pay(url, { headers: { ...headers } }, { wallet })
    expect(response.status).toBe(200)
    expect(paid).toMatchObject([{ scheme, rail: 'lightning', paymentHash: EXAMPLE_HASH, claimKey: `lightning:${EXAMPLE_HASH}` }])
    expect(invoices).toHaveLength(1)
    expect([...response.headers.values()].join()).not.toContain(EXAMPLE_PREIMAGE)
  })

  test("is paid by Alby's fetch402 as L402 when it is the only charge", async () => {
    const response = await fetch(url)
    const l402 = response.headers.get('www-authenticate')!.split(', Payment ')[0]!
    const only = Fastify()
    only.get('/joke', (request, reply) =>
      request.headers.authorization ? reply.send(readProof(request.headers)) : reply.code(402).header('www-authenticate', l402).send(),
    )
    try {
      const alone = await fetch402(`${await only.listen({ host: '127.0.0.1', port: 0 })}/joke`, {}, { wallet })
      expect(await alone.json()).toMatchObject({ scheme: 'l402', preimage: EXAMPLE_PREIMAGE })
    } finally {
      await only.close()
    }
  })

  test('is paid by our own payer from each of its wallets', async () => {
    const token = exampleChallenge().evm.wire
    const rate = () => ({ from: BTC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'example' })
    const wallets = {
      'evm:31337': evmWallet({ account, tokens: [{ chainId: token.chainId, address: token.token, scale: 6 }] }),
      lightning: lightningWallet({ ...wallet, rate }),
      book: bookWallet({ apiKey: 'sk_1', origins: [url] }),
    }
    const budget = { perRequest: money(USD, 2_000n), perDay: money(USD, 6_000n), sites: ['127.0.0.1'] }
    for (const rail of ['evm:31337', 'lightning', 'book'] as const) {
      const payer = createPayer({ wallets: [wallets[rail]], budget })
      expect((await payer.quote(url))?.bids).toMatchObject([{ rail, cost: money(USD, 2_000n) }])
      const response = await payer.fetch(url)
      expect(response.status).toBe(200)
      expect(payer.receipt(response)).toMatchObject({ id: 'rc_1', rail, cost: money(USD, 2_000n) })
    }
    expect(paid.map((proof) => proof.scheme)).toEqual(['x402', 'l402'])
  })

  test('is paid by our own payer by MPP, when nothing else is asked', async () => {
    const { chainId, token, tokenName, tokenVersion } = exampleChallenge().evm.wire
    const rate = () => ({ from: BTC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'example' })
    const known = { chainId, address: token, scale: 6, name: tokenName, version: tokenVersion }
    const wallets = [evmWallet({ account, tokens: [known] }), lightningWallet({ ...wallet, rate })]
    const mppAlone = async (to: string, init: RequestInit) => {
      const response = await fetch(to, init)
      if (response.status !== 402) return response
      const asked = response.headers.get('www-authenticate')!.replace(/^L402 [^,]*,[^,]*,\s*|,\s*L402 [^,]*,[^,]*$/, '')
      return new Response(null, { status: 402, headers: { 'www-authenticate': asked } })
    }
    const budget = { perRequest: money(USD, 2_000n), perDay: money(USD, 6_000n), sites: ['127.0.0.1'] }
    for (const one of wallets) {
      const payer = createPayer({ wallets: [one], budget, fetch: mppAlone })
      const response = await payer.fetch(url)
      expect(response.status, await response.text()).toBe(200)
      expect(payer.receipt(response)).toMatchObject({ id: 'rc_1', reference: expect.any(String) })
    }
    expect(paid.map((proof) => proof.scheme)).toEqual(['mpp-evm', 'mpp-lightning'])
    expect(invoices).toHaveLength(1)
  })
})
