import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import {
  credentialHeaders,
  evmCredential,
  l402Headers,
  lightningCredential,
  x402Headers,
  x402Payment,
} from '../../../test/challenge/exampleProofs.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { type ProofHeaders, readProof } from './readProof.ts'
import type { VerifiedProof } from './verifiedProof.ts'
import { verifyProof } from './verifyProof.ts'

/** Alterations tried for each kind of proof. */
const RUNS = 400

const { input, expected } = exampleChallenge()

function verify(headers: ProofHeaders): VerifiedProof | 'refused' {
  try {
    const proof = readProof(headers)
    return proof ? verifyProof(proof, expected) : 'refused'
  } catch (error) {
    // Anything but a clear refusal is a defect: it would answer 500.
    if (isGatewayError(error)) return 'refused'
    throw error
  }
}

type Payload = { [key: string]: unknown }

/** All texts inside a JSON value, as paths. */
function texts(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key]))
}

function read(value: unknown, path: readonly string[]): string {
  return path.reduce<unknown>((at, key) => (at as Payload)[key], value) as string
}

function write(value: unknown, path: readonly string[], text: string): unknown {
  const [key, ...rest] = path
  return key === undefined ? text : { ...(value as Payload), [key]: write((value as Payload)[key], rest, text) }
}

/** Said to the payer or the merchant only; no money depends on it. */
const INSIGNIFICANT = new Set(['resource.description', 'accepted.extra.name', 'accepted.extra.version'])

const proofs = {
  x402: { value: await x402Payment(input), headers: x402Headers },
  'mpp-evm': { value: await evmCredential(input), headers: credentialHeaders },
  'mpp-lightning': { value: lightningCredential(input), headers: credentialHeaders },
}

test.each(Object.entries(proofs))('no proof of %s survives a changed character in any field that counts', (_scheme, { value, headers }) => {
  const valid = verify(headers(value))
  expect(valid).not.toBe('refused')
  const paths = texts(value).filter((path) => !INSIGNIFICANT.has(path.join('.')))
  const character = fc.constantFrom(...'0123456789abcdefABCDEFxyz_-|". ')
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.nat(), character, (path, at, char) => {
      const before = read(value, path)
      const i = at % before.length
      const after = before.slice(0, i) + char + before.slice(i + 1)
      // Hex says the same in either case, and an equal character is no change.
      fc.pre(after.toLowerCase() !== before.toLowerCase() || path.includes('challenge'))
      fc.pre(after !== before)
      expect(verify(headers(write(value, path, after))), `${path.join('.')} = ${after}`).toBe('refused')
    }),
    { numRuns: RUNS },
  )
})

test('no L402 proof survives a changed byte of its token or preimage', () => {
  const text = String(l402Headers(input).authorization).slice('L402 '.length)
  const [token, preimage] = text.split(':')
  const bytes = Buffer.concat([Buffer.from(token!, 'base64'), Buffer.from(preimage!, 'hex')])
  const headers = (b: Buffer) => ({ authorization: `L402 ${b.subarray(0, -32).toString('base64')}:${b.subarray(-32).toString('hex')}` })
  expect(verify(headers(bytes))).not.toBe('refused')
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [0, 3, 7]) {
      const altered = Buffer.from(bytes)
      altered[at]! ^= 1 << bit
      expect(verify(headers(altered)), `byte ${at}, bit ${bit}`).toBe('refused')
    }
  }
})

test('whatever is sent in a header, the answer is a refusal or the same verified payment, never a crash', () => {
  const valid = Object.fromEntries(Object.entries(proofs).map(([scheme, { value, headers }]) => [scheme, headers(value)]))
  const originals = Object.values(valid).map((headers) => [Object.keys(headers)[0]!, String(Object.values(headers)[0])] as const)
  fc.assert(
    fc.property(fc.constantFrom(...originals), fc.nat(), fc.string({ maxLength: 4 }), ([name, text], at, noise) => {
      const i = at % text.length
      const result = verify({ [name]: text.slice(0, i) + noise + text.slice(i + noise.length) })
      const original = verify({ [name]: text })
      if (result !== 'refused' && original !== 'refused') expect(result.claimKey).toBe(original.claimKey)
    }),
    { numRuns: RUNS },
  )
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(verify({ 'payment-signature': Buffer.from(json).toString('base64') })).toBe('refused')
      expect(verify({ authorization: `Payment ${Buffer.from(json).toString('base64url')}` })).toBe('refused')
    }),
  )
})
