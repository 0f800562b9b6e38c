import { beforeEach, expect, test } from 'vitest'
import { createSessions } from './sessions.ts'

const HOUR_MS = 3_600_000
let now: number
let sessions: ReturnType<typeof createSessions>

beforeEach(() => {
  now = 1_800_000_000_000
  sessions = createSessions({ clock: { now: () => now } })
})

test('a session is found by its cookie alone, and its own secret stands for the key that was logged in with', () => {
  const cookie = sessions.open('operator', 'hash of the key')
  const session = sessions.ofCookie(cookie)!
  expect(session).toMatchObject({ holder: 'operator', keyHash: 'hash of the key' })
  expect(sessions.keyHashOf(session.secret)).toBe('hash of the key')
  for (const other of [session.secret, session.formToken, 'x']) expect(sessions.ofCookie(other)).toBeUndefined()
  for (const other of [cookie, session.formToken, 'hash of the key']) expect(sessions.keyHashOf(other)).toBeUndefined()
})

test('it ends after an hour without a request, after eight hours in any case, and when it is ended', () => {
  const left = sessions.open('operator', 'h')
  const used = sessions.open('operator', 'h')
  const { secret } = sessions.ofCookie(left)!
  for (let i = 0; i < 8; i++) {
    expect(sessions.ofCookie(used), `after ${i} hours`).toBeDefined()
    now += HOUR_MS - 1
  }
  expect(sessions.ofCookie(left)).toBeUndefined()
  expect(sessions.keyHashOf(secret)).toBeUndefined()
  expect(sessions.ofCookie(used)).toBeDefined()
  now += 8
  expect(sessions.ofCookie(used)).toBeUndefined()

  const last = sessions.open('operator', 'h')
  const session = sessions.ofCookie(last)!
  sessions.end(session)
  expect([sessions.ofCookie(last), sessions.keyHashOf(session.secret)]).toEqual([undefined, undefined])
})

test('one holder has at most 20, and all together 2,000: the oldest gives way', () => {
  const other = sessions.open('pa_other', 'h')
  const his = Array.from({ length: 21 }, () => sessions.open('pa_1', 'h'))
  expect(his.map((cookie) => sessions.ofCookie(cookie) !== undefined)).toEqual([false, ...Array(20).fill(true)])
  for (let i = 0; i < 2_000 - 21; i++) sessions.open(`pa_${i + 2}`, 'h')
  expect(sessions.ofCookie(other)).toBeDefined()
  sessions.open('pa_last', 'h')
  expect(sessions.ofCookie(other)).toBeUndefined()
  expect(sessions.ofCookie(his[1]!)).toBeDefined()
})

test('a key that logs in without end, such as a program’s, ends its own sessions and nobody else’s', () => {
  const people = ['a', 'b'].map((keyHash) => sessions.open('pa_one', keyHash))
  const programs = Array.from({ length: 50 }, () => sessions.open('pa_one', 'of a program'))
  expect(people.map((cookie) => sessions.ofCookie(cookie)?.keyHash)).toEqual(['a', 'b'])
  expect(programs.map((cookie) => sessions.ofCookie(cookie) !== undefined)).toEqual([...Array(32).fill(false), ...Array(18).fill(true)])
  // And a person who comes later ends one of its too.
  const third = sessions.open('pa_one', 'c')
  expect([...people, third].map((cookie) => sessions.ofCookie(cookie)?.keyHash)).toEqual(['a', 'b', 'c'])
})
