import type { FastifyInstance } from 'fastify'
import type { Faces } from '../../gateway/api/http/faces.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Split } from '../../gateway/parties/party/splits.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

const PATH = '/demo/joke'
const LABEL = 'demo'
/** Who shares the demo's revenue, and by how much of 1,000. */
const PAYEES = [
  { name: 'author', shares: 700n },
  { name: 'illustrator', shares: 200n },
  { name: 'platform', shares: 100n },
] as const

/** A route that costs 0.002 USD, shared by three payees. It is also the shortest example of a priced route. */
export async function addDemoRoute(
  app: FastifyInstance,
  faces: Faces,
  o: { publicUrl: () => string; accounts: readonly string[] },
): Promise<{ path: string; split: string }> {
  const split = await demoSplit(faces.parties, o.accounts)
  await app.register(async (scope) => {
    paidRoutes(scope, faces, { publicUrl: o.publicUrl })
    scope.get(PATH, { config: { price: parseAmount('0.002', USD), split: split.key, description: 'A joke' } }, async () => ({
      joke: 'Two sats walk into a channel. The router takes a cut of the joke.',
    }))
  })
  return { path: PATH, split: split.key }
}

async function demoSplit({ parties, splits }: Faces['parties'], accounts: readonly string[]): Promise<Split> {
  const standing = splits.list()[0]
  if (standing) return standing
  const payees = []
  for (const [i, { name, shares }] of PAYEES.entries()) {
    const { party } = await parties.create({ name })
    payees.push({ party: party.id, account: accounts[i] as Hex, shares })
  }
  return splits.create({ payees, label: LABEL })
}
