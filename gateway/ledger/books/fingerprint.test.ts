import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import type { Entry, Leg } from '../../ports/books.ts'
import { entryFingerprint, paymentTag } from './fingerprint.ts'

const move: Leg = { kind: 'move', debit: 'party:a', credit: 'party:b', asset: USD, units: 5n }
const post: Leg = { kind: 'post', pending: { entry: 'en_1', leg: 0 }, asset: USD, units: 5n }
const entry: Entry = { id: 'en_0', payment: 'pi_1', legs: [move, { ...move, kind: 'hold', timeoutS: 60 }, post] }

function withLeg(i: number, leg: Leg): Entry {
  return { ...entry, legs: entry.legs.map((old, k) => (k === i ? leg : old)) }
}

test('the same content has the same fingerprint, whatever the order of its fields', () => {
  const turned: Leg = { units: 5n, asset: { ...USD }, credit: 'party:b', debit: 'party:a', kind: 'move' }
  expect(entryFingerprint(withLeg(0, turned))).toBe(entryFingerprint(entry))
})

test.each<[string, Entry]>([
  ['payment', { ...entry, payment: 'pi_2' }],
  ['id', { ...entry, id: 'en_2' }],
  ['number of legs', { ...entry, legs: entry.legs.slice(0, 2) }],
  ['order of legs', { ...entry, legs: [entry.legs[1]!, entry.legs[0]!, entry.legs[2]!] }],
  ['units', withLeg(0, { ...move, units: 6n })],
  ['asset', withLeg(0, { ...move, asset: EUR })],
  ['debit', withLeg(0, { ...move, debit: 'party:c' })],
  ['credit', withLeg(0, { ...move, credit: 'party:c' })],
  ['text moved between two fields', withLeg(0, { ...move, debit: 'party:ap', credit: 'arty:b' })],
  ['kind', withLeg(0, { ...move, kind: 'hold', timeoutS: 0 })],
  ['timeout', withLeg(1, { ...move, kind: 'hold', timeoutS: 61 })],
  ['hold that is posted', withLeg(2, { ...post, pending: { entry: 'en_1', leg: 1 } })],
  ['units that are posted', withLeg(2, { ...post, units: 4n })],
  ['void instead of post', withLeg(2, { kind: 'void', pending: post.pending, asset: USD })],
])('another %s has another fingerprint', (_, changed) => {
  expect(entryFingerprint(changed)).not.toBe(entryFingerprint(entry))
})

test('tags fit their fields and are not zero', () => {
  expect(entryFingerprint(entry) < 2n ** 64n && entryFingerprint(entry) > 0n).toBe(true)
  expect(paymentTag('pi_1') < 2n ** 128n && paymentTag('pi_1') > 0n).toBe(true)
})

test('an id of ours stands for itself, anything else for its hash', () => {
  expect(paymentTag('pi_0193456789abcdef0123456789abcdef')).toBe(0x0193456789abcdef0123456789abcdefn)
  expect(paymentTag('pi_0193456789ABCDEF0123456789abcdef')).not.toBe(paymentTag('pi_0193456789abcdef0123456789abcdef'))
})
