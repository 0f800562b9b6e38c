import { createPublicClient, encodeAbiParameters, hashTypedData, http, keccak256 } from 'viem'
import { hardhat } from 'viem/chains'
import { TestBatchSettlement } from '../../contracts/abi/TestBatchSettlement.ts'
import { TRANSFER_FIELDS } from '../../gateway/client/signer/transferTypedData.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { BATCH_SETTLEMENT, DEPOSIT_COLLECTOR, type X402ChannelConfig } from '../../gateway/ports/x402Channels.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { mined, random32, walletOf } from './payer.ts'
import { accountOf } from './permits.ts'

/** The entry of a 402 that a channel can pay. */
export type ChannelEntry = Readonly<{
  scheme: string
  network: string
  amount: string
  asset: Hex
  payTo: Hex
  maxTimeoutSeconds: number
  extra: Readonly<{ receiverAuthorizer: Hex; withdrawDelay: number; minDeposit: string; quote?: unknown } & Record<string, unknown>>
}>

const CONFIG = ['payer', 'payerAuthorizer', 'receiver', 'receiverAuthorizer', 'token'].map((name) => ({ name, type: 'address' }))
const TYPES = {
  ChannelConfig: [...CONFIG, { name: 'withdrawDelay', type: 'uint40' }, { name: 'salt', type: 'bytes32' }],
  Voucher: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'maxClaimableAmount', type: 'uint128' },
  ],
}

/** What the 402 of this address offers to payers with channels, without the quote: so it is good for every request of this price. */
export async function channelEntry(url: string): Promise<ChannelEntry | undefined> {
  const asked = await fetch(url)
  const { accepts } = JSON.parse(Buffer.from(asked.headers.get('payment-required')!, 'base64').toString()) as { accepts: ChannelEntry[] }
  const entry = accepts.find(({ scheme }) => scheme === 'batch-settlement')
  if (!entry) return undefined
  const { quote: _, ...extra } = entry.extra
  return { ...entry, extra }
}

/** The header of a payment. */
export function paying(payment: object): { 'payment-signature': string } {
  return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') }
}

/** A payer of x402's channels that signs what it is told, also what is wrong. */
export function channelPayer(chain: ChainReady, customer: number, changes: Partial<X402ChannelConfig> = {}) {
  const account = accountOf(chain, customer)
  const domain = { name: 'x402 Batch Settlement', version: '1', chainId: chain.chainId, verifyingContract: BATCH_SETTLEMENT } as const
  const salt = random32()

  function configOf({ payTo, asset, extra }: ChannelEntry): X402ChannelConfig {
    const { receiverAuthorizer, withdrawDelay } = extra
    const payer = account.address
    return { payer, payerAuthorizer: payer, receiver: payTo, receiverAuthorizer, token: asset, withdrawDelay, salt, ...changes }
  }

  const idOf = (config: X402ChannelConfig): Hex =>
    hashTypedData({
      domain,
      types: TYPES,
      primaryType: 'ChannelConfig',
      message: { ...config, withdrawDelay: BigInt(config.withdrawDelay) },
    })

  async function voucher(entry: ChannelEntry, cumulative: bigint, signer = account) {
    const config = configOf(entry)
    const message = { channelId: idOf(config), maxClaimableAmount: cumulative }
    const signature = await signer.signTypedData({ domain, types: TYPES, primaryType: 'Voucher', message })
    const signed = { ...message, maxClaimableAmount: `${cumulative}`, signature }
    return { x402Version: 2, accepted: entry, payload: { type: 'voucher', channelConfig: config, voucher: signed } }
  }

  async function deposit(entry: ChannelEntry, value: bigint, cumulative: bigint) {
    const paid = await voucher(entry, cumulative)
    const depositSalt = random32()
    const { channelId } = paid.payload.voucher
    const nonce = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [channelId, BigInt(depositSalt)]))
    const validBefore = BigInt(Math.floor(Date.now() / 1000) + 3_600)
    const signature = await account.signTypedData({
      domain: { name: chain.tokenName, version: chain.tokenVersion, chainId: chain.chainId, verifyingContract: chain.token },
      types: { ReceiveWithAuthorization: TRANSFER_FIELDS },
      primaryType: 'ReceiveWithAuthorization',
      message: { from: account.address, to: DEPOSIT_COLLECTOR, value, validAfter: 0n, validBefore, nonce },
    })
    const erc3009Authorization = { validAfter: '0', validBefore: `${validBefore}`, salt: depositSalt, signature }
    const payload = { ...paid.payload, type: 'deposit', deposit: { amount: `${value}`, authorization: { erc3009Authorization } } }
    return { ...paid, payload }
  }

  /** The wish to have what is left, by a voucher over what was paid. */
  async function refund(entry: ChannelEntry, cumulative: bigint, amount?: bigint) {
    const paid = await voucher(entry, cumulative)
    return { ...paid, payload: { ...paid.payload, type: 'refund', ...(amount === undefined ? {} : { amount: `${amount}` }) } }
  }

  /** What the payer does at the contract by itself. */
  async function call(entry: ChannelEntry, name: 'initiateWithdraw' | 'finalizeWithdraw', amount: bigint): Promise<void> {
    const at = { address: BATCH_SETTLEMENT, abi: TestBatchSettlement.abi } as const
    const config = configOf(entry)
    const wallet = walletOf(chain, customer)
    const hash =
      name === 'initiateWithdraw'
        ? await wallet.writeContract({ ...at, functionName: name, args: [config, amount] })
        : await wallet.writeContract({ ...at, functionName: name, args: [config] })
    await mined(chain, hash)
  }

  return { account, configOf, idOf: (entry: ChannelEntry) => idOf(configOf(entry)), voucher, deposit, refund, call }
}

/** The channel by the contract's own word: what is in it, and what was claimed of it. */
export function onChain(chain: ChainReady, id: Hex): Promise<readonly [bigint, bigint]> {
  const client = createPublicClient({ chain: hardhat, transport: http(chain.rpcUrl) })
  return client.readContract({ address: BATCH_SETTLEMENT, abi: TestBatchSettlement.abi, functionName: 'channels', args: [id] })
}
