import { dirname, join } from 'node:path/posix'
import { isTest, type Rule, type Source, withoutComments } from './source.ts'
import { isWritten, lookAt, type Node } from './syntax.ts'

/** What ships, and so may not hold what only tests need. */
const PROGRAM = /^(?:app|gateway|adapters|world)\//
const NAMED = new Set(['ImportDeclaration', 'ExportNamedDeclaration'])

/**
 * What people outside import from here, with its page or its reason: the payer's own package, what contracts compute for those who compute along, the
 * books over a cluster (docs/ledger-engines.md), an app's wallet (docs/lightning-addresses.md).
 */
const FOR_OTHERS =
  /^(?:gateway\/client\/|gateway\/seller\/createSeller\.ts$|gateway\/sdk\/createGateway\.ts$|gateway\/split\/|gateway\/ledger\/distributed\/createDistributedBooks\.ts$|adapters\/nwc\/openNwcClient\.ts$)/

type Use = Readonly<{ from: string; to: string; names: readonly string[] }>

/** What a file exports has a user outside of it. A type that stands in the shape of something used counts as used with it. */
export const exportsAreUsed: Rule = (sources) => {
  const written = sources.filter(isWritten)
  const used = new Set(written.flatMap(usesOf).flatMap(({ to, names }) => names.map((name) => `${to} ${name}`)))
  return written
    .filter(({ path }) => PROGRAM.test(path) && !isTest(path) && !FOR_OTHERS.test(path))
    .flatMap((source) =>
      exportedNames(source)
        .filter((name) => !used.has(`${source.path} ${name}`) && !used.has(`${source.path} *`))
        .map((name) => `${source.path}: nobody imports ${name}; drop its export, or remove it`),
    )
}

/** No file of the program is there for tests alone; a world is for them too. */
export const programFilesHaveUsers: Rule = (sources) => {
  const uses = sources.filter(isWritten).flatMap(usesOf)
  const byTests = new Set(uses.filter(({ from }) => isTest(from)).map(({ to }) => to))
  const byOthers = new Set(uses.filter(({ from }) => !isTest(from)).map(({ to }) => to))
  return [...byTests]
    .filter(
      (path) =>
        PROGRAM.test(path) &&
        !path.startsWith('world/') &&
        !isTest(path) &&
        !FOR_OTHERS.test(path) &&
        !byOthers.has(path) &&
        !isStarted(path, sources),
    )
    .map((path) => `${path}: only tests import it; move it under test/, or use it`)
}

/** A file that is run by its name, as a process or a thread. */
function isStarted(path: string, sources: readonly Source[]): boolean {
  const name = path.split('/').at(-1)!.replace(/\.ts$/, '')
  const named = new RegExp(`['"\`/]${name}(?:\\.ts|\\$\\{)`)
  return sources.some((source) => source.path !== path && !isTest(source.path) && named.test(withoutImports(source.text)))
}

function withoutImports(text: string): string {
  return withoutComments(text).replace(/\bfrom\s+'[^']*'/g, '')
}

/** The names that each file takes from another: `*` where it takes the whole. */
const usesOf = lookAt((source) => {
  const found: Use[] = []
  return {
    enter: (node) => {
      const named = node.source as Node | undefined
      if (node.type === 'ImportExpression' || node.type === 'TSImportType') {
        const path = String((((node.source ?? node.argument) as Node | undefined)?.value as string | undefined) ?? '')
        if (path.startsWith('.')) found.push({ from: source.path, to: join(dirname(source.path), path), names: ['*'] })
      }
      if (!NAMED.has(node.type) || !named || !String(named.value).startsWith('.')) return
      const names = (node.specifiers as Node[]).map((one) =>
        one.type === 'ImportNamespaceSpecifier' ? '*' : nameOf((one.imported ?? one.local) as Node),
      )
      found.push({ from: source.path, to: join(dirname(source.path), String(named.value)), names })
    },
    end: () => found,
  }
})

const exportedNames = lookAt(() => {
  const found: string[] = []
  return {
    enter: (node) => {
      const declaration = node.declaration as Node | undefined
      if (node.type !== 'ExportNamedDeclaration' || !declaration) return
      if (declaration.id) found.push(nameOf(declaration.id as Node))
      for (const one of (declaration.declarations as Node[] | undefined) ?? [])
        if ((one.id as Node).name) found.push(nameOf(one.id as Node))
    },
    end: () => found,
  }
})

function nameOf(node: Node): string {
  return String(node.name ?? node.value)
}
