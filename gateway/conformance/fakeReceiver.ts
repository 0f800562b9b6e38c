import type { Asset } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { RailName } from '../ports/railName.ts'
import type { OfferTerms, Receiver, Settlement } from '../ports/receiver.ts'

type FakeReceiver = Pick<Receiver, 'offer' | 'settlements'> &
  Readonly<{ arrive: (reference: string, more?: bigint) => string; arrivedUnits: () => bigint }>

/** Offers that are paid by a word, and the stream of what was. */
export function fakeReceiver({ rail, asset }: Readonly<{ rail: RailName; asset: Asset }>): FakeReceiver {
  const offers = new Map<string, OfferTerms>()
  const arrived: Settlement[] = []
  const woken = new Set<() => void>()

  return {
    async offer({ amount, ref, expiresAt }) {
      const terms: OfferTerms = { rail, amount, expiresAt, reference: ref, wire: { kind: 'custom', fields: { Reference: ref } } }
      offers.set(ref, terms)
      return terms
    },
    arrive(reference, more = 0n) {
      const offer = offers.get(reference)
      if (!offer) throw new Error(`the fake rail has made no offer ${reference}`)
      const number = String(arrived.length + 1)
      const [id, amount] = [`arrival-${number}`, money(asset, offer.amount.units + more)]
      arrived.push({ kind: 'received', id, cursor: number, rail, place: 'account', amount, at: 1, reference })
      for (const wake of woken) wake()
      return id
    },
    arrivedUnits: () => arrived.reduce((sum, { amount }) => sum + amount.units, 0n),
    async *settlements(after, { signal }) {
      let next = Number(after) // not money: a cursor of this stream
      while (!signal.aborted) {
        const settlement = arrived[next]
        if (settlement) {
          next++
          yield settlement
          continue
        }
        const { promise, resolve } = Promise.withResolvers<void>()
        woken.add(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
        await promise
        woken.delete(resolve)
      }
    },
  }
}
