import { type Import, importsOf } from './importGraph.ts'
import { isTest, type Rule } from './source.ts'

/** The folders at the top, from the roof down: imports go down only. Tests, bench, tools and examples stand outside and may import all of them. */
export const TOP: readonly string[] = ['app', 'world', 'adapters', 'gateway', 'contracts/abi']

/** The floors of the house from the roof: `app`, then the wings and the ground of the gateway. Imports go down or stay; an arrow up is a violation. */
export const FLOORS: readonly (readonly string[])[] = [
  ['app'],
  ['gateway/api'],
  [
    'gateway/reconciliation',
    'gateway/exchange',
    'gateway/paymentLinks',
    'gateway/invoices',
    'gateway/subscriptions',
    'gateway/wallets',
    'gateway/suspense',
    'gateway/approvals',
    'gateway/orders',
    'gateway/refunds',
    'gateway/disputes',
    'gateway/facilitator',
    'gateway/testMode',
  ],
  ['gateway/payins', 'gateway/payouts'],
  ['gateway/guard', 'gateway/events', 'gateway/treasury'],
  ['gateway/audit', 'gateway/parties', 'gateway/client', 'gateway/seller', 'gateway/sdk'],
  ['gateway/ledger', 'gateway/split', 'gateway/conformance', 'gateway/costs'],
  ['gateway/ports'],
  ['gateway/money'],
  ['gateway/errors'],
]

/** The floors inside each wing, from the top. A file of the wing itself, such as its opener, stands above them all. */
export const ROOMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  app: [
    ['cli'],
    ['yard'],
    ['openGateway.ts', 'proxy', 'agent'],
    ['open', 'purse'],
    ['projector', 'eventStreams', 'webhooks', 'journalCheck', 'config'],
  ],
  'adapters/bank': [['ach', 'carrier'], ['sepa', 'nacha'], ['files']],
  'gateway/api': [
    ['app.ts'],
    ['dashboard', 'reference'],
    ['contract', 'pages'],
    ['routes'],
    ['paid', 'walletRoutes'],
    ['page402'],
    ['discovery', 'lists', 'html'],
    ['http'],
  ],
  'gateway/wallets': [['wallet'], ['lnurl', 'bitcoinUri']],
  'gateway/payins': [
    ['status'],
    ['pass', 'session'],
    ['x402channels'],
    ['claim', 'vouchers', 'shareClaims'],
    ['exposure'],
    ['settlement'],
    ['intent', 'proof', 'refund', 'dispute'],
    ['offer', 'challenge', 'regime'],
  ],
  'gateway/parties': [['party'], ['acts', 'agents', 'passkeys'], ['keys']],
  'gateway/payouts': [
    ['batch', 'netting', 'quotes', 'recalls'],
    ['payout'],
    ['deciding'],
    ['payoutState'],
    ['fees', 'health', 'learning', 'router', 'withdrawal'],
    ['forecast', 'routingPolicy', 'schedules'],
    ['calendar'],
  ],
  'gateway/treasury': [['accounting'], ['rates', 'positions']],
  'gateway/events': [['relay', 'webhooks'], ['telling'], ['catalog']],
  'gateway/guard': [['openGuard.ts'], ['deviceCodes'], ['admission', 'agents', 'firstDays', 'mandates', 'screening']],
  'gateway/client': [['signer', 'budget', 'session'], ['offers']],
  'gateway/audit': [
    ['log', 'lists'],
    ['projection', 'reconcile', 'receipt', 'matching', 'statements'],
  ],
  'gateway/ledger': [['distributed'], ['books'], ['journal'], ['machine', 'archive'], ['rows', 'process']],
}

const ADAPTER_KNOWS = /^(?:gateway\/(?:ports|money|errors)|contracts\/abi)\//
/** Folders of `adapters/` that hold several adapters, one a subfolder. */
const FAMILIES = ['adapters/lightning', 'adapters/journal', 'adapters/ledger']
/** What shows and pays from outside, as a customer does: it may print the gateway's own words, pay with its client, and knows on which days banks work. */
const WORLD_KNOWS = /^gateway\/(?:client|audit\/reconcile|payouts\/calendar|ports|money|errors)\//

