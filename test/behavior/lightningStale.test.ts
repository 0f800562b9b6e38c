import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

// An older copy of the node's folder is put back after the channel went on without it.
let world: LightningWorld
const lines: string[] = []
beforeAll(async () => {
  world = await startLightningWorld((line) => void lines.push(line))
})
afterAll(() => world?.close())

test('an older copy of the node is found out, opens no more, and says what to do with whom', async () => {
  const first = await world.openRail()
  await openRouterChannel(world, first)
  const channel = (await first.status()).channels[0]!.id
  /** The customer pays us. */
  const paid = async (rail: typeof first) => {
    const request = { amount: money(BTC, 1_000_000n), ref: '0x01', expiresAt: Date.now() + 600_000, description: 'article' } as const
    const { wire } = await rail.offer(request)
    if (wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
    await world.ask('/pay', { invoice: wire.invoice })
  }
  await paid(first)
  await first.close()
  const copy = `${world.dataDir}.copy`
  cpSync(world.dataDir, copy, { recursive: true })
  const second = await world.openRail()
  for (let i = 0; i < 3; i++) await paid(second)
  await second.close()
  rmSync(world.dataDir, { recursive: true })
  cpSync(copy, world.dataDir, { recursive: true })

  await expect(world.openRail()).rejects.toMatchObject({ code: 'rail_unavailable' })
  const starts = lines.length
  const told = await world.openRail().then(
    () => 'it opened',
    (error: Error) => error.message,
  )
  expect(told).toContain('older copy')
  expect(told).toContain(channel)
  expect(told).toContain(world.ready.router.nodeId)
  // No process was started for it.
  expect(lines.slice(starts)).toEqual([])
})
