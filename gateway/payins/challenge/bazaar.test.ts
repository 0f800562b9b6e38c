import { isValidRouteTemplate, validateDiscoveryExtension, validateDiscoveryExtensionSpec } from '@x402/extensions/bazaar'
import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { type BazaarEntry, bazaarExtension } from './bazaar.ts'
import { buildChallenge, PAYMENT_REQUIRED_BYTES_MAX } from './buildChallenge.ts'

const BOOK: BazaarEntry = { method: 'GET', template: '/books/:id', path: '/books/7' }
const ENTRIES: readonly (readonly [string, BazaarEntry])[] = [
  ['a path alone', { method: 'GET', template: '/joke', path: '/joke' }],
  ['a HEAD, which is told of its GET', { method: 'HEAD', template: '/joke', path: '/joke' }],
  ['parameters in the path', BOOK],
  ['a query and an answer', { ...BOOK, example: { query: { page: '2' }, output: { title: 'Two sats' } } }],
  ['an answer that is text', { ...BOOK, example: { output: 'text' } }],
  ['an answer that is a list', { ...BOOK, example: { output: [1, null] } }],
  ['a body', { method: 'POST', template: '/search', path: '/search', example: { body: { query: 'sats' }, output: { results: [] } } }],
  ['a body that is text', { method: 'PUT', template: '/note', path: '/note', example: { body: 'a note' } }],
]

describe('the extension, as the package of x402 checks it', () => {
  test.each(ENTRIES)('of %s', (_, entry) => {
    const extension = bazaarExtension(entry)!
    expect(validateDiscoveryExtensionSpec(extension)).toEqual({ valid: true })
    // Its own shape, as that package declares it.
    expect(validateDiscoveryExtension(extension as never)).toEqual({ valid: true })
    if (extension.routeTemplate !== undefined) expect(isValidRouteTemplate(String(extension.routeTemplate))).toBe(true)
  })
})

test('the parameters of a path are those of the request, beside the template that they stand in', () => {
  expect(bazaarExtension(BOOK)).toMatchObject({ routeTemplate: '/books/:id', info: { input: { pathParams: { id: '7' } } } })
})

test.each([
  ['climbs', '/books/../:id'],
  ['has a wildcard', '/books/:id/*'],
  ['is none of a path', 'books/:id'],
])('a template that %s is left out', (_, template) => {
  expect(bazaarExtension({ ...BOOK, template, path: template })).not.toHaveProperty('routeTemplate')
})

test.each([['POST'], ['PUT'], ['PATCH'], ['OPTIONS']])('a %s whose body nobody shows is told of to no indexer', (method) => {
  expect(bazaarExtension({ method, template: '/search', path: '/search' })).toBeUndefined()
})

describe('in a 402', () => {
  const { input } = exampleChallenge()
  const entry = (output: string): BazaarEntry => ({ ...BOOK, example: { output } })
  const requiredWith = (bazaar: BazaarEntry | undefined) => {
    const headers = buildChallenge({ ...input, seed: Buffer.alloc(32, 5), bazaar }).headers
    const text = headers.find(([name]) => name === 'payment-required')![1]
    return { length: text.length, json: JSON.parse(Buffer.from(text, 'base64').toString()) }
  }

  test('it stands beside the offers', () => {
    expect(requiredWith(BOOK).json).toMatchObject({
      accepts: [{ amount: '2000' }],
      extensions: { bazaar: { routeTemplate: '/books/:id' } },
    })
    expect(requiredWith(undefined).json.extensions).not.toHaveProperty('bazaar')
  })

  test('no example makes the header longer than clients read: the extension goes before an offer does', () => {
    let told = 0
    for (let chars = 0; chars <= 2_000; chars += 40) {
      const { length, json } = requiredWith(entry('x'.repeat(chars)))
      expect(length).toBeLessThanOrEqual(PAYMENT_REQUIRED_BYTES_MAX)
      expect(json.accepts).toHaveLength(1)
      if ('bazaar' in json.extensions) told++
    }
    expect(told).toBeGreaterThan(10)
    expect(told).toBeLessThan(50)
  })
})
