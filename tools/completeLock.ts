// `npm run lock`: writes package-lock.json under Node 24 and completes it. A registry may lack the packages of other platforms for a new
// version; npm then leaves their entries out of the lock, and `npm ci` elsewhere refuses it ("Missing: ... from lock file"). Each name in
// some package's optionalDependencies without an entry gets one, with os, cpu and libc read from its name, so npm skips it by platform.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type LockEntry = {
  version?: string
  dev?: boolean
  optional?: boolean
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const npm = process.env.npm_execpath
  if (!npm) throw new Error('run this through npm: npm run lock')
  const made = spawnSync(process.execPath, [npm, 'install', '--package-lock-only', '--ignore-scripts'], { stdio: 'inherit' })
  if (made.status !== 0) process.exit(made.status ?? 1)
  const path = new URL('../package-lock.json', import.meta.url)
  const before = JSON.parse(readFileSync(path, 'utf8')) as Lock
  const after = completeLock(before)
  writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`)
  console.log(`package-lock.json: ${Object.keys(after.packages).length - Object.keys(before.packages).length} platform entries added`)
}
