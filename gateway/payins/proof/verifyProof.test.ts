import { describe, expect, test } from 'vitest'
import { EXAMPLE_HASH, EXAMPLE_PREIMAGE, exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import {
  credentialHeaders,
  EXAMPLE_ACCOUNT,
  evmCredential,
  l402Headers,
  lightningCredential,
  type TransferChanges,
  x402Headers,
  x402Payment,
} from '../../../test/challenge/exampleProofs.ts'
import type { ErrorCode } from '../../errors/catalog.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { buildChallenge, type ChallengeInput } from '../challenge/buildChallenge.ts'
import { challengeKeys } from '../challenge/challengeKeys.ts'
import { routeDigest } from '../challenge/requestDigest.ts'
import { type ProofHeaders, readProof } from './readProof.ts'
import type { Expected, VerifiedProof } from './verifiedProof.ts'
import { verifyProof } from './verifyProof.ts'

const { input, expected, evm } = exampleChallenge()
const nowS = BigInt(input.now / 1000)
const payer = EXAMPLE_ACCOUNT.address.toLowerCase()

function verify(headers: ProofHeaders, against: Partial<Expected> = {}): VerifiedProof {
  const proof = readProof(headers)
  if (!proof) throw new Error('the test sent no proof')
  return verifyProof(proof, { ...expected, ...against })
}

function codeOf(run: () => unknown): ErrorCode | 'accepted' {
  try {
    run()
    return 'accepted'
  } catch (error) {
    if (isGatewayError(error)) return error.code
    throw error
  }
}

const proofs = async (from: ChallengeInput): Promise<Record<string, ProofHeaders>> => ({
  x402: x402Headers(await x402Payment(from)),
  'mpp-evm': credentialHeaders(await evmCredential(from)),
  'mpp-lightning': credentialHeaders(lightningCredential(from)),
  l402: l402Headers(from),
})

describe('a valid proof', () => {
  test('of x402 names payer, amount and a claim that the token uses up once', async () => {
    const verified = verify(x402Headers(await x402Payment(input)))
    expect(verified).toMatchObject({ rail: 'evm:31337', scheme: 'x402', payer, amount: evm.amount, price: input.price })
    expect(verified.claimKey).toBe(`evm:31337:${evm.wire.token}:${payer}:0x${'0e'.repeat(32)}`)
    expect(verified).toMatchObject({ authorization: { kind: 'transfer', to: evm.wire.payTo, value: 2000n, splitId: evm.wire.splitId } })
  })
  test('of MPP evm has the same kind of claim as x402', async () => {
    const credential = await evmCredential(input)
    const verified = verify(credentialHeaders(credential))
    expect(verified).toMatchObject({ rail: 'evm:31337', scheme: 'mpp-evm', payer })
    expect(verified.claimKey).toBe(`evm:31337:${evm.wire.token}:${payer}:${credential.payload.nonce}`)
  })
  test('of an invoice is one claim, by L402 or by MPP', () => {
    const [l402, mpp] = [verify(l402Headers(input)), verify(credentialHeaders(lightningCredential(input)))]
    expect(l402).toMatchObject({ rail: 'lightning', scheme: 'l402', paymentHash: EXAMPLE_HASH, preimage: EXAMPLE_PREIMAGE })
    expect(l402.claimKey).toBe(mpp.claimKey)
    expect([l402.amount, l402.price]).toEqual([mpp.amount, mpp.price])
    expect(mpp.amount.units).toBe(2000n)
  })
  test('written in upper case has the same claim', async () => {
    const payment = await x402Payment(input)
    const { authorization } = payment.payload
    const shout = (hex: string) => `0x${hex.slice(2).toUpperCase()}`
    const upper = { ...authorization, from: shout(authorization.from!), to: shout(authorization.to!), nonce: shout(authorization.nonce!) }
    const loud = { ...payment, payload: { signature: shout(payment.payload.signature!), authorization: upper } }
    expect(verify(x402Headers(loud)).claimKey).toBe(verify(x402Headers(payment)).claimKey)
  })
  test('made before the secret was rotated still holds, and not after it was dropped', async () => {
    const [old, fresh] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)]
    const rotated = { keys: challengeKeys({ current: fresh, previous: old }) }
    const dropped = { keys: challengeKeys({ current: fresh }) }
    for (const headers of Object.values(await proofs(input))) {
      expect(codeOf(() => verify(headers, rotated))).toBe('accepted')
      expect(codeOf(() => verify(headers, dropped))).toBe('challenge_altered')
    }
  })
  test('keeps the price it was promised when the route has become dearer', () => {
    const dearer = { price: money(USD, 9_000n) }
    expect(verify(l402Headers(input), dearer).price.units).toBe(2_000n)
    expect(verify(credentialHeaders(lightningCredential(input)), dearer).price.units).toBe(2_000n)
  })
  test('of an invoice paid in time is taken within a minute after its expiry', () => {
    const late = { now: input.expiresAt + 59_000 }
    expect(codeOf(() => verify(l402Headers(input), late))).toBe('accepted')
    expect(codeOf(() => verify(credentialHeaders(lightningCredential(input)), late))).toBe('accepted')
  })
})

