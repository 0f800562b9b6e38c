import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const LONG_MS = 30_000
const asking = (name: string) => ({ name, isNext: () => false })

test('requests of one channel come one after the other, and those of another at once', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: LONG_MS })
  const came: string[] = []
  const first = await turns.enter('a', asking('one'))
  const second = turns.enter('a', asking('one')).then((turn) => {
    came.push('second')
    return turn
  })
  await turns.enter('b', asking('one'))
  expect(came).toEqual([])
  first.leave()
  first.leave()
  await second
  const third = turns.enter('a', asking('one')).then(() => came.push('third'))
  await turns.enter('c', asking('one'))
  expect(came).toEqual(['second'])
  ;(await second).leave()
  await third
})

test('who was told the next sum comes before all that wait, and they come once it is late', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: LONG_MS })
  const came: string[] = []
  const first = await turns.enter('a', asking('one'))
  const waiting = turns.enter('a', { name: 'other', isNext: () => true }).then((turn) => {
    came.push('waiting')
    return turn
  })
  first.leaveTo()
  const back = await turns.enter('a', asking('one'))
  expect(came).toEqual([])
  back.leave()
  await waiting
  const late = createTurns({ leaseMs: 1, waitMs: LONG_MS })
  const told = await late.enter('a', asking('one'))
  const other = late.enter('a', asking('other'))
  told.leaveTo()
  await other
})

test('no more wait than may, and not for longer', async () => {
  const turns = createTurns({ leaseMs: LONG_MS, waitMs: 200 })
  await turns.enter('a', asking('one'))
  const waiting = Array.from({ length: 64 }, () => turns.enter('a', asking('one')).catch((error: Error) => error.message))
  await expect(turns.enter('a', asking('one'))).rejects.toThrow(/64 requests wait/)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([expect.stringContaining('always first')]))
})
