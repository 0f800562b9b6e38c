import type { AddressInfo } from 'node:net'
import { privateKeyToAccount } from 'viem/accounts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { rpc } from '../evm/chainProcess.ts'
import { type GatewayOnChain, startGateway } from '../evm/gatewayOnChain.ts'
import { signTransfer } from '../evm/payer.ts'

/** The third-party seller's own account: nobody here has its key. */
export const PAY_TO: Hex = '0x5e11e75e11e75e11e75e11e75e11e75e11e75e11'
export const PRICE = 2_000n
const BALANCE = 1_000_000n

export type Seller = Readonly<{ id: PartyId; key: string; path: string }>
export type FacilitatorWorld = Awaited<ReturnType<typeof openFacilitatorWorld>>

/** A gateway on this chain that serves its API on a port. `more`: of its configuration. */
export async function openFacilitatorWorld(chain: ChainReady, more: object = {}, depth = 0) {
  const yard = await startGateway(chain, { depth }, more)
  const served = await serve(yard)
  return {
    chain,
    yard,
    url: () => served.url,
    seller: (name = 'seller', units = BALANCE) => sellerIn(yard, name, units),
    async close() {
      await served.close()
      await yard.close()
    },
  }
}

async function serve(yard: GatewayOnChain) {
  const app = newApp()
  await addApi(app, yard.gateway())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() }
}

async function sellerIn(yard: GatewayOnChain, name: string, units: bigint): Promise<Seller> {
  const { party, apiKey: key } = await yard.gateway().parties.parties.create({ name })
  const path = `party:${party.id}`
  if (units > 0n) await grant(yard, path, units)
  return { id: party.id, key, path }
}

/** A balance as an operator's entry makes it. */
export async function grant(yard: GatewayOnChain, credit: string, units: bigint): Promise<void> {
  const { ledger, ground } = yard.gateway()
  const legs = [{ kind: 'move' as const, debit: 'capital:operator', credit, asset: ground.bookAsset, units }]
  const outcome = await ledger.books.submit({ facts: [], entry: { id: ground.ids.entry(), payment: 'grant', legs } })
  if (outcome.kind !== 'applied') throw new Error(`the grant was ${outcome.kind}`)
}

/** What a seller asks, as x402 v2 writes it. */
export function termsOn(chain: ChainReady, o: Readonly<{ payTo?: Hex; amount?: bigint }> = {}) {
  return {
    scheme: 'exact',
    network: `eip155:${chain.chainId}`,
    asset: chain.token,
    payTo: o.payTo ?? PAY_TO,
    amount: `${o.amount ?? PRICE}`,
    maxTimeoutSeconds: 300,
    extra: { name: chain.tokenName, version: chain.tokenVersion },
  }
}

export type Body = Readonly<{ x402Version: 2; paymentPayload: object; paymentRequirements: object }>

/** The body of `/verify` and `/settle` for a payment that a customer of the chain signs. */
export async function signedBody(
  chain: ChainReady,
  o: Readonly<{
    customer?: Parameters<typeof signTransfer>[1]['customer']
    payTo?: Hex
    value?: bigint
    nonce?: Hex
    validForSeconds?: number
  }> = {},
): Promise<Body> {
  const { customer = 1, value = PRICE, payTo = PAY_TO, ...rest } = o
  return bodyOf(await signTransfer(chain, { customer, to: payTo, value, ...rest }), termsOn(chain, { payTo, amount: value }))
}

export function bodyOf(signed: Authorization, terms: object): Body {
  const { from, to, value, validAfter, validBefore, nonce, signature } = signed
  const authorization = { from, to, value: `${value}`, validAfter: `${validAfter}`, validBefore: `${validBefore}`, nonce }
  return {
    x402Version: 2,
    paymentPayload: { x402Version: 2, accepted: structuredClone(terms), payload: { signature, authorization } },
    paymentRequirements: terms,
  }
}

export type Answer = Readonly<{
  status: number
  headers: Headers
  body: Readonly<{
    isValid?: boolean
    invalidReason?: string
    invalidMessage?: string
    success?: boolean
    errorReason?: string
    errorMessage?: string
    transaction?: string
    network?: string
    payer?: string
    amount?: string
    code?: string
  }>
}>

const TRIES_MAX = 30
const RETRY_MS = 1_000

/** One call of the facilitator, repeated while the machine has too much to do. `body`: an object, or text that is sent as it is. */
export async function call(url: string, path: 'verify' | 'settle', key: string | undefined, body: object | string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  for (let tried = 1; ; tried++) {
    const response = await fetch(`${url}/x402/${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const said = (await response.json()) as Answer['body']
    // Whatever the status, a facilitator's client finds its members.
    const isWhole =
      path === 'verify' ? said.isValid !== undefined : [said.transaction, said.network].every((text) => typeof text === 'string')
    if (!isWhole) throw new Error(`${path} ${response.status}: ${JSON.stringify(said)}`)
    if (said.code !== 'overloaded' || tried === TRIES_MAX) return { status: response.status, headers: response.headers, body: said }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** The token balance of an account on the chain. */
export async function balanceOf({ rpcUrl, token }: ChainReady, account: Hex): Promise<bigint> {
  const data = `0x70a08231${account.slice(2).padStart(64, '0')}`
  return BigInt(String(await rpc(rpcUrl, 'eth_call', [{ to: token, data }, 'latest'])))
}

/** How many transactions of the gateway's own account are in blocks. */
export async function sentBy({ rpcUrl, operatorKey }: ChainReady): Promise<number> {
  const { address } = privateKeyToAccount(operatorKey)
  return Number.parseInt(String(await rpc(rpcUrl, 'eth_getTransactionCount', [address, 'latest'])), 16)
}
