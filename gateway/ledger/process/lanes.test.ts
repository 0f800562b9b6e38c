import { expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

/** Ids such as `slow a1`: lane, owner and a number. */
function lanes(width: number) {
  const made = createLanes(width, (id) => ({ lane: id.split(' ')[0]!, owner: id.split(' ')[1]![0]! }))
  const take = () => {
    const taken = []
    for (let next = made.next(); next; next = made.next()) taken.push(next)
    return taken
  }
  return { ...made, take, names: (taken: ReturnType<typeof take>) => taken.map(({ id }) => id) }
}
const many = (owner: string, count: number) => Array.from({ length: count }, (_, i) => `slow ${owner}${i}`)

test('one owner has half of a lane, and the other lanes are not its business', () => {
  const l = lanes(8)
  for (const id of [...many('a', 100), 'quick a1', 'quick b1']) l.add(id)
  expect(l.names(l.take())).toEqual(['slow a0', 'slow a1', 'slow a2', 'slow a3', 'quick a1', 'quick b1'])
  l.add('slow b1')
  expect(l.names(l.take())).toEqual(['slow b1'])
})

test('owners go in turn and share a lane evenly', () => {
  const l = lanes(8)
  for (const id of [...many('a', 10), ...many('b', 10), ...many('c', 1)]) l.add(id)
  expect(l.names(l.take())).toEqual(['slow a0', 'slow b0', 'slow c0', 'slow a1', 'slow b1', 'slow a2'])
})

test('a place that is given back is the next one’s, and can be given back once', () => {
  const l = lanes(2)
  for (const id of many('a', 3)) l.add(id)
  const [first, ...rest] = l.take()
  expect([first!.id, rest]).toEqual(['slow a0', []])
  first!.free()
  first!.free()
  expect(l.names(l.take())).toEqual(['slow a1'])
  expect(l.ids()).toEqual(['slow a2'])
})

test('what is queued is queued once, and a lane of one place serves whoever comes', () => {
  const l = lanes(1)
  for (const id of ['slow a0', 'slow a0', 'slow a1']) l.add(id)
  expect(l.names(l.take())).toEqual(['slow a0'])
  l.clear()
  expect([l.ids(), l.take(), l.has('slow a1')]).toEqual([[], [], false])
})
