import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLightningAddress } from './lightningAddress.ts'
import { encodeLnurl, readLnurl, schemeLnurl } from './lnurlText.ts'

const plain = (host: string) => host === '127.0.0.1:8402'
/** The example of LUD-01. */
const EXAMPLE = {
  url: 'https://service.com/api?q=3fc3645b439ce8e7f2553a69e5267081d96dcd340693afabe04be7b0ccd178df',
  bech32:
    'LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXSCRVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNS',
}

test('the example of LUD-01 is read and written', () => {
  expect(encodeLnurl(EXAMPLE.url)).toBe(EXAMPLE.bech32)
  for (const text of [EXAMPLE.bech32, EXAMPLE.bech32.toLowerCase(), `lightning:${EXAMPLE.bech32}`, `LIGHTNING://${EXAMPLE.bech32}`]) {
    expect(readLnurl(text, plain)).toEqual({ url: new URL(EXAMPLE.url), kind: undefined })
  }
})

describe('each spelling leads to its URL', () => {
  test.each([
    ['lnurlp://pay.example/x?y=1', 'https://pay.example/x?y=1', 'pay'],
    ['lnurlp:pay.example/x', 'https://pay.example/x', 'pay'],
    ['LNURLW://pay.example/x', 'https://pay.example/x', 'withdraw'],
    ['keyauth://pay.example/x?tag=login&k1=00', 'https://pay.example/x?tag=login&k1=00', 'auth'],
    ['https://pay.example/x', 'https://pay.example/x', undefined],
    ['https://pay.example/x?tag=login&k1=00', 'https://pay.example/x?tag=login&k1=00', 'auth'],
    [`https://shop.example/page?lightning=${EXAMPLE.bech32}`, EXAMPLE.url, undefined],
    ['Alice+tips@Pay.Example', 'https://pay.example/.well-known/lnurlp/alice%2Btips', 'pay'],
    ['lightning:alice@pay.example', 'https://pay.example/.well-known/lnurlp/alice', 'pay'],
    ['alice@127.0.0.1:8402', 'http://127.0.0.1:8402/.well-known/lnurlp/alice', 'pay'],
    ['lnurlp://127.0.0.1:8402/x', 'http://127.0.0.1:8402/x', 'pay'],
    ['alice@127.0.0.1:8403', 'https://127.0.0.1:8403/.well-known/lnurlp/alice', 'pay'],
  ])('%s', (text, url, kind) => {
    const read = readLnurl(text, plain)
    expect([String(read?.url), read?.kind]).toEqual([url, kind])
  })
})

test.each([
  ...['', 'alice', '@pay.example', 'alice@', 'a b@pay.example', 'alice@pay example', 'alice@-pay.example', 'a@b@c', 'alice@pay.example/x'],
  ...[
    'lnbc1qqq',
    'bitcoin:?lightning=x',
    'ftp://pay.example/',
    'javascript:alert(1)',
    `${EXAMPLE.bech32}Q`,
    `https://pay.example/${'x'.repeat(2_000)}`,
  ],
])('%j is none', (text) => expect(readLnurl(text, plain)).toBeUndefined())

test('a scheme is written for TLS only, because it stands for TLS', () => {
  expect(schemeLnurl(new URL('https://pay.example/x'), 'pay')).toBe('lnurlp://pay.example/x')
  expect(schemeLnurl(new URL('https://pay.example/x'), 'auth')).toBe('keyauth://pay.example/x')
  expect(schemeLnurl(new URL('http://127.0.0.1:8402/x'), 'withdraw')).toBe('http://127.0.0.1:8402/x')
})

test('an address is a name and a host, in lower case', () => {
  expect(readLightningAddress(' Bob.Smith@Wallet.Example:8443 ')).toEqual({ name: 'bob.smith', host: 'wallet.example:8443' })
  expect(readLightningAddress(`${'x'.repeat(65)}@wallet.example`)).toBeUndefined()
})

test('whatever stands in it, a text is an http URL or none, and what we encode we read', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.webUrl({ withQueryParameters: true }),
    fc.string().map((text) => `lnurlp://${text}`),
    fc.string().map((text) => `${text}@pay.example`),
    fc.string().map((text) => encodeLnurl(text)),
  )
  fc.assert(
    fc.property(odd, (text) => {
      const read = readLnurl(text, plain)
      if (read) expect(['http:', 'https:']).toContain(read.url.protocol)
    }),
  )
  fc.assert(
    fc.property(fc.webUrl(), (text) => {
      const url = new URL(text)
      expect(String(readLnurl(encodeLnurl(url), plain)?.url)).toBe(String(url))
    }),
  )
})
