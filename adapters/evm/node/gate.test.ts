import { expect, test } from 'vitest'
import { createGate, createMutex } from './gate.ts'

test('a gate lets its limit in, the next when one leaves, and turns away what would wait too long', async () => {
  const gate = createGate(1, 1)
  expect(await gate.enter()).toBe(true)
  const second = gate.enter()
  expect(await gate.enter()).toBe(false)
  gate.leave()
  expect(await second).toBe(true)
  expect(gate.inside()).toBe(1)
  gate.leave()
  expect(gate.inside()).toBe(0)
})

test('a gate that is over its limit lets nobody in until enough have left', async () => {
  const gate = createGate(1, 5)
  gate.occupy()
  gate.occupy()
  let entered = false
  const waiting = gate.enter().then(() => {
    entered = true
  })
  gate.leave()
  await Promise.resolve()
  expect([entered, gate.inside()]).toEqual([false, 1])
  gate.leave()
  await waiting
  expect(gate.inside()).toBe(1)
})

test('a mutex runs tasks one at a time in order, also behind one that fails', async () => {
  const inOrder = createMutex()
  const seen: string[] = []
  const task = (name: string) => async () => {
    seen.push(`${name} in`)
    await Promise.resolve()
    seen.push(`${name} out`)
    if (name === 'a') throw new Error('a fails')
    return name
  }
  const results = await Promise.allSettled([inOrder(task('a')), inOrder(task('b'))])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out'])
})
