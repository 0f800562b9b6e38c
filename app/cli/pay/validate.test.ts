import { expect, test } from 'vitest'
import { validated } from './validate.ts'

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const b64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const address = `0x${'aa'.repeat(20)}`
const extra = { name: 'USDC', version: '2' }
const entry = { scheme: 'exact', network: 'eip155:8453', amount: '5', asset: address, payTo: address, maxTimeoutSeconds: 60, extra }
const entry1 = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '5',
  resource: 'http://a.example/',
  asset: address,
  payTo: address,
  maxTimeoutSeconds: 60,
  extra,
}
/** BOLT 11's own example of 2,500 micro-bitcoin, made in 2017 for one minute. */
const INVOICE =
  'lnbc2500u1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu9qrsgquk0rl77nj30yxdy8j9vdx85fkpmdla2087ne0xh8nhedh8w27kyke0lp53ut353s06fv3qfegext0eh0ymjpf39tuven09sam30g4vgpfna3rh'
const HASH = '0001020304050607080900010203040506070809000102030405060708090102'
const IN_TIME = 1_496_314_658_000 + 30_000

const macaroon = (identifier: Buffer) => {
  const size = Buffer.of(identifier.length)
  return Buffer.concat([Buffer.of(2, 2), size, identifier, Buffer.of(0, 0, 6, 32), Buffer.alloc(32)]).toString('base64')
}
const token = (hash: string) => macaroon(Buffer.concat([Buffer.alloc(2), Buffer.from(hash, 'hex'), Buffer.alloc(32)]))
const l402 = (hash: string, invoice = INVOICE) => ({ 'www-authenticate': `L402 macaroon="${token(hash)}", invoice="${invoice}"` })
const x402 = (change: object, inEntry: object = {}) => ({
  'payment-required': b64({ x402Version: 2, resource: { url: 'http://a.example/' }, accepts: [{ ...entry, ...inEntry }], ...change }),
})
const payment = (method: string, request: unknown, rest = '') => ({
  'www-authenticate': `Payment id="1", realm="r", method="${method}", intent="charge", request="${b64url(request)}"${rest}`,
  'cache-control': 'no-store',
})
const lightning = { amount: '250000', currency: 'sat', methodDetails: { invoice: INVOICE, paymentHash: HASH } }
const evm = { amount: '5', currency: address, recipient: address, methodDetails: { chainId: 8453, credentialTypes: ['authorization'] } }

/** The rules that do not hold, advice left out. */
function broken(headers: Record<string, string>, o: { status?: number; json?: unknown; now?: number } = {}): string[] {
  const { status = 402, json, now = IN_TIME } = o
  const found = validated({ url: 'http://a.example/', status, headers: new Headers(headers), json, now })
  for (const { change, reference } of found) expect([change, reference]).not.toContain('')
  return found.flatMap(({ where, rule, holds, advice }) => (holds || advice ? [] : [`${where}: ${rule}`]))
}

