import { expect, test } from 'vitest'
import { challengeKeys } from '../challenge/challengeKeys.ts'
import { readRefundLink, refundLink, refundUrl } from './refundLink.ts'

const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const receipt = `rc_${'0123456789abcdef'.repeat(2)}` as const
const keysOf = (current: Buffer, previous?: Buffer) => challengeKeys(previous ? { current, previous } : { current }).refund
const idOf = (url: string) => url.slice('https://pay.example.com/v1/refunds/'.length)

test('a link opens its receipt, also while the secret that made it is the previous one, and no longer', () => {
  const id = idOf(refundUrl(keysOf(old), receipt, 'https://pay.example.com'))
  expect(readRefundLink(keysOf(old), id)).toEqual({ id, k1: id.slice(-32), of: receipt })
  expect(readRefundLink(keysOf(fresh, old), id)?.of).toBe(receipt)
  expect(readRefundLink(keysOf(fresh), id)).toBeUndefined()
})

test('no changed letter of a link opens anything', () => {
  const id = idOf(refundUrl(keysOf(old), receipt, 'https://pay.example.com'))
  for (let place = 0; place < id.length; place++) {
    const letter = id[place] === '0' ? '1' : '0'
    expect(readRefundLink(keysOf(old), id.slice(0, place) + letter + id.slice(place + 1))).toBeUndefined()
  }
})

test('a link to one refund opens that, and no receipt of the same digits', () => {
  const refund = `rf_${receipt.slice(3)}` as const
  const [own, other] = [refundLink(keysOf(old), refund), refundLink(keysOf(old), receipt)]
  expect([readRefundLink(keysOf(old), own)?.of, readRefundLink(keysOf(old), other)?.of, own === other]).toEqual([refund, receipt, false])
})
