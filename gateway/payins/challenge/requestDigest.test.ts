import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestDigest, routeDigest } from './requestDigest.ts'

test('a digest depends on method, URL and body, and not on how they are cut', () => {
  const token = fc.constantFrom('GET', 'POST', 'PUT')
  const path = fc.webPath()
  fc.assert(
    fc.property(fc.tuple(token, path, fc.string()), fc.tuple(token, path, fc.string()), (a, b) => {
      expect(requestDigest(...a) === requestDigest(...b)).toBe(a.join('\n') === b.join('\n'))
    }),
  )
  expect(requestDigest('post', '/a', 'body')).toBe(requestDigest('POST', '/a', Buffer.from('body')))
  expect(requestDigest('GET', '/a')).not.toBe(routeDigest('GET', '/a'))
  expect(routeDigest('GET', '/a')).not.toBe(routeDigest('POST', '/a'))
})
