import { decodeFunctionResult, encodeFunctionData, keccak256, parseAbi, serializeTransaction, toBytes } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { tokenAbi } from './abi.ts'
import type { Chain } from './chain.ts'

/** What a rollup charges beside gas, for keeping a transaction's bytes on the chain below it: wei for one of each kind. */
export type DataFees = Readonly<{ transfer: bigint; collection: bigint }>

/** OP stack: the predeploy that knows the fee of a transaction, given its unsigned bytes (GasPriceOracle.getL1Fee). */
const oracleAbi = parseAbi(['function getL1Fee(bytes data) view returns (uint256)'])

/** Where every chain of the OP stack has its GasPriceOracle (OP stack specification, predeploys). */
export const OP_STACK_ORACLE: Hex = '0x420000000000000000000000000000000000000f'

export const NO_DATA_FEES: DataFees = { transfer: 0n, collection: 0n }

/** Reads the present fees, or knows that this chain has none. Throws RpcSilent or RpcRefused. */
export function createDataFees(chain: Chain, o: { chainId: number; token: Hex; oracle: Hex | undefined }): () => Promise<DataFees> {
  const { oracle } = o
  if (!oracle) return async () => NO_DATA_FEES
  const transfer = unsigned(o, encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [sample('to', 20), AMOUNT] }))
  const collection = unsigned(
    o,
    encodeFunctionData({
      abi: tokenAbi,
      functionName: 'transferWithAuthorization',
      args: [sample('from', 20), sample('to', 20), AMOUNT, 0n, VALID_BEFORE, sample('nonce', 32), sample('signature', 65)],
    }),
  )
  const ask = async (bytes: Hex): Promise<bigint> => {
    const data = encodeFunctionData({ abi: oracleAbi, functionName: 'getL1Fee', args: [bytes] })
    return decodeFunctionResult({ abi: oracleAbi, functionName: 'getL1Fee', data: await chain.call({ to: oracle, data }, 'latest') })
  }
  return async () => {
    const [one, two] = await Promise.all([ask(transfer), ask(collection)])
    return { transfer: one, collection: two }
  }
}

// Amounts and times of usual length; the fee depends on how well the bytes compress, so what is random in life is random here.
const AMOUNT = 123_456_789n
const VALID_BEFORE = 1_893_456_000n
const SAMPLE_GAS = 100_000n
const SAMPLE_NONCE = 54_321
const SAMPLE_FEE = 123_456_789n

/** Bytes that no compression finds a pattern in, the same at every start. */
function sample(name: string, bytes: number): Hex {
  const parts = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) => keccak256(toBytes(`${name} ${i}`)).slice(2)) // not money: a count of words
  return `0x${parts.join('').slice(0, bytes * 2)}`
}

function unsigned(o: { chainId: number; token: Hex }, data: Hex): Hex {
  const fees = { maxFeePerGas: 2n * SAMPLE_FEE, maxPriorityFeePerGas: SAMPLE_FEE }
  return serializeTransaction({ type: 'eip1559', chainId: o.chainId, nonce: SAMPLE_NONCE, to: o.token, gas: SAMPLE_GAS, data, ...fees })
}
