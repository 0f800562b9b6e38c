import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { authenticateParams } from '../../../test/challenge/exampleProofs.ts'
import { challengeKeys } from './challengeKeys.ts'
import { rootKeyOf, termsOfToken } from './l402Token.ts'
import { CAVEATS_MAX, decodeMacaroon, encodeMacaroon, type Macaroon, signMacaroon } from './macaroon.ts'

/** The published format once more, written from its description (go-macaroon, "Binary format version 2") and sharing no code with ours. */
function readV2(bytes: Buffer): { identifier: string; caveats: string[]; signature: string } {
  expect(bytes[0]).toBe(2)
  let at = 1
  const uvarint = () => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = bytes[at++]!
      value += (byte % 128) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }
  const section = () => {
    const fields = new Map<number, Buffer>()
    for (let type = uvarint(); type !== 0; type = uvarint()) {
      const length = uvarint()
      fields.set(type, bytes.subarray(at, at + length))
      at += length
    }
    return fields
  }
  const header = section()
  const caveats: string[] = []
  for (let caveat = section(); caveat.size > 0; caveat = section()) caveats.push(caveat.get(2)!.toString('utf8'))
  expect([uvarint(), uvarint()]).toEqual([6, 32])
  expect(bytes.length).toBe(at + 32)
  return { identifier: header.get(2)!.toString('hex'), caveats, signature: bytes.subarray(at).toString('hex') }
}

