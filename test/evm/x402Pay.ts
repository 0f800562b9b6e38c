import type { FastifyInstance } from 'fastify'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { signTransfer } from './payer.ts'

type Payer = Readonly<{ url: string; customer: number | PrivateKeyAccount; nonce?: Hex; validForSeconds?: number }>

/** Pays what the route's own 402 asks on the first chain, as an x402 client does. */
export async function x402Pay(app: FastifyInstance, chain: ChainReady, o: Payer) {
  return app.inject({ url: o.url, headers: await x402Payment(app, chain, o) })
}

/** The headers of such a payment, which may be sent when and as often as one likes. */
export async function x402Payment(app: FastifyInstance, chain: ChainReady, o: Payer): Promise<{ 'payment-signature': string }> {
  const asked = await app.inject({ url: o.url })
  const required = JSON.parse(Buffer.from(String(asked.headers['payment-required']), 'base64').toString())
  const accepted = required.accepts[0] as { payTo: Hex; amount: string } // as x402 v2 has it.
  const value = BigInt(accepted.amount)
  const named = o.nonce === undefined ? {} : { nonce: o.nonce }
  const signed = await signTransfer(chain, {
    customer: o.customer,
    to: accepted.payTo,
    value,
    validForSeconds: o.validForSeconds ?? 200,
    ...named,
  })
  const { from, to, nonce, signature } = signed
  const texts = { value: `${signed.value}`, validAfter: `${signed.validAfter}`, validBefore: `${signed.validBefore}` }
  const payment = { x402Version: 2, accepted, payload: { authorization: { from, to, nonce, ...texts }, signature } }
  return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') }
}
