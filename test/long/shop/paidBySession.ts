import { privateKeyToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { openSession, type PayingSession } from '../../../gateway/client/session/openSession.ts'
import { tokensOf } from '../../e2e/tokensOf.ts'
import { until, type Yard } from '../../e2e/yard.ts'
import type { Traffic } from '../traffic.ts'
import { earnedUnits, patientFetch, runsOf, servedOnce, shopUrl } from './asking.ts'
import { PRICE_UNITS, STREAM } from './sellers.ts'

/** Requests of one channel, and how many of them at a time. */
const REQUESTS = 20
const AT_ONCE = 4
const STREAMS = 6
const PARTS = 9
/** Less than a channel spends: it is topped up on the way. */
const DEPOSIT = 400_000n
const DEPOSIT_MAX = 2_000_000n

/** What a channel came to: told by its last receipt, and by who paid. */
type Ended = Readonly<{ id: string; spent: bigint; accepted: bigint; deposit: bigint; least: bigint; most: bigint }>
type Customer = Readonly<{ customer: number }>

function channels(yard: Yard, { customer }: Customer) {
  const account = yard.chain.customers[customer]!
  const ended: Ended[] = []
  const before = tokensOf(yard, account.address)
  return {
    ended,
    open: (kind: 'session' | 'stream') =>
      openSession({
        url: shopUrl(yard, kind, 'asked', '1'),
        signer: privateKeyToAccount(account.privateKey),
        trusted: [yard.chain],
        depositUnits: DEPOSIT,
        depositUnitsMax: DEPOSIT_MAX,
        fetch: patientFetch,
      }),
    async close(paying: PayingSession, { least, most }: Pick<Ended, 'least' | 'most'>): Promise<void> {
      const told = (await paying.close()) as { spent: string; acceptedCumulative: string } // As the draft has it.
      const { deposit } = paying.state()
      ended.push({ id: paying.channelId, spent: BigInt(told.spent), accepted: BigInt(told.acceptedCumulative), deposit, least, most })
    },
    /** Every channel is closed, has paid what it should, and all of that alone has left the payer and is the seller's. */
    async check(seller: 'session' | 'stream'): Promise<void> {
      for (const { id, spent, accepted, deposit, least, most } of ended) {
        const isBetween = (low: bigint, units: bigint, high: bigint) => low <= units && units <= high
        expect({ id, spent, least, most, isPaid: isBetween(least, spent, most) }).toEqual({ id, spent, least, most, isPaid: true })
        expect({ id, spent, accepted, deposit, isCovered: spent <= accepted && accepted <= deposit }).toEqual({
          id,
          spent,
          accepted,
          deposit,
          isCovered: true,
        })
        const { body } = await yard.call<{ status: string }>('GET', `/v1/channels/${id}?rail=evm:${yard.chain.chainId}`)
        expect([id, body.status]).toEqual([id, 'closed'])
      }
      const sum = ended.reduce((all, { spent }) => all + spent, 0n)
      expect((await before) - (await tokensOf(yard, account.address))).toBe(sum)
      await until('the last close is booked', async () => (await earnedUnits(yard, seller)) >= sum)
      expect(await earnedUnits(yard, seller)).toBe(sum)
    },
  }
}

/** Channels of twenty requests each, which are closed at their end. */
export function sessions(yard: Yard, o: Customer): Traffic {
  const own = channels(yard, o)
  const asked: string[] = []
  let served = 0
  return {
    kind: 'request of a session',
    errand: async () => {
      const paying = await own.open('session')
      const runs = new Set<string>()
      for (let first = 0; first < REQUESTS; first += AT_ONCE) {
        const one = async () => {
          const n = crypto.randomUUID()
          const ask = (name: string) => paying.fetch(shopUrl(yard, 'session', n), { headers: { 'idempotency-key': name } })
          const { name, served: first } = await servedOnce(`a request of ${paying.channelId}`, ask)
          expect(await (await ask(name)).json()).toEqual(first)
          asked.push(n)
          runs.add(first.run)
          served++
        }
        await Promise.all(Array.from({ length: AT_ONCE }, one))
      }
      expect(runs.size).toBe(REQUESTS)
      const cost = PRICE_UNITS * BigInt(REQUESTS)
      await own.close(paying, { least: cost, most: cost })
    },
    acknowledged: () => served,
    check: async () => {
      const runs = runsOf(yard, 'session')
      expect(asked.filter((n) => !runs.has(n))).toEqual([])
      await own.check('session')
    },
  }
}

/** Channels of some streams each, of which a kill cuts some. */
export function streams(yard: Yard, o: Customer): Traffic {
  const own = channels(yard, o)
  let read = 0
  let cut = 0
  return {
    kind: 'stream',
    errand: async () => {
      const paying = await own.open('stream')
      let [least, most] = [0n, 0n]
      for (let n = 0; n < STREAMS; n++) {
        const name = crypto.randomUUID()
        let [parts, whole] = [0n, false]
        try {
          for await (const _ of paying.events(shopUrl(yard, 'stream', name, `${PARTS}`))) parts++
          whole = true
        } catch {
          // The gateway died under it.
          cut++
        }
        if (whole) expect(parts).toBe(BigInt(PARTS))
        read += whole ? 1 : 0
        const made = BigInt(runsOf(yard, 'stream').get(name) ?? 0)
        // A step at most is lost to the seller, where the process died before the end was told; nobody pays for what was not made.
        const kept = parts * STREAM.partUnits - (whole ? 0n : STREAM.stepUnits)
        least += kept > 0n ? kept : 0n
        most += made * STREAM.partUnits
      }
      await own.close(paying, { least, most })
    },
    acknowledged: () => read + cut,
    check: () => own.check('stream'),
  }
}
