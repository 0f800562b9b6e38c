import { createRequire } from 'node:module'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import { defineConfig } from 'hardhat/config'

const require = createRequire(import.meta.url)

/** What is deployed and committed in contracts/abi. It is compiled through the IR, which is cheaper to run and slower to compile. */
const SHIPPED = ['SettlementHub', 'SplitReceiver', 'PushSplitter', 'SplitBook', 'AuthorizationBatch', 'mocks/TestUSDC']

const compiler = {
  version: '0.8.37',
  // The compiler of the npm package, as WASM: without this line Hardhat downloads a native one.
  path: require.resolve('solc/soljson.js'),
}
// Without a metadata hash the bytecode depends on the sources and this setting alone, not on paths or comments.
const settings = { evmVersion: 'cancun', metadata: { bytecodeHash: 'none' } }
const shipped = { ...compiler, settings: { ...settings, viaIR: true, optimizer: { enabled: true, runs: 5_000_000 } } }
const forTests = { ...compiler, settings: { ...settings, optimizer: { enabled: true, runs: 200 } } }

export default defineConfig({
  plugins: [hardhatViem, hardhatNetworkHelpers],
  solidity: {
    compilers: [forTests],
    overrides: Object.fromEntries(SHIPPED.map((name) => [`contracts/${name}.sol`, shipped])),
  },
  paths: { sources: './contracts', tests: { solidity: './contracts/test' }, artifacts: './artifacts', cache: './cache' },
  networks: {
    // Automine raises the time by a second a block; at more than a block a second the chain would run ahead of the clock and expire
    // short authorizations.
    local: { type: 'edr-simulated', chainType: 'l1', chainId: 31337, allowBlocksWithSameTimestamp: true },
    default: { type: 'edr-simulated', chainType: 'l1', chainId: 31337, allowBlocksWithSameTimestamp: true },
  },
  test: { solidity: { fuzz: { runs: 500, seed: '0x5357' }, invariant: { runs: 32, depth: 64, failOnRevert: true } } },
})
