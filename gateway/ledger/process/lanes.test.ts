import { expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

const later = () => new Promise<void>((resolve) => setImmediate(resolve))

test('lanes run at most their width at once, and everything in the end', async () => {
  let [running, most, done] = [0, 0, 0]
  const lanes = createLanes({
    width: 3,
    async run() {
      most = Math.max(most, ++running)
      await later()
      running--
      done++
      return undefined
    },
    onError: () => {},
  })
  await Promise.all(Array.from({ length: 20 }, (_, i) => lanes.push(`${i}`)))
  expect([most, done]).toEqual([3, 20])
})

test('one that waits holds no lane, and is run again', async () => {
  const ran: string[] = []
  let woken = (): void => {}
  const again = new Promise<void>((resolve) => {
    woken = resolve
  })
  const lanes = createLanes({
    width: 1,
    async run(id) {
      ran.push(id)
      if (id !== 'waits') return undefined
      if (ran.filter((r) => r === 'waits').length === 2) woken()
      return ran.filter((r) => r === 'waits').length === 1 ? 1 : undefined
    },
    onError: () => {},
  })
  await Promise.all([lanes.push('waits'), lanes.push('other')])
  await again
  expect(ran).toEqual(['waits', 'other', 'waits'])
})

test('an error is told and stops nothing else', async () => {
  const told: unknown[] = []
  const lanes = createLanes({
    width: 1,
    async run(id) {
      if (id === 'bad') throw new Error('broken')
      return undefined
    },
    onError: (id) => told.push(id),
  })
  await Promise.all([lanes.push('bad'), lanes.push('good')])
  expect(told).toEqual(['bad'])
})

test('closing starts nothing more and waits for what runs', async () => {
  const ran: string[] = []
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const lanes = createLanes({
    width: 1,
    async run(id) {
      await gate
      ran.push(id)
      return 1
    },
    onError: () => {},
  })
  const pushed = [lanes.push('first'), lanes.push('second')]
  const closed = lanes.close()
  release()
  await Promise.all([...pushed, closed])
  expect(ran).toEqual(['first'])
})
