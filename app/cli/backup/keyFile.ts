import { readFileSync } from 'node:fs'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { weaknessOf } from '../../config/weakSecret.ts'

/**
 * The secret of a backup, from its file: never from the words, which others on the machine can see. Throws `unsafe_configuration` for one that can be guessed.
 */
export function readKeyFile(path: string): string {
  const secret = readFileSync(path, 'utf8').trim()
  const weakness = weaknessOf(secret)
  if (weakness === undefined) return secret
  throw new GatewayError('unsafe_configuration', `The key in ${path} ${weakness}`, {
    hint: `Make one, and keep it somewhere else than the backup: openssl rand -base64 32 > ${path}`,
  })
}
