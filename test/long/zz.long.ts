import { afterAll, beforeAll, expect, test } from 'vitest'
import { startYard, verified, type Yard } from '../e2e/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await startYard({ mainChain: { batchSettlement: { withdrawDelayS: 900 } }, program: new URL('./shop/sellingGateway.ts', import.meta.url) })
})
afterAll(() => yard?.close())
const KILLS = Number(process.env.KILLS ?? 4)
test('x', async () => {
  const { of } = await import('./zz.ts')
  const traffic = await of(yard)
  let stopping = false
  const workers = traffic.map(async ({ errand }) => { while (!stopping) await errand() })
  const failed = Promise.all(workers).then(() => undefined)
  for (let kill = 0; kill < KILLS; kill++) {
    await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 1500 + (kill % 20) * 90))])
    await yard.kill()
    await yard.start()
    console.log('killed', kill, new Date().toISOString(), traffic.map(({ kind, acknowledged }) => `${kind} ${acknowledged()}`).join(', '))
  }
  stopping = true
  await failed
  console.log(`${KILLS} kills: ${traffic.map(({ kind, acknowledged }) => `${kind} ${acknowledged()}`).join(', ')}`)
  for (const { kind, check } of traffic) { console.log('check', kind); await check() }
  const v = await verified(yard)
  expect([...v.rails, ...v.splits].filter(({ verdict }) => verdict !== 'equal')).toEqual([])
  expect(v).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
})