function signAgain(rootKey: Buffer, identifier: string, caveats: string[]): string {
  const mac = (key: string | Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest()
  let signature = mac(mac('macaroons-key-generator', rootKey), Buffer.from(identifier, 'hex'))
  for (const caveat of caveats) signature = mac(signature, Buffer.from(caveat))
  return signature.toString('hex')
}

const { input } = exampleChallenge()
const token = () => decodeMacaroon(Buffer.from(authenticateParams(input).l402!.macaroon!, 'base64'))!
const narrowed = (caveats: readonly string[]): Macaroon => {
  const base = token()
  const signature = caveats.reduce((key, caveat) => createHmac('sha256', key).update(caveat).digest(), base.signature)
  return { ...base, caveats: [...base.caveats, ...caveats], signature }
}

describe('a macaroon', () => {
  test('reads by the published format, with an identifier of 66 bytes and our caveats', () => {
    const read = readV2(Buffer.from(authenticateParams(input).l402!.macaroon!, 'base64'))
    expect(read.identifier).toMatch(/^0000[0-9a-f]{128}$/)
    expect(read.caveats.map((caveat) => caveat.split('=')[0])).toEqual(['route', 'price_micro_usd', 'amount_msat', 'valid_until'])
    expect(read.caveats.slice(1)).toEqual(['price_micro_usd=2000', 'amount_msat=2000', `valid_until=${input.expiresAt / 1000}`])
  })
  test('is signed by the published chain of HMACs', () => {
    const rootKey = Buffer.from('this is our super secret key; only we should know it')
    const identifier = Buffer.from('we used our secret key')
    // The tutorial of libmacaroons prints these two signatures.
    expect(signMacaroon(rootKey, identifier, []).toString('hex')).toBe('e3d9e02908526c4c0039ae15114115d97fdd68bf2ba379b342aaf0f617d0552f')
    expect(signMacaroon(rootKey, identifier, ['account = 3735928559']).toString('hex')).toBe(
      '1efe4763f290dbce0c1d08477367e11f4eee456a64933cf662d79772dbb82128',
    )
    expect(signMacaroon(rootKey, identifier, ['a', 'b']).toString('hex')).toBe(signAgain(rootKey, identifier.toString('hex'), ['a', 'b']))
  })
  test('survives writing and reading, with fields longer than one length byte', () => {
    const written: Macaroon = {
      location: 'x'.repeat(200),
      identifier: Buffer.alloc(20_000, 3),
      caveats: ['a', 'b'.repeat(300)],
      signature: Buffer.alloc(32, 4),
    }
    expect(decodeMacaroon(encodeMacaroon(written))).toEqual(written)
  })
  test('that is cut, lengthened, of version 1, or with a third-party caveat is not read', () => {
    const bytes = encodeMacaroon(token())
    for (let length = 0; length < bytes.length; length++) expect(decodeMacaroon(bytes.subarray(0, length))).toBeUndefined()
    expect(decodeMacaroon(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined()
    expect(decodeMacaroon(Buffer.concat([Buffer.from([1]), bytes.subarray(1)]))).toBeUndefined()
    const thirdParty = Buffer.from([2, 2, 1, 65, 0, 2, 1, 66, 4, 1, 67, 0, 0, 6, 32, ...Buffer.alloc(32)])
    expect(decodeMacaroon(thirdParty)).toBeUndefined()
  })
  test('with too many caveats is not read', () => {
    const many = (n: number) => encodeMacaroon({ ...token(), caveats: new Array<string>(n).fill('x=1') })
    expect(decodeMacaroon(many(CAVEATS_MAX))).toBeDefined()
    expect(decodeMacaroon(many(CAVEATS_MAX + 1))).toBeUndefined()
  })
})

describe('a holder of a token', () => {
  test('may shorten its life', () => {
    const shorter = narrowed(['valid_until=1000'])
    expect(rootKeyOf(shorter, input.keys)).toBeDefined()
    expect(termsOfToken(shorter).terms.validUntil).toBe(1000)
  })
  test.each([
    ['expires_at=1000', 1000],
    ['switchyard_valid_until = 1000', 1000],
    ['time-before 2001-09-09T01:46:40Z', 1_000_000_000],
    ['time < 2001-09-09T03:46:40.5+02:00', 1_000_000_000],
  ])('may shorten it in the words of others: %s', (caveat, until) => {
    expect(termsOfToken(narrowed([caveat]))).toMatchObject({ terms: { validUntil: until }, narrowing: { untilS: until } })
  })
  test.each([
    ['method=GET', true],
    ['method=POST', false],
    ['RequestMethod = POST, GET', true],
    ['path=/joke', true],
    ['path=/joke/', false],
    ['path=/jo*', true],
    ['RequestPath=/other', false],
    ['services=switchyard:0', true],
    ['services=other:0,switchyard:1', true],
    ['services=other:0', false],
    ['switchyard_capabilities=use', true],
    ['switchyard_capabilities=', false],
  ])('may narrow it to requests: %s', (caveat, buys) => {
    const { narrowing } = termsOfToken(narrowed([caveat]))
    expect([narrowing.unknown, narrowing.buys({ method: 'GET', path: '/joke' })]).toEqual([undefined, buys])
    expect(termsOfToken(narrowed(['path=/*', caveat])).narrowing.buys({ method: 'GET', path: '/joke' })).toBe(buys)
  })
  test.each(['/a/../b', '/a/%2e%2E/b', '/a/.', '//a', '/a\\b', '/a%2fb', '/a;b'])(
    'is under no path that could be read as another: %s',
    (path) => {
      expect(termsOfToken(narrowed(['path=/*'])).narrowing.buys({ method: 'GET', path })).toBe(false)
    },
  )
  test('takes HEAD for GET', () => {
    expect(termsOfToken(narrowed(['method=GET'])).narrowing.buys({ method: 'HEAD', path: '/' })).toBe(true)
  })
  test('cannot lengthen it', () => {
    expect(termsOfToken(narrowed(['valid_until=99999999999'])).terms.validUntil).toBe(input.expiresAt / 1000)
  })
  test('may not contradict a caveat, nor add one that is not understood', () => {
    for (const caveat of [
      'amount_msat=1',
      'price_micro_usd=1',
      `route=${'0'.repeat(64)}`,
      'ip=127.0.0.1',
      'valid_until=soon',
      'valid_until=',
      'time-before tomorrow',
      'uses=5',
      'pass=uses.1.1',
      'other_capabilities=use',
      '',
      'path=/\u00e9',
    ]) {
      expect(termsOfToken(narrowed([caveat])).narrowing.unknown, caveat).toBeDefined()
    }
  })
  test('cannot take a caveat away or mint one under another secret', () => {
    expect(rootKeyOf({ ...token(), caveats: token().caveats.slice(0, -1) }, input.keys)).toBeUndefined()
    expect(rootKeyOf(token(), challengeKeys({ current: Buffer.alloc(32, 1) }))).toBeUndefined()
    expect(rootKeyOf({ ...token(), identifier: Buffer.alloc(65) }, input.keys)).toBeUndefined()
  })
})
