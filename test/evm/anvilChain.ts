import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { deploy } from '../../world/chain/deploy.ts'
import { type ChainProfile, PROFILES } from '../../world/chain/profiles.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { rpc } from './chainProcess.ts'

const READY_DEADLINE_MS = 20_000

export type AnvilChain = ChainReady &
  Readonly<{
    call: (method: string, params?: readonly unknown[]) => Promise<unknown>
    mine: (blocks: number) => Promise<void>
    /** Replaces the last `depth` blocks by empty ones; what was in them is not in the pool either. */
    reorg: (depth: number) => Promise<void>
    stop: () => Promise<void>
  }>

/** Where npm put the binary of this platform; its own launcher would keep a shell between us and the process. */
function binary(): string {
  const name = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  // Found from the package that depends on it, which is where npm guarantees it.
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  return require.resolve(`${name}/bin/anvil${process.platform === 'win32' ? '.exe' : ''}`)
}

/** The contracts of the local chain on anvil, which alone can reorganise. It mines each transaction at once, until it is told otherwise. */
export async function startAnvil(more: readonly string[] = [], profile: ChainProfile = PROFILES.mainChain): Promise<AnvilChain> {
  const { chainId, baseFeeWei } = profile
  const settings = ['--chain-id', `${chainId}`, '--block-base-fee-per-gas', `${baseFeeWei}`, '--accounts', '10']
  const child = spawn(binary(), ['--host', '127.0.0.1', '--port', '0', ...settings, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const stop = async () => {
    process.off('exit', end)
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    end()
    await exit
  }
  try {
    const rpcUrl = await listening(child)
    const call = (method: string, params: readonly unknown[] = []) => rpc(rpcUrl, method, params)
    return {
      ...(await deploy(rpcUrl, profile)),
      call,
      stop,
      mine: async (blocks) => void (await call('anvil_mine', [`0x${blocks.toString(16)}`])),
      reorg: async (depth) => void (await call('anvil_reorg', [depth, []])),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Its address, which it prints when it is ready. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('anvil was not ready in time')), READY_DEADLINE_MS)
    child.once('exit', (code) => reject(new Error(`anvil exited with ${code} before it was ready`)))
    child.once('error', reject)
    let said = ''
    child.stdout?.on('data', (part: Buffer) => {
      // Read on after that: a full pipe would stop it.
      if (said === 'ready') return
      said += part.toString()
      const address = /Listening on (127\.0\.0\.1:[0-9]+)/.exec(said)?.[1]
      if (!address) return
      said = 'ready'
      clearTimeout(timer)
      resolve(`http://${address}`)
    })
  })
}
