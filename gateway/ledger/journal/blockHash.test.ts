import { expect, test } from 'vitest'
import { blockHash } from './blockHash.ts'

const previous = new Uint8Array(32).fill(7)
const block = { seq: 258, at: 1_800_000_000_000_000_001n, count: 3, data: new Uint8Array([1, 2, 3]) }
const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex')

test('a block hash is SHA-256 over the previous hash, seq, at, count and data, so that anyone can recompute it', () => {
  expect(hex(blockHash(previous, block))).toBe('4ebcadb262ce4e1b3e78ac5b2d030b40c48bf0d770e0ab17b8ecf7a598a4e7ef')
})

test.each([
  ['seq', { ...block, seq: 259 }],
  ['at', { ...block, at: block.at + 1n }],
  ['count', { ...block, count: 4 }],
  ['data', { ...block, data: new Uint8Array([1, 2, 4]) }],
])('another %s has another hash', (_, changed) => {
  expect(hex(blockHash(previous, changed))).not.toBe(hex(blockHash(previous, block)))
})

test('the same block after another block has another hash', () => {
  expect(hex(blockHash(new Uint8Array(32), block))).not.toBe(hex(blockHash(previous, block)))
})
