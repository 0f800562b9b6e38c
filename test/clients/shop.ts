import { existsSync, readFileSync } from 'node:fs'
import { createPublicClient, http, parseAbi } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { expect, inject, vi } from 'vitest'
import type { Shop } from './world.ts'

/** The world of the clients is started while files of other folders run, on a machine that may be busy. */
export const SHOP_MS = 180_000
export const WAIT = { timeout: 30_000, interval: 50 }

type Payment = Readonly<{
  status: string
  final: boolean
  charged?: { amount: string }
  evidence: { transaction: string | null; payment_hash: string | null }
}>

/** The gateway that all of them pay, once it is ready. */
export async function openShop(): Promise<Shop> {
  const said = inject('clientsWorld')
  await vi.waitUntil(() => existsSync(said), { timeout: SHOP_MS, interval: 50 })
  const { shop, trouble } = JSON.parse(readFileSync(said, 'utf8')) as { shop?: Shop; trouble?: string } // By startWorld.ts.
  if (!shop) throw new Error(trouble)
  return shop
}

export function accountOf(shop: Shop, customer: number): PrivateKeyAccount {
  return privateKeyToAccount(shop.customers[customer]!.privateKey)
}

/** What a customer has of the token, in units. */
export function has({ rpcUrl, token, customers }: Shop, customer: number): Promise<bigint> {
  const abi = parseAbi(['function balanceOf(address) view returns (uint256)'])
  const args = [customers[customer]!.address] as const
  return createPublicClient({ transport: http(rpcUrl) }).readContract({ address: token, abi, functionName: 'balanceOf', args })
}

/** What the gateway says of the payment whose receipt an answer names. */
export async function paymentOf(shop: Shop, receipt: string | null): Promise<Payment> {
  return (await (await fetch(`${shop.url}/v1/payments/${receipt}`)).json()) as Payment
}

/** Waits until a payment is settled. */
export async function settled(shop: Shop, receipt: string | null): Promise<Payment> {
  await expect.poll(async () => (await paymentOf(shop, receipt)).status, WAIT).toBe('settled')
  return paymentOf(shop, receipt)
}

/** The customer's Lightning node, as a client's wallet. */
export function walletOf({ controlUrl }: Shop) {
  const paid: string[] = []
  return {
    paid,
    async payInvoice({ invoice }: { invoice: string }): Promise<{ preimage: string }> {
      paid.push(invoice)
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${controlUrl}/pay`, { method: 'POST', headers, body: JSON.stringify({ invoice }) })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as { preimage: string }
    },
  }
}

/** A request whose query and body a payment is for: what `/echo` answers is what was sent. New each time, because a client may change what it is given. */
export function posted(shop: Shop) {
  const body = { title: 'Straße', tags: ['a b', 'ä'] }
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return { url: `${shop.url}/echo?q=a%20b&z=%C3%A4`, init, echoed: { body, query: { q: 'a b', z: 'ä' } } }
}
