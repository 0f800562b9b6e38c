import { keccak256, stringToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { CHALLENGE_BODY_BYTES_MAX } from './boundedText.ts'
import { proveInvoice } from './proveInvoice.ts'
import { type Challenge, readChallenge } from './readChallenge.ts'

const o = { url: 'https://api.example.com/joke', authorizationTaken: false, now: Date.UTC(2026, 0, 1) }
const read = (headers: Record<string, string>, body?: string) => readChallenge(new Response(body ?? null, { status: 402, headers }), o)
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const address = `0x${'aa'.repeat(20)}` as const
const entry = {
  scheme: 'exact',
  network: 'eip155:1',
  amount: '5',
  asset: address,
  payTo: address,
  maxTimeoutSeconds: 60,
  extra: { name: 'A', version: '1' },
}

const invoices = ({ offers }: Challenge) =>
  offers.flatMap((offer) => (offer.kind === 'invoice' ? [[offer.name, offer.invoice, proveInvoice(offer.proof, 'p')]] : []))
const tokens = ({ offers }: Challenge) => offers.flatMap((offer) => (offer.kind === 'token' ? [offer] : []))
const authorization = { from: address, to: address, value: 5n, validAfter: 0n, validBefore: 9n, nonce: '0x01' } as const
const signed = { authorization, signature: '0x02' } as const
const decoded = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString())

describe('a 402 of L402', () => {
  test.each([
    ['L402 macaroon="m", invoice="i"', 'm'],
    ['L402 version="0", token="t", invoice="i"', 't'],
    ['LSAT macaroon="m", invoice="i"', 'm'],
    ['LSAT macaroon="m", invoice="i", L402 macaroon="m", invoice="i"', 'm'],
    ['Basic realm="a, L402 \\"b", L402 macaroon="m", invoice="i"', 'm'],
    ['Negotiate YWJj==, L402 macaroon="m=", invoice="i"', 'm='],
    ['L402 macaroon="m", invoice="i", Basic realm="x", invoice="other"', 'm'],
  ])('with %s can be paid', async (header, token) => {
    expect(invoices(await read({ 'www-authenticate': header }))).toEqual([['l402', 'i', ['authorization', `L402 ${token}:p`]]])
  })
  test.each([
    ['Basic realm="L402 macaroon"', 'unknown_scheme'],
    ['L402 macaroon="m"', 'malformed'],
    ['L402 invoice="i"', 'malformed'],
    ['', 'unknown_scheme'],
    ['"', 'unknown_scheme'],
  ])('with %s cannot', async (header, reason) => {
    const challenge = await read({ 'www-authenticate': header })
    expect([challenge.offers, challenge.unread.map((one) => one.reason)]).toEqual([[], [reason]])
  })
})

describe('a 402 of MPP', () => {
  const request = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const details = { chainId: 8453, credentialTypes: ['authorization'] }
  const evm = { amount: '5', currency: address, recipient: address, methodDetails: details }
  const payment = (method: string, value: unknown, rest = '') =>
    `Payment id="1", realm="r", method="${method}", intent="charge", request="${request(value)}"${rest}`
  const reasons = async (header: string) => (await read({ 'www-authenticate': header })).unread.map((one) => one.reason)

  test('is paid on a chain by an authorization that is bound to the challenge, and echoes it as it was sent', async () => {
    const header = payment('evm', evm, ', expires="2026-01-01T00:05:00Z", opaque="o", digest="d"')
    const [offer] = tokens(await read({ 'www-authenticate': header }))
    expect(offer).toMatchObject({ name: 'mpp evm/charge on eip155:8453', units: 5n, expiresAt: o.now + 300_000 })
    expect(offer?.nonce).toBe(keccak256(stringToHex('1r')))
    const [name, value] = offer!.prove(signed)
    const { challenge, payload } = decoded(value.slice('Payment '.length))
    expect(name).toBe('authorization')
    expect(challenge).toMatchObject({ id: '1', realm: 'r', request: request(evm), opaque: 'o', digest: 'd' })
    expect(payload).toMatchObject({ type: 'authorization', value: '5', validBefore: '9', signature: '0x02' })
  })
  test('is paid over Lightning by a preimage, also in the header that it names', async () => {
    const header = payment('lightning', { amount: '1', methodDetails: { invoice: 'i' } }, ', header="Payment-Authorization"')
    const [[name, invoice, [field, value]]] = invoices(await read({ 'www-authenticate': header })) as [[string, string, [string, string]]]
    expect([name, invoice, field]).toEqual(['mpp lightning/charge', 'i', 'payment-authorization'])
    expect(decoded(value.slice('Payment '.length)).payload).toEqual({ preimage: 'p' })
  })
  test.each([
    ['malformed', 'Payment id="x"'],
    ['malformed', payment('evm', 'nonsense')],
    ['malformed', payment('lightning', {})],
    ['malformed', payment('evm', evm, ', expires="soon"')],
    ['expired', payment('evm', evm, ', expires="2025-12-31T23:59:59Z"')],
    ['unknown_scheme', payment('tempo', evm)],
    ['unknown_scheme', payment('evm', evm, ', header="Cookie"')],
    ['unknown_scheme', payment('evm', { ...evm, methodDetails: { chainId: 1, credentialTypes: ['permit2'] } })],
    ['unknown_scheme', payment('evm', { ...evm, methodDetails: { ...details, splits: [{}] } })],
  ])('cannot be paid when it is %s', async (reason, header) => {
    expect(await reasons(header)).toEqual([reason])
  })
})

