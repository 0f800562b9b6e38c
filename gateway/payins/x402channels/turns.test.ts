import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const LONG_MS = 30_000
const never = () => false

test('requests of one channel come one after the other, and those of another at once', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: LONG_MS })
  const came: string[] = []
  const first = await turns.enter('a', never)
  const second = turns.enter('a', never).then((turn) => {
    came.push('second')
    return turn
  })
  await turns.enter('b', never)
  expect(came).toEqual([])
  first.leave()
  first.leave()
  await second
  const third = turns.enter('a', never).then(() => came.push('third'))
  await turns.enter('c', never)
  expect(came).toEqual(['second'])
  ;(await second).leave()
  await third
})

test('who was told the next sum comes before all that wait, and they come once it is late', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: LONG_MS })
  const came: string[] = []
  const first = await turns.enter('a', never)
  const waiting = turns.enter('a', never).then((turn) => {
    came.push('waiting')
    return turn
  })
  first.leaveTo()
  const back = await turns.enter('a', () => true)
  expect(came).toEqual([])
  back.leave()
  await waiting
  const late = createTurns({ leaseMs: 1, waitMs: LONG_MS })
  const told = await late.enter('a', never)
  const other = late.enter('a', never)
  told.leaveTo()
  await other
})

test('no more wait than may, and not for longer', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: 200 })
  await turns.enter('a', never)
  const waiting = Array.from({ length: 64 }, () => turns.enter('a', never).catch((error: Error) => error.message))
  await expect(turns.enter('a', never)).rejects.toThrow(/64 requests wait/)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([expect.stringContaining('always first')]))
})
