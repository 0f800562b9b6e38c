import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { credentialHeaders, l402Headers, lightningCredential, x402Headers, x402Payment } from '../../../test/challenge/exampleProofs.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { toBase64Json, toBase64Url } from '../challenge/base64Json.ts'
import { PROOF_BYTES_MAX, type ProofHeaders, readProof } from './readProof.ts'

const { input } = exampleChallenge()

function codeOf(headers: ProofHeaders): string | undefined {
  try {
    return readProof(headers)?.scheme
  } catch (error) {
    if (isGatewayError(error)) return error.code
    throw error
  }
}

describe('a request', () => {
  test.each<[string, ProofHeaders]>([
    ['without headers', {}],
    ['with an API key', { authorization: 'Bearer sk_1' }],
    ['with a password', { authorization: 'Basic dTpw' }],
    ['with a scheme that only begins like ours', { authorization: 'PaymentPlan x' }],
  ])('%s carries no proof', (_name, headers) => {
    expect(readProof(headers)).toBeUndefined()
  })
  test('with LSAT, the older name, carries an L402 proof', () => {
    const { authorization } = l402Headers(input)
    expect(codeOf({ authorization: String(authorization).replace('L402', 'LSAT') })).toBe('l402')
    expect(codeOf({ authorization: String(authorization).replace('L402', 'l402') })).toBe('l402')
  })
  test('with a url-safe or unpadded token carries the same L402 proof', () => {
    const { authorization } = l402Headers(input)
    const other = String(authorization).replaceAll('+', '-').replaceAll('/', '_').replace(/=+:/, ':')
    expect(readProof({ authorization: other })).toEqual(readProof({ authorization }))
  })
  test('with two proofs is ambiguous', async () => {
    const x402 = x402Headers(await x402Payment(input))
    const mpp = credentialHeaders(lightningCredential(input))
    expect(codeOf({ ...x402, ...mpp })).toBe('proof_ambiguous')
    expect(codeOf({ ...x402, ...l402Headers(input) })).toBe('proof_ambiguous')
    expect(codeOf({ authorization: `${mpp.authorization}, ${mpp.authorization}` })).toBe('proof_ambiguous')
    expect(codeOf({ authorization: [String(mpp.authorization), String(mpp.authorization)] })).toBe('proof_ambiguous')
    expect(codeOf({ ...x402, authorization: 'Bearer sk_1' })).toBe('x402')
  })
})

describe('a malformed proof is refused', () => {
  test.each<[string, ProofHeaders, string]>([
    ['x402 that is empty', { 'payment-signature': '' }, 'proof_malformed'],
    ['x402 that is no base64', { 'payment-signature': '{"a":1}' }, 'proof_malformed'],
    ['x402 that is url-safe base64', { 'payment-signature': '-_-_' }, 'proof_malformed'],
    ['x402 that is no JSON', { 'payment-signature': Buffer.from('pay me').toString('base64') }, 'proof_malformed'],
    ['x402 that is null', x402Headers(null), 'proof_malformed'],
    ['x402 that is a list', x402Headers([]), 'proof_malformed'],
    ['x402 that is too long', { 'payment-signature': 'A'.repeat(PROOF_BYTES_MAX + 1) }, 'proof_malformed'],
    ['x402 that is too long, in a list', { 'payment-signature': ['A'.repeat(PROOF_BYTES_MAX + 1)] }, 'proof_malformed'],
    ['MPP that is empty', { authorization: 'Payment' }, 'credential_malformed'],
    ['MPP with padding', { authorization: 'Payment eyJ9==' }, 'credential_malformed'],
    ['MPP that is no JSON', { authorization: `Payment ${toBase64Url('pay me')}` }, 'credential_malformed'],
    ['MPP without a challenge', credentialHeaders({ payload: {} }), 'credential_malformed'],
    ['MPP without a payload', credentialHeaders({ challenge: lightningCredential(input).challenge }), 'credential_malformed'],
    ['MPP with a short preimage', credentialHeaders(lightningCredential(input, 'ab')), 'credential_malformed'],
    ['MPP with a preimage in upper case', credentialHeaders(lightningCredential(input, 'AB'.repeat(32))), 'credential_malformed'],
    ['L402 that is empty', { authorization: 'L402' }, 'token_malformed'],
    ['L402 without a preimage', { authorization: 'L402 AgJC' }, 'token_malformed'],
    ['L402 whose token is no macaroon', { authorization: `L402 eyJ9:${'11'.repeat(32)}` }, 'token_malformed'],
  ])('%s', (_name, headers, code) => {
    expect(codeOf(headers)).toBe(code)
  })

  const hex = `0x${'11'.repeat(20)}`
  test.each<[string, Record<string, unknown>]>([
    ['a value that is a number', { value: 2000 }],
    ['a value with a point', { value: '2000.0' }],
    ['a negative value', { value: '-1' }],
    ['a value with a leading zero', { value: '02000' }],
    ['a value in hex', { value: '0x7d0' }],
    ['a value above 256 bits', { value: (2n ** 256n).toString() }],
    ['no value', { value: undefined }],
    ['a short address', { from: '0x11' }],
    ['an address without 0x', { to: hex.slice(2) }],
    ['a short nonce', { nonce: hex }],
    ['a time with a sign', { validBefore: '+1' }],
  ])('x402 with %s', async (_name, change) => {
    const payment = await x402Payment(input)
    const authorization = { ...payment.payload.authorization, ...change }
    expect(codeOf(x402Headers({ ...payment, payload: { ...payment.payload, authorization } }))).toBe('proof_malformed')
  })
  test('without repeating what was sent', () => {
    try {
      readProof({ 'payment-signature': toBase64Json({ secret: 'hush' }) })
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('hush')
    }
  })
})

describe('a proof of another kind is refused by name', () => {
  test.each<[string, Record<string, unknown>]>([
    ['version 1', { x402Version: 1 }],
    ['scheme auth-capture', { accepted: { scheme: 'auth-capture', network: 'eip155:31337' } }],
    ['a chain that is not EVM', { accepted: { scheme: 'exact', network: 'solana:x' } }],
    ['erc7710', { accepted: { scheme: 'exact', network: 'eip155:31337', extra: { assetTransferMethod: 'erc7710' } } }],
  ])('x402 %s', async (_name, change) => {
    expect(codeOf(x402Headers({ ...(await x402Payment(input)), ...change }))).toBe('proof_unsupported')
  })
  test.each(['permit2', 'transaction', 'hash'])('MPP evm by %s', (type) => {
    const challenge = { ...lightningCredential(input).challenge, method: 'evm' }
    expect(codeOf(credentialHeaders({ challenge, payload: { type } }))).toBe('proof_unsupported')
  })
  test('MPP by another method or intent', () => {
    const credential = lightningCredential(input)
    const other = (change: Record<string, string>) =>
      credentialHeaders({ ...credential, challenge: { ...credential.challenge, ...change } })
    expect(codeOf(other({ method: 'tempo' }))).toBe('proof_unsupported')
    expect(codeOf(other({ intent: 'subscription' }))).toBe('proof_unsupported')
  })
})
