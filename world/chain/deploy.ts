import { createPublicClient, createWalletClient, defineChain, getAddress, http, type PublicClient, parseUnits } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { accountAt, CUSTOMERS } from './accounts.ts'
import { GAS_PRICE_ORACLE } from './l1Prices.ts'
import type { ChainProfile } from './profiles.ts'
import type { ChainReady } from './ready.ts'

type Hex = `0x${string}`

const RPC_TIMEOUT_MS = 10_000
const OPERATOR_USDC = parseUnits('1000', 6)
const CUSTOMER_USDC = parseUnits('100', 6)

/** Deploys token and hub from their committed bytecode on a fresh automining chain, and gives operator and customers their tokens. */
export async function deploy(rpcUrl: string, { chainId, rollup }: ChainProfile): Promise<ChainReady> {
  const chain = defineChain({ ...hardhat, id: chainId })
  const transport = http(rpcUrl, { timeout: RPC_TIMEOUT_MS })
  const reader = createPublicClient({ chain, transport })
  const wallet = createWalletClient({ chain, transport, account: privateKeyToAccount(accountAt(0).privateKey) })
  const operator = accountAt(1)
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => accountAt(2 + i))

  const token = await deployedAt(reader, await wallet.deployContract({ abi: TestUSDC.abi, bytecode: TestUSDC.bytecode }))
  const hub = await deployedAt(reader, await wallet.deployContract({ abi: SettlementHub.abi, bytecode: SettlementHub.bytecode }))
  const grants = [[operator.address, OPERATOR_USDC] as const, ...customers.map((customer) => [customer.address, CUSTOMER_USDC] as const)]
  for (const args of grants)
    await mined(reader, await wallet.writeContract({ address: token, abi: TestUSDC.abi, functionName: 'mint', args }))

  const domain = { address: token, abi: TestUSDC.abi } as const
  const [tokenName, tokenVersion] = await Promise.all([
    reader.readContract({ ...domain, functionName: 'name' }),
    reader.readContract({ ...domain, functionName: 'version' }),
  ])
  const oracle = rollup ? { gasPriceOracle: GAS_PRICE_ORACLE } : {}
  return { rpcUrl, chainId, token, tokenName, tokenVersion, hub, operatorKey: operator.privateKey, customers, ...oracle }
}

/** The chain mines at once, so the receipt is there when the hash is. */
async function mined(reader: PublicClient, hash: Hex) {
  const receipt = await reader.getTransactionReceipt({ hash })
  if (receipt.status !== 'success') throw new Error(`setting up the local chain: transaction ${hash} reverted`)
  return receipt
}

async function deployedAt(reader: PublicClient, hash: Hex): Promise<Hex> {
  const { contractAddress } = await mined(reader, hash)
  if (!contractAddress) throw new Error(`setting up the local chain: transaction ${hash} deployed nothing`)
  return getAddress(contractAddress)
}
