import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * The `package.json` of a folder of `packages/`, as it is written by hand. `exports` and `bin` name source files beside it. `build.threads` are further source
 * files that are started by name, from the root of the repository. What is `forDevelopment` may need what the root has for development alone.
 */
const manifestShape = z.strictObject({
  name: z.string(),
  description: z.string(),
  type: z.literal('module'),
  engines: z.strictObject({ node: z.string() }),
  sideEffects: z.boolean(),
  exports: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  peerDependenciesMeta: z.record(z.string(), z.strictObject({ optional: z.literal(true) })).optional(),
  build: z
    .strictObject({
      threads: z.array(z.string()).optional(),
      forDevelopment: z.literal(true).optional(),
    })
    .optional(),
})

export type Manifest = Readonly<{ folder: string }> & z.infer<typeof manifestShape>

/** The root's own `package.json`: its version, licence and dependencies are those of every package. */
const rootShape = z.object({
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})
export type RootManifest = z.infer<typeof rootShape>

export function readRoot(root: string): RootManifest {
  return rootShape.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
}

/** Every package of npm, by its folder's name; `python` is one of PyPI. */
export function readManifests(root: string): Manifest[] {
  const folders = readdirSync(join(root, 'packages'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders
    .map(({ name }) => join('packages', name))
    .sort()
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, ...manifestShape.parse(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))) }))
}

/** The source files that a package begins with, from the root. */
export function entriesOf({ folder, exports, bin, build }: Manifest): string[] {
  const beside = [...Object.values(exports), ...Object.values(bin ?? {})].filter((file) => file.endsWith('.ts'))
  return [...new Set([...beside.map((file) => join(folder, file)), ...(build?.threads ?? [])])]
}
