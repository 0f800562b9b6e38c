import { expect, test } from 'vitest'
import { createDeviceCodes, DEVICE_CODE_INTERVAL_MS, DEVICE_CODE_LIFE_MS } from './deviceCodes.ts'

const wish = { name: 'researcher', requestMax: undefined, dayMax: undefined }
const keyOf = (code: string) => ({ hash: `hash of ${code}`, hint: code.slice(-4) })

function world() {
  let now = 1_000_000
  const codes = createDeviceCodes({ clock: { now: () => now } })
  const ask = (from = '203.0.113.7') => codes.ask({ wish, from, keyOf })
  const after = (ms: number) => {
    now += ms
  }
  return { codes, ask, after }
}

test('a code is found however it is typed, tells its program to wait, and is over in half an hour', () => {
  const { codes, ask, after } = world()
  const { deviceCode, userCode } = ask()
  expect([deviceCode, userCode]).toEqual([expect.stringMatching(/^dc_[\w-]{43}$/), expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/)])
  const { hash } = keyOf(deviceCode)
  for (const typed of [userCode, userCode.toLowerCase(), userCode.replace('-', ''), ` ${userCode.replace('-', ' ')} `])
    expect(codes.find(typed)).toMatchObject({ userCode, wish, keyHash: hash, from: '203.0.113.7' })
  expect([codes.standingOf(hash), codes.standingOf(hash)]).toEqual([
    { kind: 'pending', intervalMs: 5_000 },
    { kind: 'too_soon', intervalMs: 10_000 },
  ])
  after(2 * DEVICE_CODE_INTERVAL_MS)
  expect(codes.standingOf(hash)).toEqual({ kind: 'pending', intervalMs: 10_000 })
  after(DEVICE_CODE_LIFE_MS)
  expect(codes.standingOf(hash)).toEqual({ kind: 'over' })
  expect(() => codes.find(userCode)).toThrow(/No program waits/)
  expect(codes.standingOf('nobody has it')).toEqual({ kind: 'over' })
})

test('of two persons at the same moment one grants it, and it waits on where nothing was made', async () => {
  const { codes, ask } = world()
  const { deviceCode, userCode } = ask()
  let go = () => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  const first = codes.grant(userCode, async () => {
    await held
    return false
  })
  await expect(codes.grant(userCode, async () => true)).rejects.toMatchObject({ code: 'request_in_progress' })
  expect(() => codes.deny(userCode)).toThrow(/Somebody else/)
  go()
  await first
  await expect(
    codes.grant(userCode, async () => {
      throw new Error('it was not made')
    }),
  ).rejects.toThrow('it was not made')
  expect(codes.find(userCode).userCode).toBe(userCode)
  await codes.grant(userCode, async () => true)
  await expect(codes.grant(userCode, async () => true)).rejects.toMatchObject({ code: 'not_found' })
  expect(codes.standingOf(keyOf(deviceCode).hash)).toEqual({ kind: 'over' })
})

test('one that is denied is granted by nobody, and its program is told', async () => {
  const { codes, ask } = world()
  const { deviceCode, userCode } = ask()
  expect([codes.deny(userCode).userCode, codes.deny(userCode).userCode]).toEqual([userCode, userCode])
  await expect(codes.grant(userCode, async () => true)).rejects.toMatchObject({ code: 'not_found' })
  expect(codes.standingOf(keyOf(deviceCode).hash)).toEqual({ kind: 'denied' })
  expect(() => codes.deny('BBBB-BBBB')).toThrow(/No program waits/)
})

test('a place that asks without end leaves codes for others, and has room again when its own are over', () => {
  const { codes, ask, after } = world()
  const all = (from: (n: number) => string, most: number) => {
    for (let n = 0; n < most; n++)
      try {
        ask(from(n))
      } catch {
        return n
      }
    return most
  }
  const had = all(() => '203.0.113.7', 2_000)
  expect([had > 50, had <= 143]).toEqual([true, true])
  // The same network of the new addresses is one place.
  expect(all((n) => `2001:db8::${n.toString(16)}`, 2_000)).toBeLessThan(143)
  // And so is all that one customer can move in: a /48 has 65,536 such networks, a /24 has 256 addresses.
  expect(all((n) => `2001:db8:1:${n.toString(16)}::1`, 2_000)).toBeLessThan(143)
  expect(all((n) => `192.0.2.${n & 255}`, 2_000)).toBeLessThan(143)
  expect(all((n) => `198.51.${n >> 8}.${n & 255}`, 3_000)).toBeLessThan(1_000)
  after(DEVICE_CODE_LIFE_MS + 1)
  const { userCode } = ask()
  expect(codes.find(userCode).from).toBe('203.0.113.7')
})

test('who asks too soon waits five seconds longer each time, up to a minute, and is told so', () => {
  const { codes, ask, after } = world()
  const { deviceCode } = ask()
  const { hash } = keyOf(deviceCode)
  codes.standingOf(hash)
  const told = Array.from({ length: 12 }, () => codes.standingOf(hash))
  expect(told.map((one) => one.kind === 'too_soon' && one.intervalMs)).toEqual([
    ...Array.from({ length: 11 }, (_, n) => 10_000 + n * 5_000),
    60_000,
  ])
  after(59_999)
  expect(codes.standingOf(hash)).toEqual({ kind: 'too_soon', intervalMs: 60_000 })
  after(60_000)
  expect(codes.standingOf(hash)).toEqual({ kind: 'pending', intervalMs: 60_000 })
})
