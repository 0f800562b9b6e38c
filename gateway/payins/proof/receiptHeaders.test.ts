import { describe, expect, test } from 'vitest'
import { EXAMPLE_HASH, EXAMPLE_PREIMAGE, exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import {
  credentialHeaders,
  evmCredential,
  l402Headers,
  lightningCredential,
  x402Headers,
  x402Payment,
} from '../../../test/challenge/exampleProofs.ts'
import { type ProofHeaders, readProof } from './readProof.ts'
import { receiptHeaders } from './receiptHeaders.ts'
import { verifyProof } from './verifyProof.ts'

const { input, expected } = exampleChallenge()
const at = input.now
const transaction = `0x${'7a'.repeat(32)}` as const

function decoded(headers: ProofHeaders, tx?: typeof transaction): Record<string, unknown> {
  const proof = verifyProof(readProof(headers)!, expected)
  const pairs = receiptHeaders({ receiptId: 'rc_1', at, proof, ...(tx ? { transaction: tx } : {}) })
  expect(JSON.stringify(pairs)).not.toContain(EXAMPLE_PREIMAGE)
  const read = ([name, value]: readonly [string, string]) => [
    name,
    name.startsWith('payment-') ? JSON.parse(Buffer.from(value, 'base64').toString()) : value,
  ]
  return Object.fromEntries(pairs.map(read))
}

describe('a paid answer', () => {
  test('to x402 says who paid what, and the transaction once there is one', async () => {
    const headers = x402Headers(await x402Payment(input))
    const { payer } = verifyProof(readProof(headers)!, expected)
    const response = { success: true, network: 'eip155:31337', payer, amount: '2000' }
    expect(decoded(headers)).toEqual({
      'cache-control': 'private',
      'switchyard-receipt': 'rc_1',
      'payment-response': { ...response, transaction: '' },
    })
    expect(decoded(headers, transaction)['payment-response']).toEqual({ ...response, transaction })
  })
  test('to MPP has the reference of its rail', async () => {
    const receipt = { status: 'success', timestamp: new Date(at).toISOString() }
    const evm = credentialHeaders(await evmCredential(input))
    expect(decoded(evm)['payment-receipt']).toEqual({ ...receipt, method: 'evm', reference: 'rc_1' })
    expect(decoded(evm, transaction)['payment-receipt']).toEqual({ ...receipt, method: 'evm', reference: transaction })
    const lightning = decoded(credentialHeaders(lightningCredential(input)))
    expect(lightning['payment-receipt']).toEqual({ ...receipt, method: 'lightning', reference: EXAMPLE_HASH })
  })
  test('to L402 or a balance names our receipt only', () => {
    expect(decoded(l402Headers(input))).toEqual({ 'cache-control': 'private', 'switchyard-receipt': 'rc_1' })
    expect(receiptHeaders({ receiptId: 'rc_1', at })).toEqual([
      ['cache-control', 'private'],
      ['switchyard-receipt', 'rc_1'],
    ])
  })
})
