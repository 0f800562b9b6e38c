import { expect, test } from 'vitest'
import { wantsPage } from './wantsPage.ts'

const FIREFOX = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

test.each([
  ['Firefox', 'GET', { accept: FIREFOX }],
  ['Chrome', 'GET', { accept: CHROME }],
  ['HTML alone', 'GET', { accept: 'Text/HTML' }],
  ['HTML before JSON', 'GET', { accept: 'application/json;q=0.5, text/html' }],
  ['the headers of a page', 'HEAD', { accept: FIREFOX }],
])('a page is for %s', (_, method, headers) => {
  expect(wantsPage({ method, headers })).toBe(true)
})

test.each([
  ['a client that takes anything', 'GET', { accept: '*/*' }],
  ['a client that says nothing', 'GET', {}],
  ['a client of any text', 'GET', { accept: 'text/*' }],
  ['axios', 'GET', { accept: 'application/json, text/plain, */*' }],
  ['HTML and JSON alike', 'GET', { accept: 'text/html, application/json' }],
  ['HTML behind problems', 'GET', { accept: 'application/problem+json, text/html;q=0.9' }],
  ['HTML refused', 'GET', { accept: 'text/html;q=0, */*' }],
  ['a form that was sent', 'POST', { accept: FIREFOX }],
  ['a payment of x402', 'GET', { accept: FIREFOX, 'payment-signature': 'eA==' }],
  ['a payment of its first version', 'GET', { accept: FIREFOX, 'x-payment': 'eA==' }],
  ['a token, or an API key', 'GET', { accept: FIREFOX, authorization: 'L402 x:y' }],
  ['who says what it pays by', 'GET', { accept: FIREFOX, 'accept-payment': 'evm/charge' }],
])('no page is for %s', (_, method, headers) => {
  expect(wantsPage({ method, headers })).toBe(false)
})
