import { isProgram, isTest, linesMatching, type Rule, type Source, withoutComments } from './source.ts'

/** Every room, so that no new one is forgotten, and what adapters make of amounts. */
const MONEY_ROOMS = /^(?:(?:gateway|app)\/.*|adapters\/(?:.*\/)?translate)\.ts$/
const FLOAT = /\bNumber\(|\bparseFloat\b|\.toFixed\(|\bMath\./
const EXCUSE = /\/\/ not money: \S/

/** No floating point near money. `// not money: reason` on the same line excuses a count, a time or a size. */
export const noFloatsNearMoney: Rule = (sources) =>
  sources
    .filter(({ path }) => MONEY_ROOMS.test(path) && !isTest(path))
    .flatMap(({ path, text }) => {
      const lines = text.split('\n')
      return linesMatching(withoutComments(text), FLOAT)
        .filter((line) => !EXCUSE.test(lines[line - 1] ?? ''))
        .map((line) => `${path}:${line}: floating point near money; use bigint, or say "// not money: reason" on this line`)
    })

const FACT_CAST = /\bdata as (?!const\b)/

/** What a fact carries is read by the reader of the room that wrote it (`ports/factKinds.ts`), which has the one cast. */
export const factsAreRead: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(?:gateway|app)\/.*\.ts$/.test(path) && !isTest(path) && path !== 'gateway/ports/factKinds.ts')
    .flatMap((source) =>
      said({ ...source, text: withoutComments(source.text) }, FACT_CAST, 'read the fact with its room’s reader (facts.ts)'),
    )

const NARROWED = /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|skipIf|runIf|fails)\b|\bvm\.skip\(|\bctx\.skip\(/

/** Every test runs: none is left out, and none leaves the others out. */
export const everyTestRuns: Rule = (sources) =>
  sources.filter(({ path }) => isProgram(path)).flatMap((source) => said(source, NARROWED, 'every test runs; mend it or remove it'))

// Built from parts, so that this file does not break its own rules.
const LATER = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b`)

/** Nothing is promised for later in a comment. */
export const nothingForLater: Rule = (sources) =>
  sources
    .filter(({ path }) => isProgram(path) || path.endsWith('.md'))
    .flatMap((source) => said(source, LATER, 'do it now or leave it out'))

const MACHINE = new RegExp(`(?:^|[\\s'"\`(=:,>])/(?:${['work', 'home', 'Users', 'tmp', 'root', 'farm'].join('|')})/`)
// Inside a container image these are the image's own paths.
const OWN_MACHINE = /(?:^|\/)(?:Dockerfile|docker-compose[^/]*|compose\.ya?ml)$|^LICENSE$/

/** No committed text names a place on somebody's machine. */
export const noMachinePaths: Rule = (sources) =>
  sources
    .filter(({ path }) => !OWN_MACHINE.test(path))
    .flatMap((source) => said(source, MACHINE, 'a path of one machine; use a path from the repository, or mkdtemp in os.tmpdir()'))

function said({ path, text }: Source, pattern: RegExp, advice: string): string[] {
  return linesMatching(text, pattern).map((line) => `${path}:${line}: ${advice}`)
}
