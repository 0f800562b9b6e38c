import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { RailName } from '../../ports/railName.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import type { RailBalance } from '../../ports/statement.ts'
import { type RailSides, sidesOf } from './railRows.ts'
import { disagreements, type ThreeWayProof } from './threeWay.ts'

/** Rails, ledger and what is told are read one after the other, so a payment in between looks like a difference: read again. */
const READS_MAX = 12
const READ_AGAIN_MS = 250
/** Until what is told has come to the block of the ledger. */
const BEHIND_MS = 5_000
const LOOKS_MAX = 200
const LOOK_MS = 10
const RAIL = /^rail:/

type ProofSides = RailSides &
  Readonly<{
    projector: Readonly<{ reads: Pick<ReadModel, 'cursor' | 'groups'>; readAfter: (seq: number, deadlineMs: number) => Promise<void> }>
    now: () => number
    readAgainMs?: number
  }>

type Spoken = Readonly<{ rail: RailName; balances: readonly RailBalance[] }>

/** The three legs as they stand now, for this day. Throws `reads_behind` where what is told does not come to where the ledger stands. */
export async function takeProof(o: ProofSides, day: string): Promise<ThreeWayProof> {
  let proof = await readOnce(o, day)
  for (let reads = 1; reads < READS_MAX && disagreements(proof).length > 0; reads++) {
    await new Promise((resolve) => setTimeout(resolve, o.readAgainMs ?? READ_AGAIN_MS))
    proof = await readOnce(o, day)
  }
  return proof
}

async function readOnce(o: ProofSides, day: string): Promise<ThreeWayProof> {
  const silent: string[] = []
  const asked = await Promise.all(
    o.statements.map(async ({ rail, statement }): Promise<Spoken | undefined> => {
      try {
        return { rail, balances: await statement.balances() }
      } catch (error) {
        if (!isGatewayError(error)) throw error
        silent.push(rail)
        return undefined
      }
    }),
  )
  const spoken = asked.filter((one) => one !== undefined)
  await o.projector.readAfter(o.books.head().seq, BEHIND_MS)
  for (let looks = 0; o.projector.reads.cursor().seq !== o.books.head().seq; looks++) {
    if (looks === LOOKS_MAX) throw new GatewayError('reads_behind', 'What is told is behind the ledger for as long as this was tried')
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return legsOf(o, { day, spoken, silent: silent.sort() })
}

/** Nothing is awaited here: ledger and what is told stand at one block. */
function legsOf(
  { books, inFlight, projector, now }: ProofSides,
  { day, spoken, silent }: { day: string; spoken: Spoken[]; silent: string[] },
) {
  const { seq, hash } = books.head()
  const under = inFlight()
  const rails = spoken.flatMap(({ rail, balances }) =>
    balances.map((b): ThreeWayProof['rails'][number] => {
      const { path, ledger, named } = sidesOf(books, rail, b, under)
      const less = named.reduce((sum, n) => sum + max(n.amount.units, 0n), 0n)
      const more = named.reduce((sum, n) => sum + max(-n.amount.units, 0n), 0n)
      const texts = { rail: b.amount.units.toString(), ledger: ledger.units.toString(), less: less.toString(), more: more.toString() }
      return { account: path, asset: b.amount.asset.id, ...texts }
    }),
  )
  const held = books.accounts('rail').map((one) => ({ path: one.path, asset: one.asset.id, units: one.debitsPosted - one.creditsPosted }))
  const said = new Set(rails.map(({ account, asset }) => `${account} ${asset}`))
  const told = projector.reads.groups().filter(({ group }) => !RAIL.test(group))
  const ids = [
    ...new Set([...held.map(({ asset }) => asset), ...told.map(({ asset }) => asset.id), ...rails.map(({ asset }) => asset)]),
  ].sort()
  const assets = ids.map((asset) => {
    const here = held.filter((one) => one.asset === asset)
    const sum = (rows: readonly Readonly<{ units: bigint }>[]) => rows.reduce((total, one) => total + one.units, 0n).toString()
    return {
      asset,
      ledger: sum(here),
      unspoken: sum(here.filter(({ path }) => !said.has(`${path} ${asset}`))),
      told: told.filter((one) => one.asset.id === asset).map((one) => ({ owner: one.group, units: (one.credits - one.debits).toString() })),
    }
  })
  return { day, at: new Date(now()).toISOString(), journal: { seq, hash }, rails, assets, silent }
}
