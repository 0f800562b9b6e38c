import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const ROOT = join(import.meta.dirname, '..', '..')

/** An entry of `packages/` as a browser gets it: `bytes` minified and gzipped, `builtins` what it imports of Node. */
export async function bundled(entry: string): Promise<Readonly<{ code: string; bytes: number; builtins: readonly string[] }>> {
  const builtins = new Set<string>()
  const build = await rolldown({
    input: join(ROOT, entry),
    platform: 'browser',
    // Named here instead of in a warning, so that the test can say all of them at once.
    external: (id) => isBuiltin(id) && builtins.add(id) !== undefined,
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
  return { code, bytes: gzipSync(code, { level: 9 }).length, builtins: [...builtins].sort() }
}
