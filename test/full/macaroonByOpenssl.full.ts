// Needs the program openssl (Debian's package openssl): a second implementation of what an L402 token's signature is made of.
import { expect, test } from 'vitest'
import { decodeMacaroon, encodeMacaroon, signMacaroon } from '../../gateway/payins/challenge/macaroon.ts'
import { opensslHmac } from './opensslProgram.ts'

const rootKey = Buffer.alloc(32, 0x5a)
const identifier = Buffer.concat([Buffer.alloc(2), Buffer.alloc(32, 1), Buffer.alloc(32, 2)])
const caveats = ['route=abc', 'amount_msat=2000', 'valid_until=1790000000']

// libmacaroons derives the first key under this name, padded with zeros to 32 bytes.
const KEY_GENERATOR = Buffer.concat([Buffer.from('macaroons-key-generator'), Buffer.alloc(9)])

function chainByOpenssl(added: readonly string[]): Buffer {
  const first = opensslHmac(opensslHmac(KEY_GENERATOR, rootKey), identifier)
  return added.reduce((signature, caveat) => opensslHmac(signature, caveat), first)
}

test('the signature of a token equals the HMAC chain that openssl computes', () => {
  expect(signMacaroon(rootKey, identifier, caveats).toString('hex')).toBe(chainByOpenssl(caveats).toString('hex'))
  expect(signMacaroon(rootKey, identifier, []).toString('hex')).toBe(chainByOpenssl([]).toString('hex'))
})

test('a holder can narrow a token with openssl alone, and the gateway agrees with the result', () => {
  const ours = { location: '', identifier, caveats, signature: signMacaroon(rootKey, identifier, caveats) }
  const held = decodeMacaroon(encodeMacaroon(ours))!
  const narrowed = opensslHmac(held.signature, 'valid_until=1780000000')
  expect(narrowed.equals(signMacaroon(rootKey, identifier, [...caveats, 'valid_until=1780000000']))).toBe(true)
})

test('a changed caveat gives another signature', () => {
  expect(signMacaroon(rootKey, identifier, ['route=abd', ...caveats.slice(1)]).equals(chainByOpenssl(caveats))).toBe(false)
})
