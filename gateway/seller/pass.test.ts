import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { createSeller } from './createSeller.ts'
import { passTermsOf } from './pass.ts'
import { type PassOption, usd } from './price.ts'

const seller = createSeller({ gateway: 'http://127.0.0.1:9', key: 'sk_0123456789', publicUrl: 'https://shop.example' })
const price = usd('0.002')
const DAYS_30_MS = 2_592_000_000

/** What somebody writes who has no compiler, or has not read the page. */
const PASSES: readonly (readonly [string, unknown, string])[] = [
  ['a text', 'uses', 'no object'],
  ['nothing', {}, 'no uses, no budget and no forMs'],
  ['both', { uses: 1, budget: usd('1') }, 'of uses and of a budget'],
  ['no uses', { uses: 0 }, 'of 0 uses'],
  ['half a use', { uses: 1.5 }, 'of 1.5 uses'],
  ['too many uses', { uses: 1_000_001 }, 'of 1000001 uses'],
  ['a moment', { forMs: 10 }, 'for 10 ms'],
  ['a life', { uses: 1, forMs: 1e12 }, 'for 1000000000000 ms'],
  ['a budget with a price', { budget: usd('1'), price: usd('1') }, 'a price besides'],
  ['a budget for no request', { budget: usd('0.001999') }, 'less than one request costs'],
  ['a budget that is a text', { budget: '1' }, 'no price'],
  ['uses that are worth nothing', { uses: 1_000, price: usd('0.001') }, '1000 uses for too little'],
]

describe.each(PASSES)('a pass that is %s is told when its route is made', (_, given, words) => {
  const pass = given as PassOption // The point of it: the compiler would refuse most.
  const noPass = expect.objectContaining({ code: 'seller_misconfigured', message: expect.stringContaining(words) })

  test('by seller.fetch', () => expect(() => seller.fetch({ price, pass }, () => new Response())).toThrow(noPass))
  test('by seller.node', () => expect(() => seller.node({ price, pass }, () => undefined)).toThrow(noPass))
  test('by seller.express', () => expect(() => express().get('/joke', seller.express({ price, pass }))).toThrow(noPass))
  test('by seller.hono', () => expect(() => new Hono().get('/joke', seller.hono({ price, pass }))).toThrow(noPass))
  test('by seller.fastify', async () => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(seller.fastify as never)
    expect(() => app.get('/joke', { config: { price, pass } as never }, () => 'joke')).toThrow(noPass)
  })
})

test('a route whose price is a function sells a budget, or a pass with a price of its own', () => {
  const dynamic = () => price
  const make = (pass: PassOption) => () => seller.fetch({ price: dynamic, pass }, () => new Response())
  expect(make({ uses: 10 })).toThrow('prices of their own')
  for (const pass of [{ budget: usd('1') }, { uses: 10, price }, { forMs: 60_000, price }]) expect(make(pass)).not.toThrow()
})

test.each<[PassOption, object]>([
  [{ uses: 100 }, { kind: 'uses', uses: 100, price: money(USD, 200_000n), forMs: DAYS_30_MS }],
  [
    { uses: 100, price: usd('0.1'), forMs: 60_000 },
    { kind: 'uses', uses: 100, price: money(USD, 100_000n), forMs: 60_000 },
  ],
  [{ forMs: 60_000 }, { kind: 'time', price: money(USD, 2_000n), forMs: 60_000 }],
  [{ budget: usd('0.5') }, { kind: 'budget', price: money(USD, 500_000n), forMs: DAYS_30_MS }],
])('%j on a route for 0.002 USD', (option, terms) => {
  expect(passTermsOf(option, money(USD, 2_000n))).toEqual(terms)
})
