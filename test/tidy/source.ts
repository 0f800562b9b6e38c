import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export type Source = Readonly<{ path: string; text: string }>

/** A rule of the house: each string names one file and what to change in it; none means that the house is tidy. */
export type Rule = (sources: readonly Source[]) => string[]

const TEXT_BYTES_MAX = 64 * 1024 * 1024
const BINARY = /\.(?:png|jpe?g|gif|ico|woff2?|wasm|gz|tgz|zip|pdf)$/

/** Every text file that is tracked or would be: what git ignores is not read. */
export function readSources(root: string): Source[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: TEXT_BYTES_MAX,
  })
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && isFile(join(root, path)))
  // What is no text is there, and says nothing.
  return paths.sort().map((path) => ({ path, text: BINARY.test(path) ? '' : readFileSync(join(root, path), 'utf8') }))
}

/** False for what was removed and not yet committed, and for a link to a folder. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** True for the program: TypeScript, JavaScript and Solidity. */
export function isProgram(path: string): boolean {
  return /\.(?:ts|js|sol)$/.test(path)
}

/** True for a test beside its file or under `test/`. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|\.t\.sol$/.test(path) || path.startsWith('test/') || path.startsWith('contracts/test/')
}

// In order: a line comment, a block comment, a string or template, a regular expression where an expression may begin.
const TOKEN =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//g

/** The text with its comments blanked, line numbers kept: what is said about a rule in a comment does not break it. */
export function withoutComments(text: string): string {
  return text.replace(TOKEN, (token, comment: string | undefined) => (comment === undefined ? token : token.replace(/[^\n]/g, ' ')))
}

/** Line numbers (from 1) where `pattern` matches the line. */
export function linesMatching(text: string, pattern: RegExp): number[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []))
}
