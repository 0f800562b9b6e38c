import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { OPERATOR_KEY } from '../localConfig.ts'
import { listeningGateway } from './listeningGateway.ts'

let running: Awaited<ReturnType<typeof listeningGateway>>
beforeAll(async () => {
  running = await listeningGateway()
  vi.stubEnv('SWITCHYARD_URL', running.url)
  vi.stubEnv('SWITCHYARD_KEY', OPERATOR_KEY)
}, 60_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await running?.close()
})

test('the example of the API asks for money, follows what happens to it, and is refused what is over', async () => {
  const { told, refused } = await import('../../examples/api/shop.ts')
  expect([told, refused]).toEqual([['payment_intent.created', 'payment_intent.canceled'], 'intent_closed'])
})
