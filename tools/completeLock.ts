// `npm run lock`: writes package-lock.json under Node 24 and completes it. A registry may lack the packages of other platforms for a new
// version; npm then leaves their entries out of the lock, and `npm ci` elsewhere refuses it ("Missing: ... from lock file"). Each name in
// some package's optionalDependencies without an entry gets one, with os, cpu and libc read from its name, so npm skips it by platform. Its hash is
// asked of the registry then and at each later run; what is served nowhere is listed with its reason in test/tidy/lockHashes.ts.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'

type LockEntry = {
  version?: string
  integrity?: string
  dev?: boolean
  optional?: boolean
  link?: boolean
  inBundle?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, LockEntry> }

const OS = ['linux', 'darwin', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'sunos', 'aix', 'openharmony']
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32', 'amd64']

/** os, cpu and libc as npm wants them, read from a platform package's name such as `@biomejs/cli-linux-x64-musl`. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const os = OS.find((o) => words.includes(o)) ?? (words.includes('windows') || words.includes('win') ? 'win32' : undefined)
  const cpu = CPU.find((c) => words.includes(c))
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') && os === 'linux' ? 'glibc' : undefined
  return { ...(cpu ? { cpu: [cpu === 'amd64' ? 'x64' : cpu] } : {}), ...(libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) }
}

/** The lock with an entry for each optional dependency, sorted by key; the input is left as it is. */
export function completeLock(lock: Lock): Lock {
  const packages = { ...lock.packages }
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`
      const hoisted = `node_modules/${name}`
      if (packages[nested] || packages[hoisted]?.version === version || !/^\d/.test(version)) continue
      const key = packages[hoisted] ? nested : hoisted
      const dev = entry.dev ? { dev: true } : {}
      packages[key] = { version, ...platformOf(name), ...dev, optional: true }
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  return { ...lock, packages: sorted }
}

/** The packages of a lock whose content nothing pins, as `name@version`, with their keys. */
export function withoutHash(lock: Lock): { key: string; pinned: string }[] {
  return Object.entries(lock.packages)
    .filter(([key, entry]) => key !== '' && !entry.integrity && !entry.link && !entry.inBundle)
    .map(([key, { version }]) => ({ key, pinned: `${key.split('node_modules/').at(-1)}@${version}` }))
}

/** The lock with the hash of each package that had none, where `hashOf` knows it; the input is left as it is. */
export function fillHashes(lock: Lock, hashOf: (pinned: string) => string | undefined): Lock {
  const packages = { ...lock.packages }
  for (const { key, pinned } of withoutHash(lock)) {
    const integrity = hashOf(pinned)
    const { version, ...rest } = packages[key]!
    if (version && integrity) packages[key] = { version, integrity, ...rest }
  }
  return { ...lock, packages }
}

/** The registry's hash of a package, undefined when it serves none; throws with npm's words when it cannot be asked. */
function askRegistry(npm: string, pinned: string): string | undefined {
  const run = spawnSync(process.execPath, [...NODE_FLAGS, npm, 'view', pinned, 'dist.integrity', '--json'], { encoding: 'utf8' })
  const answer: unknown = run.stdout.trim() === '' ? undefined : JSON.parse(run.stdout)
  if (typeof answer === 'string') return answer
  const code = (answer as { error?: { code?: string } } | undefined)?.error?.code // npm's own words for a refusal.
  if (run.status !== 0 && code !== 'E404') throw new Error(`the registry was not asked for ${pinned}: ${run.stderr}`)
  return undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const npm = process.env.npm_execpath
  if (!npm) throw new Error('run this through npm: npm run lock')
  const made = spawnSync(process.execPath, [...NODE_FLAGS, npm, 'install', '--package-lock-only', '--ignore-scripts'], { stdio: 'inherit' })
  if (made.status !== 0) process.exit(made.status ?? 1)
  const path = new URL('../package-lock.json', import.meta.url)
  const before = JSON.parse(readFileSync(path, 'utf8')) as Lock
  const after = fillHashes(completeLock(before), (pinned) => askRegistry(npm, pinned))
  writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`)
  console.log(`package-lock.json: ${Object.keys(after.packages).length - Object.keys(before.packages).length} platform entries added`)
  for (const { pinned } of withoutHash(after)) console.log(`the registry serves no hash of ${pinned}`)
}
