import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { createPublicClient, custom } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deployOnDevNetwork } from '../../adapters/evm/deployment/deployOnDevNetwork.ts'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof createHardhatRuntimeEnvironment>>['network']['connect']>>

let connection: Connection
beforeAll(async () => {
  const networks = { own: { type: 'edr-simulated', chainType: 'l1' } } as const
  const hardhat = await createHardhatRuntimeEnvironment({ networks, paths: { artifacts: '.none' } }, {}, process.cwd())
  connection = await hardhat.network.connect('own')
})
afterAll(() => connection.close())

test('the contracts stand on a network of Hardhat 3 after one call, at the addresses of every chain', async () => {
  const at = await deployOnDevNetwork(connection.provider)
  const reader = createPublicClient({ transport: custom(connection.provider) })
  const domain = await reader.readContract({ address: at.hub, abi: SettlementHub.abi, functionName: 'eip712Domain' })
  expect(domain[4].toLowerCase()).toBe(at.hub)
  expect(await deployOnDevNetwork(connection.provider)).toEqual(at)
})

test('a network that is no development network, or mines nothing, is told apart', async () => {
  const without = (method: string) => ({
    request: (o: { method: string; params: unknown[] }) =>
      o.method === method
        ? Promise.reject(new Error('no such method'))
        : o.method === 'eth_getCode'
          ? Promise.resolve('0x')
          : connection.provider.request(o),
  })
  await expect(deployOnDevNetwork(without('hardhat_setCode'))).rejects.toMatchObject({ code: 'deployment_refused' })
  const silent = {
    request: async ({ method }: { method: string }) => (method === 'eth_accounts' ? ['0x01'] : method === 'eth_getCode' ? '0x' : null),
  }
  await expect(deployOnDevNetwork(silent)).rejects.toThrow(/not mined/)
  await expect(deployOnDevNetwork({ request: async ({ method }) => (method === 'eth_accounts' ? [] : '0x') })).rejects.toThrow(/no account/)
})
