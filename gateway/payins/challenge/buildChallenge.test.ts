import { createSecretKey } from 'node:crypto'
import { declarePaymentIdentifierExtension } from '@x402/extensions/payment-identifier'
import fc from 'fast-check'
import { Challenge as MppxChallenge } from 'mppx'
import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { headerRecord } from '../../../test/challenge/headerRecord.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readAcceptPayment } from './acceptPayment.ts'
import { buildChallenge, CHALLENGE_HEADERS_BYTES_MAX, type ChallengeInput, PAYMENT_REQUIRED_BYTES_MAX } from './buildChallenge.ts'
import { challengeKeys } from './challengeKeys.ts'

const { input, evm, lightning } = exampleChallenge()
const build = (change: Partial<ChallengeInput> = {}) => buildChallenge({ ...input, seed: Buffer.alloc(32, 5), ...change })
const values = (name: string, change?: Partial<ChallengeInput>) =>
  build(change)
    .headers.filter(([n]) => n === name)
    .map(([, value]) => value)
const required = (change?: Partial<ChallengeInput>) =>
  JSON.parse(Buffer.from(values('payment-required', change)[0]!, 'base64').toString('utf8'))

describe('the headers of a 402', () => {
  const schemes = (change?: Partial<ChallengeInput>) =>
    values('www-authenticate', change).map((v) => /method="(\w+)"/.exec(v)?.[1] ?? v.split(' ')[0])

  test('come in the order that the most wallets read: L402, then lightning, then evm', () => {
    expect(schemes()).toEqual(['L402', 'lightning', 'evm'])
    expect(values('cache-control')).toEqual(['no-store'])
  })
  test.each([
    ['lightning/charge', ['lightning', 'L402']],
    ['evm/charge', ['evm', 'L402']],
    ['evm/charge;q=0.5, lightning/charge', ['lightning', 'evm', 'L402']],
    ['*/*', ['evm', 'lightning', 'L402']],
    ['tempo/charge', ['evm', 'lightning', 'L402']],
  ])('come as the client asks by Accept-Payment: %s', (header, order) => {
    expect(schemes({ accepts: readAcceptPayment(header)! })).toEqual(order)
  })
  test('keep one line for each challenge', () => {
    expect(headerRecord(build().headers)['www-authenticate']).toHaveLength(3)
    expect(
      headerRecord([
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ]),
    ).toEqual({ a: ['1', '3'], b: '2' })
  })
  test('say what x402 v2 asks', () => {
    expect(required()).toEqual({
      x402Version: 2,
      error: 'PAYMENT-SIGNATURE header is required',
      resource: { url: input.resource.url, description: 'A joke about tolls' },
      accepts: [
        {
          scheme: 'exact',
          network: 'eip155:31337',
          amount: '2000',
          asset: evm.wire.token,
          payTo: evm.wire.payTo,
          maxTimeoutSeconds: 300,
          extra: { name: 'USD Coin', version: '2', quote: expect.stringMatching(/^2000\.1800000300\.[\w-]{22}$/) },
        },
      ],
      extensions: { 'payment-identifier': declarePaymentIdentifierExtension() },
    })
  })
  test('carry ids that mppx computes alike', () => {
    const secretKey = 'k'.repeat(32)
    const key = createSecretKey(Buffer.from(secretKey))
    const challenges = MppxChallenge.deserializeList(
      values('www-authenticate', { keys: { challenge: [key], token: [key], refund: [key] } }).join(', '),
    )
    expect(challenges.map((c) => [c.method, MppxChallenge.verify(c, { secretKey })])).toEqual([
      ['lightning', true],
      ['evm', true],
    ])
  })
  test('show only the rails that are offered', () => {
    expect(values('www-authenticate', { offers: [evm] })).toHaveLength(1)
    expect(build({ offers: [evm] }).body.offers.map((offer) => offer.rail)).toEqual(['evm:31337', 'book'])
    expect(values('payment-required', { offers: [lightning] })).toEqual([])
    expect(values('www-authenticate', { offers: [lightning] })).toHaveLength(2)
    expect(values('www-authenticate', { offers: [], book: true })).toEqual([])
    expect(build({ offers: [], book: false }).body.offers).toEqual([])
  })
  test('leave the MPP lightning charge out when the amount is not in whole satoshi, and keep L402', () => {
    const odd = { ...lightning, amount: money(BTC, 2_500n) }
    expect(values('www-authenticate', { offers: [odd] }).map((v) => v.split(' ')[0])).toEqual(['L402'])
  })
  test('never outlive the offer they carry', () => {
    const soon = input.now + 60_000
    const change = {
      offers: [
        { ...evm, expiresAt: soon },
        { ...lightning, expiresAt: soon },
      ],
    }
    expect(required(change).accepts[0].maxTimeoutSeconds).toBe(60)
    for (const value of values('www-authenticate', change).slice(1)) expect(value).toContain(`expires="${new Date(soon).toISOString()}"`)
    expect(build(change).body.offers.map((offer) => offer.expires_at)).toEqual(
      [soon, soon, input.expiresAt].map((ms) => new Date(ms).toISOString()),
    )
  })
  test('fit, whatever the URL and the description of the request are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '😀', '?', '/', '%'), maxLength: 3_000 })
    fc.assert(
      fc.property(text, text, (query, description) => {
        const resource = { method: 'GET', url: `https://api.example.com/joke?q=${query}`, description }
        const { headers } = build({ resource })
        for (const [name, value] of headers) expect(value.length, name).toBeLessThanOrEqual(PAYMENT_REQUIRED_BYTES_MAX)
        expect(headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)).toBeLessThanOrEqual(
          CHALLENGE_HEADERS_BYTES_MAX,
        )
        for (const [, value] of headers) expect(value).toMatch(/^[\x20-\x7e]*$/)
      }),
    )
  })
  test('refuse a path that is too long to be named, as the caller’s fault', () => {
    const resource = { method: 'GET', url: `https://api.example.com/${'a'.repeat(2_000)}`, description: '' }
    expect(() => build({ resource })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
  test('take an invoice with many route hints, and stop before a header that proxies drop', () => {
    const long = (chars: number) => ({
      offers: [evm, { ...lightning, wire: { ...lightning.wire, invoice: `lnbcrt20n1${'q'.repeat(chars)}` } }],
    })
    expect(values('www-authenticate', long(1_500))).toHaveLength(3)
    expect(() => build(long(4_000))).toThrow('more than proxies take')
  })
})

describe('the body of a 402', () => {
  const { offers, ...rest } = build({ offers: [{ ...evm, price: money(USD, 2_100n) }, lightning] }).body

  test('lists every way to pay with its full price', () => {
    expect(offers).toMatchInlineSnapshot(`
      [
        {
          "amount": {
            "amount": "0.00000002",
            "asset": "BTC",
          },
          "expires_at": "2027-01-15T08:05:00.000Z",
          "invoice": "lnbcrt20n1pqpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0qpzry9x8gf2tvdw0",
          "network": "regtest",
          "payment_hash": "02d449a31fbb267c8f352e9968a79e3e5fc95c1bbeaa502fd6454ebde5a4bedc",
          "price": {
            "amount": "0.002",
            "asset": "USD",
          },
          "rail": "lightning",
          "schemes": [
            "l402",
            "mpp",
          ],
        },
        {
          "amount": {
            "amount": "0.002",
            "asset": "eip155:31337/erc20:0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
          },
          "expires_at": "2027-01-15T08:05:00.000Z",
          "network": "eip155:31337",
          "pay_to": "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "price": {
            "amount": "0.0021",
            "asset": "USD",
          },
          "rail": "evm:31337",
          "schemes": [
            "x402",
            "mpp",
          ],
          "token": "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
        },
        {
          "amount": {
            "amount": "0.002",
            "asset": "USD",
          },
          "expires_at": "2027-01-15T08:05:00.000Z",
          "how": "Repeat the request with Authorization: Bearer <api key> and a new Idempotency-Key; it is taken from the balance of that key.",
          "price": {
            "amount": "0.002",
            "asset": "USD",
          },
          "rail": "book",
          "schemes": [
            "bearer",
          ],
        },
      ]
    `)
  })
  test('says what is asked, until when, and what to do', () => {
    expect(rest).toMatchInlineSnapshot(`
      {
        "code": "payment_required",
        "detail": "A joke about tolls costs 0.002 USD",
        "expires_at": "2027-01-15T08:05:00.000Z",
        "hint": "Pay one of the offers and repeat the same request with its proof.",
        "price": {
          "amount": "0.002",
          "asset": "USD",
        },
        "status": 402,
        "title": "Payment is needed",
        "type": "https://paymentauth.org/problems/payment-required",
      }
    `)
  })
  test('says why a proof was refused, in the words of each protocol', () => {
    const refusal = new GatewayError('proof_wrong_amount', 'the authorization is for 1, the offer for 2000 units')
    expect(required({ refusal }).error).toBe('invalid_exact_evm_payload_authorization_value_mismatch')
    expect(build({ refusal }).body).toMatchObject({
      type: 'https://paymentauth.org/problems/verification-failed',
      code: 'proof_wrong_amount',
      status: 402,
      detail: 'the authorization is for 1, the offer for 2000 units',
    })
  })
})

test('a proof that cannot be read is answered with its own status and still with every offer', () => {
  const unreadable = build({ refusal: new GatewayError('proof_malformed', 'PAYMENT-SIGNATURE is not base64 of JSON') })
  expect([unreadable.status, unreadable.body.status, unreadable.body.offers.length]).toEqual([400, 400, 3])
  const mpp = build({ refusal: new GatewayError('credential_malformed', 'Authorization: Payment is not base64url') })
  expect([mpp.status, mpp.body.status, mpp.body.type]).toEqual([402, 402, 'https://paymentauth.org/problems/malformed-credential'])
})

test('a secret shorter than 32 bytes is refused, as current or previous', () => {
  expect(() => challengeKeys({ current: Buffer.alloc(31) })).toThrow('32 bytes')
  expect(() => challengeKeys({ current: Buffer.alloc(32), previous: Buffer.alloc(31) })).toThrow('32 bytes')
})
