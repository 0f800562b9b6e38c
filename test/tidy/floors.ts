import { type Import, importsOf } from './importGraph.ts'
import { isTest, type Rule } from './source.ts'

/** The floors of the house from the top. Imports go down or stay; an arrow up is a violation. */
export const FLOORS: readonly (readonly string[])[] = [
  ['gateway/cli'],
  ['gateway/main'],
  ['gateway/api', 'gateway/config'],
  ['gateway/exchange', 'gateway/wallets'],
  ['gateway/payins', 'gateway/payouts'],
  ['gateway/audit', 'gateway/parties', 'gateway/client'],
  ['gateway/ledger', 'gateway/split', 'adapters'],
  ['gateway/ports'],
  ['gateway/money'],
  ['gateway/errors'],
]

const ADAPTER_KNOWS = /^(?:gateway\/(?:ports|money|errors)|contracts\/abi)\//
/** Folders of `adapters/` that hold several adapters, one a subfolder. */
const FAMILIES = ['adapters/lightning', 'adapters/journal', 'adapters/ledger']

/** Imports of the program go only downwards, and every room of the gateway stands on a floor. */
export const importsGoDown: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    if (!inHouse(from) || !inHouse(to)) return []
    const [upper, lower] = [floorOf(from), floorOf(to)]
    if (upper < 0) return [`${from}: its folder stands on no floor; add it to FLOORS in test/tidy/floors.ts, or move it`]
    if (lower < upper) return [`${from}: imports ${to}, which stands ${upper - lower} floor(s) above it; pass it in through a port`]
    return []
  })

/** An adapter knows ports, money, errors and the generated ABI, and no other adapter. */
export const adaptersKnowOnlyPorts: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    if (!from.startsWith('adapters/') || ADAPTER_KNOWS.test(to)) return []
    if (!to.startsWith('adapters/')) {
      return [`${from}: imports ${to}; an adapter may import gateway/ports, gateway/money, gateway/errors and contracts/abi only`]
    }
    return sameAdapter(from, to) ? [] : [`${from}: imports ${to} of another adapter; adapters never know each other`]
  })

/** The gateway does not know the world outside: only `main` knows adapters, only `cli/dev.ts` knows `world/` too. */
export const gatewayKnowsNoOutside: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    const isMain = floorOf(from) === 1
    const isDev = /^gateway\/cli\/dev(?:\.ts$|\/)/.test(from)
    if (to.startsWith('world/') && /^(?:gateway|adapters)\//.test(from) && !isDev) {
      return [`${from}: imports ${to}; world/ is for gateway/cli/dev.ts, tests and bench only`]
    }
    if (!from.startsWith('gateway/') || isMain || isDev) return []
    if (to.startsWith('adapters/')) return [`${from}: imports ${to}; only gateway/main.ts knows adapters, take a port instead`]
    if (to.startsWith('contracts/')) return [`${from}: imports ${to}; the domain knows no contract, take a port instead`]
    return []
  })

/** Nobody imports `main` but `cli`: what knows everything is known by nobody. */
export const nobodyImportsMain: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    const allowed = from.startsWith('gateway/cli/') || floorOf(from) === 1 || /^(?:bench|examples|tools)\//.test(from)
    return inHouse(to) && floorOf(to) === 1 && !allowed ? [`${from}: imports ${to}; only gateway/cli may`] : []
  })

/** Nothing that ships imports what only develops: tests, bench, tools and examples are imported by themselves alone. */
export const programImportsNoTests: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) =>
    /^(?:gateway|adapters|world)\//.test(from) && (isTest(to) || /^(?:bench|tools|examples)\//.test(to))
      ? [`${from}: imports ${to}, which does not ship; move what it needs beside it`]
      : [],
  )

function programImports(imports: readonly Import[]): Import[] {
  return imports.filter(({ from }) => !isTest(from))
}

function inHouse(path: string): boolean {
  return path.startsWith('gateway/') || path.startsWith('adapters/')
}

/** 0 is the roof; -1 when the path is on no floor. `gateway/main.ts` and a folder `gateway/main/` are one. */
function floorOf(path: string): number {
  const room = path.startsWith('adapters/') ? 'adapters' : path.split('/').slice(0, 2).join('/').replace(/\.ts$/, '')
  return FLOORS.findIndex((floor) => floor.includes(room))
}

function sameAdapter(a: string, b: string): boolean {
  const family = a.split('/').slice(0, 2).join('/')
  if (family !== b.split('/').slice(0, 2).join('/')) return false
  if (!FAMILIES.includes(family)) return true
  const [memberA, memberB] = [a, b].map((path) => path.split('/').slice(2, -1)[0])
  return memberA === undefined || memberB === undefined || memberA === memberB
}
