import { network } from 'hardhat'
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
} from 'viem'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'

/** EIP-7825: what one transaction may use on Ethereum. */
const TRANSACTION_GAS_MAX = '0x1000000'
const MINT = 2n ** 80n

type Receipt = Readonly<{ gasUsed: Hex; status: Hex; contractAddress: Hex | null }>
type Call<A extends Abi, N extends ContractFunctionName<A, 'nonpayable'>> = Readonly<{
  to: Hex
  abi: A
  functionName: N
  args: ContractFunctionArgs<A, 'nonpayable', N>
  /** Another sender than the operator; the chain lends it the account. */
  from?: Hex
}>

export type GasChain = Awaited<ReturnType<typeof openGasChain>>

/** A chain with the token and the hub. The operator holds tokens and has approved the hub; every call returns the gas of its whole transaction. */
export async function openGasChain() {
  const connection = await network.create()
  // An EIP-1193 provider answers unknown; what each method answers is fixed by Ethereum's JSON-RPC.
  const ask = <T>(method: string, params: unknown[] = []) => connection.provider.request({ method, params }) as Promise<T>
  const [operator] = (await ask<Hex[]>('eth_accounts')) as [Hex]
  const lent = new Set<Hex>([operator])

  async function transact(transaction: { from: Hex; to?: Hex; data: Hex }): Promise<Receipt> {
    const hash = await ask<Hex>('eth_sendTransaction', [{ ...transaction, gas: TRANSACTION_GAS_MAX }])
    const receipt = await ask<Receipt>('eth_getTransactionReceipt', [hash])
    if (receipt.status !== '0x1') throw new Error(`transaction ${hash} to ${transaction.to ?? 'nobody'} reverted`)
    return receipt
  }
  async function deploy(contract: { abi: Abi; bytecode: Hex }): Promise<{ address: Hex; gas: bigint }> {
    const receipt = await transact({ from: operator, data: encodeDeployData(contract) })
    if (!receipt.contractAddress) throw new Error('a deployment made no contract')
    return { address: receipt.contractAddress, gas: hexToBigInt(receipt.gasUsed) }
  }
  async function lend(account: Hex): Promise<void> {
    if (lent.has(account)) return
    await ask('hardhat_impersonateAccount', [account])
    await ask('hardhat_setBalance', [account, '0xde0b6b3a7640000'])
    lent.add(account)
  }
  async function send<const A extends Abi, N extends ContractFunctionName<A, 'nonpayable'>>(call: Call<A, N>): Promise<bigint> {
    const from = call.from ?? operator
    await lend(from)
    // viem cannot see that the arguments of a generic call fit its name; `Call` has checked it.
    const data = encodeFunctionData({
      abi: call.abi as Abi,
      functionName: call.functionName as string,
      args: call.args as readonly unknown[],
    })
    return hexToBigInt((await transact({ from, to: call.to, data })).gasUsed)
  }

  const { address: token } = await deploy(TestUSDC)
  const { address: hub, gas: hubDeployment } = await deploy(SettlementHub)
  const usdc = { to: token, abi: TestUSDC.abi } as const
  const settlement = { to: hub, abi: SettlementHub.abi } as const
  const mint = (to: Hex, value = MINT) => send({ ...usdc, functionName: 'mint', args: [to, value] })
  const approveHub = (from: Hex) => send({ ...usdc, functionName: 'approve', args: [hub, MINT], from })
  await mint(operator)
  await approveHub(operator)
  return { operator, token, hub, hubDeployment, usdc, settlement, send, deploy, mint, approveHub, ask, close: () => connection.close() }
}
