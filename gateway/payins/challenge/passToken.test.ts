import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXAMPLE_HASH, exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { buildChallenge } from './buildChallenge.ts'
import type { Guarded } from './caveats.ts'
import { challengeKeys } from './challengeKeys.ts'
import { decodeMacaroon, encodeMacaroon, type Macaroon } from './macaroon.ts'
import { isPass, mintPass, readPass } from './passToken.ts'

const { input } = exampleChallenge()
const pass = {
  route: 'ab'.repeat(32),
  method: 'GET',
  path: '/joke',
  terms: { kind: 'uses', uses: 100, price: money(USD, 200_000n), forMs: 60_000 },
  offeredUntil: input.now + 30_000,
  endsAt: input.now + 60_000,
} as const
const minted = (): Macaroon =>
  decodeMacaroon(
    Buffer.from(
      mintPass({ paymentHash: EXAMPLE_HASH, tokenId: Buffer.alloc(32, 5), amount: money(BTC, 200_000n), pass }, input.keys),
      'base64',
    ),
  )!
const withCaveats = (base: Macaroon, caveats: readonly string[]): Macaroon => {
  const signature = caveats.reduce((key, caveat) => createHmac('sha256', key).update(caveat).digest(), base.signature)
  return { ...base, caveats: [...base.caveats, ...caveats], signature }
}
const REQUESTS: readonly Guarded[] = ['GET', 'POST'].flatMap((method) => ['/joke', '/joke/2', '/'].map((path) => ({ method, path })))

describe('the token of a pass', () => {
  test('says what was sold in words that others know', () => {
    expect(minted().caveats).toEqual([
      'services=switchyard:0',
      `pass=uses.200000.200000.${(input.now + 30_000) / 1_000}`,
      `route=${'ab'.repeat(32)}`,
      `switchyard_valid_until=${(input.now + 60_000) / 1_000}`,
      'uses=100',
      'switchyard_capabilities=use',
      'path=/joke',
      'method=GET',
    ])
    expect(readPass(minted(), input.keys)).toMatchObject({
      kind: 'uses',
      uses: 100,
      route: pass.route,
      endsAt: pass.endsAt,
      isWhole: true,
      limits: [],
      paymentHash: EXAMPLE_HASH,
    })
  })

  test('is in a 402 in place of the token of one request, and no charge stands beside it', () => {
    const { headers, body } = buildChallenge({ ...input, pass })
    const values = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
    expect(values.map((value) => value.split(' ')[0])).toEqual(['L402', 'Payment'])
    expect(values[1]).toContain('method="evm"')
    expect(isPass(decodeMacaroon(Buffer.from(/macaroon="([^"]+)"/.exec(values[0]!)![1]!, 'base64'))!)).toBe(true)
    expect(body.offers[0]).toMatchObject({ rail: 'lightning', schemes: ['l402'], pass: { uses: 100 } })
  })

  test('is not read under another secret, and is read under the one before', () => {
    expect(readPass(minted(), challengeKeys({ current: Buffer.alloc(32, 1) }))).toBeUndefined()
    expect(readPass(minted(), challengeKeys({ current: Buffer.alloc(32, 1), previous: Buffer.alloc(32, 7) }))).toBeDefined()
    expect(readPass({ ...minted(), identifier: Buffer.alloc(65) }, input.keys)).toBeUndefined()
  })

  test('buys never more by what is added to it, whatever that is', () => {
    const name = fc.constantFrom(
      'uses',
      'valid_until',
      'switchyard_valid_until',
      'time-before',
      'method',
      'path',
      'services',
      'switchyard_capabilities',
      'pass',
      'route',
      'any',
    )
    const value = fc.oneof(
      fc.constantFrom('GET', 'POST', '/joke', '/*', '*', 'use', 'switchyard:1', '1', '99999999999', '2099-01-01T00:00:00Z', ''),
      fc.string({ maxLength: 12 }),
    )
    const caveat = fc.tuple(name, fc.constantFrom('=', ' = ', ' < ', ' ', ''), value).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(caveat, { maxLength: 6 }), caveat, (before, more) => {
        const [wide, narrow] = [before, [...before, more]].map((caveats) => readPass(withCaveats(minted(), caveats), input.keys)!)
        expect(narrow!.narrowing.untilS).toBeLessThanOrEqual(wide!.narrowing.untilS)
        for (const request of REQUESTS) if (narrow!.narrowing.buys(request)) expect(wide!.narrowing.buys(request)).toBe(true)
        if (wide!.narrowing.unknown !== undefined) expect(narrow!.narrowing.unknown).toBeDefined()
        expect(narrow!.limits.slice(0, wide!.limits.length)).toEqual(wide!.limits)
        expect([narrow!.uses, narrow!.endsAt, narrow!.route, narrow!.price]).toEqual([wide!.uses, wide!.endsAt, wide!.route, wide!.price])
      }),
      { numRuns: 2_000 },
    )
  })

  test('has a part by one name for all that is made of it, and by another for another', () => {
    const part = (...caveats: string[]) => readPass(withCaveats(minted(), caveats), input.keys)!.limits
    const [three] = part('uses=3')
    expect(part('uses=3', 'method=GET')).toEqual([three])
    expect(part('uses=3', 'uses=2')[0]).toEqual(three)
    expect(new Set([part('uses=3'), part('uses=4'), part('method=GET', 'uses=3')].map(([one]) => one!.id)).size).toBe(3)
  })

  test.each(['method=GET', 'path=/joke', 'uses=3', 'any'])('is whole no more with %s added', (caveat) => {
    expect(readPass(withCaveats(minted(), [caveat]), input.keys)!.isWhole).toBe(false)
  })

  test('survives its binary form with what was added', () => {
    const narrower = withCaveats(minted(), ['uses=3', 'path=/joke'])
    expect(decodeMacaroon(encodeMacaroon(narrower))).toEqual(narrower)
  })
})
