import type { LocalRpc } from './localRpc.ts'

const BLOCK_MS = 1_000
/** How long the blocks of transactions may let the price fall. Each takes some milliseconds, so few come between two looks. */
const PRICE_MS = 25

type Mining = Readonly<{
  /** A block at the profile's price, now. */
  mine: () => Promise<void>
  stop: () => void
}>

/**
 * Mines a block every second, so that depth grows, and gives all blocks the profile's base fee. The blocks of transactions follow EIP-1559 on their own,
 * and nearly empty ones let the price fall by an eighth each: to nothing within seconds, and who had offered twice such a price would be stuck below
 * the next block at the profile's, which no real chain does to anybody.
 */
export function keepMining(rpc: LocalRpc, baseFeeWei: bigint): Mining {
  let newest: unknown
  const setPrice = () => rpc('hardhat_setNextBlockBaseFeePerGas', [`0x${baseFeeWei.toString(16)}`])
  async function mine(): Promise<void> {
    await setPrice()
    await rpc('evm_mine', [])
  }
  async function keepPrice(): Promise<void> {
    const head = await rpc('eth_blockNumber', [])
    if (head !== newest) await setPrice()
    newest = head
  }
  const timers = [repeat(mine, BLOCK_MS), repeat(keepPrice, PRICE_MS)]
  return { mine, stop: () => timers.forEach(clearInterval) }
}

/** Starts `work` at each interval, unless the last one still runs. */
function repeat(work: () => Promise<void>, intervalMs: number): NodeJS.Timeout {
  let busy = false
  return setInterval(async () => {
    if (busy) return
    busy = true
    try {
      await work()
    } catch (error) {
      console.error(`the chain's price or block could not be set: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      busy = false
    }
  }, intervalMs)
}
