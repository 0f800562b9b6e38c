import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Chain } from '../node/chain.ts'
import { OP_STACK_ORACLE } from '../node/dataFees.ts'
import { type GasOffer, type GasPolicy, offerFor } from '../node/fees.ts'

/** Wei per gas: what the next block asks for, and what we offer (EIP-1559). */
export type DeploymentFees = GasOffer & Readonly<{ baseFee: bigint }>

const HISTORY_BLOCKS = 10

/** Present fees, within the policy. Refuses when the chain asks for more than the policy's ceiling: such a transaction would only wait. */
export async function presentFees(chain: Chain, policy: GasPolicy): Promise<DeploymentFees> {
  const history = await chain.feeHistory(HISTORY_BLOCKS)
  const baseFee = history.baseFeePerGas.at(-1) ?? 0n
  const tips = (history.reward ?? []).map((row) => row[0] ?? 0n)
  const offer = offerFor(baseFee, tips, policy)
  if (offer.maxFee < baseFee + offer.priorityFee) {
    throw new GatewayError('deployment_refused', `The chain asks for ${baseFee} wei a gas, our ceiling is ${policy.feeCeiling}`, {
      hint: 'Nothing was sent. Wait until fees have fallen.',
    })
  }
  return { ...offer, baseFee }
}

const oracleAbi = parseAbi(['function getL1FeeUpperBound(uint256 unsignedBytes) view returns (uint256)'])

/**
 * Asks what a rollup of the OP stack charges beside gas for a transaction of so many bytes, in wei; 0 on a chain without such a fee. It is the
 * bound for bytes that do not compress (since Fjord), some thirds above what code costs: the exact fee has the oracle compress the bytes in the
 * EVM, which for a contract takes a node seconds, and some refuse so much work.
 */
export async function openDataFees(chain: Chain): Promise<(transactionBytes: number) => Promise<bigint>> {
  if ((await chain.code(OP_STACK_ORACLE)) === '0x') return async () => 0n
  return async (bytes) => {
    const data = encodeFunctionData({ abi: oracleAbi, functionName: 'getL1FeeUpperBound', args: [BigInt(bytes)] })
    const told = await chain.call({ to: OP_STACK_ORACLE, data }, 'latest')
    return decodeFunctionResult({ abi: oracleAbi, functionName: 'getL1FeeUpperBound', data: told })
  }
}

/** What such a fee may be when the transaction is mined. It follows the prices of the chain below, which can double in six of its blocks. */
export function dataFeeMax(dataFee: bigint): bigint {
  return 2n * dataFee
}
