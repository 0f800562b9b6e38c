import { encodeFunctionData, parseEther, parseUnits, toHex } from 'viem'
import { DEFAULTS } from '../../adapters/evm/settings.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { accountAt } from '../../world/chain/accounts.ts'
import { localRpc } from '../../world/chain/localRpc.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { openYard } from './openYard.ts'

const CONTROL_DEADLINE_MS = 110_000
const TOKEN_PLACES = 6
/** Of the account that pays for what is given: its money has no end here. */
const GIVER = accountAt(0).address
/** The least: the gateway learns its own from the last blocks. */
const FEES = { maxPriorityFeePerGas: toHex(DEFAULTS.gas.priorityFloor), maxFeePerGas: toHex(DEFAULTS.gas.feeCeiling) }

/** `port`: a free one unless told. `data`: a folder that keeps the yard for a later start. `onStep` is told each part that is ready. */
export type YardStart = Readonly<{ port?: number; data?: string; onStep?: (line: string) => void }>

/** An account with tokens and coin on every chain of the yard. Its key is public. */
export type YardAccount = Readonly<{ address: `0x${string}`; privateKey: `0x${string}` }>
/** One chain of the yard; `token` is the dollar token that its gateway takes there. */
export type YardChain = Readonly<{
  rpcUrl: string
  chainId: number
  token: `0x${string}`
  tokenName: string
  tokenVersion: string
  hub: `0x${string}`
}>

/** A yard that runs: what a test needs of it. Amounts are decimal text. */
export type RunningYard = Readonly<{
  url: string
  /** The operator's API key. A second person, who agrees to large amounts, has the other. */
  key: string
  secondKey: string
  /** A priced route of the gateway's own. */
  route: string
  chains: readonly YardChain[]
  wallets: Readonly<{
    evm: readonly YardAccount[]
    lightning: Readonly<{
      address: string
      /** Throws with the node's words when the payment fails. */
      payInvoice: (order: { invoice: string }) => Promise<{ preimage: string }>
      createInvoice: (wanted: { amountMsat: bigint; description?: string }) => Promise<{ invoice: string; paymentHash: string }>
    }>
    bank: Readonly<{
      customers: readonly Readonly<{ id: string; iban: string }>[]
      /** From a customer's account to the gateway's; booked within a second or two. */
      transfer: (order: { customer: string; amount: string; remittance: string }) => Promise<void>
    }>
  }>
  /** Gives an address test dollars, coin for gas, or both, on every chain or on the one that is named. */
  fund: (address: `0x${string}`, gift: { dollars?: string; coin?: string; chainId?: number }) => Promise<void>
  /** Blocks on every chain, bitcoin's among them; one unless told. */
  mine: (blocks?: number) => Promise<void>
  /** Ends all of it; again is harmless. What is not stopped ends with this process. */
  stop: () => Promise<void>
}>

/** Starts a yard on free ports; several at once do not meet. It does not keep the process alive, so a test that fails leaves nothing behind. */
export async function startYard(o: YardStart = {}): Promise<RunningYard> {
  const yard = await openYard({ port: o.port ?? 0, data: o.data, onStep: o.onStep ?? (() => undefined) })
  yard.letGo()
  const { world, url, key, secondKey } = yard
  const control = (path: string, body: object) => ask(`${world.lightning.controlUrl}${path}`, body)
  return {
    url,
    key,
    secondKey,
    route: `${url}${yard.demo?.path ?? ''}`,
    chains: world.chains.map(({ rpcUrl, chainId, token, tokenName, tokenVersion, hub }) => {
      return { rpcUrl, chainId, token, tokenName, tokenVersion, hub }
    }),
    wallets: {
      evm: world.chains[0].customers,
      lightning: {
        address: world.lightning.customer.address,
        // The world's own answers, in the shapes of its control routes.
        payInvoice: ({ invoice }) => control('/pay', { invoice }) as Promise<{ preimage: string }>,
        createInvoice: ({ amountMsat, description = '' }) =>
          control('/invoice', { amountMsat: String(amountMsat), description }) as Promise<{ invoice: string; paymentHash: string }>,
      },
      bank: {
        customers: world.bank.customers.map(({ id, iban }) => ({ id, iban })),
        transfer: async (order) => void (await ask(`${world.bank.controlUrl}/transfers`, order)),
      },
    },
    fund: async (address, { dollars, coin, chainId }) => {
      const named = world.chains.filter((chain) => chainId === undefined || chain.chainId === chainId)
      if (named.length === 0) throw new Error(`the yard has no chain ${chainId}`)
      for (const chain of named) await give(chain, address, { dollars, coin })
    },
    mine: async (blocks = 1) => {
      await Promise.all(world.chains.map(({ rpcUrl }) => localRpc(rpcUrl)('hardhat_mine', [toHex(blocks)])))
      await ask(`${world.lightning.chainUrl}/mine`, { n: blocks })
    },
    stop: yard.close,
  }
}

async function give(
  { rpcUrl, token }: ChainReady,
  address: `0x${string}`,
  { dollars, coin }: { dollars: string | undefined; coin: string | undefined },
): Promise<void> {
  const rpc = localRpc(rpcUrl)
  const send = (transaction: object) => rpc('eth_sendTransaction', [{ from: GIVER, ...FEES, ...transaction }])
  if (coin !== undefined) await send({ to: address, value: toHex(parseEther(coin)) })
  if (dollars === undefined) return
  const data = encodeFunctionData({ abi: TestUSDC.abi, functionName: 'mint', args: [address, parseUnits(dollars, TOKEN_PLACES)] })
  await send({ to: token, data })
}

async function ask(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CONTROL_DEADLINE_MS),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(`the yard refuses: ${JSON.stringify(answer)}`)
  return answer
}
