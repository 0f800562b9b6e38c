// Servers of other people, unmodified. Each verifies a payment for real; the chain's answers come from this process and nothing is settled on one.
import { createServer, type RequestListener, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { x402Facilitator } from '@x402/core/facilitator'
import type { FacilitatorClient } from '@x402/core/server'
import { toFacilitatorEvmSigner } from '@x402/evm'
import { ExactEvmScheme as ExactFacilitator } from '@x402/evm/exact/facilitator'
import { ExactEvmScheme as ExactServer } from '@x402/evm/exact/server'
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/facilitator'
import { UptoEvmScheme as UptoFacilitator } from '@x402/evm/upto/facilitator'
import { UptoEvmScheme as UptoServer } from '@x402/evm/upto/server'
import { paymentMiddleware, x402ResourceServer } from '@x402/express'
import { evm, Mppx, Request as MppxRequest } from 'mppx/server'
import { createPublicClient, custom, type Hex } from 'viem'

/** Base Sepolia and its USDC, which x402 v1 knows by name and mppx by itself. */
export const NETWORK = 'eip155:84532'
export const TOKEN: Hex = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
export const PAY_TO: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
/** 0.002 USDC. */
export const PRICE_UNITS = '2000'
const DOMAIN = { name: 'USDC', version: '2' }
const TRANSACTION: Hex = `0x${'ab'.repeat(32)}`

export type OtherServer = Readonly<{ url: string; close: () => Promise<void> }>

/** A chain on which the token is a contract, payers are plain accounts with money and every simulated transfer succeeds. */
const chain = createPublicClient({
  transport: custom({
    async request({ method, params }: { method: string; params: readonly unknown[] }): Promise<Hex> {
      if (method === 'eth_getCode') return String(params[0]).toLowerCase() === TOKEN.toLowerCase() ? '0x60' : '0x'
      if (method === 'eth_call') return `0x${'f'.repeat(64)}`
      throw new Error(`the server asked its chain for ${method}, which this test does not answer`)
    },
  }),
})

async function neverSent(): Promise<Hex> {
  throw new Error('nothing is sent in this test')
}

const signer = toFacilitatorEvmSigner({
  address: PAY_TO,
  readContract: (args) => chain.readContract(args as Parameters<typeof chain.readContract>[0]), // The same shape, typed more loosely by x402.
  getCode: (args) => chain.getCode(args),
  verifyTypedData: (args) => chain.verifyTypedData(args as Parameters<typeof chain.verifyTypedData>[0]), // As above.
  writeContract: neverSent,
  sendTransaction: neverSent,
  waitForTransactionReceipt: async () => ({ status: await neverSent() }),
})

/** What we use of the package, which brings no types. */
type Express = RequestListener & {
  use(middleware: unknown): void
  get(
    path: string,
    handler: (request: unknown, response: { json(value: unknown): void; setHeader(name: string, value: string): void }) => void,
  ): void
}

/** What is taken of an `upto` of the price. */
export const TAKEN_UNITS = '700'

/** `@x402/express` with x402's own facilitator in the same process: x402 v2. `by`: how it is paid, EIP-3009 unless it says otherwise. */
export function x402Express({ by = 'eip3009' }: Readonly<{ by?: 'eip3009' | 'permit2' | 'upto' }> = {}): Promise<OtherServer> {
  const express: () => Express = createRequire(import.meta.url)('express')
  const facilitator = new x402Facilitator().register(NETWORK, new ExactFacilitator(signer)).register(NETWORK, new UptoFacilitator(signer))
  const client: FacilitatorClient = {
    verify: (payload, requirements) => facilitator.verify(payload, requirements),
    settle: async (payload, { amount }) => ({ success: true, transaction: TRANSACTION, network: payload.accepted.network, amount }),
    getSupported: async () => facilitator.getSupported() as Awaited<ReturnType<FacilitatorClient['getSupported']>>, // Networks are typed as strings there.
  }
  const resources = new x402ResourceServer(client).register(NETWORK, new ExactServer()).register(NETWORK, new UptoServer())
  const extra = by === 'permit2' ? { ...DOMAIN, assetTransferMethod: 'permit2' } : DOMAIN
  const price = { asset: TOKEN, amount: PRICE_UNITS, extra }
  const app = express()
  const accepts = { scheme: by === 'upto' ? 'upto' : 'exact', network: NETWORK, payTo: PAY_TO, price, maxTimeoutSeconds: 300 } as const
  app.use(paymentMiddleware({ 'GET /paid': { accepts, description: 'a paid answer' } }, resources))
  app.get('/paid', (_, response) => {
    if (by === 'upto') response.setHeader('Settlement-Overrides', JSON.stringify({ amount: TAKEN_UNITS }))
    response.json({ paid: 'x402 v2' })
  })
  return listen(createServer(app))
}

/** A server of x402 v1, whose servers no longer install: the form of its 402 by its specification, its verdict by x402's own facilitator for v1. */
export function x402V1(): Promise<OtherServer> {
  const facilitator = new ExactEvmSchemeV1(signer)
  const requirement = {
    scheme: 'exact',
    network: 'base-sepolia',
    maxAmountRequired: PRICE_UNITS,
    resource: 'http://127.0.0.1/paid',
    description: '',
    mimeType: 'application/json',
    payTo: PAY_TO,
    maxTimeoutSeconds: 300,
    asset: TOKEN,
    extra: DOMAIN,
  }
  async function answer(sent: string | undefined): Promise<{ status: number; body: unknown; receipt?: unknown }> {
    const asked = { x402Version: 1, error: 'X-PAYMENT header is required', accepts: [requirement] }
    if (sent === undefined) return { status: 402, body: asked }
    type Verify = Parameters<typeof facilitator.verify> // Of v1, typed as v2 there.
    const verdict = await facilitator.verify(
      JSON.parse(Buffer.from(sent, 'base64').toString()) as Verify[0],
      requirement as unknown as Verify[1],
    )
    if (!verdict.isValid) return { status: 402, body: { ...asked, error: verdict.invalidReason } }
    return { status: 200, body: { paid: 'x402 v1' }, receipt: { success: true, transaction: TRANSACTION, network: 'base-sepolia' } }
  }
  return listen(
    createServer(async (request, response) => {
      const sent = request.headers['x-payment']
      const { status, body, receipt } = await answer(Array.isArray(sent) ? sent[0] : sent)
      response.statusCode = status
      response.setHeader('content-type', 'application/json')
      if (receipt) response.setHeader('x-payment-response', Buffer.from(JSON.stringify(receipt)).toString('base64'))
      response.end(JSON.stringify(body))
    }),
  )
}

type Charged = Readonly<{ nonce: string; validBefore: string }>
type MppxOptions = Readonly<{
  settle?: (payload: Charged) => Promise<void>
  requiresAuth?: boolean
  accepted?: (header: string | null) => void
}>

/** mppx's own server, which asks by MPP alone. `requiresAuth`: its routes have a use of their own for Authorization. */
export function mppxServer({ settle, requiresAuth = false, accepted }: MppxOptions = {}): Promise<OtherServer> {
  const charge = evm.charge({
    currency: TOKEN,
    recipient: PAY_TO,
    chainId: 84_532,
    decimals: 6,
    authorization: DOMAIN,
    settle: async ({ payload }) => {
      await settle?.(payload)
      return { reference: TRANSACTION }
    },
  })
  // Its charge reads Authorization even where its 402 names another header.
  const moved = (request: Request) => {
    const headers = new Headers(request.headers)
    headers.set('authorization', headers.get('payment-authorization') ?? '')
    return new Request(request, { headers })
  }
  const mppx = Mppx.create({ methods: [charge], secretKey: 's'.repeat(32), realm: 'mppx.example', requiresAuth })
  return listen(
    createServer(
      MppxRequest.toNodeListener(async (request) => {
        accepted?.(request.headers.get('accept-payment'))
        const result = await mppx.charge({ amount: '0.002' })(requiresAuth ? moved(request) : request)
        if (result.status !== 402) return result.withReceipt(Response.json({ paid: 'mpp' }))
        // mppx asks by x402 too, which would hide whether its own protocol is understood.
        result.challenge.headers.delete('payment-required')
        return result.challenge
      }),
    ),
  )
}

/** Answers 402 with the headers and body that are given, whatever is sent. */
export function asking(headers: Readonly<Record<string, string | string[]>>, body = ''): Promise<OtherServer> {
  return listen(createServer((_, response) => response.writeHead(402, headers).end(body)))
}

async function listen(server: Server): Promise<OtherServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}/paid`, close }
}
