import { isTest, type Source, withoutComments } from './source.ts'

/** Codes in the catalog against the headings of their documentation, both ways. */
export function undocumentedCodes(codes: readonly string[], documentation: string): string[] {
  const documented = [...documentation.matchAll(/^## `?([a-z0-9_]+)`?\s*$/gm)].map((match) => match[1]!)
  return [
    ...codes.filter((code) => !documented.includes(code)).map((code) => `docs/errors.md: has no heading "## ${code}"; write its section`),
    ...documented
      .filter((code) => !codes.includes(code))
      .map((code) => `docs/errors.md: "## ${code}" is not in gateway/errors/catalog.ts; remove the section`),
    ...documented
      .filter((code, place) => documented.indexOf(code) !== place)
      .map((code) => `docs/errors.md: "## ${code}" stands there twice; remove one`),
  ]
}

/**
 * Codes that nothing raises. A code counts as raised where it is in the first argument of `new GatewayError(...)`, or as a literal in a file that
 * imports the type ErrorCode (a typed table). Tests and the catalog itself do not count.
 */
export function unraisedCodes(codes: readonly string[], sources: readonly Source[]): string[] {
  const raised = new Set(
    sources
      .filter(({ path }) => path.endsWith('.ts') && !isTest(path) && path !== 'gateway/errors/catalog.ts')
      .flatMap(({ text }) => codesIn(withoutComments(text))),
  )
  return codes
    .filter((code) => !raised.has(code))
    .map((code) => `gateway/errors/catalog.ts: nothing raises ${code}; raise it or remove its row and its section in docs/errors.md`)
}

function codesIn(code: string): string[] {
  const places = /\bErrorCode\b/.test(code) ? [code] : [...code.matchAll(/\bnew GatewayError\(([^,]*),/g)].map((match) => match[1]!)
  return places.flatMap((place) => [...place.matchAll(/'([a-z0-9_]+)'|\b([a-z0-9_]+):/g)].map((match) => match[1] ?? match[2]!))
}
