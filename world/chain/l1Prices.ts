import type { LocalRpc } from './localRpc.ts'
import type { ChainProfile } from './profiles.ts'

/** OP stack predeploys (specification, predeploys): the block of the chain below as the rollup knows it, and who tells the fee of some bytes. */
const L1_BLOCK = '0x4200000000000000000000000000000000000015'
export const GAS_PRICE_ORACLE: `0x${string}` = '0x420000000000000000000000000000000000000F'
/** Storage of L1Block since Ecotone: its base fee, its two scalars with the sequence number, its blob base fee. */
const SLOT = { baseFee: '0x1', scalars: '0x3', blobBaseFee: '0x7' } as const
/** OP Mainnet's, in millionths. In slot 3 they are the fifth and the sixth word of four bytes. */
const BASE_FEE_SCALAR = 5_227n
const BLOB_BASE_FEE_SCALAR = 1_014_213n

/** Tells a local rollup the prices of the chain below; a real one is told in the first transaction of every block. */
export async function setL1Prices(rpc: LocalRpc, prices: NonNullable<ChainProfile['rollup']>): Promise<void> {
  const set = (slot: string, word: bigint) => rpc('hardhat_setStorageAt', [L1_BLOCK, slot, `0x${word.toString(16).padStart(64, '0')}`])
  await set(SLOT.baseFee, prices.l1BaseFeeWei)
  await set(SLOT.blobBaseFee, prices.l1BlobBaseFeeWei)
  await set(SLOT.scalars, (BASE_FEE_SCALAR << 96n) | (BLOB_BASE_FEE_SCALAR << 64n))
}
