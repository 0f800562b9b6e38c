import { GatewayError } from '../../errors/gatewayError.ts'
import { isOurChallenge, type MppChallenge } from '../challenge/mppChallenge.ts'
import type { Expected } from './verifiedProof.ts'

/** Refuses a challenge that was altered or made elsewhere, or that expired more than `graceMs` ago. */
export function checkChallenge(challenge: MppChallenge, expected: Pick<Expected, 'realm' | 'keys' | 'now'>, graceMs: number): void {
  if (challenge.realm !== expected.realm || !isOurChallenge(challenge, expected.keys)) {
    throw new GatewayError('challenge_altered', 'the id of the challenge is not the hash of what it says')
  }
  checkExpiry(Date.parse(challenge.expires ?? ''), expected.now, graceMs)
}

/** Refuses what expired more than `graceMs` ago; times in ms. An unreadable time has expired. */
export function checkExpiry(expiresAt: number, now: number, graceMs: number): void {
  if (now < expiresAt + graceMs) return
  throw new GatewayError('challenge_expired', `the challenge expired at ${showTime(expiresAt)}, it is ${showTime(now)} now`)
}

/** Refuses a challenge of another request; digests as hex. */
export function checkRoute(route: string, expected: Pick<Expected, 'route'>): void {
  if (route !== expected.route) throw new GatewayError('challenge_wrong_route', 'the challenge was made for another request')
}

function showTime(ms: number): string {
  return Number.isNaN(ms) ? 'an unknown time' : new Date(ms).toISOString()
}
