import { openLocalWorld } from '../../adapters/localWorld/openLocalWorld.ts'
import type { Books } from '../../gateway/ports/books.ts'
import { createClockMoves } from '../../gateway/testMode/clockMoves.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { OpenedGround } from './openGround.ts'

/** What a test may do on a local network; undefined elsewhere. Make it before the books start. */
export function testModeOf(
  { bank, evm, world }: Pick<GatewayConfig, 'bank' | 'evm' | 'world'>,
  { testClock }: Pick<OpenedGround, 'testClock'>,
  { books }: Readonly<{ books: Books }>,
) {
  if (!testClock) return undefined
  const rpcUrls = evm.map(({ rpcUrls: [first] }) => first)
  const places = { rpcUrls, lightningUrl: world?.lightningUrl, bankUrl: world?.bankUrl, ownIban: bank?.account.iban }
  const opened = openLocalWorld(places)
  const clock = createClockMoves({ books, clock: testClock, world: opened })
  return { clock, world: opened, start: clock.start }
}
