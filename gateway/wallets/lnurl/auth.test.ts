import { createHash, createHmac, randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createBase58check } from '@scure/base'
import { expect, test } from 'vitest'
import { deriveKey, HARDENED } from '../../../test/lnurl/deriveKey.ts'
import { linkingKey, linkingPath } from '../../../test/lnurl/linkingKey.ts'
import { authIsSigned, signAuth } from './auth.ts'

const login = (k1: string) => new URL(`https://service.example/auth?tag=login&k1=${k1}&action=login`)

test('the example of LUD-04 and a signature of ours hold', () => {
  // From the document's own example call.
  const example = {
    k1: 'e2af6254a8df433264fa23f67eb8188635d15ce883e8fc020989d5f82ae6f11e',
    sig: '304402203767faf494f110b139293d9bab3c50e07b3bf33c463d4aa767256cd09132dc5102205821f8efacdb5c595b92ada255876d9201e126e2f31a140d44561cc1f7e9e43d',
    key: '02c3b844b8104f0c1b15c507774c9ba7fc609f58f343b9b149122e944dd20c9362',
  }
  expect(authIsSigned(example)).toBe(true)
  expect(authIsSigned({ ...example, k1: example.k1.replace('e', 'f') })).toBe(false)
  const signed = signAuth(login(example.k1), new Uint8Array(32).fill(9))!
  const [k1, sig, key] = ['k1', 'sig', 'key'].map((name) => signed.searchParams.get(name)!)
  expect(authIsSigned({ k1: k1!, sig: sig!, key: key! })).toBe(true)
  expect(signed.searchParams.get('action')).toBe('login')
})

test('a signature of another key, over another challenge, or over the hash of the challenge does not hold', () => {
  const [k1, other] = ['11'.repeat(32), '22'.repeat(32)]
  const key = new Uint8Array(32).fill(9)
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const sign = (message: string, prehash: boolean) =>
    hex(secp256k1.sign(Uint8Array.from(Buffer.from(message, 'hex')), key, { prehash, format: 'der' }))
  const publicKey = hex(secp256k1.getPublicKey(key))
  expect(authIsSigned({ k1, sig: sign(k1, false), key: publicKey })).toBe(true)
  expect(authIsSigned({ k1, sig: sign(other, false), key: publicKey })).toBe(false)
  expect(authIsSigned({ k1, sig: sign(k1, true), key: publicKey })).toBe(false)
  expect(authIsSigned({ k1, sig: sign(k1, false), key: hex(secp256k1.getPublicKey(new Uint8Array(32).fill(8))) })).toBe(false)
})

test.each([
  ['a key that is no point', { key: `02${'ff'.repeat(32)}` }],
  ['an uncompressed key', { key: `04${'11'.repeat(64)}` }],
  ['a signature that is no DER', { sig: '3006020100020100' }],
  ['an empty signature', { sig: '' }],
  ['a challenge of another length', { k1: '11' }],
])('%s is refused, not thrown', (_, change) => {
  const good = signAuth(login('11'.repeat(32)), new Uint8Array(32).fill(9))!.searchParams
  const proof = { k1: good.get('k1')!, sig: good.get('sig')!, key: good.get('key')! }
  expect(authIsSigned(proof)).toBe(true)
  expect(authIsSigned({ ...proof, ...change })).toBe(false)
})

test('a URL that is no login is not signed', () => {
  expect(signAuth(new URL(`https://service.example/?k1=${'11'.repeat(32)}`), randomBytes(32))).toBeUndefined()
  expect(signAuth(login('xyz'), randomBytes(32))).toBeUndefined()
})

test('the path of a linking key is the one of the test vector of LUD-05', () => {
  const hashingKey = Buffer.from('7d417a6a5e9a6a4a879aeaba11a11838764c8fa2b959c242d43dea682b3e409b', 'hex')
  expect(linkingPath(hashingKey, 'site.com')).toEqual([1_588_488_367, 2_659_270_754, 38_110_259, 4_136_336_762])
})

test('keys are derived as in the first test vector of BIP 32', () => {
  const base58check = createBase58check((bytes: Uint8Array) => createHash('sha256').update(bytes).digest())
  const seed = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
  const vectors: [number[], string][] = [
    [[], 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'],
    [[HARDENED, 1], 'xprv9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSxqu53Kw1UmYPxLgboyZQaXwTCg8MSY3H2EU4pWcQDnRnrVA1xe8fs'],
  ]
  for (const [path, xprv] of vectors) {
    // The key is the last 32 bytes of an extended private key.
    expect(Buffer.from(deriveKey(seed, path)).toString('hex')).toBe(Buffer.from(base58check.decode(xprv).slice(-32)).toString('hex'))
  }
})

test('a wallet shows each domain another key, always the same', () => {
  const seed = createHmac('sha256', 'test').update('seed').digest()
  const keys = ['a.example', 'b.example', 'a.example'].map((domain) => Buffer.from(linkingKey(seed, domain)).toString('hex'))
  expect(keys[0]).toBe(keys[2])
  expect(keys[0]).not.toBe(keys[1])
})
