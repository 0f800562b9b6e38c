import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { patience } from '../../gateway/ports/patience.ts'
import { moveWhole } from './moveWhole.ts'

/** `module`: a folder with the go.mod and go.sum that pin it, without Go code. `args` go to `go build`. */
export type GoBuild = Readonly<{ module: string; args: readonly string[] }>

/** Programs that are built together, by their names. `cache`: their folder in the user's cache. `about` says how long it takes. */
export type GoSet<Name extends string> = Readonly<{ cache: string; about: string; builds: Readonly<Record<Name, GoBuild>> }>

const PROGRESS_MS = 20_000

/** The modules are read, not written; the toolchain is the one that is installed; and nothing of C is linked. */
const GO_ENV = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' }

/** The programs from the cache folder, built first when they are not there. `say` gets a line now and then. Throws with what is missing. */
export async function buildPrograms<Name extends string>(set: GoSet<Name>, say: (line: string) => void): Promise<Record<Name, string>> {
  const go = goVersion()
  if (!go) throw new Error("these tests need the program go, 1.25.10 or newer (Debian's package golang-go, or go.dev)")
  const [cache, folder] = [cacheFolder(set), folderOf(set, go)]
  const programs = pathsIn(folder, set)
  if (areThere(programs)) return programs
  mkdirSync(cache, { recursive: true })
  // Built beside the final place and moved there whole: a build that was cut off leaves nothing that looks complete.
  const building = mkdtempSync(join(cache, 'building-'))
  try {
    for (const [program, build] of Object.entries<GoBuild>(set.builds)) {
      say(`building ${program}; ${set.about}`)
      await runBuild(join(building, program), build, (line) => say(`${line} ${program}`))
    }
    moveWhole(building, folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return programs
}

/** What is in the cache already, or undefined: for what uses the programs only where they are. */
export function builtPrograms<Name extends string>(set: GoSet<Name>): Record<Name, string> | undefined {
  const go = goVersion()
  const programs = go && pathsIn(folderOf(set, go), set)
  return programs && areThere(programs) ? programs : undefined
}

function runBuild(program: string, { module, args }: GoBuild, say: (line: string) => void): Promise<void> {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  const child = spawn('go', ['build', '-v', '-trimpath', '-buildvcs=false', '-o', program, ...args], {
    cwd: module,
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
  const progress = setInterval(() => say(`${seconds()} s of building`), PROGRESS_MS)
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) {
        say(`in ${seconds()} s there is`)
        resolve()
      } else reject(new Error(`go build in ${module} ended with ${signal ?? code}:\n${output.join('').slice(-4_000)}`))
    })
  }).finally(() => {
    clearInterval(progress)
    waiting.end()
  })
}

/** What was built is known by all that it was built from. */
function folderOf<Name extends string>(set: GoSet<Name>, go: string): string {
  const hash = createHash('sha256').update(go)
  for (const { module, args } of Object.values<GoBuild>(set.builds)) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)))
    hash.update(args.join('\0'))
  }
  return join(cacheFolder(set), hash.digest('hex').slice(0, 16))
}

function pathsIn<Name extends string>(folder: string, { builds }: GoSet<Name>): Record<Name, string> {
  const names = Object.keys(builds) as Name[] // The names of a record are its type.
  return Object.fromEntries(names.map((name) => [name, join(folder, name)])) as Record<Name, string> // The same names.
}

function areThere(programs: Readonly<Record<string, string>>): boolean {
  return Object.values(programs).every((program) => existsSync(program))
}

function goVersion(): string | undefined {
  const run = spawnSync('go', ['version'], { encoding: 'utf8', env: { ...process.env, ...GO_ENV } })
  return run.status === 0 ? run.stdout : undefined
}

function cacheFolder({ cache }: GoSet<string>): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard', cache)
}
