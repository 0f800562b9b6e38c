import { createSecretKey } from 'node:crypto'
import { Challenge } from 'mppx'
import { expect, test } from 'vitest'
import { readMppChallenge } from '../../client/offers/mppTerms.ts'
import { challengeId, writeChallenge } from './mppChallenge.ts'

const SECRET = 'a secret of the test, of 32 bytes or more'
const request = { amount: '1000', currency: 'USD', recipient: 'merchant' }
const text = Buffer.from(JSON.stringify(request)).toString('base64url')
const terms = { id: 'ch_1', realm: 'api.example', method: 'tempo', intent: 'session', request: text }

test('a challenge of any method goes there and back, with what it may say beside, and mppx reads the same', () => {
  const full = { ...terms, expires: '2026-01-29T12:05:00Z', digest: 'sha-256=:x:', opaque: 'e30', description: 'Say "yes" to C:\\x' }
  expect(readMppChallenge(writeChallenge(full))).toEqual({ ...full, body: request })
  expect(Challenge.deserialize(writeChallenge(full))).toMatchObject({ id: 'ch_1', method: 'tempo', request, description: full.description })
})

test('the id of a challenge is the one that mppx makes, and its header counts where it is not the usual one', () => {
  const key = createSecretKey(Buffer.from(SECRET))
  const { id, ...unsealed } = terms
  const theirs = (more: object) =>
    Challenge.from({ secretKey: SECRET, realm: 'api.example', method: 'tempo', intent: 'session', request, ...more })
  expect(challengeId(key, unsealed)).toBe(theirs({}).id)
  expect(challengeId(key, { ...unsealed, expires: '2026-01-29T12:05:00Z' })).toBe(theirs({ expires: '2026-01-29T12:05:00Z' }).id)
  expect(challengeId(key, { ...unsealed, header: 'Authorization' })).toBe(challengeId(key, unsealed))
  expect(challengeId(key, { ...unsealed, header: 'Payment-Authorization' })).not.toBe(challengeId(key, unsealed))
  expect(() => challengeId(createSecretKey(Buffer.from('short')), unsealed)).toThrow('32 bytes')
  expect(id).toBe('ch_1')
})

test.each([
  ['another scheme', 'Bearer token'],
  ['no parameters', 'Payment'],
  ['no id', writeChallenge(terms).replace('id="ch_1", ', '')],
  ['an empty id', writeChallenge({ ...terms, id: '' })],
  ['an id twice', `${writeChallenge(terms)}, id="ch_2"`],
  ['a request that is no JSON', writeChallenge({ ...terms, request: 'bm90IGpzb24' })],
])('%s is no challenge', (_, header) => {
  expect(readMppChallenge(header)).toBeUndefined()
})

test.each(['two\r\nlines', 'café', '\u0000'])('what no header carries is not written: %j', (description) => {
  expect(() => writeChallenge({ ...terms, description })).toThrow('no header carries')
})

test('a quote without an end takes no time', () => {
  const started = performance.now()
  expect(readMppChallenge(`${writeChallenge(terms)}, fuzz="${'\\'.repeat(12_000)}`)).toMatchObject(terms)
  expect(performance.now() - started).toBeLessThan(1_000)
})