describe('a 402 of x402', () => {
  test('is read entry by entry, and each is echoed as it was sent', async () => {
    const accepts = [
      { ...entry, unknown: 1 },
      { ...entry, scheme: 'upto' },
      { ...entry, scheme: 'deferred' },
      { ...entry, scheme: 'upto', extra: { ...entry.extra, assetTransferMethod: 'eip3009' } },
      { ...entry, network: 'solana:x' },
      { ...entry, extra: { ...entry.extra, assetTransferMethod: 'permit2' } },
      { ...entry, scheme: 'upto', extra: { ...entry.extra, facilitatorAddress: `0x${'fa'.repeat(20)}` } },
      { ...entry, extra: { ...entry.extra, verifyingContract: `0x${'bb'.repeat(20)}` } },
      { ...entry, amount: '0.5' },
      { ...entry, extra: {} },
      'nonsense',
    ]
    const challenge = await read({ 'payment-required': b64({ x402Version: 2, accepts, resource: { url: 'u' } }) })
    const [first, undomained] = tokens(challenge)
    expect(first).toMatchObject({ name: 'x402 exact on eip155:1', chainId: 1, units: 5n, domain: { name: 'A', version: '1' } })
    expect(undomained!.domain).toBeUndefined()
    const [name, value] = first!.prove(signed)
    expect([name, decoded(value)]).toMatchObject(['payment-signature', { x402Version: 2, resource: { url: 'u' }, accepted: accepts[0] }])
    expect(challenge.unread.map((one) => one.reason)).toEqual([
      'malformed',
      'unknown_scheme',
      'malformed',
      'wrong_network',
      'unknown_scheme',
      'malformed',
      'malformed',
    ])
    const permits = challenge.offers.filter(({ kind }) => kind === 'permit')
    expect(permits).toMatchObject([
      { name: 'x402 exact on eip155:1 by Permit2', units: 5n },
      { name: 'x402 upto on eip155:1', units: 5n, facilitator: `0x${'fa'.repeat(20)}` },
    ])
    expect(permits[0]).not.toHaveProperty('facilitator')
    expect(tokens(challenge)).toHaveLength(2)
  })
  test('of version 1 is read from the body, when there is no header', async () => {
    const { amount: maxAmountRequired, ...rest } = entry
    const accepts = [
      { ...rest, network: 'base', maxAmountRequired },
      { ...rest, network: 'solana', maxAmountRequired },
    ]
    const body = JSON.stringify({ x402Version: 1, accepts })
    const challenge = await read({}, body)
    const [offer] = tokens(challenge)
    expect(offer).toMatchObject({ name: 'x402 exact on base', chainId: 8453, units: 5n })
    const [name, value] = offer!.prove(signed)
    expect([name, decoded(value)]).toMatchObject(['x-payment', { x402Version: 1, scheme: 'exact', network: 'base' }])
    expect(challenge.unread).toMatchObject([{ offer: 'x402 exact on solana', reason: 'wrong_network' }])
    const both = await read({ 'payment-required': b64({ x402Version: 2, accepts: [entry] }) }, body)
    expect(tokens(both).map((one) => one.name)).toEqual(['x402 exact on eip155:1'])
  })
})

describe('a 402', () => {
  test('that is malformed, of another version, or silent says so', async () => {
    expect((await read({})).unread).toMatchObject([{ offer: 'the 402', reason: 'unknown_scheme' }])
    expect((await read({ 'payment-required': '!!' }, '<html>')).unread).toMatchObject([{ offer: 'x402', reason: 'malformed' }])
    const other = await read({ 'payment-required': b64({ x402Version: 3, accepts: [entry] }) })
    expect(other.unread).toMatchObject([{ offer: 'x402', reason: 'malformed' }])
  })
  test('of ours states prices in dollars, as it says them now and as it did before; other currencies are not believed', async () => {
    const wrong = ['0.0000001', '1e3', '-1', '9'.repeat(13), '', 2, null].map((amount, i) => ({
      rail: `evm:${i}`,
      price: { asset: 'USD', amount },
    }))
    const offers = [
      { rail: 'book', price: { asset: 'USD', amount: '0.002' } },
      { rail: 'lightning', price: { asset: 'USD', units: '2100', decimal: '0.0021' } },
      { rail: 'evm', price: { asset: 'EUR', amount: '1' } },
      { rail: 'bank', price: { asset: 'USD' } },
      ...wrong,
    ]
    const challenge = await read({}, JSON.stringify({ offers }))
    const usd = (units: bigint) => ({ asset: expect.objectContaining({ id: 'USD' }), units })
    // A number is read as it is written; what is no sum of dollars is not stated.
    expect(challenge.stated).toEqual({ book: usd(2_000n), lightning: usd(2_100n), 'evm:5': usd(2_000_000n) })
    expect(challenge.offers).toEqual([{ kind: 'balance', name: 'balance', header: 'authorization' }])
  })
  test('leaves no offer whose proof would go where the request has its own Authorization', async () => {
    const headers = { 'www-authenticate': 'L402 macaroon="m", invoice="i"', 'payment-required': b64({ x402Version: 2, accepts: [entry] }) }
    const challenge = await readChallenge(new Response(null, { status: 402, headers }), { ...o, authorizationTaken: true })
    expect(challenge.offers.map(({ name }) => name)).toEqual(['x402 exact on eip155:1'])
    expect(challenge.unread).toMatchObject([{ offer: 'l402', reason: 'header_taken' }])
  })
  test('with an endless body is read by its headers only', async () => {
    const body = JSON.stringify({ offers: [], padding: 'x'.repeat(CHALLENGE_BODY_BYTES_MAX) })
    expect((await read({}, body)).offers).toEqual([])
    expect((await read({ 'www-authenticate': 'L402 macaroon="m", invoice="i"' }, body)).offers).toHaveLength(1)
  })
})
