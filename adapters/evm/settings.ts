import { domainSeparator, type LocalAccount } from 'viem'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { EXACT_PROXY, PERMIT2 } from '../../gateway/ports/permit2.ts'
import { BATCH_SETTLEMENT, DEPOSIT_COLLECTOR } from '../../gateway/ports/x402Channels.ts'
import type { Chain } from './node/chain.ts'
import { type Contracts, lower } from './node/contracts.ts'
import { OP_STACK_ORACLE } from './node/dataFees.ts'
import type { GasPolicy } from './node/fees.ts'
import type { FinalityPolicy } from './node/finality.ts'
import { receiverAddress } from './node/offers.ts'

export type EvmRailOptions = Readonly<{
  /** One node of the chain, or several: then nothing is believed that most of them contradict. */
  rpcUrls: readonly string[]
  chainId: number
  /** `signed`: how payers may sign for it; by its own EIP-3009 alone when absent, which a token with Permit2 alone need not know. */
  token: Readonly<{ address: Hex; name: string; version: string; asset: Asset; signed?: readonly ('eip3009' | 'permit2')[] }>
  gasAsset: Asset
  hub: Hex
  operatorKey: Hex
  /** Further keys, each a lane of its own, for what anyone may send; they hold ether and no tokens. */
  laneKeys?: readonly Hex[]
  dataFile: string
  finality: FinalityPolicy
  clock: Clock
  /** The block in which the hub was deployed: nothing before it is read. */
  firstBlock?: bigint
  pollMs?: number
  rpcTimeoutMs?: number
  /** After how long an unmined transaction is replaced with higher fees. */
  replaceAfterMs?: number
  gas?: GasPolicy
  /** What is charged beside gas: a rollup of the OP stack names its GasPriceOracle. */
  l1DataFee?: Readonly<{ oracle: Hex }> | 'none'
  /** Payers may pay by channels of x402 (`batch-settlement`), and wait so long for a withdrawal from one. */
  x402Channels?: Readonly<{ withdrawDelayS: number }> | undefined
  /** Takes the lines that an operator should read. */
  log?: (line: string) => void
}>

export const DEFAULTS = {
  laneKeys: [],
  pollMs: 1_000,
  rpcTimeoutMs: 5_000,
  replaceAfterMs: 60_000,
  l1DataFee: 'none',
  x402Channels: undefined,
  signed: ['eip3009'],
  gas: { priorityFloor: 1_000_000n, feeCeiling: 500_000_000_000n },
} as const

/** An arbitrary split, to compare the hub's address formula with ours. */
const PROBE_SPLIT: Hex = `0x${'5c'.repeat(32)}`

/** Which chain, operator and contracts a data file belongs to. The genesis hash tells a fresh local chain from the last one. */
export async function identityOf(chain: Chain, options: EvmRailOptions, operator: Hex): Promise<string> {
  const genesis = await chain.header(0n)
  return [options.chainId, genesis.hash, lower(options.token.address), lower(options.hub), operator].join(' ')
}

/** Stops the start when the node's chain or contracts are not what the configuration says. */
export async function checkSettings(
  chain: Chain,
  contracts: Contracts,
  options: EvmRailOptions,
  signers: readonly LocalAccount[],
): Promise<void> {
  const { token, hub, chainId } = options
  const told = await chain.chainId()
  require(told === BigInt(chainId), 'The node serves another chain', { wanted: chainId, told: told.toString() })
  for (const address of [token.address, hub]) {
    require((await chain.code(lower(address))) !== '0x', 'There is no contract at the configured address', { address })
  }
  const [decimals, receiver] = await Promise.all([contracts.decimals(), contracts.receiverOf(PROBE_SPLIT)])
  require(decimals === token.asset.scale, 'The token has other decimals than its asset', { decimals, scale: token.asset.scale })
  await checkSigning(chain, contracts, options)
  require(receiver === receiverAddress(lower(hub), PROBE_SPLIT), 'The hub makes other receivers than this version knows', { hub })
  for (const { address } of signers) {
    require((await chain.code(lower(address))) === '0x', 'The operator account has code; use a plain account', { operator: address })
  }
  require(new Set(signers.map(({ address }) => address)).size === signers.length, 'An operator key is configured twice', {})
  await checkDataFee(chain, options.l1DataFee ?? DEFAULTS.l1DataFee)
}

/** Payers sign in the name of the token, or for Permit2. */
async function checkSigning(chain: Chain, contracts: Contracts, options: EvmRailOptions): Promise<void> {
  const { token, chainId } = options
  const signed = token.signed ?? DEFAULTS.signed
  if (signed.includes('eip3009')) {
    const { name, version, address } = token
    const domain = { name, version, chainId, verifyingContract: address }
    const separator = await contracts.domainSeparator()
    require(separator === domainSeparator({ domain }), 'The token signs under another name or version (EIP-712)', { name, version })
  }
  await checkX402Channels(chain, options, signed)
  if (!signed.includes('permit2')) return
  for (const address of [PERMIT2, EXACT_PROXY]) {
    require((await chain.code(address)) !== '0x', "Permit2 or x402's proxy over it is not on this chain: leave permit2 out", { address })
  }
}

/** Deposits are taken by EIP-3009, into x402's contract. */
async function checkX402Channels(
  chain: Chain,
  { x402Channels }: Pick<EvmRailOptions, 'x402Channels'>,
  signed: readonly string[],
): Promise<void> {
  if (!x402Channels) return
  require(signed.includes('eip3009'), "A deposit into x402's channels needs a token with EIP-3009: leave batchSettlement out", {})
  for (const address of [BATCH_SETTLEMENT, DEPOSIT_COLLECTOR]) {
    require((await chain.code(address)) !== '0x', "x402's contract of channels is not on this chain: leave batchSettlement out", {
      address,
    })
  }
}

/** A rollup whose data fee is not counted would be reckoned many times too cheap. */
async function checkDataFee(chain: Chain, model: NonNullable<EvmRailOptions['l1DataFee']>): Promise<void> {
  if (model !== 'none') {
    require((await chain.code(lower(model.oracle))) !== '0x', 'There is no oracle of data fees at the configured address', model)
    return
  }
  const told = (await chain.code(OP_STACK_ORACLE)) === '0x'
  require(told, 'This chain charges a data fee (OP stack), and the configuration says none', { oracle: OP_STACK_ORACLE })
}

function require(condition: boolean, message: string, meta: Readonly<Record<string, unknown>>): void {
  if (!condition) throw new GatewayError('rail_misconfigured', message, { meta })
}
