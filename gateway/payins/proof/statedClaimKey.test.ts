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
import { readProof } from './readProof.ts'
import { statedClaimKey } from './statedClaimKey.ts'
import { verifyProof } from './verifyProof.ts'

const { input, expected } = exampleChallenge()

test.each([
  ['an x402 payment', async () => x402Headers(await x402Payment(input))],
  ['an evm charge', async () => credentialHeaders(await evmCredential(input))],
  ['a lightning charge', async () => credentialHeaders(lightningCredential(input))],
  ['an L402 token', async () => l402Headers(input)],
])('%s states the claim that it takes when it holds', async (_name, headers) => {
  const proof = readProof(await headers())!
  expect(statedClaimKey(proof)).toBe(verifyProof(proof, expected).claimKey)
})

test('the same authorization on another chain states another claim', async () => {
  const payment = await x402Payment(input)
  const other = { ...payment, accepted: { ...payment.accepted, network: 'eip155:10' } }
  const keys = [payment, other].map((p) => statedClaimKey(readProof(x402Headers(p))!)!.split(':'))
  expect(keys[1]![1]).toBe('10')
  expect(keys[1]!.toSpliced(1, 1)).toEqual(keys[0]!.toSpliced(1, 1))
})

test('an evm charge whose request cannot be read states none', async () => {
  const credential = await evmCredential(input)
  const proof = readProof(credentialHeaders({ ...credential, challenge: { ...credential.challenge, request: 'bm90IGpzb24' } }))!
  expect(statedClaimKey(proof)).toBeUndefined()
})
