import type { ErrorKind } from '../../gateway/errors/errorKind.ts'
import { isTest, type Source, withoutComments } from './source.ts'

/** Codes in the catalog against the headings of their documentation, both ways. */
export function undocumentedCodes(codes: readonly string[], documentation: string): string[] {
  const documented = [...documentation.matchAll(/^## `?([a-z0-9_]+)`?\s*$/gm)].map((match) => match[1]!)
  return [
    ...codes.filter((code) => !documented.includes(code)).map((code) => `docs/errors.md: has no heading "## ${code}"; write its section`),
    ...documented
      .filter((code) => !codes.includes(code))
      .map((code) => `docs/errors.md: "## ${code}" is not in the catalog (gateway/errors); remove the section`),
    ...documented
      .filter((code, place) => documented.indexOf(code) !== place)
      .map((code) => `docs/errors.md: "## ${code}" stands there twice; remove one`),
  ]
}

const SECTION = /^## ([a-z0-9_]+)\n[\s\S]*?^```json\n([\s\S]*?)^```$/gm

/** Each section's example must say what the gateway would: the status, title and hint of its code. */
export function wrongExamples(catalog: Readonly<Record<string, ErrorKind>>, documentation: string): string[] {
  const examples = new Map(
    [...documentation.matchAll(SECTION)].map((match) => [match[1]!, JSON.parse(match[2]!) as Record<string, unknown>]),
  ) // Our own page: read, then compared.
  return Object.entries(catalog).flatMap(([code, kind]) => {
    const example = examples.get(code)
    if (example === undefined) return [`docs/errors.md: "## ${code}" has no example in JSON`]
    const wrong = Object.entries({ code, ...kind })
      .filter(([key, value]) => example[key] !== value)
      .map(([key, value]) => `docs/errors.md: the example of ${code} says another ${key} than the catalog: ${value}`)
    return [...wrong, ...wrongMembers(code, example)]
  })
}

/** As `problemOf` in `gateway/api/http/problem.ts` writes them. What a 402 says has a type, and members, of its own protocol. */
const ALWAYS = ['type', 'title', 'status', 'detail', 'code', 'hint', 'outcome', 'request_id']
const SOMETIMES = ['errors', 'meta', 'refund']

function wrongMembers(code: string, example: Record<string, unknown>): string[] {
  if (example.type !== `/errors#${code}`) return []
  const missing = ALWAYS.filter((name) => !(name in example)).map((name) => `docs/errors.md: the example of ${code} has no ${name}`)
  const unknown = Object.keys(example).filter((name) => ![...ALWAYS, ...SOMETIMES].includes(name))
  return [...missing, ...unknown.map((name) => `docs/errors.md: in the example of ${code} ${name} stands beside meta, not in it`)]
}

/**
 * Codes that nothing raises. A code counts as raised where it is in the first argument of `new GatewayError(...)`, or as a literal in a file that
 * chooses codes: one that knows the type ErrorCode, looks into the catalog or raises a code it holds in a variable. A table's keys, tests and the
 * catalog itself raise nothing.
 */
export function unraisedCodes(codes: readonly string[], sources: readonly Source[]): string[] {
  const raised = new Set(
    sources
      .filter(({ path }) => path.endsWith('.ts') && !isTest(path) && !/^gateway\/errors\/\w*[cC]atalog\.ts$/.test(path))
      .flatMap(({ text }) => codesIn(withoutComments(text))),
  )
  return codes
    .filter((code) => !raised.has(code))
    .map((code) => `gateway/errors: nothing raises ${code}; raise it or remove its row and its section in docs/errors.md`)
}

const CHOOSES = /\bErrorCode\b|\bcatalog\[|\bnew (?:Gateway|Ground)Error\(\s*[a-z][\w.]*\s*,/

function codesIn(code: string): string[] {
  const places = CHOOSES.test(code) ? [code] : [...code.matchAll(/\bnew (?:Gateway|Ground)Error\(([^,]*),/g)].map((match) => match[1]!)
  return places.flatMap((place) => [...place.matchAll(/'([a-z0-9_]+)'/g)].map((match) => match[1]!))
}
