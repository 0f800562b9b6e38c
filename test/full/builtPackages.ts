import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { type Built, buildPackages } from '../../tools/packages/build.ts'

/** Our packages as tarballs, built once a run: files that install them run one after the other, and none changes a tarball. */
export function builtPackages(): readonly Built[] {
  const folder = inject('buildFolder')
  const said = join(folder, 'built.json')
  if (existsSync(said)) return JSON.parse(readFileSync(said, 'utf8')) as readonly Built[] // What the line below wrote.
  const built = buildPackages(join(folder, 'dist'))
  writeFileSync(said, JSON.stringify(built))
  return built
}
