import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { credentialHeaders, lightningCredential, x402Headers, x402Payment } from '../../../test/challenge/exampleProofs.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { encodeMacaroon } from '../challenge/macaroon.ts'
import { PROOF_BYTES_MAX, type ProofHeaders, readProof } from './readProof.ts'

// A credential has one spelling: who keeps, caches or compares credentials by their bytes is never shown the same one twice in other letters.
const { input } = exampleChallenge()
const payment = await x402Payment(input)
const json = JSON.stringify(payment)
const credential = JSON.stringify(lightningCredential(input))
/** Its base64 has both letters that the two alphabets write differently, and one sign of padding. */
const macaroon = encodeMacaroon({ location: '', identifier: Buffer.alloc(66, 0xfb), caveats: [], signature: Buffer.alloc(32, 0xfb) })
const token = `L402 ${Buffer.from(macaroon).toString('base64')}:${'11'.repeat(32)}`

function codeOf(headers: ProofHeaders): string {
  try {
    return readProof(headers)?.scheme ?? 'none'
  } catch (error) {
    if (isGatewayError(error)) return error.code
    throw error
  }
}

const x402 = (bytes: string | Uint8Array): ProofHeaders => ({ 'payment-signature': Buffer.from(bytes).toString('base64') })
const mpp = (bytes: string | Uint8Array): ProofHeaders => ({ authorization: `Payment ${Buffer.from(bytes).toString('base64url')}` })

/** The text with blanks at its end until its base64 has `padding` signs of padding. */
function padded(text: string, padding: number): string {
  for (let blanks = 0; ; blanks++) {
    const long = text + ' '.repeat(blanks)
    if (Buffer.byteLength(long) % 3 === (padding === 0 ? 0 : 3 - padding)) return long
  }
}

/** Base64 whose last letter says the same in the bits that count, and something in those that do not. */
function trailing(base64: string): string {
  const [, body, last, padding] = /^(.*)([^=])(=*)$/.exec(base64)!
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return `${body}${alphabet[alphabet.indexOf(last!) + 1]}${padding}`
}

/** JSON with `key` written a second time, right behind the first. */
const twice = (text: string, key: string): string => text.replace(new RegExp(`("${key}":("[^"]*"|\\d+))`), '$1,$1')

describe('another spelling of a proof is refused', () => {
  test.each<[string, ProofHeaders, string]>([
    [
      'x402 with bits behind its end',
      { 'payment-signature': trailing(String(x402(padded(json, 1))['payment-signature'])) },
      'proof_malformed',
    ],
    [
      'x402 with more bits behind its end',
      { 'payment-signature': trailing(String(x402(padded(json, 2))['payment-signature'])) },
      'proof_malformed',
    ],
    [
      'x402 without its padding',
      { 'payment-signature': String(x402(padded(json, 2))['payment-signature']).replaceAll('=', '') },
      'proof_malformed',
    ],
    [
      'x402 with a byte that is no UTF-8',
      x402(Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')])),
      'proof_malformed',
    ],
    [
      'x402 with an overlong letter',
      x402(Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from(',"x":"\xc0\xaf"}', 'latin1')])),
      'proof_malformed',
    ],
    ['x402 behind a byte order mark', x402(`\ufeff${json}`), 'proof_malformed'],
    ['x402 with its version twice', x402(twice(json, 'x402Version')), 'proof_malformed'],
    ['x402 with its payee twice', x402(twice(json, 'payTo')), 'proof_malformed'],
    ['x402 with its value twice, once in escapes', x402(json.replace('"value":', '"v\\u0061lue":"1","value":')), 'proof_malformed'],
    [
      'x402 with its value twice, among blanks',
      x402(JSON.stringify(payment, null, 2).replace('"value":', '"value" : "1",\n "value" :')),
      'proof_malformed',
    ],
    ['MPP with its preimage twice', mpp(twice(credential, 'preimage')), 'credential_malformed'],
    [
      'MPP with a byte that is no UTF-8',
      mpp(Buffer.concat([Buffer.from(credential.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')])),
      'credential_malformed',
    ],
    [
      'L402 in both alphabets',
      { authorization: token.replace(/[+/](?=.*[+/])/, (letter) => (letter === '+' ? '-' : '_')) },
      'token_malformed',
    ],
    ['L402 with too much padding', { authorization: token.replace(/=*:/, '==:') }, 'token_malformed'],
    [
      'L402 with bits behind its end',
      { authorization: token.replace(/ ([^:]*)/, (_, macaroon: string) => ` ${trailing(macaroon)}`) },
      'token_malformed',
    ],
  ])('%s', (_name, headers, code) => {
    expect(codeOf(headers)).toBe(code)
  })

  test('but not one with blanks, in another order, or with what is not known here', () => {
    expect(codeOf(x402(JSON.stringify(payment, null, 2)))).toBe('x402')
    expect(codeOf(x402(JSON.stringify(Object.fromEntries(Object.entries(payment).reverse()))))).toBe('x402')
    expect(codeOf(x402Headers({ ...payment, extensions: { a: [{ b: '","b":1' }, { b: 2 }], c: {} } }))).toBe('x402')
    expect(codeOf(credentialHeaders({ ...lightningCredential(input), more: { '1': 'é', '0': '😀' } }))).toBe('mpp-lightning')
    expect(macaroon.length % 3).toBe(2)
    expect(codeOf({ authorization: token })).toBe('l402')
    expect(codeOf({ authorization: token.replaceAll('+', '-').replaceAll('/', '_').replace('=', '') })).toBe('l402')
  })
})

test('a proof with the extensions of x402 fits: 16 kB of header are read, and not a byte more', () => {
  const room = (PROOF_BYTES_MAX / 4) * 3
  const whole = (bytes: number) =>
    x402(json.replace(/}$/, `,"extensions":{"offer":"${'a'.repeat(bytes - json.length - 26)}"}}`).padEnd(bytes))
  expect(PROOF_BYTES_MAX).toBe(16_384)
  expect(codeOf(whole(room))).toBe('x402')
  expect(codeOf(whole(room + 1))).toBe('proof_malformed')
})
