import { fileURLToPath } from 'node:url'
import type { HardhatUserConfig } from 'hardhat/config'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { ACCOUNTS, accountAt } from './accounts.ts'
import type { ChainProfile } from './profiles.ts'

// Hardhat looks for a package around the working directory unless it is told where.
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const BALANCE_WEI = 10_000n * 10n ** 18n
/** Their keys and not their phrase, from which Hardhat would derive the seed again for each. */
const FUNDED = Array.from({ length: ACCOUNTS }, (_, i) => ({ privateKey: accountAt(i).privateKey, balance: BALANCE_WEI }))

// Said here and not in hardhat.config.ts, so that the chain starts from any working directory and loads neither plugins nor compiler.
const configOf = (profile: ChainProfile): HardhatUserConfig => ({
  networks: {
    local: {
      type: 'edr-simulated',
      chainType: profile.rollup ? 'op' : 'l1',
      chainId: profile.chainId,
      initialBaseFeePerGas: profile.baseFeeWei,
      accounts: FUNDED,
      mining: { auto: true, interval: 0 },
      // Otherwise every block is at least a second later than the last one; with more than one block a second the chain would run
      // ahead of the clock and expire authorizations that live for a minute.
      allowBlocksWithSameTimestamp: true,
    },
  },
  // Where there is nothing: the chain would read all that the compiler has left, at every start, to explain reverts that nobody asks it about.
  paths: { artifacts: fileURLToPath(new URL('./no-artifacts', import.meta.url)) },
})

/** A chain that answers HTTP JSON-RPC on 127.0.0.1. */
export type RunningNetwork = Readonly<{ rpcUrl: string; close: () => Promise<void> }>

/** Starts an empty chain on a free port, which mines every transaction at once. */
export async function startNetwork(profile: ChainProfile): Promise<RunningNetwork> {
  const hardhat = await createHardhatRuntimeEnvironment(configOf(profile), {}, ROOT)
  const server = await hardhat.network.createServer('local', '127.0.0.1', 0)
  const { port } = await server.listen()
  return { rpcUrl: `http://127.0.0.1:${port}`, close: () => server.close() }
}