/** Imports of the program go only downwards, and every room of the gateway stands on a floor. */
export const importsGoDown: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    if (!inHouse(from) || !inHouse(to)) return []
    const [upper, lower] = [floorOf(from), floorOf(to)]
    if (upper < 0) return [`${from}: its folder stands on no floor; add it to FLOORS in test/tidy/floors.ts, or move it`]
    if (lower < upper) return [`${from}: imports ${to}, which stands ${upper - lower} floor(s) above it; pass it in through a port`]
    return []
  })

/** The same inside a wing: its rooms stand on the floors that `ROOMS` gives them. */
export const importsGoDownInWings: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    const wing = Object.keys(ROOMS).find((name) => from.startsWith(`${name}/`) && to.startsWith(`${name}/`))
    if (wing === undefined) return []
    const [upper, lower] = [roomFloor(wing, from), roomFloor(wing, to)]
    if (upper === undefined) return [`${from}: its room stands on no floor of ${wing}; add it to ROOMS in test/tidy/floors.ts`]
    if (lower === undefined || lower >= upper) return []
    return [`${from}: imports ${to}, which stands above it in ${wing}; pass it in as a function, a value or a port`]
  })

/** The folders at the top: who starts the world is `app`, and nobody below knows who is above. */
export const topGoesDown: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    const [upper, lower] = [topOf(from), topOf(to)]
    if (upper < 0 || lower < 0 || lower >= upper) return []
    return [`${from}: imports ${to}; at the top imports go ${TOP.join(' -> ')} only`]
  })

/** The world is the outside: of the gateway it knows what a customer has. It runs its own nodes and chains with the adapters' parts. */
export const worldStaysOutside: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    if (!from.startsWith('world/')) return []
    if (!to.startsWith('gateway/') || WORLD_KNOWS.test(to)) return []
    return [
      `${from}: imports ${to}; of the gateway the world knows client, audit/reconcile, payouts/calendar, ports, money and errors only`,
    ]
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

/** The gateway does not know the world outside: only `app` knows adapters. */
export const gatewayKnowsNoOutside: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) => {
    if (!from.startsWith('gateway/')) return []
    if (to.startsWith('adapters/')) return [`${from}: imports ${to}; only app knows adapters, take a port instead`]
    if (to.startsWith('contracts/')) return [`${from}: imports ${to}; the domain knows no contract, take a port instead`]
    return []
  })

/** Nothing that ships imports what only develops: tests, bench, tools and examples are imported by themselves alone. */
export const programImportsNoTests: Rule = (sources) =>
  programImports(importsOf(sources)).flatMap(({ from, to }) =>
    /^(?:app|gateway|adapters|world)\//.test(from) && (isTest(to) || /^(?:bench|tools|examples)\//.test(to))
      ? [`${from}: imports ${to}, which does not ship; move what it needs beside it`]
      : [],
  )

function programImports(imports: readonly Import[]): Import[] {
  return imports.filter(({ from }) => !isTest(from))
}

function inHouse(path: string): boolean {
  return path.startsWith('gateway/') || path.startsWith('app/')
}

/** 0 is the roof; -1 when the path is on no floor. */
function floorOf(path: string): number {
  const room = path.startsWith('app/') ? 'app' : path.split('/').slice(0, 2).join('/')
  return FLOORS.findIndex((floor) => floor.includes(room))
}

/** -1 for a file of the wing itself that `ROOMS` does not name; undefined for a room that it does not name. */
function roomFloor(wing: string, path: string): number | undefined {
  const [room = '', ...below] = path.slice(wing.length + 1).split('/')
  const floor = ROOMS[wing]?.findIndex((names) => names.includes(room)) ?? -1
  return floor < 0 && below.length > 0 ? undefined : floor
}

function topOf(path: string): number {
  return TOP.findIndex((folder) => path.startsWith(`${folder}/`))
}

function sameAdapter(a: string, b: string): boolean {
  const family = a.split('/').slice(0, 2).join('/')
  if (family !== b.split('/').slice(0, 2).join('/')) return false
  if (!FAMILIES.includes(family)) return true
  const [memberA, memberB] = [a, b].map((path) => path.split('/').slice(2, -1)[0])
  return memberA === undefined || memberB === undefined || memberA === memberB
}
