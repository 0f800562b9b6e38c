import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path/posix'
import { parseAst } from 'rolldown/parseAst'

/**
 * What entries reach, from the root of what was compiled: files of ours; `beside`, what those name as `new URL('./page.css', import.meta.url)`, be it there or
 * not; and packages of others.
 */
export type Reached = Readonly<{ files: readonly string[]; beside: readonly string[]; packages: ReadonlySet<string> }>
type Named = Readonly<{ imports: string[]; beside: string[] }>

type Node = Readonly<{ type: string }> & Readonly<Record<string, unknown>>

/** Follows imports of compiled files, those of types among them: whoever installs a package reads its declarations. */
export function reachedFrom(compiled: string, entries: readonly string[]): Reached {
  const files = new Set<string>()
  const beside = new Set<string>()
  const packages = new Set<string>()
  const todo = entries.map((entry) => entry.replace(/\.ts$/, '.js'))
  for (const file of todo) {
    if (files.has(file)) continue
    files.add(file)
    const declarations = file.replace(/\.js$/, '.d.ts')
    const code = namesIn(join(compiled, file))
    for (const name of code.beside) beside.add(join(dirname(file), name))
    for (const name of [...code.imports, ...namesIn(join(compiled, declarations)).imports]) {
      if (name.startsWith('.')) todo.push(join(dirname(file), name).replace(/\.ts$/, '.js'))
      else if (!isBuiltin(name)) packages.add(packageOf(name))
    }
  }
  return { files: [...files].sort(), beside: [...beside].sort(), packages }
}

/** `@scope/name/sub` is of the package `@scope/name`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What a file imports, requires or reads by a name that is written there. */
function namesIn(path: string): Named {
  const found: Named = { imports: [], beside: [] }
  visit(parseAst(readFileSync(path, 'utf8'), { lang: path.endsWith('.ts') ? 'dts' : 'js' }, path))
  return found

  function visit(value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    const imported = importedBy(node)
    if (imported !== undefined) found.imports.push(imported)
    const read = readBy(node)
    if (read !== undefined) found.beside.push(read)
    for (const part of Object.values(node)) visit(part)
  }
}

function importedBy(node: Node): string | undefined {
  const { type, source, callee, arguments: given } = node
  if (/^(?:Import|Export(?:Named|All))Declaration$|^(?:ImportExpression|TSImportType)$/.test(type)) return text(source)
  // `createRequire(import.meta.url)('name')`, for packages whose own module would start more than is wanted.
  if (type !== 'CallExpression' || (callee as Node).type !== 'CallExpression') return undefined
  return ((callee as Node).callee as Node).name === 'createRequire' ? text((given as Node[])[0]) : undefined
}

/** `new URL('./page.css', import.meta.url)`. */
function readBy({ type, callee, arguments: given }: Node): string | undefined {
  if (type !== 'NewExpression' || (callee as Node).name !== 'URL') return undefined
  const [name, base] = given as Node[]
  return (base?.object as Node | undefined)?.type === 'MetaProperty' ? text(name) : undefined
}

function text(node: unknown): string | undefined {
  const value = (node as { value?: unknown } | null | undefined)?.value
  return typeof value === 'string' ? value : undefined
}
