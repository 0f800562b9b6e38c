import { describe, expect, test } from 'vitest'
import { CHALLENGE_BODY_BYTES_MAX, readChallenge } from './readChallenge.ts'

const o = { url: 'https://api.example.com/joke', authorizationTaken: false }
const read = (headers: Record<string, string>, body?: string) => readChallenge(new Response(body ?? null, { status: 402, headers }), o)
const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const address = `0x${'aa'.repeat(20)}`
const entry = {
  scheme: 'exact',
  network: 'eip155:1',
  amount: '5',
  asset: address,
  payTo: address,
  maxTimeoutSeconds: 60,
  extra: { name: 'A', version: '1' },
}

describe('a 402', () => {
  test.each([
    ['L402 macaroon="m", invoice="i"', { token: 'm', invoice: 'i' }],
    ['L402 version="0", token="t", invoice="i"', { token: 't', invoice: 'i' }],
    ['LSAT macaroon="m", invoice="i"', { token: 'm', invoice: 'i' }],
    ['Payment id="x", request="r", L402 macaroon="m", invoice="i"', { token: 'm', invoice: 'i' }],
    ['L402 macaroon="m", invoice="i", Payment id="x", invoice="other"', { token: 'm', invoice: 'i' }],
  ])('with %s can be paid by L402', async (header, l402) => {
    expect((await read({ 'www-authenticate': header }))?.l402).toEqual(l402)
  })
  test.each(['Basic realm="L402 macaroon"', 'Payment id="x"', 'L402 macaroon="m"', 'L402 invoice="i"'])(
    'with %s cannot',
    async (header) => {
      expect(await read({ 'www-authenticate': header })).toBeUndefined()
    },
  )
  test('of x402 keeps the entries that an authorization can pay, as they were sent', async () => {
    const accepts = [
      { ...entry, unknown: 1 },
      { ...entry, scheme: 'upto' },
      { ...entry, network: 'solana:x' },
      { ...entry, extra: { ...entry.extra, assetTransferMethod: 'permit2' } },
      { ...entry, amount: '0.5' },
      { ...entry, extra: {} },
      'nonsense',
    ]
    const challenge = await read({ 'payment-required': b64({ x402Version: 2, accepts, resource: { url: 'u' } }) })
    expect(challenge?.x402?.resource).toEqual({ url: 'u' })
    expect(challenge?.x402?.accepts.map((a) => [a.chainId, a.echo])).toEqual([[1, accepts[0]]])
  })
  test('that is malformed, of another version, or silent asks for nothing that is understood', async () => {
    expect(await read({})).toBeUndefined()
    expect(await read({ 'payment-required': '!!' }, '<html>')).toBeUndefined()
    expect(await read({ 'payment-required': b64({ x402Version: 1, accepts: [entry] }) })).toBeUndefined()
  })
  test('of ours states prices in dollars; other currencies are not believed', async () => {
    const offers = [
      { rail: 'book', price: { asset: 'USD', units: '2000' } },
      { rail: 'evm', price: { asset: 'EUR', units: '1' } },
    ]
    expect((await read({}, JSON.stringify({ offers })))?.stated).toEqual({
      book: { asset: expect.objectContaining({ id: 'USD' }), units: 2000n },
    })
  })
  test('with an endless body is read by its headers only', async () => {
    const body = JSON.stringify({ offers: [], padding: 'x'.repeat(CHALLENGE_BODY_BYTES_MAX) })
    expect(await read({}, body)).toBeUndefined()
    expect((await read({ 'www-authenticate': 'L402 macaroon="m", invoice="i"' }, body))?.l402).toBeDefined()
  })
})
