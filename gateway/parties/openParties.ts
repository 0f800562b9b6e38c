import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { Hex } from '../ports/ids.ts'
import { type Agents, createAgents } from './agents/agents.ts'
import { createKeys, type Keys } from './keys/keys.ts'
import { createSessions, type Sessions } from './keys/sessions.ts'
import { createParties, firstKeyOf, type Parties } from './party/parties.ts'
import { createSplits, type Splits } from './party/splits.ts'
import { createPasskeys, type Passkeys } from './passkeys/passkeys.ts'

/** What the parties' wing shows: who, by which keys and devices they are known, which browsers are logged in, and how revenue is shared among them. */
export type PartiesFace = Readonly<{ parties: Parties; keys: Keys; sessions: Sessions; splits: Splits; agents: Agents; passkeys: Passkeys }>

type Parts = Readonly<{
  books: Books
  /** The gateway's own account on chain. */
  operator: Hex
  /** Makes the bank reference that tops up a party's balance, where there is a bank. */
  topUpReference: ((party: string) => Promise<string>) | undefined
}>

/** Parties and splits as the journal's facts make them. Call it before the books start. */
export function openParties(
  { clock, ids, usd }: Pick<Ground, 'clock' | 'ids' | 'usd'>,
  { books, operator, topUpReference }: Parts,
): PartiesFace {
  const parties = createParties({ books, clock, ids, topUpReference })
  const keys = createKeys({ books, clock, ids, firstKeyOf })
  const agents = createAgents({ books, clock, ids, usd })
  const passkeys = createPasskeys({ books, clock, ids })
  return { parties, keys, agents, passkeys, sessions: createSessions({ clock }), splits: createSplits({ books, clock, ids, operator }) }
}
