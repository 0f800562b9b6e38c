import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNwcClient } from '../../adapters/nwc/openNwcClient.ts'
import { bookWallet } from '../../gateway/client/bookWallet.ts'
import type { BudgetLimits } from '../../gateway/client/budget/budget.ts'
import type { BudgetStore } from '../../gateway/client/budget/budgetStore.ts'
import { fileStore } from '../../gateway/client/budget/fileStore.ts'
import { type SpendableToken, USDC } from '../../gateway/client/dollarTokens.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { type InvoicePayer, lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { lndPayer } from '../../gateway/client/lndPayer.ts'
import { permit2Wallet } from '../../gateway/client/permit2Wallet.ts'
import type { PayPolicy } from '../../gateway/client/policy.ts'
import { keyAccount } from '../../gateway/client/signer/keyAccount.ts'
import type { Wallet } from '../../gateway/client/wallet.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { dollarsPerBitcoin, usd } from '../../gateway/money/dollars.ts'
import type { Money } from '../../gateway/money/money.ts'
import { type LocalState, localState } from '../../world/localState.ts'
import { PRICES } from '../../world/worldConfig.ts'
import { tokenReads } from './tokenReads.ts'
import { walletSettings } from './walletFile.ts'

type WalletSettings = ReturnType<typeof walletSettings>['settings']

/** A wallet by what it is called. */
type NamedWallet = Readonly<{ name: string; wallet: Wallet }>

/** Wallets, what they may spend where somebody said so, and where it is remembered. `tokens` are those whose worth is known. */
export type Purse = Readonly<{
  wallets: readonly NamedWallet[]
  tokens: readonly SpendableToken[]
  budget?: BudgetLimits
  policy?: PayPolicy
  store: BudgetStore
  close: () => void
}>

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
/** The yard's money is of its own chains, so this only keeps a mistake small. */
const YARD_BUDGET = { perRequest: usd('1'), perDay: usd('1000') }

/** The wallets that are configured; where there are none and the URL is on this machine, that of the local network. */
export function openPurse(url: string, o: { wallet?: string | undefined; env: NodeJS.ProcessEnv }): Purse {
  const { settings, store } = walletSettings(o.wallet, o.env)
  const yard = hasWallet(settings) || !LOOPBACK.includes(new URL(url).hostname) ? undefined : yardHere()
  return yard ? yardPurse(yard) : purseOf(settings, store)
}

/** What an agent's payer has, and what one request may cost when its person cannot be asked. */
export type AgentPurse = Purse & Readonly<{ budget: BudgetLimits; unattended?: Money }>

/** The wallets of a file, for a program: it must say a budget. Throws `unsafe_configuration`. */
export function openAgentPurse(file: string, env: NodeJS.ProcessEnv): AgentPurse {
  const { settings, store } = walletSettings(file, env)
  const { budget, unattended } = settings
  const missing = [...(budget ? [] : ['budget']), ...(hasWallet(settings) ? [] : ['wallet (evm, nwc, lnd or balance)'])]
  if (!budget || missing.length > 0) {
    throw new GatewayError('unsafe_configuration', `${file} names no ${missing.join(' and no ')}`, {
      hint: 'docs/agents.md has a whole file.',
    })
  }
  return { ...purseOf(settings, store), budget, ...(unattended && { unattended }) }
}

function hasWallet({ evm, nwc, lnd, balance }: WalletSettings): boolean {
  return [evm, nwc, lnd, balance].some((one) => one !== undefined)
}

function purseOf({ evm, nwc, lnd, balance, usdPerBtc, budget, policy }: WalletSettings, folder: string): Purse {
  const tokens = [...USDC, ...(evm?.tokens ?? [])]
  const wallets: NamedWallet[] = []
  const lightning = (name: string, { payInvoice, lookupInvoice, feeMsatMax }: InvoicePayer) => {
    if (!usdPerBtc) return
    const known = { ...(lookupInvoice && { lookupInvoice }), ...(feeMsatMax && { feeMsatMax }) }
    wallets.push({ name, wallet: lightningWallet({ payInvoice, rate: () => usdPerBtc, ...known }) })
  }
  if (balance)
    wallets.push({ name: 'the balance', wallet: bookWallet({ apiKey: balance.key, origins: [balance.url, ...(balance.origins ?? [])] }) })
  if (lnd) lightning('LND', lndPayer(lnd))
  const client = nwc === undefined ? undefined : openNwcClient(nwc)
  if (client) lightning('the NWC wallet', client)
  if (evm) {
    const reads = evm.rpc && tokenReads(evm.rpc)
    const [account, balances] = [keyAccount(evm.key), reads && { balanceOf: reads.balanceOf }]
    wallets.push({ name: 'the EVM key', wallet: evmWallet({ account, tokens, ...balances }) })
    wallets.push({ name: 'the EVM key over Permit2', wallet: permit2Wallet({ account, tokens, ...reads }) })
  }
  return { wallets, tokens, store: fileStore(folder), close: () => client?.close(), ...(budget && { budget }), ...(policy && { policy }) }
}

function yardHere(): LocalState | undefined {
  try {
    return localState()
  } catch {
    // None runs from this folder, so there is no wallet of one.
    return undefined
  }
}

/** A customer of the local network: tokens on its chains, and its Lightning node. Each start is a new world, with a memory of its own. */
function yardPurse({ key, world }: LocalState): Purse {
  const tokens = world.chains.map(({ chainId, token, tokenName, tokenVersion }) => {
    return { chainId, address: token, scale: 6, code: 'USDC', name: tokenName, version: tokenVersion }
  })
  const { allowanceOf } = tokenReads(Object.fromEntries(world.chains.map(({ chainId, rpcUrl }) => [chainId, rpcUrl])))
  const account = keyAccount(world.customers[0]!.privateKey as `0x${string}`) // Written by the world's chain.
  const lightning = lightningWallet({
    rate: () => dollarsPerBitcoin(PRICES.BTC),
    async payInvoice({ invoice }) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${world.lightningUrl}/pay`, { method: 'POST', headers, body: JSON.stringify({ invoice }) })
      if (!response.ok) throw new Error(`the test wallet answered ${response.status}: ${(await response.text()).slice(0, 200)}`)
      return (await response.json()) as { preimage: string } // The world's own answer.
    },
  })
  const memory = createHash('sha256').update(key).digest('hex').slice(0, 16)
  return {
    wallets: [
      { name: 'the test wallet (Lightning)', wallet: lightning },
      { name: 'the test wallet (EVM)', wallet: evmWallet({ account, tokens }) },
      { name: 'the test wallet (EVM, over Permit2)', wallet: permit2Wallet({ account, tokens, allowanceOf }) },
    ],
    tokens,
    budget: { perRequest: YARD_BUDGET.perRequest, perDay: YARD_BUDGET.perDay, sites: LOOPBACK },
    store: fileStore(join(tmpdir(), `switchyard-test-wallet-${memory}`)),
    close: () => undefined,
  }
}
