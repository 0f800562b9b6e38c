import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import type { LightningWorld } from './lightningWorld.ts'

const DEADLINE_MS = 20_000

/** By how much the rail may hold less than the books, and more. */
type Named = Readonly<{ less: bigint; more: bigint }>
type Places = Readonly<Record<string, bigint>>

/** The books of a Lightning rail as the gateway keeps them: what it began with, what its stream told, and what payments ended as. In msat. */
export type LightningBook = Readonly<{
  opening: bigint
  /** A payment's end; anything but settled books nothing. */
  paid: (attempt: Pick<Attempt, 'amount'>, outcome: Outcome) => void
  /** Lets the customer pay an invoice of the rail, and waits until the stream has told of it. */
  receive: (world: LightningWorld, rail: LightningRail, amountMsat: bigint) => Promise<void>
  spentMsat: () => bigint
  seen: readonly Settlement[]
  /** Waits until every place differs from the rail's word by no more than is named. */
  explained: () => Promise<Places>
  /** Waits until every place equals the rail's word and nothing is in flight. */
  equal: () => Promise<Places>
  close: () => Promise<void>
}>

const sumOf = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n)

export async function lightningBook(rail: LightningRail): Promise<LightningBook> {
  const booked = new Map<string, bigint>()
  const seen: Settlement[] = []
  const add = (place: string, msat: bigint) => booked.set(place, (booked.get(place) ?? 0n) + msat)
  const [first] = await rail.balances()
  const opening = first!.amount.units
  add('node', opening)
  const listening = new AbortController()
  const stream = (async () => {
    for await (const settlement of rail.settlements(first!.cursor!, { signal: listening.signal })) {
      seen.push(settlement)
      const { kind, place, toPlace, amount } = settlement
      add(place, kind === 'received' || kind === 'funded' ? amount.units : -amount.units)
      if (kind === 'moved') add(toPlace!, amount.units)
      for (const [name, msat] of booked) expect(msat, `the books never hold less than nothing at ${name}`).toBeGreaterThanOrEqual(0n)
    }
  })()
  const places = () => Object.fromEntries(booked)

  /** Reads the rail until `holds` for every place, and says what did not. */
  const agreed = async (holds: (difference: bigint, named: Named) => boolean): Promise<Places> => {
    const deadline = performance.now() + DEADLINE_MS
    for (;;) {
      const balances = await rail.balances()
      const rows = balances.map(({ place, amount, inFlight }) => {
        const lines = inFlight.map((line) => line.amount.units)
        const [less, more] = [lines.filter((units) => units > 0n), lines.filter((units) => units < 0n)].map((some) => sumOf(some))
        return { place, rail: amount.units, book: booked.get(place) ?? 0n, less: less!, more: -more! }
      })
      const known = rows.map(({ place }) => place)
      const unheard = [...booked.keys()].filter((place) => !known.includes(place))
      if (unheard.length === 0 && rows.every((row) => holds(row.rail - row.book, row))) return places()
      if (performance.now() > deadline) {
        expect(rows, `the books agree with the rail (${unheard})`).toEqual([])
      }
      await sleep(20)
    }
  }

  return {
    opening,
    seen,
    paid: ({ amount }, outcome) => {
      if (outcome.kind === 'settled') add('node', -amount.units - outcome.fee.units)
    },
    receive: async (world, of, amountMsat) => {
      const request = { amount: money(BTC, amountMsat), ref: '0x01', expiresAt: Date.now() + 600_000, description: 'article' } as const
      const { wire, reference } = await of.offer(request)
      if (wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
      await world.ask('/pay', { invoice: wire.invoice })
      while (!seen.some(({ id }) => id === reference)) await sleep(10)
    },
    spentMsat: () => seen.reduce((sum, { kind, amount }) => (kind === 'spent' ? sum + amount.units : sum), 0n),
    explained: () => agreed((difference, { less, more }) => difference >= -less && difference <= more),
    equal: () => agreed((difference, { less, more }) => difference === 0n && less === 0n && more === 0n),
    close: async () => {
      listening.abort()
      await stream
    },
  }
}
