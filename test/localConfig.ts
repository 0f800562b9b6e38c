import { PRICES } from '../world/worldConfig.ts'

/** The operator's key of every gateway that a test configures. */
export const OPERATOR_KEY = 'sk_operator_of_the_test'
export const CHALLENGE_SECRET = 'a secret of the test, long enough to be one'
/** The owner of a bank account, as a configuration names it. */
export const BANK_ACCOUNT = { iban: 'DE89370400440532013000', name: 'Yard', townName: 'Berlin', country: 'DE' }

/** What a configuration file of a gateway on `local` says at least, on a free port; `more` names its rails. */
export function localConfig<M extends object>(dataDir: string, more: M) {
  const secrets = { operatorKey: OPERATOR_KEY, challengeSecret: CHALLENGE_SECRET }
  // Gas of a local chain costs more than most of what is bought on it: nothing would be collected before its time is over.
  const collect = { holdS: 0, dustUsd: '1000' }
  return { network: 'local', dataDir, port: 0, prices: PRICES, ...secrets, collect, ...more }
}