describe('an authorization is refused', () => {
  const cases: [string, TransferChanges, ErrorCode][] = [
    ['that was signed for another chain', { chainId: 1 }, 'proof_bad_signature'],
    ['that was signed for another token', { token: `0x${'c1'.repeat(20)}` }, 'proof_bad_signature'],
    ['that was signed for a token of another name', { name: 'USDC' }, 'proof_bad_signature'],
    ['that pays another address', { to: `0x${'ab'.repeat(20)}` }, 'proof_wrong_payee'],
    ['that pays one unit less', { value: 1_999n }, 'proof_wrong_amount'],
    ['that pays one unit more', { value: 2_001n }, 'proof_wrong_amount'],
    ['that ends in five seconds', { validBefore: nowS + 5n }, 'proof_expires_soon'],
    ['that ended long ago', { validBefore: 1n }, 'proof_expires_soon'],
    ['that ends in a day and a second', { validBefore: nowS + 86_401n }, 'proof_ends_late'],
    ['that never ends', { validBefore: 2n ** 256n - 1n }, 'proof_ends_late'],
    ['that begins now', { validAfter: nowS }, 'proof_not_yet_valid'],
    ['that begins tomorrow', { validAfter: nowS + 86_400n }, 'proof_not_yet_valid'],
  ]
  test.each(cases)('%s', async (_name, changes, code) => {
    const [payment, credential] = await Promise.all([x402Payment(input, changes), evmCredential(input, changes)])
    expect(codeOf(() => verify(x402Headers(payment)))).toBe(code)
    expect(codeOf(() => verify(credentialHeaders(credential)))).toBe(code)
  })
  test.each([6n, 86_400n])('that ends in %s seconds is taken', async (lifeS) => {
    const payment = await x402Payment(input, { validBefore: nowS + lifeS })
    expect(codeOf(() => verify(x402Headers(payment)))).toBe('accepted')
  })
  test.each([
    ['another chain', { network: 'eip155:1' }, 'proof_wrong_chain'],
    ['another token', { asset: `0x${'c1'.repeat(20)}` }, 'proof_wrong_token'],
    ['another payee', { payTo: `0x${'ab'.repeat(20)}` }, 'proof_wrong_payee'],
    ['another amount', { amount: '1' }, 'proof_wrong_amount'],
  ] as const)('whose x402 payment accepts %s', async (_name, change, code) => {
    const payment = await x402Payment(input)
    expect(codeOf(() => verify(x402Headers({ ...payment, accepted: { ...payment.accepted, ...change } })))).toBe(code)
  })
  test('whose x402 payment is for the resource of another route', async () => {
    const payment = await x402Payment(input)
    expect(codeOf(() => verify(x402Headers(payment), { resourceUrl: 'https://api.example.com/dear' }))).toBe('challenge_wrong_route')
  })
  test('whose nonce is not of its MPP challenge', async () => {
    const credential = await evmCredential(input, { nonce: `0x${'0e'.repeat(32)}` })
    expect(codeOf(() => verify(credentialHeaders(credential)))).toBe('proof_wrong_nonce')
  })
  test('whose MPP source is somebody else', async () => {
    const credential = { ...(await evmCredential(input)), source: `did:pkh:eip155:31337:0x${'99'.repeat(20)}` }
    expect(codeOf(() => verify(credentialHeaders(credential)))).toBe('proof_bad_signature')
  })
  test('whose MPP offer is no longer made on that chain, token or payee', async () => {
    const headers = credentialHeaders(await evmCredential(input))
    const other = (wire: Partial<typeof evm.wire>) => ({ offers: [{ ...evm, wire: { ...evm.wire, ...wire } }] })
    expect(codeOf(() => verify(headers, other({ chainId: 1 })))).toBe('proof_wrong_chain')
    expect(codeOf(() => verify(headers, other({ token: `0x${'c1'.repeat(20)}` })))).toBe('proof_wrong_token')
    expect(codeOf(() => verify(headers, other({ payTo: `0x${'ab'.repeat(20)}` })))).toBe('proof_wrong_payee')
  })
  test('whose signature is the high-s twin, of an odd length, with a strange v, or of somebody else', async () => {
    const payment = await x402Payment(input)
    const { signature, authorization } = payment.payload
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const [r, s, v] = [signature!.slice(2, 66), BigInt(`0x${signature!.slice(66, 130)}`), signature!.slice(130)]
    const twin = `0x${r}${(order - s).toString(16).padStart(64, '0')}${v === '1b' ? '1c' : '1b'}`
    const strange = [
      twin,
      signature!.slice(0, -2),
      `${signature}00`,
      `${signature!.slice(0, -2)}00`,
      `${signature!.slice(0, -2)}1d`,
      `0x${'ff'.repeat(64)}1b`,
    ]
    for (const forged of [...strange, `0x${'11'.repeat(64)}1b`]) {
      const headers = x402Headers({ ...payment, payload: { authorization, signature: forged } })
      expect(codeOf(() => verify(headers))).toBe('proof_bad_signature')
    }
  })
})

