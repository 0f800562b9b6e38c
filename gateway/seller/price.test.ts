import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSeller } from './createSeller.ts'
import { type Price, priceOf, usd } from './price.ts'

const seller = createSeller({ gateway: 'http://127.0.0.1:9', key: 'sk_0123456789', publicUrl: 'https://shop.example' })

/** What somebody writes who has no compiler. */
const PRICES: readonly (readonly [string, unknown, string])[] = [
  ['a text', '0.002', "usd('0.002')"],
  ['a text that is no amount', '2 cents', "usd('0.002')"],
  ['a number', 0.002, "usd('0.002')"],
  ['nothing', undefined, "usd('0.002')"],
  ['another asset', { asset: 'EUR', amount: '1' }, "usd('1')"],
  ['an amount of nothing', { asset: 'USD', amount: '0' }, 'more than nothing'],
]
const noPrice = (words: string) => expect.objectContaining({ code: 'seller_misconfigured', message: expect.stringContaining(words) })

describe.each(PRICES)('a price that is %s is told when its route is made', (what, given, words) => {
  const price = given as Price // The point of it: the compiler would refuse it.

  test('by seller.fetch', () => expect(() => seller.fetch({ price }, () => new Response())).toThrow(noPrice(words)))
  test('by seller.node', () => expect(() => seller.node({ price }, () => undefined)).toThrow(noPrice(words)))
  test('by seller.express', () => expect(() => express().get('/joke', seller.express({ price }))).toThrow(noPrice(words)))
  test('by seller.hono', () => expect(() => new Hono().get('/joke', seller.hono({ price }))).toThrow(noPrice(words)))
  test('by seller.mcp', () => expect(() => seller.mcp({ price, tool: 'joke' }, () => ({}))).toThrow(noPrice(words)))
  test('by seller.fastify', async () => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(seller.fastify as never)
    const make = () => app.get('/joke', { config: { price } as never }, () => 'joke')
    // There a route without a price is free.
    if (what === 'nothing') expect(make).not.toThrow()
    else expect(make).toThrow(noPrice(words))
  })
})

function broken(): Price {
  throw new Error('no list')
}

test.each([
  ['throws', broken, /threw: no list.*usd\(/],
  ['answers a text', () => '0.002', /answered '0\.002'.*usd\('0\.002'\)/],
  ['answers nothing', () => undefined, /answered undefined.*usd/],
] as [string, () => unknown, RegExp][])('a price function that %s says what to change', async (_, price, words) => {
  const wrong = price as () => Price // As above.
  await expect(priceOf({ price: wrong }, {})).rejects.toMatchObject({ code: 'price_failed', message: expect.stringMatching(words) })
})

test('a payer is told who has to change what', async () => {
  const sell = createSeller({ gateway: 'http://127.0.0.1:9', key: 'sk_0123456789', log: () => undefined })
  const answer = await sell.fetch({ price: () => '1' as never }, () => new Response())(new Request('http://shop.example/joke'))
  expect([answer.status, await answer.json()]).toMatchObject([
    500,
    { code: 'price_failed', hint: expect.stringMatching(/seller.*price function/) },
  ])
})

test('a price is what usd makes', () => {
  expect(usd('0.002')).toEqual({ asset: 'USD', amount: '0.002' })
})
