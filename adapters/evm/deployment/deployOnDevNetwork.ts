import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { contractsFor, type DeployedContract } from './deployedContracts.ts'
import { creationInput, DEPLOYER, DEPLOYER_CODE, deterministicAddress } from './deterministicDeployer.ts'

/** What a Hardhat connection has as `provider`, or any EIP-1193 provider of a development network. */
export type DevProvider = Readonly<{ request(o: { method: string; params: unknown[] }): Promise<unknown> }>

/** Where the contracts stand: the same addresses as on every other chain. */
export type DevDeployment = Readonly<{ hub: Hex; pushSplitter: Hex; splitBook: Hex; testToken: Hex }>

/**
 * Puts the hub, its companions and the test token on a development network, from its first account; what stands already is left. The deployer's own code is
 * set and not sent, which only a development network allows (`hardhat_setCode`). Throws `deployment_refused` where that is refused or nothing is mined.
 */
export async function deployOnDevNetwork(provider: DevProvider): Promise<DevDeployment> {
  const ask = (method: string, ...params: unknown[]) => provider.request({ method, params })
  const hasCode = async (address: Hex) => (await ask('eth_getCode', address, 'latest')) !== '0x'
  const [from] = (await ask('eth_accounts')) as Hex[] // The shape that EIP-1474 gives it.
  if (!from)
    throw refused('The network has no account that it signs for', 'Give the network accounts, as a simulated one of Hardhat has them.')
  if (!(await hasCode(DEPLOYER))) {
    await ask('hardhat_setCode', DEPLOYER, DEPLOYER_CODE).catch((cause: unknown) => {
      throw refused('The network is no development network', 'Use `npm run deploy` for a public chain.', cause)
    })
  }
  const deploy = async ({ name, initCode }: DeployedContract) => {
    const address = deterministicAddress(initCode)
    if (!(await hasCode(address))) await ask('eth_sendTransaction', { from, to: DEPLOYER, data: creationInput(initCode) })
    if (!(await hasCode(address)))
      throw refused(`${name} was sent and is not mined`, 'Let the network mine by itself, and call this again.')
    return [name, address] as const
  }
  const at = new Map<string, Hex>()
  for (const contract of contractsFor({ testToken: true })) at.set(...(await deploy(contract)))
  const where = (name: string) => at.get(name)!
  return { hub: where('SettlementHub'), pushSplitter: where('PushSplitter'), splitBook: where('SplitBook'), testToken: where('TestUSDC') }
}

function refused(message: string, hint: string, cause?: unknown): GatewayError {
  return new GatewayError('deployment_refused', message, { hint, ...(cause === undefined ? {} : { cause }) })
}
