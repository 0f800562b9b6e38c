import { privateKeyToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { openVoucherChannel } from '../../gateway/client/voucherChannel.ts'
import { carryOut, cutOff, type Errand } from '../e2e/traffic.ts'
import { balanceOf, control, units, until, type Yard } from '../e2e/yard.ts'
import { customerPays, persist, post, read, settles, type Traffic } from './traffic.ts'

type Party = Readonly<{ id: string; key: string }>
type Intent = { id: string; status: string; offers: { rail: string; pay: { invoice?: string } }[] }

/** Requests of the demo's route; `make` makes one, with its way to pay. */
export function paidRequests(kind: string, make: () => Errand): Traffic & { paid: () => number } {
  const done: Errand[] = []
  const paid = () => done.filter((e) => e.status === 200)
  return {
    kind,
    errand: () => carryOut(make(), (errand) => done.push(errand)),
    acknowledged: () => done.length,
    paid: () => paid().length,
    check: async () => {
      const others = done.filter((e) => e.status !== 200)
      // The gateway died while it served: said to be so, and given back.
      expect(
        others
          .filter((e) => !(e.status === 409 && e.body.includes('request_interrupted')) && !cutOff(e))
          .map((e) => `${e.status} ${e.body}`),
      ).toEqual([])
      for (const errand of paid()) {
        const again = await errand.send()
        await again.text()
        expect([errand.id, again.status, again.headers.get('switchyard-receipt')]).toEqual([errand.id, 200, errand.receipt])
      }
      expect(new Set(paid().map((e) => e.receipt)).size).toBe(paid().length)
    },
  }
}

/** Intents of 0.1 USD for the seller; every second is paid by Lightning, the others from the payer's balance. */
export function intents(yard: Yard, o: { seller: Party; payer: Party }): Traffic {
  let settled = 0
  let count = 0
  return {
    kind: 'intent',
    errand: async () => {
      const byLightning = count++ % 2 === 0
      const body = { amount: { asset: 'USD', amount: '0.1' }, payee: o.seller.id }
      const made = await post<Intent>(yard, '/v1/payment_intents', { body })
      const invoice = made.offers.find(({ rail }) => rail === 'lightning')!.pay.invoice!
      if (!byLightning) await post(yard, `/v1/payment_intents/${made.id}/pay`, { body: { rail: 'book' }, key: o.payer.key })
      await settles(yard, made.id, byLightning ? invoice : undefined)
      settled++
    },
    acknowledged: () => settled,
    check: async () => expect(units(await balanceOf(yard, o.seller.id, 'USDC'))).toBe(100_000n * BigInt(settled)),
  }
}

/** Payments of one satoshi to a Lightning Address. */
export function addressPaid(yard: Yard, o: { name: string; owner: Party }): Traffic {
  let paid = 0
  return {
    kind: 'lightning address',
    errand: async () => {
      const { pr } = await persist('the invoice', async () => {
        const { status, body } = await yard.call<{ pr?: string }>('GET', `/lnurl/pay/${o.name}?amount=1000`, { key: null })
        return status === 200 && body.pr ? { pr: body.pr } : undefined
      })
      if (await customerPays(yard, pr)) paid++
    },
    acknowledged: () => paid,
    check: async () => {
      const credited = async () => (await balanceOf(yard, o.owner.id, 'BTC')).replace('0.', '').padEnd(8, '0')
      await until('the last credit', async () => BigInt(await credited()) >= BigInt(paid))
      expect(BigInt(await credited())).toBe(BigInt(paid))
    },
  }
}

/** Vouchers of one channel, each worth 0.002 USD. */
export async function vouchers(yard: Yard): Promise<Traffic> {
  const price = 2_000n
  const server = {
    url: yard.url(),
    fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(20_000) }),
  }
  const signer = privateKeyToAccount(yard.chain.customers[3]!.privateKey)
  const rail = `evm:${yard.chain.chainId}`
  const channel = await openVoucherChannel({ server, split: yard.split(), signer, units: 4_000_000n, trusted: [yard.chain], rail })
  const receipts: string[] = []
  return {
    kind: 'voucher',
    errand: async () => {
      receipts.push((await persist('the voucher', () => channel.pay(price))).receipt)
    },
    acknowledged: () => receipts.length,
    check: async () => {
      expect(new Set(receipts).size).toBe(receipts.length)
      const now = await read<{ accepted: { amount: string } }>(yard, `/v1/channels/${channel.id}?rail=${rail}`)
      expect(units(now.accepted.amount)).toBe(price * BigInt(receipts.length))
    },
  }
}

/** Bank transfers of one cent to a party's balance. */
export function topUps(yard: Yard, o: { party: Party; remittance: string }): Traffic {
  let sent = 0
  return {
    kind: 'bank top-up',
    errand: async () => {
      const { id } = yard.world.bank.customers[1]!
      await control(yard.world.bank.controlUrl, '/transfers', { customer: id, amount: '0.01', remittance: o.remittance })
      sent++
      // One transfer a second: the bank's cycles stay short.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    },
    acknowledged: () => sent,
    check: async () => {
      const credited = async () => units(await balanceOf(yard, o.party.id, 'EUR'))
      await until('the last top-up', async () => (await credited()) >= 10_000n * BigInt(sent))
      expect(await credited()).toBe(10_000n * BigInt(sent))
    },
  }
}
