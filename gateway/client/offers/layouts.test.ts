import { expect, test } from 'vitest'
import { readChallenge } from './readChallenge.ts'

const NOW = Date.UTC(2026, 0, 1)
const address = `0x${'aa'.repeat(20)}`
const request = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const evm = request({
  amount: '5',
  currency: address,
  recipient: address,
  methodDetails: { chainId: 8453, credentialTypes: ['permit2', 'authorization'] },
})
const lightning = request({ amount: '1', currency: 'sat', methodDetails: { invoice: 'lnbc10n1pqqq' } })

const L402 = 'L402 macaroon="bWFj", invoice="lnbc20n1pqqq"'
const EVM = `Payment id="1", realm="a, \\"b\\"", method="evm", intent="charge", request="${evm}", expires="2026-01-01T00:05:00Z"`
const LIGHTNING = `Payment request="${lightning}", intent="charge", method="lightning", realm="r", id="2", header="Payment-Authorization"`
const TEMPO = `Payment id="3", realm="r", method="tempo", intent="session", request="${lightning}"`
const PAYABLE = ['l402', 'mpp evm/charge on eip155:8453', 'mpp lightning/charge']

/** What can be paid of a 402 with these values, each a header of its own, as fetch joins them. */
async function payable(values: readonly string[]): Promise<string[]> {
  const headers = new Headers()
  for (const value of values) headers.append('www-authenticate', value)
  const challenge = await readChallenge(new Response(null, { status: 402, headers }), {
    url: 'https://api.example.com/joke',
    authorizationTaken: false,
    now: NOW,
  })
  return challenge.offers.map(({ name }) => name).sort()
}

function orders<T>(values: readonly T[]): T[][] {
  if (values.length === 0) return [[]]
  return values.flatMap((value, i) => orders([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]))
}

test('challenges are read in any order, in headers of their own or joined into one', async () => {
  for (const order of orders([L402, EVM, LIGHTNING, TEMPO])) {
    expect(await payable(order), order.join('\n')).toEqual(PAYABLE)
    expect(await payable([order.join(', ')])).toEqual(PAYABLE)
    expect(await payable([order.join(',')])).toEqual(PAYABLE)
  }
})

test.each([
  'Basic realm="x, Payment id=\\"9\\""',
  'Basic',
  'Negotiate YWJj==',
  'Digest realm="r", qop="auth, auth-int", nonce=abc=, opaque=""',
  'Custom key = value with spaces',
  'Custom a=b c=d',
  'Custom "a string alone"',
  'Custom key="no end of it\\"',
  'Custom {json: [1, 2]}',
  '"',
  '=',
  ', ,',
  'Payment',
  'Payment id="x" realm="r"',
])('beside %s the others are read, whichever comes first', async (stranger) => {
  const known = [L402, EVM, LIGHTNING]
  // What is quoted without an end takes what follows it, as it must.
  const ends = /no end|^"$/.test(stranger)
  for (const at of ends ? [3] : [0, 1, 2, 3]) expect(await payable([...known.slice(0, at), stranger, ...known.slice(at)])).toEqual(PAYABLE)
})

test('a scheme that is a word in the text of another is none', async () => {
  expect(await payable([`Basic realm="L402 macaroon=\\"m\\", invoice=\\"i\\""`])).toEqual([])
  expect(await payable([`Custom {"${L402.replaceAll('"', "'")}"}`])).toEqual([])
})
