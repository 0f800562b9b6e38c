import { fileURLToPath } from 'node:url'
import type { HardhatUserConfig } from 'hardhat/config'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { ACCOUNTS, MNEMONIC } from './accounts.ts'

export const CHAIN_ID = 31337
const BLOCK_MS = 1000

// Hardhat looks for a package around the working directory unless it is told where.
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

// Said here and not in hardhat.config.ts, so that the chain starts from any working directory and loads neither plugins nor compiler.
const CONFIG: HardhatUserConfig = {
  networks: {
    local: {
      type: 'edr-simulated',
      chainType: 'l1',
      chainId: CHAIN_ID,
      accounts: { mnemonic: MNEMONIC, count: ACCOUNTS },
      mining: { auto: true, interval: BLOCK_MS },
      // Otherwise every block is at least a second later than the last one; with more than one block a second the chain would run
      // ahead of the clock and expire authorizations that live for a minute.
      allowBlocksWithSameTimestamp: true,
    },
  },
}

/** A chain that answers HTTP JSON-RPC on 127.0.0.1. */
export type RunningNetwork = Readonly<{ rpcUrl: string; close: () => Promise<void> }>

/** Starts an empty chain on a free port: it mines every transaction at once, and a block every second besides, so that depth grows. */
export async function startNetwork(): Promise<RunningNetwork> {
  const hardhat = await createHardhatRuntimeEnvironment(CONFIG, {}, ROOT)
  const server = await hardhat.network.createServer('local', '127.0.0.1', 0)
  const { port } = await server.listen()
  return { rpcUrl: `http://127.0.0.1:${port}`, close: () => server.close() }
}
