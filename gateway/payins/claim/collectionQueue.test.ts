import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evmRail } from '../../ports/railName.ts'
import { createCollectionQueue, type QueuedCollection } from './collectionQueue.ts'

const LATER = 10_000_000
const item = (claimKey: string, o: Partial<QueuedCollection> = {}): QueuedCollection => {
  return { claimKey, rail: evmRail(1), payee: 'seller', payer: claimKey, endsAt: LATER, ...o }
}
const anywhere = () => true

function drain(queue: ReturnType<typeof createCollectionQueue>, now = 0): string[] {
  const keys: string[] = []
  for (let next = queue.take(anywhere, now); next; next = queue.take(anywhere, now)) keys.push(next.claimKey)
  return keys
}

test('a payer who brings a thousand waits for the others, and not they for him', () => {
  const queue = createCollectionQueue()
  for (let i = 0; i < 1_000; i++) queue.push(item(`many ${i}`, { payer: 'mallory' }))
  for (let i = 0; i < 5; i++) queue.push(item(`one ${i}`))
  expect(drain(queue).slice(0, 6)).toEqual(['many 0', 'one 0', 'one 1', 'one 2', 'one 3', 'one 4'])
})

test('a payee with a thousand fresh payers has one turn in two beside another payee', () => {
  const queue = createCollectionQueue()
  for (let i = 0; i < 1_000; i++) queue.push(item(`fresh ${i}`, { payee: 'busy' }))
  for (let i = 0; i < 3; i++) queue.push(item(`one ${i}`, { payee: 'calm' }))
  expect(drain(queue).slice(0, 6)).toEqual(['fresh 0', 'one 0', 'fresh 1', 'one 1', 'fresh 2', 'one 2'])
})

test('what ends soon takes every second place, the nearest end first', () => {
  const queue = createCollectionQueue()
  for (const name of ['a', 'b', 'c', 'd']) queue.push(item(name))
  queue.push(item('soon', { endsAt: 50_000 }))
  queue.push(item('sooner', { endsAt: 20_000 }))
  expect(drain(queue)).toEqual(['sooner', 'a', 'soon', 'b', 'c', 'd'])
})

test('a chain without room holds nothing back on another', () => {
  const queue = createCollectionQueue()
  queue.push(item('slow'))
  queue.push(item('quick', { rail: evmRail(2) }))
  expect(queue.take((rail) => rail === evmRail(2), 0)?.claimKey).toBe('quick')
  expect(queue.take((rail) => rail === evmRail(2), 0)).toBeUndefined()
  expect(queue.size()).toBe(1)
})

test('each is taken once, however many ask for it and whenever it ends', () => {
  const some = fc.array(fc.tuple(fc.nat(40), fc.nat(3), fc.nat(5), fc.nat(120_000)), { maxLength: 120 })
  fc.assert(
    fc.property(some, fc.nat(100_000), (rows, now) => {
      const queue = createCollectionQueue()
      for (const [key, payee, payer, endsAt] of rows) queue.push(item(`${key}`, { payee: `${payee}`, payer: `${payer}`, endsAt }))
      const wanted = new Set(rows.map(([key]) => `${key}`))
      expect(queue.size()).toBe(wanted.size)
      const taken = drain(queue, now)
      expect(taken).toHaveLength(wanted.size)
      expect(new Set(taken)).toEqual(wanted)
      expect(queue.size()).toBe(0)
    }),
  )
})
