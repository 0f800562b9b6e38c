import { encodePaymentResponseHeader } from '@x402/core/http'
import { Receipt } from 'mppx'
import { expect, test } from 'vitest'
import { readPaymentReceipt, readPaymentResponse } from './receiptsSaid.ts'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const transaction = `0x${'ab'.repeat(32)}`

test('what other servers write is read: PAYMENT-RESPONSE as x402 writes it, Payment-Receipt as mppx does', () => {
  const settled = { success: true, transaction, network: 'eip155:8453', payer: '0x01', amount: '2000' } as const
  expect(readPaymentResponse(encodePaymentResponseHeader(settled))).toEqual(settled)
  const receipt = { method: 'evm', reference: transaction, status: 'success', timestamp: '2026-01-29T12:00:30Z' } as const
  expect(readPaymentReceipt(Receipt.serialize(Receipt.from(receipt)))).toEqual(receipt)
})

test('fields that a method adds are kept, and what says no success is no receipt', () => {
  const receipt = { method: 'tempo', reference: 'r', status: 'success', timestamp: '2026-01-29T12:00:30.5+01:00', originTxHash: '0x1' }
  expect(readPaymentReceipt(encoded(receipt))).toEqual(receipt)
  expect(readPaymentReceipt(encoded({ ...receipt, status: 'failed' }))).toBeUndefined()
})

test.each([
  ['nothing', ''],
  ['no base64', '!!!'],
  ['no JSON', 'bm90IGpzb24'],
  ['a list', encoded([])],
  ['null', encoded(null)],
  ['too little', encoded({ success: 'yes', status: 'success' })],
  ['a time in words', encoded({ method: 'm', reference: 'r', status: 'success', timestamp: 'Jan 29 2026' })],
])('%s is neither', (_, value) => {
  expect([readPaymentResponse(value), readPaymentReceipt(value)]).toEqual([undefined, undefined])
})
