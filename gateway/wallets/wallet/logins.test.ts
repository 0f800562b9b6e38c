import { expect, test } from 'vitest'
import { signAuth } from '../lnurl/auth.ts'
import { createLogins } from './logins.ts'

const key = (fill: number) => new Uint8Array(32).fill(fill)
function proofOf(k1: string, secret: Uint8Array) {
  const query = signAuth(new URL(`https://a.example/?tag=login&k1=${k1}`), secret)!.searchParams
  return { k1, sig: query.get('sig')!, key: query.get('key')! }
}

test('a login is signed by one key; the same again is harmless, another is refused', () => {
  const logins = createLogins({ clock: { now: () => 0 } })
  const { k1 } = logins.create('operator', 'login')
  const proof = proofOf(k1, key(1))
  expect(logins.get(k1).key).toBeUndefined()
  expect(logins.sign(proof)).toMatchObject({ key: proof.key, owner: 'operator', action: 'login' })
  expect(logins.sign(proof).key).toBe(proof.key)
  expect(() => logins.sign(proofOf(k1, key(2)))).toThrow('signed by another key')
  expect(logins.get(k1).key).toBe(proof.key)
})

test('a signature over another challenge, and a challenge that nobody gave, are refused', () => {
  const logins = createLogins({ clock: { now: () => 0 } })
  const { k1 } = logins.create('operator')
  expect(() => logins.sign({ ...proofOf('ab'.repeat(32), key(1)), k1 })).toThrow('does not hold')
  expect(() => logins.sign(proofOf('ab'.repeat(32), key(1)))).toThrow('no such login')
  expect(logins.get(k1).key).toBeUndefined()
})

test('a challenge ends after ten minutes, and each who asks for them has a fair share of those that are kept', () => {
  let now = 0
  const logins = createLogins({ clock: { now: () => now } })
  const { k1 } = logins.create('operator')
  now = 600_000
  expect(() => logins.sign(proofOf(k1, key(1)))).toThrow('no such login')
  for (let i = 0; i < 1_250; i++) logins.create('operator')
  expect(() => logins.create('operator')).toThrow('share of the open logins is used up: 1250 of 10000')
  expect(logins.create('pa_1').k1).toHaveLength(64)
  now += 600_000
  expect(logins.create('operator').k1).toHaveLength(64)
})