test.each([
  ['x402 v2', x402({}), {}],
  [
    'x402 v2 elsewhere than on EVM',
    x402({}, { network: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', asset: 'EPjF', payTo: 'abc', extra: {} }),
    {},
  ],
  ['x402 v1', {}, { json: { x402Version: 1, accepts: [entry1] } }],
  ['an MPP charge on a chain', payment('evm', evm), {}],
  ['an MPP charge over Lightning', payment('lightning', lightning), {}],
  ['an MPP charge of another method', payment('tempo', {}), {}],
  ['L402', l402(HASH), {}],
])('a correct 402 of %s breaks no rule', (_, headers, o) => {
  expect(broken(headers, o)).toEqual([])
})

test.each([
  ['http: an unpaid request is answered 402', {}, { status: 200 }],
  ['http: it asks by x402, MPP or L402', {}, {}],
  ['x402 v2: x402Version is 2', x402({ x402Version: 1 }), {}],
  ['x402 v2: resource.url is a URL', x402({ resource: { url: '/paid' } }), {}],
  ['x402 v2: accepts has at least one entry', x402({ accepts: [] }), {}],
  ['x402 v2 accepts[0]: network is CAIP-2', x402({}, { network: 'base' }), {}],
  ['x402 v2 accepts[0]: amount is a decimal string of the smallest unit', x402({}, { amount: '0.5' }), {}],
  ['x402 v2 accepts[0]: amount is a decimal string of the smallest unit', x402({}, { amount: 5 }), {}],
  ['x402 v2 accepts[0]: asset is named', x402({}, { asset: 'USDC' }), {}],
  ['x402 v2 accepts[0]: payTo is named', x402({}, { payTo: '' }), {}],
  ['x402 v2 accepts[0]: maxTimeoutSeconds is a whole number above 0', x402({}, { maxTimeoutSeconds: '60' }), {}],
  ['x402 v2 accepts[0]: extra names the token’s EIP-712 name and version', x402({}, { extra: { name: 'USDC' } }), {}],
  ['x402 v1: accepts has at least one entry', {}, { json: { x402Version: 1, accepts: [] } }],
  [
    'x402 v1 accepts[0]: network is a name of version 1',
    {},
    { json: { x402Version: 1, accepts: [{ ...entry1, network: 'eip155:8453' }] } },
  ],
  ['x402 v1 accepts[0]: resource is a URL', {}, { json: { x402Version: 1, accepts: [{ ...entry1, resource: '/paid' }] } }],
  ['mpp EVM/charge: method is in small letters', payment('EVM', evm), {}],
  ['mpp evm/charge: amount is a decimal string of the smallest unit', payment('evm', { ...evm, amount: '-5' }), {}],
  ['mpp evm/charge: currency and recipient are addresses', payment('evm', { ...evm, recipient: 'me' }), {}],
  ['mpp evm/charge: methodDetails.chainId is a whole number above 0', payment('evm', { ...evm, methodDetails: { chainId: '1' } }), {}],
  [
    'mpp evm/charge: expires, where it is there, is a time to come by RFC 3339',
    payment('evm', evm, ', expires="2017-06-01T00:00:00Z"'),
    {},
  ],
  ['mpp evm/charge: the answer is not stored', { ...payment('evm', evm), 'cache-control': 'max-age=60' }, {}],
  ['mpp lightning/charge: amount in sat is that of the invoice', payment('lightning', { ...lightning, amount: '250' }), {}],
  [
    'mpp lightning/charge: paymentHash, where it is there, is that of the invoice',
    payment('lightning', { ...lightning, methodDetails: { invoice: INVOICE, paymentHash: 'ff'.repeat(32) } }),
    {},
  ],
  [
    'mpp lightning/charge: the challenge does not outlive its invoice',
    payment('lightning', lightning, ', expires="2017-06-02T00:00:00Z"'),
    {},
  ],
  ['l402: the identifier names the payment hash of the invoice', l402('ff'.repeat(32)), {}],
  ['l402: the invoice has not expired', l402(HASH), { now: IN_TIME + 60_000 }],
])('%s', (rule, headers, o) => {
  expect(broken(headers, o)).toEqual([rule])
})

test.each([
  ['x402 v2: PAYMENT-REQUIRED is standard base64 of JSON', { 'payment-required': 'e30-_' }],
  [
    'mpp evm/charge: request is base64url without padding, of a JSON object',
    { 'www-authenticate': 'Payment id="1", realm="r", method="evm", intent="charge", request="e30="' },
  ],
  ['mpp evm/charge: id, realm, method, intent and request are there', { 'www-authenticate': 'Payment method="evm", intent="charge"' }],
  ['mpp lightning/charge: methodDetails.invoice is a BOLT 11 invoice with an amount', payment('lightning', {})],
  ['l402: macaroon and invoice are there', { 'www-authenticate': 'L402 macaroon="AgJC"' }],
  ['l402: the macaroon is base64 of the binary form, version 2', { 'www-authenticate': `L402 macaroon="e30=", invoice="${INVOICE}"` }],
  [
    'l402: its identifier is version 0, a payment hash and a token id',
    { 'www-authenticate': `L402 macaroon="${macaroon(Buffer.alloc(32))}", invoice="${INVOICE}"` },
  ],
  ['l402: the invoice is BOLT 11 with an amount', l402(HASH, 'lnbc1')],
] as [string, Record<string, string>][])('%s, among others', (rule, headers) => {
  expect(broken(headers)).toContain(rule)
})
