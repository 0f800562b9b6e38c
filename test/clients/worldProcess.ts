// The process of the gateway that the clients pay, with its chain and its Lightning network: started by fork, tells its parent once when it is ready.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWalletClient, http, maxUint256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { PERMIT2 } from '../../gateway/ports/permit2.ts'
import { usd } from '../../gateway/seller/price.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { putX402Channels } from '../../world/chain/x402Channels.ts'
import type { LightningReady } from '../../world/lightning/ready.ts'
import { readyOf, stop } from '../../world/startWorld.ts'
import { type AnvilChain, startAnvil } from '../evm/anvilChain.ts'
import { localConfig } from '../localConfig.ts'
import type { Shop } from './world.ts'

/** Base Sepolia and its USDC, which x402's clients pay up to a dollar without being told to. */
const BASE_SEPOLIA = 84_532
const USDC: Hex = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const PURSE = 100_000_000n
/** Nobody waits for less than this, and the world stands idle while the rest of a run goes on. */
const POLL_MS = 100
const LIGHTNING = fileURLToPath(new URL('../../world/lightning/main.ts', import.meta.url))

/** The token where that chain has it; operator and customers have a hundred dollars of it, and customers let Permit2 take them. */
async function withUsdc(chain: AnvilChain): Promise<ChainReady> {
  // What a constructor answers is the code that a chain keeps.
  await chain.call('anvil_setCode', [USDC, await chain.call('eth_call', [{ data: TestUSDC.bytecode }, 'latest'])])
  await putX402Channels((method, params) => chain.call(method.replace('hardhat_', 'anvil_'), params))
  const keys = [chain.operatorKey, ...chain.customers.map(({ privateKey }) => privateKey)]
  const token = { address: USDC, abi: TestUSDC.abi, chain: null } as const
  for (const [n, key] of keys.entries()) {
    const account = privateKeyToAccount(key)
    const wallet = createWalletClient({ account, transport: http(chain.rpcUrl) })
    await wallet.writeContract({ ...token, functionName: 'mint', args: [account.address, PURSE] })
    if (n > 0) await wallet.writeContract({ ...token, functionName: 'approve', args: [PERMIT2, maxUint256] })
  }
  return { ...chain, token: USDC }
}

async function openChannel({ controlUrl }: LightningReady, nodeId: string): Promise<void> {
  const body = JSON.stringify({ nodeId, capacitySat: 10_000_000, pushSat: 5_000_000 })
  const answer = await fetch(`${controlUrl}/channel`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!answer.ok) throw new Error(`no channel: ${await answer.text()}`)
}

async function openShop(chain: ChainReady, lightning: LightningReady, dataDir: string) {
  const { chainId, rpcUrl, hub, operatorKey, token, tokenName: name, tokenVersion: version } = chain
  const evm = { chainId, rpcUrls: [rpcUrl], hub, operatorKey, finality: { depth: 0 }, pollMs: POLL_MS }
  const config = localConfig(dataDir, {
    evm: [
      {
        ...evm,
        batchSettlement: {},
        token: { address: token, name, version, ledger: 100, signed: ['eip3009', 'permit2'] },
        l1DataFee: 'none',
      },
    ],
    lightning: { chainUrl: lightning.chainUrl, peer: lightning.router },
  })
  const gateway = await openGateway(checkConfig(config), {
    onStop: () => process.exit(70),
    railsOpen: async ({ lightningNodeId }) => openChannel(lightning, lightningNodeId!), // It is configured.
  })
  const app = newApp()
  await addApi(app, gateway)
  const { party } = await gateway.parties.parties.create({ name: 'seller' })
  let url = ''
  let served = 0
  await app.register(async (scope) => {
    paidRoutes(scope, gateway, { publicUrl: () => url })
    const sold = (price: string) => ({ config: { price: usd(price), payee: party.id } })
    const joke = { config: { ...sold('0.002').config, description: 'A joke' } }
    scope.get('/joke', joke, async () => ({ served: ++served }))
    // Dear enough to be collected before the work.
    scope.get('/opera', sold('0.20'), async () => ({ served: ++served }))
    scope.get('/yacht', sold('1.50'), async () => ({ served: ++served }))
    const used = { config: { price: { upto: usd('0.05') }, payee: party.id } }
    scope.get<{ Querystring: { use: string } }>('/used', used, async ({ meter, query }) => ({ left: `${meter.add(usd(query.use)).units}` }))
    scope.post('/echo', sold('0.002'), async ({ body, query }) => ({ body, query }))
    scope.get<{ Querystring: { n: string } }>('/song', sold('0.001'), async ({ query }) => ({ song: query.n, served: ++served }))
    scope.get('/broken', sold('0.002'), async (_, reply) => reply.code(500).send({ served: 'nothing' }))
    scope.get('/stories', { config: { ...sold('0.002').config, pass: { uses: 3 } } }, async () => ({ served: ++served }))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo // It listens on a port.
  url = `http://127.0.0.1:${port}`
  const close = async () => {
    await app.close()
    await gateway.close()
  }
  return { url, close }
}

const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-clients-gateway-'))
const network = fork(LIGHTNING, [], { execArgv: [...NODE_FLAGS], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
const [chain, lightning] = await Promise.all([
  startAnvil([], { chainId: BASE_SEPOLIA, baseFeeWei: 50_000_000n }),
  readyOf<LightningReady>(network, 'lightning'),
])
const usdc = await withUsdc(chain)
const { url, close } = await openShop(usdc, lightning, dataDir)
let ending = false
const end = async () => {
  if (ending) return
  ending = true
  await close()
  await Promise.all([chain.stop(), stop(network)])
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(0)
}
process.once('SIGTERM', end)
process.once('disconnect', end)
const { rpcUrl, chainId, token, tokenName, tokenVersion, customers } = usdc
process.send?.({ url, rpcUrl, controlUrl: lightning.controlUrl, chainId, token, tokenName, tokenVersion, customers } satisfies Shop)
