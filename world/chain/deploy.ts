import { setTimeout as pause } from 'node:timers/promises'
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  getAddress,
  http,
  type LocalAccount,
  type PublicClient,
  parseUnits,
  TransactionReceiptNotFoundError,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { contractsFor } from '../../adapters/evm/deployment/deployedContracts.ts'
import { executeDeployment } from '../../adapters/evm/deployment/executeDeployment.ts'
import { planDeployment } from '../../adapters/evm/deployment/planDeployment.ts'
import { createChain } from '../../adapters/evm/node/chain.ts'
import { openRpc } from '../../adapters/evm/node/rpc.ts'
import { DEFAULTS } from '../../adapters/evm/settings.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { accountAt, CUSTOMERS } from './accounts.ts'
import { GAS_PRICE_ORACLE } from './l1Prices.ts'
import { localRpc } from './localRpc.ts'
import { putPermit2 } from './permit2.ts'
import type { ChainProfile } from './profiles.ts'
import type { ChainReady } from './ready.ts'
import { putX402Channels } from './x402Channels.ts'

type Hex = `0x${string}`

const RPC_TIMEOUT_MS = 10_000
const RECEIPT_POLL_MS = 20
/** The chain mines at once; it only has to be asked. */
const PATIENCE = { pollMs: 10, deadlineMs: 10_000 }
const OPERATOR_USDC = parseUnits('1000', 6)
const CUSTOMER_USDC = parseUnits('100', 6)
/** On the token's blacklist, as its issuer can put anybody: what is sent there reverts. */
const BLACKLISTED = '0xb1ac000000000000000000000000000000000901'

/** Sets up a fresh automining chain: deploys as `npm run deploy` does, to the same addresses, and gives operator and customers their tokens. */
export async function deploy(rpcUrl: string, { chainId, rollup }: ChainProfile): Promise<ChainReady> {
  const account = privateKeyToAccount(accountAt(0).privateKey)
  const addressOf = await deployContracts(rpcUrl, chainId, account)
  await putPermit2(localRpc(rpcUrl))
  await putX402Channels(localRpc(rpcUrl))
  const [hub, token] = [addressOf('SettlementHub'), addressOf('TestUSDC')]

  const chain = defineChain({
    id: chainId,
    name: 'local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const transport = http(rpcUrl, { timeout: RPC_TIMEOUT_MS })
  const reader = createPublicClient({ chain, transport })
  const wallet = createWalletClient({ chain, transport, account })
  const operator = accountAt(1)
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => accountAt(2 + i))
  const grants = [[operator.address, OPERATOR_USDC] as const, ...customers.map((customer) => [customer.address, CUSTOMER_USDC] as const)]
  // With the least tip: the gateway learns its own from the last blocks, and what a client library gives by itself (1 gwei) made the rollup the dearer
  // chain for its first seconds. With room for the base fee, which goes back to the profile's every second.
  const fees = { maxPriorityFeePerGas: DEFAULTS.gas.priorityFloor, maxFeePerGas: DEFAULTS.gas.feeCeiling }
  const usdc = { address: token, abi: TestUSDC.abi, ...fees } as const
  for (const args of grants) await mined(reader, await wallet.writeContract({ ...usdc, functionName: 'mint', args }))
  await mined(reader, await wallet.writeContract({ ...usdc, functionName: 'blacklist', args: [BLACKLISTED] }))

  const domain = { address: token, abi: TestUSDC.abi } as const
  const [tokenName, tokenVersion] = await Promise.all([
    reader.readContract({ ...domain, functionName: 'name' }),
    reader.readContract({ ...domain, functionName: 'version' }),
  ])
  const oracle = rollup ? { gasPriceOracle: GAS_PRICE_ORACLE } : {}
  return { rpcUrl, chainId, token, tokenName, tokenVersion, hub, operatorKey: operator.privateKey, customers, ...oracle }
}

/** Where each contract stands, by its name. */
async function deployContracts(rpcUrl: string, chainId: number, account: LocalAccount): Promise<(name: string) => Hex> {
  const rpc = openRpc({ url: rpcUrl, timeoutMs: RPC_TIMEOUT_MS })
  const chain = createChain(rpc)
  const plan = await planDeployment(chain, { chainId, contracts: contractsFor({ testToken: true }), gas: DEFAULTS.gas })
  const { contracts } = await executeDeployment(plan, { chain, account, patience: PATIENCE })
  rpc.close()
  return (name) => {
    const found = contracts.find((contract) => contract.name === name)
    if (!found) throw new Error(`setting up the local chain: ${name} is not among the contracts that are deployed`)
    return getAddress(found.address)
  }
}

/** The chain mines at once, but anvil answers a moment before the receipt is there; viem would wait for a block that nobody makes. */
async function mined(reader: PublicClient, hash: Hex): Promise<void> {
  for (let waitedMs = 0; waitedMs < RPC_TIMEOUT_MS; waitedMs += RECEIPT_POLL_MS) {
    const receipt = await reader.getTransactionReceipt({ hash }).catch((error: unknown) => {
      if (error instanceof TransactionReceiptNotFoundError) return undefined
      throw error
    })
    if (receipt?.status === 'success') return
    if (receipt) throw new Error(`setting up the local chain: transaction ${hash} reverted`)
    await pause(RECEIPT_POLL_MS)
  }
  throw new Error(`setting up the local chain: transaction ${hash} was not mined in time`)
}
