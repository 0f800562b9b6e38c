import { uuidIds } from '../app/open/uuidIds.ts'
import { isGatewayError } from '../gateway/errors/gatewayError.ts'
import { USD } from '../gateway/money/asset.ts'
import type { Books, Entry, Leg } from '../gateway/ports/books.ts'

const PAYERS = 10_000
const PARTNERS = 1_000
const FUNDING_LEGS = 250

export const clock = { now: () => Date.now() }
const ids = uuidIds(clock)

/** A payer pays a hot seller, a partner, our fee and a tax account: four legs. */
function payment(n: number): Entry {
  const debit = `party:payer${n % PAYERS}`
  const to = (credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: USD, units })
  return {
    id: ids.entry(),
    payment: ids.intent(),
    legs: [to('party:seller', 8550n), to('fee:earned', 250n), to(`party:partner${n % PARTNERS}`, 1000n), to('party:tax', 200n)],
  }
}

/** Gives every payer what it will need. */
export async function fund(books: Books): Promise<void> {
  for (let from = 0; from < PAYERS; from += FUNDING_LEGS) {
    const legs = Array.from({ length: FUNDING_LEGS }, (_, i): Leg => {
      return { kind: 'move', debit: 'rail:book:house', credit: `party:payer${from + i}`, asset: USD, units: 1_000_000_000_000n }
    })
    await books.submit({ entry: { id: ids.entry(), payment: 'pi_funding', legs } })
  }
}

/** Submits `count` payments, each caller one after the other. */
export async function closedLoop(books: Books, load: Readonly<{ count: number; inFlight: number }>): Promise<void> {
  let started = 0
  async function caller(): Promise<void> {
    while (started < load.count) {
      const outcome = await books.submit({ entry: payment(started++) })
      if (outcome.kind !== 'applied') throw new Error(`an entry was ${outcome.kind}`)
    }
  }
  await Promise.all(Array.from({ length: load.inFlight }, caller))
}

/**
 * Latencies from the scheduled arrival to the durable answer, and the longest time in which the loop did not turn; ms. `refused` came when the queue
 * was full, as on a machine that is too slow for the rate.
 */
export type OpenLoop = Readonly<{ p50: number; p99: number; longestStall: number; perSecond: number; refused: number }>

/** Payments arrive at random at this rate whether or not earlier ones were answered, so a stall is felt by all that arrive in it. */
export async function openLoop(books: Books, load: Readonly<{ perSecond: number; seconds: number }>): Promise<OpenLoop> {
  const latencies: number[] = []
  const answered: Promise<void>[] = []
  const begin = performance.now()
  const end = begin + load.seconds * 1000
  let due = begin
  let longestStall = 0
  let refused = 0
  let last = begin
  for (let n = 0; due < end; ) {
    const now = performance.now()
    if (now - last > longestStall) longestStall = now - last
    last = now
    for (; due <= now && due < end; n++) {
      const arrival = due
      const answer = books.submit({ entry: payment(n) }).then(
        (outcome) => {
          if (outcome.kind !== 'applied') throw new Error(`an entry was ${outcome.kind}`)
          latencies.push(performance.now() - arrival)
        },
        (error: unknown) => {
          if (!isGatewayError(error, 'too_busy')) throw error
          refused += 1
        },
      )
      answered.push(answer)
      due += (-Math.log(1 - Math.random()) * 1000) / load.perSecond
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(answered)
  latencies.sort((a, b) => a - b)
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? 0
  return { p50: at(0.5), p99: at(0.99), longestStall, perSecond: latencies.length / ((performance.now() - begin) / 1000), refused }
}

/** What is printed of an open loop. */
export function openLoopText({ p50, p99, longestStall, refused }: OpenLoop): string {
  const times = `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(1)} ms, longest stall ${longestStall.toFixed(1)} ms`
  return refused === 0 ? times : `${times}, ${refused} refused because the queue was full`
}
