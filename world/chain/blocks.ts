import type { LocalRpc } from './localRpc.ts'

const BLOCK_MS = 1_000

/**
 * Mines a block every second, so that depth grows, and gives it the profile's base fee. The blocks of transactions in between follow EIP-1559 from
 * there: left alone, the price of a chain that is nearly empty falls to nothing within minutes, and nothing would cost anything.
 */
export function keepMining(rpc: LocalRpc, baseFeeWei: bigint): { stop: () => void } {
  let busy = false
  async function mine(): Promise<void> {
    if (busy) return
    busy = true
    try {
      await rpc('hardhat_setNextBlockBaseFeePerGas', [`0x${baseFeeWei.toString(16)}`])
      await rpc('evm_mine', [])
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => {
    mine().catch((error: unknown) => console.error(`a block could not be mined: ${error instanceof Error ? error.message : String(error)}`))
  }, BLOCK_MS)
  return { stop: () => clearInterval(timer) }
}
