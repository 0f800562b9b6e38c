import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version of the package that this file is in: that of the first manifest above it that has one. Node 20 has no `findPackageJSON`. */
export function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    const { version } = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }) : {} // npm's own format.
    if (version !== undefined || folder === dirname(folder)) return version ?? '0.0.0'
  }
}
