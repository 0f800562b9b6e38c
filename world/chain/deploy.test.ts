import { afterAll, expect, test } from 'vitest'
import { contractsFor } from '../../adapters/evm/deployment/deployedContracts.ts'
import { deterministicAddress } from '../../adapters/evm/deployment/deterministicDeployer.ts'
import { deploy } from './deploy.ts'
import { type RunningNetwork, startNetwork } from './network.ts'
import { PROFILES } from './profiles.ts'

const networks: RunningNetwork[] = []
afterAll(() => Promise.all(networks.map((network) => network.close())))

test('hub and token stand on every local chain at the address that npm run deploy gives them anywhere', async () => {
  const expected = Object.fromEntries(
    contractsFor({ testToken: true }).map(({ name, initCode }) => [name, deterministicAddress(initCode)] as const),
  )
  for (const profile of Object.values(PROFILES)) {
    const network = await startNetwork(profile)
    networks.push(network)
    const { hub, token, chainId } = await deploy(network.rpcUrl, profile)
    expect({ SettlementHub: hub.toLowerCase(), TestUSDC: token.toLowerCase() }, `chain ${chainId}`).toMatchObject({
      SettlementHub: expected.SettlementHub,
      TestUSDC: expected.TestUSDC,
    })
  }
})
