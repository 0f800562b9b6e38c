import type { LocalRpc } from './localRpc.ts'

const BLOCK_MS = 1_000
/** So long after the last transaction blocks still come each second: whoever waits for depth has it. */
const AWAKE_MS = 30_000
/** And then so many times more slowly: as on Ethereum. */
const REST_TURNS = 12

type Mining = Readonly<{
  /** A transaction came: blocks come each second again. */
  wake: () => void
  stop: () => void
}>

/** Mines a block every second, so that depth grows, and every twelve once nothing has come for long. */
export function keepMining(rpc: LocalRpc): Mining {
  let wokenAt = performance.now()
  let busy = false
  let turns = 0
  const timer = setInterval(async () => {
    turns++
    const resting = performance.now() - wokenAt > AWAKE_MS
    if (busy || (resting && turns % REST_TURNS !== 0)) return
    busy = true
    try {
      await rpc('evm_mine', [])
    } catch (error) {
      console.error(`the chain's block could not be mined: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      busy = false
    }
  }, BLOCK_MS)
  return {
    wake: () => {
      wokenAt = performance.now()
    },
    stop: () => clearInterval(timer),
  }
}
