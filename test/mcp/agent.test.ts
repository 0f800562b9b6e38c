import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld } from '../paidRoute/paidRouteWorld.ts'
import { agentV1, agentV2, configFile, type Person, type Question } from './agentClients.ts'

let world: PaidRouteWorld
let shop: Server
let site: string
let folder: string
let ran: number
let asked: Question[]
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 1_000 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on a port.
  const seller = createSeller({ gateway: `http://127.0.0.1:${port}`, key: world.sellerKey, log: () => {} })
  const price = ({ url = '' }) => (url.startsWith('/free') ? ('free' as const) : usd(url.startsWith('/dear') ? '0.5' : '0.002'))
  shop = createServer(
    seller.node({ price }, (_, response) => {
      response.end(`joke ${++ran}`)
    }),
  )
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  site = `127.0.0.1:${(shop.address() as AddressInfo).port}` // As above.
})
afterAll(async () => {
  shop?.closeAllConnections()
  shop?.close()
  await world?.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-agent-'))
  ran = 0
  asked = []
  return () => rmSync(folder, { recursive: true })
})

const yes: Person = () => ({ action: 'accept', content: { pay: true } })
const url = (path: string) => ({ url: `http://${site}${path}` })

const configured = (more: object = {}) => configFile(folder, { site, more })
const noted =
  (person: Person): Person =>
  (question) => {
    asked.push(question)
    return person(question)
  }

describe.each([
  ['2025', agentV1],
  ['2026-07-28', agentV2],
])('the command for agents, with a client of %s', (_, open) => {
  test('pays when the person approves the amount, once, and says what was paid', async () => {
    const agent = await open(configured(), noted(yes))
    const { structuredContent } = await agent.call('pay', url('/joke'))
    expect(structuredContent).toMatchObject({ status: 200, body: 'joke 1', paid: { rail: 'evm:31337', cost: { amount: '0.002' } } })
    expect(asked).toEqual([expect.objectContaining({ message: expect.stringContaining(`Pay 0.002 USD to ${site} by evm:31337`) })])
    expect((await agent.call('budget')).structuredContent).toEqual({
      per_request: '0.01',
      per_day: '0.05',
      spent_in_24_hours: '0.002',
      left_today: '0.048',
      unattended: '0',
      sites: [site],
    })
    const { receipts } = (await agent.call('receipts')).structuredContent as { receipts: object[] } // As the tool says.
    expect(receipts).toEqual([expect.objectContaining({ url: url('/joke').url, rail: 'evm:31337' })])
    await agent.close()
  })

  test('pays nothing when the person declines, closes the question, or accepts without the tick', async () => {
    const persons: Person[] = [
      () => ({ action: 'decline' }),
      () => ({ action: 'cancel' }),
      () => ({ action: 'accept', content: { pay: false } }),
    ]
    const agent = await open(
      configured({ unattended: '0.01' }),
      noted((question) => persons[asked.length - 1]!(question)),
    )
    for (const _ of persons) {
      const { isError, structuredContent } = await agent.call('pay', url('/joke'))
      expect([isError, structuredContent?.code]).toEqual([true, 'payment_declined'])
    }
    expect(asked).toHaveLength(persons.length)
    expect((await agent.call('budget')).structuredContent?.spent_in_24_hours).toBe('0')
    await agent.close()
    expect(ran).toBe(0)
  })

  test('pays unasked only up to the limit that its configuration names, when nobody can be asked', async () => {
    const strict = await open(configured())
    expect((await strict.call('pay', url('/joke'))).structuredContent).toMatchObject({
      code: 'payment_declined',
      hint: expect.stringContaining('unattended'),
      pay_yourself: url('/joke').url,
    })
    await strict.close()
    const agent = await open(configured({ unattended: '0.002' }))
    expect((await agent.call('pay', { ...url('/joke'), max: '0.001' })).structuredContent).toMatchObject({ code: 'budget_exceeded' })
    expect((await agent.call('pay', { ...url('/joke'), max: '0.002' })).structuredContent).toMatchObject({ status: 200, body: 'joke 1' })
    await agent.close()
  })

  test('asks nobody for what is free or above the budget, and quotes without paying', async () => {
    const agent = await open(configured(), noted(yes))
    expect((await agent.call('pay', url('/free'))).structuredContent).toMatchObject({ status: 200, body: 'joke 1', paid: null })
    expect((await agent.call('pay', url('/dear'))).structuredContent).toMatchObject({
      code: 'budget_exceeded',
      pay_yourself: url('/dear').url,
    })
    expect((await agent.call('quote', url('/dear'))).structuredContent).toMatchObject({ quote: { total: { amount: '0.5' } } })
    expect((await agent.call('quote', url('/free'))).structuredContent).toEqual({ quote: null })
    await agent.close()
    expect(asked).toEqual([])
  })

  test('asks no site that the budget does not name', async () => {
    const agent = await open(configured({ budget: { perRequest: '0.01', perDay: '0.05', sites: ['api.example.com'] } }), noted(yes))
    for (const tool of ['pay', 'quote']) {
      expect((await agent.call(tool, url('/free'))).structuredContent).toMatchObject({ code: 'budget_exceeded', meta: { limit: 'sites' } })
    }
    await agent.close()
    expect(ran).toBe(0)
  })
})

test('what it cannot pay it hands to the person as a page, when the client can open one', async () => {
  const agent = await agentV2(
    configured(),
    noted(() => ({ action: 'accept' })),
    { form: {}, url: {} },
  )
  expect((await agent.call('pay', url('/dear'))).structuredContent).toMatchObject({ handed_over: true, url: url('/dear').url })
  expect(asked).toEqual([expect.objectContaining({ url: url('/dear').url, message: expect.stringContaining('could not pay') })])
  await agent.close()
  expect(ran).toBe(0)
})

test('what was spent before it was started again counts', async () => {
  const config = configured({ budget: { perRequest: '0.002', perDay: '0.003', sites: [site] }, unattended: '0.002' })
  for (const outcome of [{ body: 'joke 1' }, { code: 'budget_exceeded' }]) {
    const agent = await agentV2(config)
    expect((await agent.call('pay', url('/joke'))).structuredContent).toMatchObject(outcome)
    await agent.close()
  }
})
