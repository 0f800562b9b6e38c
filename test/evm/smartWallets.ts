import { createPublicClient, encodeFunctionData, http, maxUint256 } from 'viem'
import { toCoinbaseSmartAccount } from 'viem/account-abstraction'
import { hardhat } from 'viem/chains'
import { TestDelegation } from '../../contracts/abi/TestDelegation.ts'
import { TestSmartWallet } from '../../contracts/abi/TestSmartWallet.ts'
import { TestSmartWalletFactory } from '../../contracts/abi/TestSmartWalletFactory.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { PERMIT2 } from '../../gateway/ports/permit2.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { rpc } from './chainProcess.ts'
import { transfer, walletOf } from './payer.ts'
import { accountOf } from './permits.ts'

/** Where viem's `toCoinbaseSmartAccount` expects the factory of its version 1. */
const FACTORY: Hex = '0x0ba5ed0c6aa8c49038f819e587e2633c4a9f428a'

/** Puts the factory of accounts where their client looks for it. */
export async function putFactory(chain: ChainReady): Promise<void> {
  const code = await rpc(chain.rpcUrl, 'eth_call', [{ data: TestSmartWalletFactory.bytecode }, 'latest'])
  await rpc(chain.rpcUrl, 'hardhat_setCode', [FACTORY, code])
}

/** The account of a customer, which signs by its code: the unmodified client of such accounts. It is not made yet, and has ten dollars. */
export async function smartAccountOf(chain: ChainReady, customer: number, nonce = 0n) {
  const client = createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl), pollingInterval: 20 })
  const account = await toCoinbaseSmartAccount({ client, owners: [accountOf(chain, customer)], nonce, version: '1' })
  await transfer(chain, customer, account.address, 10_000_000n)
  return {
    account,
    /** Sends what its first transaction would have done beside: the call that makes it. */
    async make(): Promise<void> {
      const { factory, factoryData } = await account.getFactoryArgs()
      await walletOf(chain, customer).sendTransaction({ to: factory!, data: factoryData! })
    },
    /** Its owner lets Permit2 take what it has. */
    async letPermit2(): Promise<void> {
      const data = encodeFunctionData({ abi: TestUSDC.abi, functionName: 'approve', args: [PERMIT2, maxUint256] })
      const args = [chain.token, 0n, data] as const
      await walletOf(chain, customer).writeContract({ address: account.address, abi: TestSmartWallet.abi, functionName: 'execute', args })
    },
  }
}

/** Delegates the account of a customer (EIP-7702) to code that takes what its key signs. */
export async function delegate(chain: ChainReady, customer: number): Promise<void> {
  const wallet = walletOf(chain, customer)
  const client = createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl), pollingInterval: 20 })
  const hash = await wallet.deployContract({ abi: TestDelegation.abi, bytecode: TestDelegation.bytecode })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  const authorization = await wallet.signAuthorization({ contractAddress: contractAddress!, executor: 'self' })
  await wallet.sendTransaction({ authorizationList: [authorization], to: `0x${'1d'.repeat(20)}` })
}
