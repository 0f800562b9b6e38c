import { decodeFunctionResult, encodeFunctionData, hexToBigInt, slice } from 'viem'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { batchAbi, hubAbi } from '../node/abi.ts'
import type { BatchRow, RowKind } from './batchRow.ts'

/** Where the contracts stand; `batch` undefined where the chain has none, so that transfers go one by one. */
export type BatchPlace = Readonly<{ token: Hex; hub: Hex; batch: Hex | undefined }>

/** What became of a row in a simulation. `gas`: what it burnt; undefined where the call does not say. */
type RowResult = Readonly<{ kind: 'good'; gas: bigint | undefined } | { kind: 'bad' } | { kind: 'untried' }>

/** EIP-7825: what one transaction may be given on Ethereum, and nodes elsewhere take it over. */
export const TRANSACTION_GAS_MAX = 16_777_216n
const NOT_TRIED = 2n ** 256n - 1n
/** A transaction by itself, and each byte of its input (EIP-2028). */
const TRANSACTION_GAS = 21_000n
const ZERO_BYTE_GAS = 4n
const BYTE_GAS = 16n
/** What the contract keeps for a row that burns all it may, as each of them could. */
const SPARE_GAS: Readonly<Record<RowKind, bigint>> = { transfer: 230_000n, receive: 620_000n }
/** Of the hub's rows only the sum is known: 50,300 measured; 17,100 more for each of two slots that are new, and a tenth. */
const RECEIVE_ROW_GAS = 95_000n
/** Room for storage that turned cold or fresh since the simulation: 15 %. */
const GAS_MARGIN = { num: 115n, den: 100n }

/** What a row is reckoned to burn before any was simulated: the measured 48,000 and a balance that is new. */
export const ROW_GAS_FIRST: Readonly<Record<RowKind, bigint>> = { transfer: 65_000n, receive: RECEIVE_ROW_GAS }

/** The call that collects all rows, which are of one kind. */
export function batchCall(place: BatchPlace, kind: RowKind, rows: readonly BatchRow[]): Readonly<{ to: Hex; data: Hex }> {
  if (kind === 'transfer') {
    invariant(place.batch, 'transfers wait for company only where a contract carries them')
    const list = rows.map(({ authorization: { from, to, value, validAfter, validBefore, nonce, signature } }) => {
      const [r, s, v] = [slice(signature, 0, 32), slice(signature, 32, 64), Number(hexToBigInt(slice(signature, 64, 65)))] // not money: a parity
      return { from, to, value, validAfter, validBefore, nonce, v, r, s }
    })
    return { to: place.batch, data: encodeFunctionData({ abi: batchAbi, functionName: 'transferMany', args: [place.token, list] }) }
  }
  const list = rows.map(({ authorization: { splitId, ref, from, value, validAfter, validBefore, signature } }) => {
    return { splitId: splitId!, ref: ref!, from, value, validAfter, validBefore, signature } // present: readCollection saw to it.
  })
  return { to: place.hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'payBatch', args: [place.token, list] }) }
}

/** What the simulated call says of each row. */
export function resultsOf(kind: RowKind, data: Hex): readonly RowResult[] {
  if (kind === 'receive') {
    const good = decodeFunctionResult({ abi: hubAbi, functionName: 'payBatch', data })
    return good.map((is) => (is ? { kind: 'good', gas: undefined } : { kind: 'bad' }))
  }
  return decodeFunctionResult({ abi: batchAbi, functionName: 'transferMany', data }).map((gas) => {
    if (gas === NOT_TRIED) return { kind: 'untried' }
    return gas === 0n ? { kind: 'bad' } : { kind: 'good', gas }
  })
}

/**
 * The gas limit for rows that burn so much in all. It is reckoned and not estimated: a node looks for the least with which a call does not
 * revert, and one whose rows may fail does not revert without gas for its last rows.
 */
export function gasLimitOf(kind: RowKind, data: Hex, burned: bigint): bigint {
  let input = 0n
  for (let at = 2; at < data.length; at += 2) input += data[at] === '0' && data[at + 1] === '0' ? ZERO_BYTE_GAS : BYTE_GAS
  return TRANSACTION_GAS + input + (burned * GAS_MARGIN.num) / GAS_MARGIN.den + SPARE_GAS[kind]
}

/** How many rows that burn so much each fit below a limit. */
export function rowsBelow(kind: RowKind, gasMax: bigint, rowGas: bigint): number {
  const each = (rowGas * GAS_MARGIN.num) / GAS_MARGIN.den + INPUT_GAS[kind]
  return Math.max(1, Number((gasMax - TRANSACTION_GAS - SPARE_GAS[kind]) / each)) // not money: a count
}

/** A row of nine words, and one of the hub's of thirteen: at most half of their bytes are not zero. */
const INPUT_GAS: Readonly<Record<RowKind, bigint>> = { transfer: 3_300n, receive: 4_700n }
