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
import { canonicalJson } from '../../audit/receipt/canonicalJson.ts'
import type { Json } from '../../ports/books.ts'
import { type ProofHeaders, readProof } from './readProof.ts'
import { type Collection, receiptHeaders } from './receiptHeaders.ts'
import { verifyProof } from './verifyProof.ts'

const { input, expected } = exampleChallenge()
const at = input.now
const transaction = `0x${'7a'.repeat(32)}` as const

const signJws = (content: Json) => canonicalJson(content)
const statusUrl = 'https://pay.example/v1/payments/rc_1'
const ours = { 'cache-control': 'private', 'cdn-cache-control': 'private', 'switchyard-receipt': 'rc_1', 'switchyard-status': statusUrl }
const settled: Collection = { kind: 'settled', transaction }

function decoded(headers: ProofHeaders, collection: Collection = { kind: 'held' }): Record<string, unknown> {
  const proof = verifyProof(readProof(headers)!, expected)
  const pairs = receiptHeaders({ receiptId: 'rc_1', statusUrl, at, proof, collection, signJws })
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
    const response = (status: Collection['kind']) => {
      const extensions = { 'payment-status': { info: { status, url: statusUrl }, schema: {} } }
      return { network: 'eip155:31337', payer, amount: '2000', extensions }
    }
    const pending = { success: false, errorReason: 'settlement_pending', transaction: '', ...response('held') }
    expect(decoded(headers)).toEqual({ ...ours, 'payment-response': pending })
    expect(decoded(headers, settled)['payment-response']).toMatchObject({ success: true, transaction, ...response('settled') })
    const failed = { success: false, errorReason: 'payment_not_collected', transaction: '', ...response('failed') }
    expect(decoded(headers, { kind: 'failed' })['payment-response']).toEqual(failed)
  })
  test('to MPP has the reference of its rail, and no receipt of what is not settled', async () => {
    const receipt = { status: 'success', timestamp: new Date(at).toISOString() }
    const evm = credentialHeaders(await evmCredential(input))
    expect(decoded(evm)).toEqual(ours)
    expect(decoded(evm, { kind: 'failed' })).toEqual(ours)
    expect(decoded(evm, settled)['payment-receipt']).toEqual({ ...receipt, method: 'evm', reference: transaction })
    const lightning = decoded(credentialHeaders(lightningCredential(input)))
    expect(lightning['payment-receipt']).toEqual({ ...receipt, method: 'lightning', reference: EXAMPLE_HASH })
  })
  test('to L402 or a balance names our receipt only', () => {
    expect(decoded(l402Headers(input))).toEqual(ours)
    expect(receiptHeaders({ receiptId: 'rc_1', statusUrl, at, collection: { kind: 'held' }, signJws })).toEqual(Object.entries(ours))
  })
})
