import { basename, dirname, join } from 'node:path/posix'
import { FLOORS, ROOMS } from './floors.ts'
import { isTest, type Rule, type Source, withoutComments } from './source.ts'

/** As far as a reader's window goes before a line scrolls or wraps badly. */
export const DOCUMENT_COLUMNS_MAX = 160

/** A word as long as this cannot be broken, such as the bytes of a signature, and excuses its line. */
const WORD_COLUMNS_MIN = 120

/** A line of source that is a comment alone: the formatter leaves those as they are. */
const COMMENT = /^\s*(?:\/\/|\/?\*)/

/** No line of documentation is longer, tables and examples included, and none of a comment. */
export const documentsFit: Rule = (sources) =>
  sources
    .filter(({ path }) => /\.(?:md|ts)$/.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        if (path.endsWith('.ts') && !COMMENT.test(line)) return []
        const columns = [...line].length
        if (columns <= DOCUMENT_COLUMNS_MAX || line.split(' ').some((word) => word.length >= WORD_COLUMNS_MIN)) return []
        return [`${path}:${index + 1}: ${columns} columns; break it, or make its table a list, at ${DOCUMENT_COLUMNS_MAX}`]
      }),
    )

/** The page of each rail, and what each of them says under one heading, in this order. */
const RAIL_PAGES = ['lightning', 'chains', 'bank', 'book'].map((name) => `docs/${name}.md`)
const RAIL_WORDS = ['Can', 'Cannot', 'Failure words', 'Tried on the real thing', 'Tried on a stand-in only']

/** Each rail says the same five things of itself, so that two can be compared. */
export const railsAreDescribed: Rule = (sources) =>
  RAIL_PAGES.flatMap((page) => {
    const text = sources.find(({ path }) => path === page)?.text ?? ''
    const part = text.split('\n## What this rail can and cannot\n')[1]?.split('\n#')[0] ?? ''
    const said = [...part.matchAll(/^- \*\*([^:]+):\*\* \S/gm)].map((match) => match[1])
    return said.join() === RAIL_WORDS.join() ? [] : [`${page}: under "What this rail can and cannot" it says ${RAIL_WORDS.join(', ')}`]
  })

const LINK = /\]\(([^)#\s:]+)(?:#[^)]*)?\)/g
/** A path of the repository in backticks: it names a file, or a folder. */
const NAMED = /`((?:app|gateway|adapters|world|contracts|test|bench|docs|tools|deploy)\/[\w./-]*\w\/?)`/g

/** What a document points at is there: links, and paths of the repository in backticks. */
export const documentsPointSomewhere: Rule = (sources) => {
  const files = sources.map(({ path }) => path)
  const known = new Set([...files, ...files.flatMap(foldersOf)])
  return sources
    .filter(({ path }) => path.endsWith('.md') && path !== 'CHANGELOG.md')
    .flatMap((source) =>
      pointersOf(source)
        .filter(([, target]) => !known.has(target))
        .map(([written]) => `${source.path}: ${written} is not in the repository; name where it stands now`),
    )
}

/** As it is written, and as a path from the root. */
function pointersOf({ path, text }: Source): [string, string][] {
  const links = [...text.matchAll(LINK)].map((match): [string, string] => [match[1]!, join(dirname(path), match[1]!).replace(/\/$/, '')])
  const named = [...text.matchAll(NAMED)].map((match): [string, string] => [match[1]!, match[1]!.replace(/\/$/, '')])
  return [...links, ...named]
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Each page for people outside stands in the table of the pages by reader. */
export const pagesAreListed: Rule = (sources) => {
  const table = sources.find(({ path }) => path === 'docs/README.md')?.text ?? ''
  return sources
    .filter(({ path }) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md' && !table.includes(`](${basename(path)})`))
    .map(({ path }) => `docs/README.md: has no row for ${basename(path)}; say who reads it`)
}

/** The README of a wing names its rooms, and that of the repository the wings of the gateway: whoever opens them sees the whole. */
export const roomsAreNamed: Rule = (sources) => {
  const wings = FLOORS.flat().flatMap((wing) => (wing.startsWith('gateway/') ? [basename(wing)] : []))
  const named: (readonly [page: string, rooms: readonly string[]])[] = [
    ['README.md', wings],
    ...Object.entries(ROOMS).map(([wing, floors]) => [`${wing}/README.md`, floors.flat()] as const),
  ]
  return named.flatMap(([page, rooms]) => {
    const text = sources.find(({ path }) => path === page)?.text ?? ''
    return rooms.filter((room) => !text.includes(`\`${room}\``)).map((room) => `${page}: does not name \`${room}\`; say what it is for`)
  })
}

const KINDS = /\bfactKinds<[^>]*>\(\{([^}]*)\}\)/g
const DOCUMENTED = /^- `([a-z_]+\.[a-z_]+)`/gm

/** The types of facts that rooms declare, against their list in docs/facts.md, both ways; each is declared once. */
export const factsAreDocumented: Rule = (sources) => {
  const declared = sources
    .filter(({ path }) => /^gateway\/.*\.ts$/.test(path) && !isTest(path))
    .flatMap(({ path, text }) =>
      [...withoutComments(text).matchAll(KINDS)].flatMap((match) =>
        [...match[1]!.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map((type) => ({ path, type: type[1]! })),
      ),
    )
  const types = declared.map(({ type }) => type)
  const documented = [...(sources.find(({ path }) => path === 'docs/facts.md')?.text ?? '').matchAll(DOCUMENTED)].map((match) => match[1]!)
  return [
    ...declared
      .filter(({ type }, place) => types.indexOf(type) !== place)
      .map(({ path, type }) => `${path}: ${type} is declared twice; read it with the reader of its room`),
    ...types
      .filter((type) => !documented.includes(type))
      .map((type) => `docs/facts.md: has no line "- \`${type}\`: ..."; say what it tells`),
    ...documented.filter((type) => !types.includes(type)).map((type) => `docs/facts.md: no room declares ${type}; remove its line`),
    ...documented
      .filter((type, place) => documented.indexOf(type) !== place)
      .map((type) => `docs/facts.md: ${type} stands there twice; remove one`),
  ]
}
