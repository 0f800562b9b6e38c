import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What is in npm's cache is taken as it is, which spares a question a package; where that will not do, or the registry fails for a moment, all is asked for
 * once more. What is really missing fails twice.
 */
const TRIES = [['--prefer-offline'], []] as const

/** Has npm install `wanted` (names, specifiers, tarballs) into a folder, an empty project first where it is none. No script of a package runs. */
export function npmInstall(folder: string, wanted: readonly string[]): void {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }')
  for (const [n, how] of TRIES.entries()) {
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...how, ...wanted], { cwd: folder, stdio: 'inherit' })
      return
    } catch (error) {
      if (n === TRIES.length - 1) throw error
      console.log(`npm install in ${folder} failed, and is tried once more`)
    }
  }
}
