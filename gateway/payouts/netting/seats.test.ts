import { expect, test } from 'vitest'
import type { NetId } from '../../ports/ids.ts'
import { createSeats } from './seats.ts'

function room() {
  let n = 0
  const fresh = () => `nt_${++n}` as NetId // An id of the test.
  const seats = createSeats(
    () => [],
    () => '',
  )
  return { seats, take: (countMax = 10) => seats.take('payee', { countMax, source: 'party:a', units: 1n, fresh }) }
}

test('a net is sealed only when those who were joining have ended, and who comes meanwhile joins another', () => {
  const { seats, take } = room()
  const [a, b] = [take(), take()]
  expect(seats.seal(a.net)).toBe(false)
  const c = take()
  expect([a.net, b.net, c.net]).toEqual(['nt_1', 'nt_1', 'nt_2'])
  a.free({ joined: true })
  expect(seats.seal(a.net)).toBe(false)
  b.free({ joined: false })
  expect([seats.seal(a.net), seats.seal(c.net)]).toEqual([true, false])
})

test('a net has as many seats as its strictest member wants, and one that was given up is free again', () => {
  const { take } = room()
  const [a, b] = [take(10), take(2)]
  expect([a.net, b.net]).toEqual(['nt_1', 'nt_1'])
  b.free({ joined: false })
  expect(take(10).net).toBe('nt_1')
  expect(take(10).net).toBe('nt_2')
})

test('a full net whose place another has taken is not sealed either while somebody is on the way to it', () => {
  const { seats, take } = room()
  const [a, b, c] = [take(2), take(2), take(2)]
  expect([a.net, b.net, c.net]).toEqual(['nt_1', 'nt_1', 'nt_2'])
  a.free({ joined: true })
  expect(seats.seal(a.net)).toBe(false)
  b.free({ joined: true })
  expect(seats.seal(a.net)).toBe(true)
})
