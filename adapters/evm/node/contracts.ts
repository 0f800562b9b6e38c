import { decodeFunctionResult, encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { PERMIT2 } from '../../../gateway/ports/permit2.ts'
import type { ShareProof } from '../../../gateway/ports/receiver.ts'
import type { PackedClaim } from '../../../gateway/ports/voucherChannels.ts'
import { hubAbi, tokenAbi } from './abi.ts'
import type { BlockTag, Chain } from './chain.ts'
import { permit2Abi } from './permitAbi.ts'
import { permitBit } from './permitBit.ts'

type PotState = Readonly<{ received: bigint; paidOut: bigint }>
type VoucherChannelSlot = Readonly<{ deposit: bigint; claimed: bigint; closeAt: bigint }>

/**
 * What asking an account with code, and taking its money, may burn in all: the dearest honest code looks at a curve of passkeys in Solidity, for some 350,000.
 * What code answers is bounded by it too, because memory costs gas.
 */
export const CODE_GAS_MAX = 600_000n
/** What this rail reads of the token and the hub, at a block. */
export type Contracts = ReturnType<typeof createContracts>

export function createContracts(chain: Chain, at: { token: Hex; hub: Hex }) {
  const token = (data: Hex, block: BlockTag) => chain.call({ to: at.token, data }, block)
  const hub = (data: Hex, block: BlockTag) => chain.call({ to: at.hub, data }, block)

  return {
    async balanceOf(account: Hex, block: BlockTag): Promise<bigint> {
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] })
      return decodeFunctionResult({ abi: tokenAbi, functionName: 'balanceOf', data: await token(data, block) })
    },
    async decimals(): Promise<number> {
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'decimals' })
      return decodeFunctionResult({ abi: tokenAbi, functionName: 'decimals', data: await token(data, 'latest') })
    },
    async domainSeparator(): Promise<Hex> {
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'DOMAIN_SEPARATOR' })
      return decodeFunctionResult({ abi: tokenAbi, functionName: 'DOMAIN_SEPARATOR', data: await token(data, 'latest') })
    },
    async authorizationUsed(authorizer: Hex, nonce: Hex, block: BlockTag): Promise<boolean> {
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'authorizationState', args: [authorizer, nonce] })
      return decodeFunctionResult({ abi: tokenAbi, functionName: 'authorizationState', data: await token(data, block) })
    },
    /** Whether Permit2 has used the nonce of an owner, or the owner has. */
    async permitUsed(owner: Hex, nonce: Hex, block: BlockTag): Promise<boolean> {
      const { word, mask } = permitBit(nonce)
      const data = encodeFunctionData({ abi: permit2Abi, functionName: 'nonceBitmap', args: [owner, word] })
      const used = decodeFunctionResult({
        abi: permit2Abi,
        functionName: 'nonceBitmap',
        data: await chain.call({ to: PERMIT2, data }, block),
      })
      return (used & mask) !== 0n
    },
    async receiverOf(splitId: Hex): Promise<Hex> {
      const data = encodeFunctionData({ abi: hubAbi, functionName: 'receiverOf', args: [splitId] })
      return lower(decodeFunctionResult({ abi: hubAbi, functionName: 'receiverOf', data: await hub(data, 'latest') }))
    },
    async pot(splitId: Hex, block: BlockTag): Promise<PotState> {
      const data = encodeFunctionData({ abi: hubAbi, functionName: 'pot', args: [splitId, at.token] })
      const [received, paidOut] = decodeFunctionResult({ abi: hubAbi, functionName: 'pot', data: await hub(data, block) })
      return { received, paidOut }
    },
    /** What an account was paid out of a split so far. */
    async paid(splitId: Hex, account: Hex, block: BlockTag): Promise<bigint> {
      const data = encodeFunctionData({ abi: hubAbi, functionName: 'paid', args: [splitId, at.token, account] })
      return decodeFunctionResult({ abi: hubAbi, functionName: 'paid', data: await hub(data, block) })
    },
    async channel(channelId: Hex, block: BlockTag): Promise<VoucherChannelSlot> {
      const data = encodeFunctionData({ abi: hubAbi, functionName: 'channel', args: [channelId] })
      const [deposit, claimed, closeAt] = decodeFunctionResult({ abi: hubAbi, functionName: 'channel', data: await hub(data, block) })
      return { deposit, claimed, closeAt: BigInt(closeAt) }
    },
    /** What vouchers would move into the pot now. */
    async vouchable(claim: PackedClaim, from: Hex): Promise<bigint> {
      const data = await chain.call({ from, to: at.hub, data: vouchersData(claim, at.token) }, 'latest')
      return decodeFunctionResult({ abi: hubAbi, functionName: 'claimPacked', data })
    },
    /** What a claim would pay now; throws RpcRefused when the hub refuses it. */
    async claimable(share: ShareProof, from: Hex): Promise<bigint> {
      const data = await chain.call({ from, to: at.hub, data: claimData(share, at.token) }, 'latest')
      return decodeFunctionResult({ abi: hubAbi, functionName: 'claim', data })
    },
  }
}

/** The call of `claimPacked`; its answer is what would move into the pot. */
export function vouchersData(claim: PackedClaim, token: Hex): Hex {
  return encodeFunctionData({ abi: hubAbi, functionName: 'claimPacked', args: [claim.splitId, token, claim.closer, claim.rows] })
}

export function claimData(share: ShareProof, token: Hex): Hex {
  return encodeFunctionData({ abi: hubAbi, functionName: 'claim', args: [share, token] })
}

/** An address or hash as it compares: in lower case. */
export function lower(text: Hex): Hex {
  return text.toLowerCase() as Hex // lower-casing keeps the 0x.
}
