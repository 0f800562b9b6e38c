import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmac } from './hmac.ts'

test('an HMAC is the same by either way and as node:crypto computes it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), (key, data) => {
      const expected = createHmac('sha256', key).update(data).digest('hex')
      expect(hmac(key, data).toString('hex')).toBe(expected)
      expect(hmac(createSecretKey(key), data).toString('hex')).toBe(expected)
    }),
  )
})

test('an HMAC of more data than is hashed in place is the same', () => {
  for (const data of ['€'.repeat(1_344), 'a'.repeat(4_032), 'a'.repeat(4_033), Buffer.alloc(10_000, 7)]) {
    const key = Buffer.alloc(32, 5)
    expect(hmac(key, data).toString('hex')).toBe(createHmac('sha256', key).update(data).digest('hex'))
  }
})

test('a secret of the configuration may be longer than a block', () => {
  for (const bytes of [65, 128]) {
    const key = createSecretKey(new Uint8Array(bytes).fill(7))
    for (const data of ['the first time', 'the second time'])
      expect(hmac(key, data).toString('hex')).toBe(createHmac('sha256', key).update(data).digest('hex'))
  }
})

test('bytes longer than a block are refused as a key, because it would have to be hashed first', () => {
  expect(() => hmac(new Uint8Array(65), '')).toThrow('one block')
})
