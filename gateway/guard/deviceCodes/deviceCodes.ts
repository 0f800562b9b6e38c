import { randomBytes, randomInt } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Clock } from '../../ports/clock.ts'
import { prefixesOf } from '../admission/prefixes.ts'
import { createShares } from '../admission/shares.ts'

/** How long a code waits for a person, and how often its program may ask. */
export const DEVICE_CODE_LIFE_MS = 1_800_000
export const DEVICE_CODE_INTERVAL_MS = 5_000
/** RFC 8628 section 3.5: who asks too soon waits so much longer from then on, each time; up to a minute. */
const SLOWER_MS = 5_000
const INTERVAL_MS_MAX = 60_000
/** Codes that wait at once; of these a network has an eighth of what is free at most. */
const OPEN_MAX = 1_000
const PARTS = 8
const CODE_BYTES = 32
/** RFC 8628 section 6.1: no vowels, so that no word comes of it, and nothing that looks like something else. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const HALF = 4

/** What a program would like to be and to spend; the person who grants it says what it may. */
type DeviceWish = Readonly<{ name: string; requestMax: Money | undefined; dayMax: Money | undefined }>

/** A code that a person can grant. `keyHash`: of the key that its program will have, and how that ends. `from`: the address that asked. Times in ms. */
export type DeviceCode = Readonly<{
  userCode: string
  wish: DeviceWish
  keyHash: string
  keyHint: string
  from: string
  expiresAt: number
}>

type Waiting = { code: DeviceCode; end: () => void; denied: boolean; granting: boolean; askedAt: number; intervalMs: number }
type Asking = Readonly<{ wish: DeviceWish; from: string; keyOf: (deviceCode: string) => Readonly<{ hash: string; hint: string }> }>

/** What has become of a program's code; `granted` is not known here, because a key says it. `intervalMs`: how long it waits before it asks again. */
type Standing = Readonly<{ kind: 'pending' | 'too_soon'; intervalMs: number }> | Readonly<{ kind: 'denied' | 'over' }>

/** Codes of programs without a key (RFC 8628). One that a restart forgets is asked for again: nothing is owed under it. */
export function createDeviceCodes({ clock }: Readonly<{ clock: Clock }>) {
  const byUserCode = new Map<string, Waiting>()
  const byKey = new Map<string, Waiting>()
  const shares = createShares({ clock, max: OPEN_MAX, parts: PARTS, lifeMs: DEVICE_CODE_LIFE_MS, what: 'the codes that wait' })

  const isOpen = ({ code, denied }: Waiting): boolean => !denied && code.expiresAt > clock.now()

  function waiting(userCode: string): Waiting {
    const one = byUserCode.get(plain(userCode))
    if (!one || !isOpen(one)) throw new GatewayError('not_found', 'No program waits under this code, or its time is over')
    return one
  }

  return {
    /** A new code for whoever asks. Refuses with `too_busy` a place that has its share. */
    ask({ wish, from, keyOf }: Asking): Readonly<{ deviceCode: string; userCode: string }> {
      const deviceCode = `dc_${randomBytes(CODE_BYTES).toString('base64url')}`
      const { hash: keyHash, hint: keyHint } = keyOf(deviceCode)
      const userCode = freeCode(byUserCode)
      const code = { userCode, wish, keyHash, keyHint, from, expiresAt: clock.now() + DEVICE_CODE_LIFE_MS }
      const end = shares.take('codes', prefixesOf(from).wide, () => {
        byUserCode.delete(plain(userCode))
        byKey.delete(keyHash)
      })
      const one = { code, end, denied: false, granting: false, askedAt: Number.NEGATIVE_INFINITY, intervalMs: DEVICE_CODE_INTERVAL_MS }
      byUserCode.set(plain(userCode), one)
      byKey.set(keyHash, one)
      return { deviceCode, userCode }
    },
    /** What waits under a code, however it was typed. Refuses with `not_found`. */
    find: (userCode: string): DeviceCode => waiting(userCode).code,
    /** Grants a code once: of two persons at the same moment one is told `request_in_progress`. It waits on where `work` says that nothing was made. */
    async grant(userCode: string, work: (code: DeviceCode) => Promise<boolean>): Promise<void> {
      const one = waiting(userCode)
      if (one.granting) throw new GatewayError('request_in_progress', 'Somebody else grants this code just now')
      one.granting = true
      try {
        if (await work(one.code)) one.end()
      } finally {
        one.granting = false
      }
    },
    /** Its program is told so; to say it again changes nothing. Refuses with `not_found`. */
    deny(userCode: string): DeviceCode {
      const before = byUserCode.get(plain(userCode))
      const one = before?.denied ? before : waiting(userCode)
      if (one.granting) throw new GatewayError('request_in_progress', 'Somebody else grants this code just now')
      one.denied = true
      return one.code
    },
    /** Its program asks. */
    standingOf(keyHash: string): Standing {
      const one = byKey.get(keyHash)
      if (!one || one.code.expiresAt <= clock.now()) return { kind: 'over' }
      if (one.denied) return { kind: 'denied' }
      const isTooSoon = clock.now() - one.askedAt < one.intervalMs
      one.askedAt = clock.now()
      if (isTooSoon) one.intervalMs = min(one.intervalMs + SLOWER_MS, INTERVAL_MS_MAX)
      return { kind: isTooSoon ? 'too_soon' : 'pending', intervalMs: one.intervalMs }
    },
  }
}

/** As it is kept: people type small letters, blanks and other dashes. */
function plain(userCode: string): string {
  return userCode.toUpperCase().replaceAll(/[^A-Z]/g, '')
}

/** Of 25 thousand million, so that of a thousand that wait nobody hits one by trying. */
function freeCode(taken: ReadonlyMap<string, unknown>): string {
  const half = () => Array.from({ length: HALF }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  const code = `${half()}-${half()}`
  return taken.has(plain(code)) ? freeCode(taken) : code
}