describe('a challenge is refused', () => {
  test('that has expired', async () => {
    const { 'mpp-evm': evmHeaders, 'mpp-lightning': lightning, l402 } = await proofs(input)
    expect(codeOf(() => verify(evmHeaders!, { now: input.expiresAt }))).toBe('challenge_expired')
    for (const headers of [lightning!, l402!]) {
      expect(codeOf(() => verify(headers, { now: input.expiresAt + 60_000 }))).toBe('challenge_expired')
    }
  })
  test('that belongs to another route', async () => {
    const { x402: _, ...bound } = await proofs(input)
    const against = { route: routeDigest('GET', '/dear') }
    for (const headers of Object.values(bound)) expect(codeOf(() => verify(headers, against))).toBe('challenge_wrong_route')
  })
  test('that belongs to another realm', async () => {
    const credential = await evmCredential(input)
    expect(codeOf(() => verify(credentialHeaders(credential), { realm: 'other.example.com' }))).toBe('challenge_altered')
  })
  test.each(['id', 'realm', 'request', 'expires'])('whose %s was altered', async (field) => {
    for (const credential of [await evmCredential(input), lightningCredential(input)]) {
      const before = credential.challenge[field]!
      const after = field === 'expires' ? '2099-01-01T00:00:00.000Z' : `${before.slice(0, -1)}${before.endsWith('A') ? 'B' : 'A'}`
      const altered = { ...credential, challenge: { ...credential.challenge, [field]: after } }
      expect(codeOf(() => verify(credentialHeaders(altered)))).toBe('challenge_altered')
    }
  })
  test.each(['digest', 'opaque'])('to which a %s was added', (field) => {
    const credential = lightningCredential(input)
    const altered = { ...credential, challenge: { ...credential.challenge, [field]: 'eyJ9' } }
    expect(codeOf(() => verify(credentialHeaders(altered)))).toBe('challenge_altered')
  })
  test('of MPP without an expiry', () => {
    const credential = lightningCredential(input)
    const { expires: _, ...challenge } = credential.challenge
    expect(codeOf(() => verify(credentialHeaders({ ...credential, challenge })))).toBe('challenge_altered')
  })
  test('whose preimage is another one', () => {
    const other = '12'.repeat(32)
    expect(codeOf(() => verify(l402Headers(input, other)))).toBe('proof_wrong_preimage')
    expect(codeOf(() => verify(credentialHeaders(lightningCredential(input, other))))).toBe('proof_wrong_preimage')
  })
  test('that was made by another gateway', () => {
    const elsewhere = { ...input, keys: challengeKeys({ current: Buffer.alloc(32, 9) }) }
    expect(codeOf(() => verify(l402Headers(elsewhere)))).toBe('challenge_altered')
    expect(codeOf(() => verify(credentialHeaders(lightningCredential(elsewhere))))).toBe('challenge_altered')
  })
})

test('two challenges of the same moment have different ids, so their payments are different claims', () => {
  const ids = [1, 2].map(() =>
    buildChallenge(input)
      .headers.filter(([name]) => name === 'www-authenticate')
      .join(),
  )
  expect(ids[0]).not.toBe(ids[1])
})
