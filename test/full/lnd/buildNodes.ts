import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { patience } from '../../../gateway/ports/patience.ts'

/** The programs of a Lightning network, as built here. */
export type NodePrograms = Readonly<{ lnd: string; btcd: string }>

const PROGRESS_MS = 20_000
/** What npm's client of LND calls: held invoices, signing and fees are left out of LND unless they are named. */
const LND_TAGS = 'chainrpc invoicesrpc peersrpc signrpc walletrpc'
/** The module says which LND it is; the binary should too, because its own file is not under version control here. */
const LND_VERSION = /lightningnetwork\/lnd (v\S+)/

type Build = Readonly<{ program: keyof NodePrograms; module: string; args: readonly string[] }>

/** The modules are read, not written; the toolchain is the one that is installed; and nothing of C is linked. */
const GO_ENV = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' }

function builds(): Build[] {
  const version = LND_VERSION.exec(readFileSync(join(import.meta.dirname, 'lndModule', 'go.mod'), 'utf8'))?.[1] ?? ''
  const flags = `-s -w -X github.com/lightningnetwork/lnd/build.Commit=${version}`
  return [
    { program: 'btcd', module: 'btcdModule', args: ['-ldflags', '-s -w', 'github.com/btcsuite/btcd'] },
    { program: 'lnd', module: 'lndModule', args: ['-tags', LND_TAGS, '-ldflags', flags, 'github.com/lightningnetwork/lnd/cmd/lnd'] },
  ]
}

/** The programs from the cache folder, built first when they are not there. `say` gets a line now and then. Throws with what is missing. */
export async function buildNodes(say: (line: string) => void = () => {}): Promise<NodePrograms> {
  const folder = join(cacheFolder(), stamp())
  const programs = { lnd: join(folder, 'lnd'), btcd: join(folder, 'btcd') }
  if (existsSync(programs.lnd) && existsSync(programs.btcd)) return programs
  mkdirSync(cacheFolder(), { recursive: true })
  // Built beside the final place and moved there whole: a build that was cut off leaves nothing that looks complete.
  const building = mkdtempSync(join(cacheFolder(), 'building-'))
  try {
    for (const build of builds()) await runBuild(build, building, say)
    if (!existsSync(folder)) renameSync(building, folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return programs
}

/** What is in the cache already, or undefined: for what uses the nodes only where they are. */
export function builtNodes(): NodePrograms | undefined {
  if (!goVersion()) return undefined
  const folder = join(cacheFolder(), stamp())
  const programs = { lnd: join(folder, 'lnd'), btcd: join(folder, 'btcd') }
  return existsSync(programs.lnd) && existsSync(programs.btcd) ? programs : undefined
}

function runBuild({ program, module, args }: Build, folder: string, say: (line: string) => void): Promise<void> {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  say(`building ${program} from ${module}; lnd takes 4 to 10 minutes of a machine with two cores, once`)
  const child = spawn('go', ['build', '-v', '-trimpath', '-buildvcs=false', '-o', join(folder, program), ...args], {
    cwd: join(import.meta.dirname, module),
    env: { ...process.env, ...GO_ENV },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  // Go names each package as it begins with it.
  const waiting = patience(() => child.kill(), `the build of ${program}`)
  const keep = (chunk: Buffer) => {
    waiting.progress()
    output.push(chunk.toString())
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const progress = setInterval(() => say(`building ${program}: ${seconds()} s`), PROGRESS_MS)
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) {
        say(`built ${program} in ${seconds()} s`)
        resolve()
      } else reject(new Error(`go build of ${program} ended with ${signal ?? code}:\n${output.join('').slice(-4_000)}`))
    })
  }).finally(() => {
    clearInterval(progress)
    waiting.end()
  })
}

/** What was built is known by all that it was built from. */
function stamp(): string {
  const go = goVersion()
  if (!go) throw new Error("these tests need the program go, 1.25.10 or newer (Debian's package golang-go, or go.dev)")
  const hash = createHash('sha256').update(go)
  for (const { module } of builds())
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(import.meta.dirname, module, file)))
  return hash
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 16)
}

function goVersion(): string | undefined {
  const run = spawnSync('go', ['version'], { encoding: 'utf8', env: { ...process.env, ...GO_ENV } })
  return run.status === 0 ? run.stdout : undefined
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard', 'lightning-nodes')
}

// Run by itself it fills the cache, for the step before the tests.
if (process.argv[1] === import.meta.filename) {
  const programs = await buildNodes((line) => console.log(line))
  console.log(`lnd and btcd are in ${programs.lnd.slice(0, -4)}`)
}
