import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { type GatewayOnChain, startGateway } from '../evm/gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'

let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  app = newApp({ publicUrl: 'http://localhost' })
  await addApi(app, yard.gateway())
}, 120_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

/** What is injected comes without I/O: the turn of the event loop ends before it. */
const from = async (remoteAddress: string, key: string) => {
  await turn()
  return app.inject({ url: '/v1/balances', remoteAddress, headers: { authorization: `Bearer ${key}` } })
}

test('who tries keys is slowed down, from one address or its neighbours in IPv6; others and right keys are not', async () => {
  for (const address of [() => '198.51.100.7', (i: number) => `2001:db8:1:2::${i.toString(16)}`]) {
    const statuses: number[] = []
    for (let i = 1; i <= 200; i++) statuses.push((await from(address(i), `sk_not_a_key_of_ours_${i}`)).statusCode)
    expect(statuses[0]).toBe(401)
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(100)
    const slowed = await from(address(1), 'sk_not_a_key_of_ours_0')
    expect([slowed.statusCode, slowed.json<{ code: string }>().code]).toEqual([429, 'rate_limited'])
    expect(slowed.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    expect((await from(address(1), 'sk_operator_of_the_test')).statusCode).toBe(200)
  }
  expect((await from('203.0.113.9', 'sk_not_a_key_of_ours_1')).statusCode).toBe(401)
})

test('a header does not choose the address, unless the operator trusts who sends it', async () => {
  const forwarded = async (i: number) => {
    await turn()
    return app.inject({
      url: '/v1/balances',
      remoteAddress: '198.51.100.99',
      headers: { authorization: `Bearer sk_not_a_key_of_ours_${i}`, 'x-forwarded-for': `192.0.2.${i}` },
    })
  }
  const statuses: number[] = []
  for (let i = 1; i <= 200; i++) statuses.push((await forwarded(i)).statusCode)
  expect(statuses.at(-1)).toBe(429)
  await app.close()
  app = newApp({ publicUrl: 'http://localhost', trustedProxies: ['198.51.100.0/24'] })
  await addApi(app, yard.gateway())
  expect((await forwarded(201)).statusCode).toBe(401)
})

test('each answer says how many calls a key has left, and a stranger’s says nothing of it', async () => {
  const quota = async (key: string) => {
    const { headers } = await from('203.0.113.10', key)
    return [headers['ratelimit-policy'], headers.ratelimit]
  }
  const [[policy, first], [, second]] = [await quota('sk_operator_of_the_test'), await quota('sk_operator_of_the_test')]
  expect(policy).toMatch(/^"key";q=\d+;w=\d+$/)
  const burst = Number(/q=(\d+)/.exec(String(policy))?.[1])
  for (const told of [first, second]) {
    const [, left, full] = /^"key";r=(\d+);t=(\d+)$/.exec(String(told)) ?? []
    // Tokens of the local network come back within the millisecond.
    expect(Number(left)).toBeLessThanOrEqual(burst)
    expect(Number(left)).toBeGreaterThan(burst - 100)
    expect(full).toBeDefined()
  }
  expect(await quota('sk_not_a_key_of_ours_9')).toEqual([undefined, undefined])
})
