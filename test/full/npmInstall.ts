import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A registry that fails for a moment is asked a second time; what is really missing fails twice. */
const TRIES_MAX = 2

/** Has npm install `wanted` (names, specifiers, tarballs) into a folder, an empty project first where it is none. No script of a package runs. */
export function npmInstall(folder: string, wanted: readonly string[]): void {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }')
  for (let left = TRIES_MAX; ; ) {
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], { cwd: folder, stdio: 'inherit' })
      return
    } catch (error) {
      if (--left === 0) throw error
      console.log(`npm install in ${folder} failed, and is tried once more`)
    }
  }
}
