import type { GatewayConfig } from '../config/config.ts'

/** The secret behind challenges and held payments; `previous` while it is being changed. */
type ChallengeSecrets = Readonly<{ current: Uint8Array; previous?: Uint8Array }>

/** As bytes, from the configuration. */
export function challengeSecrets({ challengeSecret, previousChallengeSecret }: GatewayConfig): ChallengeSecrets {
  const current = Buffer.from(challengeSecret)
  return previousChallengeSecret ? { current, previous: Buffer.from(previousChallengeSecret) } : { current }
}
