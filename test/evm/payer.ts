import { randomBytes } from 'node:crypto'
import { bytesToHex, createPublicClient, createWalletClient, encodeAbiParameters, http, keccak256 } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { TRANSFER_FIELDS } from '../../gateway/client/signer/transferTypedData.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import type { ChainReady } from '../../world/chain/ready.ts'

export function random32(): Hex {
  return bytesToHex(randomBytes(32))
}

/** `customer`: one of the chain's by its number, or any account. */
type Terms = Readonly<{ customer: number | PrivateKeyAccount; to: Hex; value: bigint; nonce?: Hex; validForSeconds?: number }>

/** What an x402 client signs: a transfer to any address, with a random nonce. */
export async function signTransfer(chain: ChainReady, terms: Terms): Promise<Authorization> {
  return sign(chain, 'transfer', terms)
}

/** What a payer of the hub signs: the nonce commits to split and reference. */
export async function signReceive(
  chain: ChainReady,
  terms: Omit<Terms, 'to' | 'nonce'> & { splitId: Hex; ref: Hex },
): Promise<Authorization> {
  const { splitId, ref } = terms
  const nonce = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [splitId, ref]))
  return { ...(await sign(chain, 'receive', { ...terms, to: chain.hub, nonce })), splitId, ref }
}

async function sign(chain: ChainReady, kind: 'transfer' | 'receive', terms: Terms): Promise<Authorization> {
  const { customer } = terms
  const account = typeof customer === 'number' ? privateKeyToAccount(chain.customers[customer]!.privateKey) : customer
  const { chainId, token } = chain
  const validBefore = BigInt(Math.floor(Date.now() / 1000) + (terms.validForSeconds ?? 600))
  const message = { from: account.address, to: terms.to, value: terms.value, validAfter: 0n, validBefore, nonce: terms.nonce ?? random32() }
  const primaryType = kind === 'transfer' ? 'TransferWithAuthorization' : 'ReceiveWithAuthorization'
  const signature = await account.signTypedData({
    domain: { name: chain.tokenName, version: chain.tokenVersion, chainId, verifyingContract: token },
    types: { [primaryType]: TRANSFER_FIELDS },
    primaryType,
    message,
  })
  return { kind, chainId, token, ...message, signature }
}

/** A wallet of a customer that talks to the chain by itself. */
export function walletOf(chain: ChainReady, customer: number) {
  const account = privateKeyToAccount(chain.customers[customer]!.privateKey)
  return createWalletClient({ account, chain: hardhat, transport: http(chain.rpcUrl) })
}

/** Waits until the chain has the transaction in a block: anvil answers before it does. */
export async function mined(chain: ChainReady, hash: Hex): Promise<void> {
  await createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl), pollingInterval: 20 }).waitForTransactionReceipt({ hash })
}

/** Sends an authorization straight to the token, as anyone may; with a tip when it has to come before others. */
export function relay(chain: ChainReady, customer: number, authorization: Authorization, tip?: bigint): Promise<Hex> {
  const { from, to, value, validAfter, validBefore, nonce, signature } = authorization
  const args = [from, to, value, validAfter, validBefore, nonce, signature] as const
  return walletOf(chain, customer).writeContract({
    address: chain.token,
    abi: TestUSDC.abi,
    functionName: 'transferWithAuthorization',
    args,
    ...(tip === undefined ? {} : { maxPriorityFeePerGas: tip, maxFeePerGas: tip * 2n, gas: 200_000n }),
  })
}

/** A plain transfer by a customer. */
export function transfer(chain: ChainReady, customer: number, to: Hex, value: bigint): Promise<Hex> {
  return walletOf(chain, customer).writeContract({ address: chain.token, abi: TestUSDC.abi, functionName: 'transfer', args: [to, value] })
}
