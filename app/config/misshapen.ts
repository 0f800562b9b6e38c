import type { z } from 'zod'
import type { Refusal } from './refusal.ts'
import { isHarmless, looksLikeName } from './shownText.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]
/** The whole file, the names of all settings that there can be, and where they are described. */
type Given = Readonly<{ value: unknown; names: () => readonly string[]; page: string }>

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  // Amounts are texts: no setting is another number.
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  tuple: 'a list',
  url: 'a URL',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network such as 10.0.0.0/8',
  cidrv6: 'an IPv6 network',
}
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries', number: '', int: '' }
/** Settings that hold secrets, or URLs, whose paths are secrets of providers: of what stands there only the length is told. */
const SECRET = /key|secret|passphrase|cert|macaroon|url/i

/** What a configuration of a wrong shape is refused for: a line a setting, with what stands there and what is expected. */
export function misshapenRefusals(
  value: unknown,
  issues: readonly Issue[],
  names: () => readonly string[],
  page = 'docs/configuration.md has every setting.',
): Refusal[] {
  return issues.flatMap((issue) => refusalsOf({ value, names, page }, issue, []))
}

function refusalsOf(given: Given, issue: Issue, outer: Path): Refusal[] {
  const path = [...outer, ...issue.path]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownSetting([...path, key], given.names()))
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors)
    if (nearest) return nearest.flatMap((inner) => refusalsOf(given, inner, path))
  }
  const setting = shownPath(path)
  const what = `${setting === '' ? 'the configuration' : setting} is ${givenText(valueAt(given.value, path), setting, issue)}`
  return [{ setting, message: `${what}; expected ${expectedText(issue)}`, hint: given.page }]
}

function unknownSetting(path: Path, names: readonly string[]): Refusal {
  const place = path
    .slice(0, -1)
    .map((name) => (typeof name === 'number' ? '[]' : `.${String(name)}`))
    .join('')
    .slice(1)
  const inside = names.filter((name) => place === '' || name.startsWith(`${place}.`))
  const beside = new Set(inside.map((name) => name.slice(place === '' ? 0 : place.length + 1).split(/[.[]/)[0]))
  return {
    setting: shownPath(path),
    message: `${shownPath(path)} is not a setting`,
    hint: `Correct its name, or leave it out: there are ${[...beside].join(', ')}.`,
  }
}

/** What was probably meant of several shapes: the one with fewest names that it does not know, then with fewest faults. None when no shape fits at all. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const begun = branches.filter((issues) => issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'))
  const unknown = (issues: readonly Issue[]) => issues.filter(({ code, path }) => path.length === 0 && code === 'unrecognized_keys').length
  return begun.toSorted((a, b) => unknown(a) - unknown(b) || a.length - b.length)[0]
}

function expectedText(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return NAMES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`
    case 'too_small':
      return `${named(issue.origin)}, ${issue.exact ? 'exactly' : 'at least'} ${issue.minimum}${UNITS[issue.origin] ?? ''}`
    case 'too_big':
      return `${named(issue.origin)}, ${issue.exact ? 'exactly' : 'at most'} ${issue.maximum}${UNITS[issue.origin] ?? ''}`
    case 'invalid_format':
      // A pattern has words of its own in the schema.
      return issue.format === 'regex' ? issue.message : named(issue.format)
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.filter(({ path }) => path.length === 0).map(expectedText)))].join(' or ')
    default:
      return issue.message
  }
}

function named(kind: string): string {
  return NAMES[kind] ?? kind
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined), value)
}

/** Where it is. A name that a file has and no setting could is told by its length: it may be a secret in the wrong place. */
function shownPath(path: Path): string {
  const shown = path.map((name) =>
    typeof name === 'number' || looksLikeName(String(name)) ? String(name) : ofLength('name', String(name)),
  )
  return shown.join('.')
}

function ofLength(what: 'name' | 'text', { length }: string): string {
  return `a ${what} of ${length} characters`
}

/** What stands there, so that its writer finds it: never a secret, also not one that belongs elsewhere. */
function givenText(value: unknown, setting: string, expected: Issue): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const secret = SECRET.test(setting)
  if (typeof value !== 'string') return secret && typeof value === 'number' ? 'a number' : String(value)
  return !secret && isHarmless(value, expected) ? `the text "${value}"` : ofLength('text', value)
}
