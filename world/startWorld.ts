import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'
import { patience } from '../gateway/ports/patience.ts'
import type { BankOptions, BankReady } from './bank/ready.ts'
import type { ProfileName } from './chain/profiles.ts'
import type { ChainReady, ChainReadyMessage } from './chain/ready.ts'
import type { LightningReady } from './lightning/ready.ts'
import { partEnvironment } from './partEnvironment.ts'

export type World = Readonly<{
  folder: string
  /** The main chain first. */
  chains: readonly [ChainReady, ...ChainReady[]]
  lightning: LightningReady
  bank: BankReady
  processes: readonly ChildProcess[]
  /** Removes a folder that is not kept; for a process that ends and cannot wait. */
  discard: () => void
  close: () => Promise<void>
}>

const STOP_DEADLINE_MS = 3_000
/** The main chain first. */
const CHAINS: readonly ProfileName[] = ['mainChain', 'rollup']
/** Of what is said of a part, behind its name. */
const STEP_COLUMN = 11
/** Of the parts' files: sources here, compiled in a package. */
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'))

type WorldOptions = Readonly<{
  onStep?: (step: string) => void
  bankCycleMs?: number
  /** Where the world is kept: it goes on where it stood, also after a kill. */
  folder?: string
}>

/** Starts every part in a process of its own, in a new temporary folder that `close` removes, or in one that keeps it. */
export async function startWorld(o: WorldOptions = {}): Promise<World> {
  const step = o.onStep ?? (() => undefined)
  const folder = o.folder ?? mkdtempSync(join(tmpdir(), 'switchyard-world-'))
  const children: ChildProcess[] = []
  const discard = () => {
    if (o.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  const close = async () => {
    await Promise.all(children.map(stop))
    discard()
  }
  const part = async <T>(name: string, args: readonly string[], say: (ready: T) => readonly string[]): Promise<T> => {
    const script = fileURLToPath(new URL(`./${name}/main${EXTENSION}`, import.meta.url))
    const child = fork(script, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...NODE_FLAGS],
      env: partEnvironment(),
    })
    children.push(child)
    const ready = await readyOf<T>(child, name)
    for (const line of say(ready)) step(`${name.padEnd(STEP_COLUMN)}${line}`)
    return ready
  }
  try {
    const [chains, lightning, bank] = await Promise.all([
      part<ChainReadyMessage['ready']>('chain', [CHAINS.join(), ...(o.folder === undefined ? [] : [folder])], (ready) =>
        ready.map((r) => `EVM chain ${r.chainId} at ${r.rpcUrl}, hub ${short(r.hub)}`),
      ),
      part<LightningReady>('lightning', o.folder === undefined ? [] : [join(folder, 'lightning')], (r) => [
        `router ${short(r.router.nodeId)}, regtest at ${r.chainUrl}`,
      ]),
      part<BankReady>(
        'bank',
        [
          JSON.stringify({
            folder: join(folder, 'bank'),
            cycleMs: o.bankCycleMs ?? 1_000,
            charge: '0.02',
            keep: o.folder !== undefined,
          } satisfies BankOptions),
        ],
        (r) => [`account ${r.account.iban}`],
      ),
    ])
    const [mainChain, ...others] = chains
    if (!mainChain) throw new Error('the process of chains is ready without any')
    return { folder, chains: [mainChain, ...others], lightning, bank, processes: children, discard, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** An address or a key in the middle of a line for people. */
function short(text: string): string {
  return `${text.slice(0, 6)}...${text.slice(-4)}`
}

/** The `ready` message of a part, or an error when it ends or reports nothing for long. */
export async function readyOf<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const waiting = patience(reject, name)
    child.on('message', (message: { ready?: T }) => {
      if (message.ready === undefined) return waiting.progress()
      waiting.end()
      resolve(message.ready)
    })
    child.once('exit', (code, signal) => {
      waiting.end()
      reject(new Error(`${name} ended before it was ready (${signal ?? code})`))
    })
  })
}

/** Asks a process of ours to end, and ends it when it does not. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
  await ended
  clearTimeout(timer)
}
