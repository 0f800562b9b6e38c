import { licenceOf } from './licences.ts'

type Names = Readonly<Record<string, string>>
type Entry = Readonly<{
  version?: string
  integrity?: string
  license?: string
  dev?: boolean
  optional?: boolean
  devOptional?: boolean
  dependencies?: Names
  optionalDependencies?: Names
  peerDependencies?: Names
}>
export type LockFile = { packages: Readonly<Record<string, Entry>> }

/** A package that runs in production, once for each version: `uses` are the ids of those it imports. No hash: see test/tidy/lockHashes.ts. */
export type Shipped = Readonly<{
  id: string
  name: string
  version: string
  integrity: string | undefined
  licence: string | undefined
  required: boolean
  uses: readonly string[]
}>

/** What `npm ci --omit=dev` may install on some platform, sorted by id. */
export function shippedPackages(lock: LockFile): Shipped[] {
  const found = new Map<string, Shipped>()
  for (const [key, entry] of Object.entries(lock.packages)) {
    if (key === '' || entry.dev || !entry.version) continue
    const name = nameOf(key)
    const id = `${name}@${entry.version}`
    const before = found.get(id)
    found.set(id, {
      id,
      name,
      version: entry.version,
      integrity: entry.integrity,
      licence: licenceOf(id, entry.license),
      required: before?.required === true || !(entry.optional || entry.devOptional),
      uses: [...new Set([...(before?.uses ?? []), ...usesOf(lock, key)])].sort(),
    })
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The ids of what the package at this key imports, where npm's own rule finds it: the nearest folder upwards. The key '' is the project. */
export function usesOf(lock: LockFile, key: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = lock.packages[key] ?? {}
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((group) => Object.keys(group ?? {}))
  return names.flatMap((name) => {
    const at = foldersFrom(key)
      .map((folder) => `${folder}node_modules/${name}`)
      .find((path) => path in lock.packages)
    const entry = at === undefined ? undefined : lock.packages[at]
    return entry?.version === undefined || entry.dev ? [] : [`${name}@${entry.version}`]
  })
}

/** "node_modules/a/node_modules/b" looks in itself, in a, and at the top. */
function foldersFrom(key: string): string[] {
  const folders = [key === '' ? '' : `${key}/`]
  for (let at = key.lastIndexOf('node_modules/'); at >= 0; at = at === 0 ? -1 : key.lastIndexOf('node_modules/', at - 1)) {
    folders.push(key.slice(0, at))
  }
  return folders
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
