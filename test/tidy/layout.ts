import { dirname } from 'node:path/posix'
import { isProgram, type Rule, type Source } from './source.ts'

export const LINES_WARN = 250
export const LINES_MAX = 400
const BANNED = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'misc']
const ROOMS_WITH_README = /^(?:app|gateway|adapters|world|contracts|test|bench|docs|examples|tools)(?:\/|$)/

function linesOf({ text }: Source): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

function measured(sources: readonly Source[]): Source[] {
  return sources.filter(({ path }) => /\.(?:ts|sol)$/.test(path) && !/^(?:contracts\/abi|gateway\/sdk\/generated)\//.test(path))
}

/** No file over the hard stop. What is generated is not measured. */
export const filesFit: Rule = (sources) =>
  measured(sources)
    .filter((source) => linesOf(source) > LINES_MAX)
    .map((source) => `${source.path}: ${linesOf(source)} lines, the hard stop is ${LINES_MAX}; split it at its second responsibility`)

/** Files to look at soon; printed, not failed. */
export const filesThatGrow: Rule = (sources) =>
  measured(sources)
    .filter((source) => linesOf(source) > LINES_WARN && linesOf(source) <= LINES_MAX)
    .map((source) => `${source.path}: ${linesOf(source)} lines; ${LINES_WARN} is the mark at which to look for a second responsibility`)

/** A folder that holds source opens with a README.md. */
export const foldersOpenWithReadme: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path))
  const folders = new Set(sources.filter(({ path }) => isProgram(path)).map(({ path }) => dirname(path)))
  return [...folders]
    .filter((folder) => ROOMS_WITH_README.test(folder) && !paths.has(`${folder}/README.md`))
    .map((folder) => `${folder}: has no README.md; write one paragraph: what lives here and what must not`)
}

/** Names that say nothing gather everything. */
export const namesSaySomething: Rule = (sources) =>
  sources.flatMap(({ path }) => {
    const words = path.split('/').map((part) => part.replace(/(?:\.test)?\.\w+$/, '').toLowerCase())
    const banned = words.find((word) => BANNED.includes(word))
    return banned ? [`${path}: "${banned}" says nothing; name it for what it does`] : []
  })

/** No barrels: an import names the file that holds the thing. What others install has one, for them alone. */
export const noBarrels: Rule = (sources) =>
  sources
    .filter(({ path }) => /(?:^|\/)index\.(?:ts|js)$/.test(path) && !/^packages\/[^/]+\/index\.ts$/.test(path))
    .map(({ path }) => `${path}: is a barrel; import from the file itself and remove it`)
