import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGuard } from '../../guard/openGuard.ts'
import { newApp } from '../app.ts'
import { addAdmission } from './admit.ts'

const AT_ONCE = 200
const plenty = { perS: 1_000_000, burst: 1_000_000 }
const clock = { now: () => Date.now() }

let refused = 0
const app = newApp({ publicUrl: 'http://localhost' })
let base: string
beforeAll(async () => {
  const limits = { line: plenty, network: plenty, caller: plenty, lateMs: 16 }
  const guard = openGuard({ clock }, { limits, onRefused: (count) => (refused += count) })
  addAdmission(app, { guard, callers: { idOfKey: () => undefined } })
  // Each keeps the event loop for two milliseconds.
  for (const path of ['/work', '/x402/settle']) {
    app.get(path, async () => {
      const until = performance.now() + 2
      while (performance.now() < until);
      return { ok: true }
    })
  }
  app.get('/healthz', async () => ({ ok: true }))
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app.close())

const ask = async (path: string) => {
  const answer = await fetch(`${base}${path}`, { headers: { host: 'localhost' } })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> }
}

/** Two hundred callers, each of whom asks again as soon as he was answered. */
async function crowd(forMs: number, path = '/work') {
  const answers: Awaited<ReturnType<typeof ask>>[] = []
  const end = performance.now() + forMs
  const caller = async () => {
    while (performance.now() < end) answers.push(await ask(path))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
  return answers
}

test('under more than can be borne some are served and the others told when to come again; a health check is always answered', async () => {
  const asked = crowd(1_500)
  const health: number[] = []
  for (let i = 0; i < 5; i++) {
    await pause(200)
    health.push((await ask('/healthz')).status)
  }
  const answers = await asked
  expect(health).toEqual([200, 200, 200, 200, 200])
  const late = answers.filter(({ status }) => status === 503)
  expect(answers.filter(({ status }) => status === 200).length + late.length).toBe(answers.length)
  expect(answers.length).toBeGreaterThan(late.length)
  expect(late.length).toBeGreaterThan(0)
  expect(late[0]!.headers.get('retry-after')).toBe('1')
  expect(late[0]!.body).toMatchObject({ code: 'overloaded', outcome: 'failed', type: '/errors#overloaded', status: 503 })
  expect(refused).toBeGreaterThan(0)
  // Nobody else asks now.
  await pause(300)
  expect((await ask('/work')).status).toBe(200)
})

test('a client of the facilitator finds its members in what is refused so too', async () => {
  const late = (await crowd(800, '/x402/settle')).find(({ status }) => status === 503)
  expect(late?.body).toMatchObject({ code: 'overloaded', success: false, errorReason: 'overloaded', transaction: '', network: '' })
  await pause(300)
})
