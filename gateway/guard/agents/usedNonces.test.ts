import { expect, test } from 'vitest'
import { createUsedNonces } from './usedNonces.ts'

const used = () => createUsedNonces(3)
const at = (now: number, use = 'a request') => ({ until: now + 60, use, now })

test('a nonce is used by one request, until its signature has ended', () => {
  const nonces = used()
  expect(nonces.take('agent', 'one', at(0))).toBe(true)
  expect(nonces.take('agent', 'one', at(1))).toBe(true)
  expect(nonces.take('agent', 'one', at(1, 'another'))).toBe(false)
  expect(nonces.take('other agent', 'one', at(1, 'another'))).toBe(true)
  expect(nonces.take('agent', 'one', at(61, 'another'))).toBe(true)
})

test('an agent with too many is told so, until some have ended, and takes no other’s place', () => {
  const nonces = used()
  for (const nonce of ['one', 'two', 'three']) nonces.take('agent', nonce, at(0))
  expect(() => nonces.take('agent', 'four', at(59))).toThrow(/have not ended/)
  expect(nonces.take('other agent', 'four', at(59))).toBe(true)
  expect(nonces.take('agent', 'four', at(60))).toBe(true)
})
