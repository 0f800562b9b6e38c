import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { openNwcClient } from '../../adapters/nwc/openNwcClient.ts'
import { tokensOf } from '../e2e/tokensOf.ts'
import { balanceOf, units, until, type Yard } from '../e2e/yard.ts'
import { customerInvoice, customerPays, persist, post, read, type Traffic } from './traffic.ts'

type Party = Readonly<{ id: string; key: string }>
type Payout = { id: string; status: string; failure?: unknown }
const ENDED = new Set(['settled', 'failed'])

/** Between two payouts of a kind: they are acknowledged at once, and a party could order more than it can earn. */
const PACE_MS = 50

/**
 * Payouts of one amount; the party earns more when its balance does not cover one. `paidTo`: an address on chain that nobody else pays, whose tokens must be
 * the sum.
 */
export function payouts(
  yard: Yard,
  o: { kind: string; party: Party; amount: string; order: () => Promise<object>; earn: () => Promise<void>; paidTo?: `0x${string}` },
): Traffic {
  const ids: string[] = []
  return {
    kind: o.kind,
    errand: async () => {
      const body = { party: o.party.id, amount: { asset: 'USDC', amount: o.amount }, ...(await o.order()) }
      try {
        ids.push((await post<Payout>(yard, '/v1/payouts', { body })).id)
      } catch (error) {
        if (!/insufficient_balance/.test(String(error))) throw error
        await o.earn()
      }
      await pause(PACE_MS)
    },
    acknowledged: () => ids.length,
    check: async () => {
      expect(new Set(ids).size).toBe(ids.length)
      const ends: Payout[] = []
      for (const id of ids) {
        const ended = async () => {
          const now = await read<Payout>(yard, `/v1/payouts/${id}`)
          return ENDED.has(now.status) && now
        }
        ends.push(await until(`the end of payout ${id}`, ended, 180_000))
      }
      const settled = ends.filter(({ status }) => status === 'settled')
      expect(settled.length).toBeGreaterThan(0)
      if (o.paidTo) expect(await tokensOf(yard, o.paidTo)).toBe(units(o.amount) * BigInt(settled.length))
    },
  }
}

/** In over Lightning, out to an address that nobody else pays. */
export function exchanges(yard: Yard, o: { owner: Party; address: `0x${string}` }): Traffic {
  type Exchange = { id: string; status: string; pay: { invoice: string } }
  const ENDS = new Set(['completed', 'returned', 'credited', 'expired'])
  const ids: string[] = []
  return {
    kind: 'exchange',
    errand: async () => {
      const destinations = [{ kind: 'evm_address', address: o.address }]
      const body = { party: o.owner.id, from: { rail: 'lightning' }, destinations, amount: { asset: 'USDC', amount: '0.05' } }
      const made = await post<Exchange>(yard, '/v1/exchanges', { body, key: o.owner.key })
      ids.push(made.id)
      const preimage = await customerPays(yard, made.pay.invoice)
      const end = await persist('the end of the exchange', async () => {
        const now = await read<Exchange>(yard, `/v1/exchanges/${made.id}`)
        return ENDS.has(now.status) ? now.status : undefined
      })
      // Who got the preimage has paid, and nobody else has.
      expect([made.id, end === 'completed']).toEqual([made.id, preimage !== undefined])
    },
    acknowledged: () => ids.length,
    check: async () => {
      const all = await Promise.all(ids.map((id) => read<Exchange>(yard, `/v1/exchanges/${id}`)))
      const completed = all.filter(({ status }) => status === 'completed').length
      expect(await tokensOf(yard, o.address)).toBe(50_000n * BigInt(completed))
    },
  }
}

const msat = (btc: string): bigint => {
  const [whole, places = ''] = btc.split('.')
  return BigInt(whole! + places.padEnd(11, '0'))
}

/** What a party of `funded` satoshi has after `n` payments of `sat` each; the last may still be under way. */
async function spent(yard: Yard, o: { party: Party; fundedSat: bigint; sat: bigint; times: number }): Promise<void> {
  const left = 1_000n * (o.fundedSat - o.sat * BigInt(o.times))
  await until('the last booking', async () => msat(await balanceOf(yard, o.party.id, 'BTC')) <= left).catch(() => undefined)
  expect(msat(await balanceOf(yard, o.party.id, 'BTC'))).toBe(left)
}

/** A wallet app (NIP-47) pays ten satoshi a time, and asks again until it has the preimage. */
export function appPays(yard: Yard, o: { party: Party; fundedSat: bigint; connection: string }): Traffic {
  let paid = 0
  return {
    kind: 'wallet app',
    errand: async () => {
      const { invoice } = await customerInvoice(yard, 10_000n)
      await persist('the preimage', async () => {
        const client = openNwcClient(o.connection)
        try {
          return await client.payInvoice({ invoice })
        } finally {
          client.close()
        }
      })
      paid++
    },
    acknowledged: () => paid,
    check: () => spent(yard, { ...o, sat: 10n, times: paid }),
  }
}

/** Links of ten satoshi, each withdrawn once by a wallet that asks until it is told yes. */
export function withdrawLinks(yard: Yard, o: { party: Party; fundedSat: bigint }): Traffic {
  type Link = { id: string; lnurlw: string }
  let withdrawn = 0
  return {
    kind: 'withdraw link',
    errand: async () => {
      const body = { party: o.party.id, amount: { asset: 'BTC', amount: '0.0000001' }, uses: 1, description: 'ten', expires_in_s: 3_600 }
      const made = await post<Link>(yard, '/v1/withdraw_links', { body, key: o.party.key })
      const { lnurlw } = await read<Link>(yard, `/v1/withdraw_links/${made.id}`)
      const k1 = new URL(lnurlw.replace('lnurlw:', 'http:')).searchParams.get('k1')
      const { invoice } = await customerInvoice(yard, 10_000n)
      await persist('the withdrawal', async () => {
        const path = `/lnurl/withdraw/${made.id}/pay?k1=${k1}&pr=${invoice}`
        const { body } = await yard.call<{ status: string; reason?: string }>('GET', path, { key: null })
        return body.status === 'OK' || undefined
      })
      withdrawn++
    },
    acknowledged: () => withdrawn,
    check: () => spent(yard, { ...o, sat: 10n, times: withdrawn }),
  }
}
