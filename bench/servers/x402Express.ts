// The reference: @x402/express with @x402/evm's own facilitator in the same process. Verification is real and complete; the chain's answers come
// from this process, and settlement is stubbed, so that what is compared is the work of a paid request and not a chain.
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { FacilitatorClient } from '@x402/core/server'
import { ExactEvmScheme as ExactServer } from '@x402/evm/exact/server'
import { paymentMiddleware, x402ResourceServer } from '@x402/express'
import type { Hex } from 'viem'
import { referenceFacilitator } from './referenceFacilitator.ts'
import { underBench } from './underBench.ts'

/** What we use of the package, which brings no types. */
type Express = RequestListener & {
  use(middleware: unknown): void
  get(path: string, handler: (request: unknown, response: Answer) => void): void
}
type Answer = { json(value: unknown): void }
const express: () => Express = createRequire(import.meta.url)('express')

const NETWORK = 'eip155:31337'
const TOKEN: Hex = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const PAY_TO: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const PRICE = { asset: TOKEN, amount: '2000', extra: { name: 'USD Coin', version: '2' } }
/** Long enough for every payment to be signed before the first is sent. */
const TIMEOUT_SECONDS = 3_600

const facilitator = referenceFacilitator({ network: NETWORK, token: TOKEN, address: PAY_TO })
const client: FacilitatorClient = {
  verify: (payload, requirements) => facilitator.verify(payload, requirements),
  settle: async (payload) => ({ success: true, transaction: `0x${'00'.repeat(32)}`, network: payload.accepted.network }),
  getSupported: async () => facilitator.getSupported() as Awaited<ReturnType<FacilitatorClient['getSupported']>>, // Networks are typed as strings there.
}

const resources = new x402ResourceServer(client).register(NETWORK, new ExactServer())
const route = {
  accepts: { scheme: 'exact', network: NETWORK, payTo: PAY_TO, price: PRICE, maxTimeoutSeconds: TIMEOUT_SECONDS },
  description: 'a paid answer',
} as const

const app = express()
app.use(paymentMiddleware({ 'GET /paid': route }, resources))
app.get('/paid', (_, response) => {
  response.json({ ok: true })
})

underBench(createServer(app))
