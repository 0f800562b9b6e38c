import { network } from 'hardhat'
import { type Abi, createWalletClient, custom, getAddress, type Hex, keccak256, parseEventLogs, publicActions, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { expect } from 'vitest'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { authorizationNonce } from '../../gateway/split/authorizationNonce.ts'
import type { SplitTree } from '../../gateway/split/splitTree.ts'

/** More than any pot can count, so that the limits of pots can be reached. */
const MINT = 2n ** 200n
export const YEAR_2100 = 4_102_444_800n

/** The fields of an EIP-3009 authorization, which has the same ones in both directions. */
export const authorization = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'].map((name) => ({
  name,
  type: name === 'nonce' ? 'bytes32' : name === 'from' || name === 'to' ? 'address' : 'uint256',
}))

/** A chain inside this process with a token and a hub; `wallet` sends, `payer` only signs. Close its connection. */
export async function openChain() {
  const connection = await network.create()
  const payer = privateKeyToAccount(keccak256(toHex('payer')))
  // An EIP-1193 provider answers unknown; this method answers the chain's own accounts.
  const [sender] = (await connection.provider.request({ method: 'eth_accounts' })) as [Hex]
  const wallet = createWalletClient({ account: sender, chain: hardhat, transport: custom(connection.provider) }).extend(publicActions)

  async function mined(hash: Hex) {
    const receipt = await wallet.getTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    return receipt
  }
  const deploy = async (contract: { abi: Abi; bytecode: Hex }) => {
    const { contractAddress } = await mined(await wallet.deployContract({ abi: contract.abi, bytecode: contract.bytecode }))
    return getAddress(contractAddress!)
  }
  const token = await deploy(TestUSDC)
  const hub = await deploy(SettlementHub)
  const usdc = { address: token, abi: TestUSDC.abi } as const
  const settlement = { address: hub, abi: SettlementHub.abi } as const
  for (const to of [sender, payer.address]) await mined(await wallet.writeContract({ ...usdc, functionName: 'mint', args: [to, MINT] }))
  await mined(await wallet.writeContract({ ...usdc, functionName: 'approve', args: [hub, MINT] }))
  return { connection, payer, wallet, mined, token, hub, usdc, settlement }
}

export type SplitChain = Awaited<ReturnType<typeof openChain>>

/** Moves the payer's money towards a split in one of the three ways. */
export async function moneyIn(
  { wallet, mined, payer, token, hub, usdc, settlement }: SplitChain,
  payment: { kind: 'fund' | 'pay' | 'transfer'; value: bigint; splitId: Hex; receiver: Hex; ref: Hex },
) {
  const { kind, value, splitId, receiver, ref } = payment
  if (kind === 'transfer') return mined(await wallet.writeContract({ ...usdc, functionName: 'transfer', args: [receiver, value] }))
  if (kind === 'fund') return mined(await wallet.writeContract({ ...settlement, functionName: 'fund', args: [splitId, ref, token, value] }))
  const message = { from: payer.address, to: hub, value, validAfter: 0n, validBefore: YEAR_2100, nonce: authorizationNonce(splitId, ref) }
  const signature = await payer.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: hardhat.id, verifyingContract: token },
    types: { ReceiveWithAuthorization: authorization },
    primaryType: 'ReceiveWithAuthorization',
    message,
  })
  const auth = { splitId, ref, from: message.from, value, validAfter: message.validAfter, validBefore: message.validBefore, signature }
  return mined(await wallet.writeContract({ ...settlement, functionName: 'pay', args: [token, auth] }))
}

/** Claims for one payee and returns what the chain says it paid. */
export async function claim({ wallet, mined, token, settlement }: SplitChain, tree: SplitTree, index: number): Promise<bigint> {
  const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'claim', args: [tree.share(index), token] }))
  const [log] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'Claimed', logs: receipt.logs })
  return log?.args.value ?? 0n
}

/** Empties a split's receiver and returns what the chain says arrived. */
export async function sweep({ wallet, mined, token, settlement }: SplitChain, splitId: Hex): Promise<bigint> {
  const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'sweep', args: [splitId, token] }))
  const [log] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'Swept', logs: receipt.logs })
  return log?.args.value ?? 0n
}
