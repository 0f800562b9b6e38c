import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

/** The compiled file that a guard stands on: any package that is guarded reaches it by its command. */
const REFUSAL = 'gateway/errors/nodeTooOld.js'

/**
 * Puts a guard before a compiled entry: an older Node reads no more than the guard, and is told what to do in place of which of its modules lacks what. The
 * whole entry is required, not imported: so it is read after the guard, and who requires the package needs no top-level await.
 */
export function guardEntry(lib: string, entry: string, o: { name: string; nodeMin: number }): void {
  const path = `${lib}/${entry}`
  const names = exportedNames(readFileSync(path, 'utf8'), path)
  const whole = wholeOf(path)
  renameSync(path, whole)
  writeFileSync(
    path,
    `import { createRequire } from 'node:module'
import { nodeTooOld as tooOld } from '${relative(dirname(entry), REFUSAL)}'

if (Number.parseInt(process.versions.node, 10) < ${o.nodeMin}) throw tooOld('${o.name}', ${o.nodeMin})
export const { ${names.join(', ')} } = createRequire(import.meta.url)('./${basename(whole)}')
`,
  )
}

/** Where the whole of a guarded entry stands. */
export function wholeOf(entry: string): string {
  return entry.replace(/\.js$/, '.whole.js')
}

/** An entry is a list of re-exports by name: a guard could not say what is behind any other. */
export function exportedNames(text: string, path: string): string[] {
  return parseAst(text, { lang: 'js' }, path).body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration)
      throw new Error(`${path} may only re-export by name, and has ${node.type}`)
    return node.specifiers.map(({ exported }) => {
      if (exported.type !== 'Identifier') throw new Error(`${path} exports ${exported.value}, which is no name`)
      return exported.name
    })
  })
}
