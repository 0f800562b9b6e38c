import { expect, onTestFinished, test } from 'vitest'
import { proveInvoice } from '../../gateway/client/offers/proveInvoice.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import type { Wallet } from '../../gateway/client/wallet.ts'
import { usd } from '../../gateway/money/dollars.ts'
import { openPaidRoute } from './paidRouteWorld.ts'

test('our payer buys one request at a time, or, where its policy names L402, a pass that it shows as long as it is good', async () => {
  const world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
  let paid = 0
  /** A wallet that pays invoices of the world. */
  const wallet: Wallet = {
    speaks: ['lightning/charge'],
    async consider(offer) {
      if (offer.kind !== 'invoice') return undefined
      const pay = async () => {
        paid++
        const hash = offer.invoice.slice('lnbcrt'.length)
        return { kind: 'paid' as const, proof: hash, credential: { headers: [proveInvoice(offer.proof, world.lightning.pay(hash))] } }
      }
      const cost = usd('0.02')
      return { offer: offer.name, rail: 'lightning', cost, fee: usd('0'), amount: cost, payee: offer.invoice, pay }
    },
    resume: () => undefined,
  }
  const fetch = async (url: string, init: RequestInit) => {
    const { statusCode, headers, rawPayload } = await world.app.inject({
      method: 'GET',
      url: new URL(url).pathname,
      headers: Object.fromEntries(new Headers(init.headers)),
    })
    const sent = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)]))
    return new Response(rawPayload.toString(), { status: statusCode, headers: sent })
  }
  const payerBy = (policy: object) =>
    createPayer({ wallets: [wallet], budget: { perRequest: usd('0.02'), perDay: usd('1'), sites: ['127.0.0.1'] }, policy, fetch })
  const read = async (payer: ReturnType<typeof payerBy>, path: string) => (await payer.fetch(`http://127.0.0.1${path}`)).text()
  const single = payerBy({})
  expect([await read(single, '/ten/1'), await read(single, '/ten/1'), paid]).toEqual(['ten 1', 'ten 2', 2])
  const passes = payerBy({ only: ['l402'] })
  const bodies = []
  for (const path of ['/ten/1', '/ten/1', '/ten/2', '/ten/1']) bodies.push(await read(passes, path))
  expect([bodies, paid]).toEqual([['ten 3', 'ten 4', 'ten 5', 'ten 6'], 3])
})
