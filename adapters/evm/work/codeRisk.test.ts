import { expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { createCodeRisk } from './codeRisk.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`

function open(max: Parameters<typeof createCodeRisk>[1] = { fresh: 3, recent: 2, kept: 0, all: 5 }) {
  const time = { ms: 1_000 }
  const risk = createCodeRisk({ now: () => time.ms }, max)
  const take = (id: string, payer: number, tries = 0) => risk.take({ id, tries }, account(payer))
  /** A payment that came, so that the account is known. */
  const pay = (payer: number) => {
    expect(take(`paid by ${payer}`, payer)).toBe('go')
    risk.paid(`paid by ${payer}`, account(payer))
  }
  return {
    time,
    take,
    pay,
    paid: (id: string, payer: number) => risk.paid(id, account(payer)),
    lost: (id: string, payer: number) => risk.lost(id, account(payer)),
  }
}

test('an authorization has one transaction, and an account whose transaction came to nothing none for a day', () => {
  const { time, take, lost } = open()
  expect([take('a', 1), take('a', 1)]).toEqual(['go', 'go'])
  expect(take('b', 1)).toBe('later')
  lost('a', 1)
  expect([take('a', 1, 1), take('b', 1)]).toEqual(['no', 'no'])
  time.ms += 86_400_000
  expect(take('b', 1)).toBe('go')
  expect(take('a', 1, 1)).toBe('no')
})

test('accounts that never paid share few, and take none from those that have', () => {
  const { take, lost, pay } = open()
  pay(9)
  for (const n of [1, 2, 3]) expect(take(`${n}`, n)).toBe('go')
  expect(take('4', 4)).toBe('later')
  for (const n of [1, 2, 3]) lost(`${n}`, n)
  expect(take('4', 4)).toBe('no')
  expect([take('x', 9), take('y', 9)]).toEqual(['go', 'go'])
  // All there is.
  expect(take('z', 9)).toBe('later')
})

test('a known account has four, and is as good as new once one came to nothing', () => {
  const { take, lost, pay } = open({ fresh: 2, recent: 4, kept: 0, all: 10 })
  pay(9)
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => take(id, 9))).toEqual(['go', 'go', 'go', 'go', 'later'])
  lost('a', 9)
  expect(take('e', 9)).toBe('later')
  for (const id of ['b', 'c', 'd']) lost(id, 9)
  expect(take('e', 9)).toBe('no')
})

test('hostile accounts cost so many transactions a day and no more, however many they are', () => {
  const { time, take, lost } = open({ fresh: 16, recent: 16, kept: 16, all: 64 })
  let sent = 0
  for (let n = 1; n <= 10_000; n++) {
    if (take(`${n}`, n) === 'go') sent++
    lost(`${n}`, n)
  }
  expect(sent).toBe(16)
  time.ms += 86_400_000
  expect(take('next day', 1)).toBe('go')
})

test('accounts that paid once and then lose all that they may shut out none that had paid before', () => {
  const { time, take, lost, pay, paid } = open({ fresh: 16, recent: 16, kept: 16, all: 64 })
  for (const n of [1, 2, 3]) pay(n)
  time.ms += 86_400_000
  let sent = 0
  for (let n = 100; n < 132; n++) {
    if (take(`${n}`, n) !== 'go') continue
    paid(`${n}`, n)
    const ids = ['a', 'b', 'c', 'd'].map((id) => `${n} ${id}`)
    sent += ids.filter((id) => take(id, n) === 'go').length
    for (const id of ids) lost(id, n)
  }
  expect(['a', 'b', 'c', 'd'].map((id) => take(`1 ${id}`, 1))).toEqual(['go', 'go', 'go', 'go'])
  expect([take('2', 2), take('3', 3), take('never paid', 200)]).toEqual(['go', 'go', 'go'])
  expect(sent).toBe(16)
})

test('those known longest keep one each when others that paid before today lose all that there is, and no more are sent in all', () => {
  const { time, take, lost, pay, paid } = open({ fresh: 4, recent: 4, kept: 2, all: 16 })
  for (const n of [1, 2]) {
    pay(n)
    time.ms += 1_000
  }
  const hostile = Array.from({ length: 20 }, (_, n) => 100 + n)
  for (const n of hostile) {
    expect(take(`first ${n}`, n)).toBe('go')
    paid(`first ${n}`, n)
  }
  time.ms += 86_400_000
  let sent = 0
  for (const n of hostile) {
    const ids = ['a', 'b', 'c', 'd'].map((id) => `${n} ${id}`)
    sent += ids.filter((id) => take(id, n) === 'go').length
    for (const id of ids) lost(id, n)
  }
  expect(sent).toBe(14)
  expect([take('1', 1), take('2', 2)]).toEqual(['go', 'go'])
  // One of each, and nobody comes into the place of who loses it.
  expect([take('1 more', 1), take('2 more', 2), take('of a late one', 119)]).toEqual(['no', 'no', 'no'])
  paid('1', 1)
  lost('2', 2)
  expect([take('1 again', 1), take('2 again', 2), take('of a late one', 119), take('of nobody', 3)]).toEqual(['go', 'no', 'no', 'no'])
})
