import { createPublicClient, createWalletClient, http, maxUint256, parseAbi } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { PlainToken } from '../../contracts/abi/PlainToken.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { EXACT_PROXY, PERMIT2, UPTO_PROXY } from '../../gateway/ports/permit2.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { random32, walletOf } from './payer.ts'

const PERMISSIONS = [
  { name: 'token', type: 'address' },
  { name: 'amount', type: 'uint256' },
]
const WITNESS = [
  { name: 'to', type: 'address' },
  { name: 'facilitator', type: 'address' },
  { name: 'validAfter', type: 'uint256' },
]
const PERMIT = [
  { name: 'permitted', type: 'TokenPermissions' },
  { name: 'spender', type: 'address' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
  { name: 'witness', type: 'Witness' },
]

type Permitted = Readonly<{
  chainId: number
  token: Hex
  account: PrivateKeyAccount
  to: Hex
  value: bigint
  facilitator?: Hex
  nonce?: Hex
  spender?: Hex
  validAfter?: bigint
  validBefore?: bigint
}>

/** What an x402 client signs for Permit2: an exact amount, or a maximum where a facilitator is named. */
export async function signPermit(o: Permitted): Promise<Authorization> {
  const { chainId, token, account, to, value, facilitator, nonce = random32(), validAfter = 0n } = o
  const { spender = facilitator ? UPTO_PROXY : EXACT_PROXY } = o
  const { validBefore = BigInt(Math.floor(Date.now() / 1000) + 280) } = o
  const named = facilitator ? { facilitator } : {}
  const signature = await account.signTypedData({
    domain: { name: 'Permit2', chainId, verifyingContract: PERMIT2 },
    types: {
      PermitWitnessTransferFrom: PERMIT,
      TokenPermissions: PERMISSIONS,
      Witness: WITNESS.filter(({ name }) => name !== 'facilitator' || facilitator),
    },
    primaryType: 'PermitWitnessTransferFrom',
    message: {
      permitted: { token, amount: value },
      spender,
      nonce: BigInt(nonce),
      deadline: validBefore,
      witness: { to, ...named, validAfter },
    },
  })
  const kind = facilitator ? 'upto' : 'permit2'
  return { kind, chainId, token, from: account.address, to, value, validAfter, validBefore, nonce, signature, ...named }
}

export function accountOf(chain: ChainReady, customer: number): PrivateKeyAccount {
  return privateKeyToAccount(chain.customers[customer]!.privateKey)
}

/** Lets Permit2 take what a customer has of the token. */
export function approve(chain: ChainReady, customer: number, value = maxUint256): Promise<Hex> {
  const { abi } = PlainToken
  return walletOf(chain, customer).writeContract({ address: chain.token, abi, functionName: 'approve', args: [PERMIT2, value] })
}

/** Ends a nonce of a customer at Permit2, as its owner may. */
export function invalidate(chain: ChainReady, customer: number, nonce: Hex): Promise<Hex> {
  const abi = parseAbi(['function invalidateUnorderedNonces(uint256 word, uint256 mask)'])
  const args = [BigInt(nonce) >> 8n, 1n << (BigInt(nonce) & 0xffn)] as const
  return walletOf(chain, customer).writeContract({ address: PERMIT2, abi, functionName: 'invalidateUnorderedNonces', args })
}

/** The same chain with a token that knows EIP-20 alone, of which every customer has 100 dollars. */
export async function withPlainToken<C extends ChainReady>(chain: C): Promise<C> {
  const wallet = createWalletClient({ chain: hardhat, transport: http(chain.rpcUrl), account: accountOf(chain, 0) })
  const reader = createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl), pollingInterval: 20 })
  const hash = await wallet.deployContract({ abi: PlainToken.abi, bytecode: PlainToken.bytecode })
  const { contractAddress } = await reader.waitForTransactionReceipt({ hash })
  const token = contractAddress!
  for (const { address } of chain.customers) {
    const mint = await wallet.writeContract({ address: token, abi: PlainToken.abi, functionName: 'mint', args: [address, 100_000_000n] })
    await reader.waitForTransactionReceipt({ hash: mint })
  }
  return { ...chain, token, tokenName: 'Plain Dollar', tokenVersion: '1' }
}
