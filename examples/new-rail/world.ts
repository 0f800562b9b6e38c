import { type CustomRail, EUR, parseAmount, type RailUnderTest } from 'switchyard-gateway/rail'

/** The counterparty, a stand-in or the real thing's sandbox: what an account got by its own word, in units, and a way to make it hang up. */
type Service = Readonly<{ got: (account: string) => bigint; hangUp: (on: boolean) => void }>

/** An account that the service refuses to pay to. */
const CLOSED_ACCOUNT = '0000'

export const accountOf = (account: string) => ({ kind: 'custom', rail: 'custom:new', account }) as const

/** What `railCases` use: the rail before its service. `open` opens the rail on what it keeps, which is nothing here. */
export function newRailWorld(service: Service, open: () => CustomRail): RailUnderTest {
  let rail = open()
  let accounts = 1000
  const reopen = async () => {
    rail = open()
  }
  const amount = parseAmount('1.50', EUR)
  return {
    rail: () => rail,
    amount,
    // Another payee for each payment, and what came there.
    async payee() {
      const account = String(++accounts)
      return { destination: accountOf(account), got: async () => service.got(account) }
    },
    // `check` refuses it.
    malformed: accountOf('nobody'),
    // In good form, and the service says no.
    refused: async () => ({ destination: accountOf(CLOSED_ACCOUNT), amount }),
    reopen,
    // A rail that holds a connection ends it here, and gets another.
    cut: reopen,
    // The ability `silence`.
    async silence() {
      service.hangUp(true)
      return async () => service.hangUp(false)
    },
    // The ability `files`: this rail has none to lose.
    loseFiles: reopen,
  }
}
