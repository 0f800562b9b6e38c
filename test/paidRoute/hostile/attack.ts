import { expect } from 'vitest'
import { type Bad, charge, l402, mpp, payment, pays } from '../badInput/row.ts'
import type { PaidRouteWorld } from '../paidRouteWorld.ts'
import { askedOf, type Challenge, credential } from '../proofs.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Sent, VARIANTS } from './variants.ts'

/** How many requests attack one payment, and how many of them are under way at a time. */
const TRIES = 40
const BURST = 8
const SOLD = ['/joke', '/opera', '/duet', '/echo'] as const

/** What a run came to. `ran`: how often work was done; `answers`: how often each status was answered. */
type Report = Readonly<{ requests: number; payments: number; ran: number; answers: ReadonlyMap<number, number> }>

/**
 * Sends at least so many requests around payments of every kind, and expects of every payment that it buys one run of the work and one answer, that this
 * answer is kept out of shared caches, and that a request which could not buy is told so. `tries`: requests a payment.
 */
export async function attack(world: PaidRouteWorld, o: Readonly<{ requests: number; seed: number; tries?: number }>): Promise<Report> {
  const chance = chanceOf(o.seed)
  const answers = new Map<number, number>()
  const ranBefore = world.ran()
  let requests = 0
  let payments = 0
  let other: Sent = { method: 'GET', url: '/joke', headers: {} }
  while (requests < o.requests) {
    const proofs = await paid(world, chance)
    payments += 1
    const before = world.ran()
    const bought = new Set<string>()
    for (let sent = 0; sent < (o.tries ?? TRIES); sent += BURST) {
      const burst = Array.from({ length: BURST }, () => hostile(chance.oneOf(proofs), other, chance))
      const replies = await Promise.all(
        burst.map(({ method, url, headers, payload }) => injected(world, { method, url, headers, payload })),
      )
      for (const [i, reply] of replies.entries()) {
        answers.set(reply.statusCode, (answers.get(reply.statusCode) ?? 0) + 1)
        // A page asks what it may send (CORS); that is no answer to a payment.
        if (reply.statusCode < 300 && burst[i]!.method !== 'OPTIONS') bought.add(granted(reply, burst[i]!))
      }
      requests += BURST
    }
    expect(bought.size, `answers that one payment bought: ${[...bought].join()}`).toBeLessThanOrEqual(1)
    expect(world.ran() - before, 'runs that one payment bought').toBe(bought.size)
    other = chance.oneOf(proofs)
  }
  return { requests, payments, ran: world.ran() - ranBefore, answers }
}

type Reply = Awaited<ReturnType<PaidRouteWorld['app']['inject']>>

function injected(world: PaidRouteWorld, { method, url, headers, payload }: Omit<Sent, 'payload'> & { payload: object | undefined }) {
  return world.app.inject(payload ? { method, url, headers, payload } : { method, url, headers })
}

/** The work that was given, which no shared cache may keep (RFC 9111 section 5.2.2). */
function granted(reply: Reply, { url, method }: Sent): string {
  expect(reply.headers['cache-control'], `${method} ${url}`).toMatch(/private|no-store/)
  return reply.body
}

function hostile(sent: Sent, other: Sent, chance: Chance): Sent {
  const make = VARIANTS[chance.oneOf(Object.keys(VARIANTS))]!
  return make(sent, other, chance)
}

/** One payment, and every credential that its money could be shown by. */
async function paid(world: PaidRouteWorld, chance: Chance): Promise<Sent[]> {
  const url = chance.oneOf(SOLD)
  const challenge = askedOf(await world.app.inject({ method: 'GET', url }))
  const shown = chance.below(2) === 0 ? await byChain(challenge, chance) : byLightning(challenge, world)
  return shown.map(({ headers = {} }) => ({ method: 'GET', url, headers }))
}

/** One authorization, as x402 and as an evm charge: its nonce is good for both. */
async function byChain(challenge: Challenge, { below }: Chance): Promise<Bad[]> {
  if (below(2) === 0) return [pays(await payment(challenge))]
  const { payload, challenge: asked } = await charge(challenge)
  const { type: _, signature, ...authorization } = payload
  const x402 = { x402Version: 2, accepted: challenge.x402.accepts[0], payload: { signature, authorization } }
  return [mpp({ challenge: asked, payload }), pays(x402)]
}

/** One invoice, as a charge and as a token. */
function byLightning({ lightning, macaroon, invoice }: Challenge, world: PaidRouteWorld): Bad[] {
  const preimage = world.lightning.pay(invoice)
  return [{ headers: credential(lightning, { preimage }) }, l402(macaroon, preimage)]
}
