import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProxyWorld, serve } from './proxyWorld.ts'

let world: Awaited<ReturnType<typeof openProxyWorld>>
beforeAll(async () => {
  world = await openProxyWorld()
})
afterAll(() => world?.close())

async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('work that is paid by its use', () => {
  const TOKENS = { path: '/tokens', price: { upto: '0.05', step: '0.01' } }
  const words = (header: string | undefined, trailer: string | undefined, status = 200) =>
    serve((_, response) => {
      response.writeHead(status, { 'content-type': 'text/plain', ...(header !== undefined && { 'switchyard-used': header }) })
      response.write('some words')
      if (trailer !== undefined) response.addTrailers({ 'Switchyard-Used': trailer })
      response.end(' more')
    })

  test.each([
    ['in a header', '0.0123', undefined, 12_300n],
    ['in a trailer, once it is given', undefined, '0.004', 4_000n],
    ['in both, which is the sum', '0.002', '0.003', 5_000n],
    ['not at all, and costs nothing', undefined, undefined, 0n],
    ['beyond its maximum, which is taken', '7', undefined, 50_000n],
    ['in a trailer that is no amount, and costs what the header says', '0.001', 'much', 1_000n],
  ])('says what it used %s', async (_, header, trailer, units) => {
    const { url: upstream } = await words(header, trailer)
    const url = await world.sell(upstream, { routes: [TOKENS] })
    const before = world.earned()
    const answer = await fetch(`${url}/tokens`, { headers: world.pays() })
    expect([answer.status, await answer.text(), answer.headers.get('switchyard-used')]).toEqual([200, 'some words more', null])
    await until(() => world.earned() - before === units)
  })

  test.each([
    ['failed', '0.01', 500, 500],
    ['says no amount', '1e3', 200, 502],
  ])('costs nothing where it %s', async (_, header, status, given) => {
    const { url: upstream } = await words(header, undefined, status)
    const url = await world.sell(upstream, { routes: [TOKENS] })
    const before = world.earned()
    expect((await fetch(`${url}/tokens`, { headers: world.pays() })).status).toBe(given)
    expect(world.earned()).toBe(before)
  })

  test('is told of as a maximum, and a step that does not fit is refused', async () => {
    const { url: upstream } = await words('0', undefined)
    const url = await world.sell(upstream, { routes: [TOKENS] })
    expect(((await (await fetch(`${url}/tokens`)).json()) as { upto: boolean }).upto).toBe(true)
    await expect(world.sell(upstream, { routes: [{ ...TOKENS, price: { upto: '0.05', step: '0.0001' } }] })).rejects.toThrow(
      /A step of 0.0001 USD/,
    )
  })
})
