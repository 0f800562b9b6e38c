import { expect, test } from 'vitest'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { CollectParts } from './collectUntilKnown.ts'
import { createRunning } from './runningCollections.ts'

const [RAIL, PAYER] = ['evm:1', '0xpayer'] as const
const refused: Outcome = { kind: 'unknown', checkAfterMs: 1, refusal: 'insufficient_liquidity' }
const settled: Outcome = { kind: 'settled', evidence: { rail: 'evm:1', id: 'hash', at: 1 }, fee: money(USD, 0n) }

function openRunning(outcomes: ReadonlyMap<string, Outcome>, max?: { running: number; refused: number }) {
  const answer = async (id: string) => outcomes.get(id) ?? refused
  const request = (receipt: string) => ({ receipt, payer: PAYER, rail: RAIL, collection: 'held' })
  const parts = {
    records: { byClaim: request, authorization: () => ({}), headOf: () => undefined },
    collectorOf: () => ({ collect: answer, lookupCollection: answer }),
  } as unknown as CollectParts // What a collection that ends settled or not at all asks for.
  const stop = new AbortController()
  const running = createRunning(parts, { stop: stop.signal, onRoom: () => {}, ...(max ? { max } : {}) })
  return { running, stop }
}

test('a payer is refused as long as one of its authorizations is, whatever becomes of another', async () => {
  const outcomes = new Map<string, Outcome>([
    ['one', refused],
    ['two', refused],
  ])
  const { running, stop } = openRunning(outcomes)
  await Promise.all(['one', 'two'].map((claimKey) => running.runUntilRefused(claimKey)))
  expect(running.refuses(PAYER)).toBe(true)
  for (const claimKey of ['one', 'two']) {
    expect(running.refuses(PAYER), `before ${claimKey} is settled`).toBe(true)
    outcomes.set(claimKey, settled)
    expect(await running.run(claimKey)).toEqual(settled)
  }
  expect(running.refuses(PAYER)).toBe(false)
  stop.abort()
})

test('what is refused takes nobody else a place, and at its own bound says that it is full', async () => {
  const { running, stop } = openRunning(new Map(), { running: 2, refused: 3 })
  for (const claimKey of ['one', 'two']) await running.runUntilRefused(claimKey)
  expect([running.hasRoom(RAIL), running.isFullOfRefused()]).toEqual([true, false])
  await running.runUntilRefused('three')
  expect([running.hasRoom(RAIL), running.isFullOfRefused()]).toEqual([true, true])
  stop.abort()
})

test('the fifth of a payer is refused as the first was, and one of another chain is not', async () => {
  const { running, stop } = openRunning(new Map())
  for (const claimKey of ['one', 'two', 'three']) await running.runUntilRefused(claimKey)
  expect(running.refusalOf(RAIL, PAYER)).toBeUndefined()
  await running.runUntilRefused('four')
  expect(running.refusalOf(RAIL, PAYER)).toBe('insufficient_liquidity')
  expect([running.refusalOf('evm:2', PAYER), running.refusalOf(RAIL, '0xother')]).toEqual([undefined, undefined])
  stop.abort()
})
